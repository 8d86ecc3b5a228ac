package aac

import "errors"

// What can be wrong with a stream.
var (
	// ErrNotADTS: there is no ADTS frame where the first should be.
	ErrNotADTS = errors.New("aac: not an ADTS stream")
	// ErrUnsupported: sound that is sound, but not AAC-LC of one or two channels.
	ErrUnsupported = errors.New("aac: not AAC-LC of one or two channels")
	// ErrDamaged: the bytes do not decode.
	ErrDamaged = errors.New("aac: damaged")
	// ErrTooLarge: more access units than any note has.
	ErrTooLarge = errors.New("aac: too many access units")
)

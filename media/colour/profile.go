package colour

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

// MaxProfile bounds a profile, in bytes. Those of cameras and screens have a few
// thousand; those with tables up to some hundred thousand.
const MaxProfile = 1 << 20

// ErrProfile means that a profile is damaged, or of a kind that is not understood.
var ErrProfile = errors.New("colour: a profile that is of no use")

// Of the layout of a profile (ICC.1:2022, 7.2 and 7.3), in bytes.
const (
	headBytes = 128
	tagBytes  = 12
	maxTags   = 256
)

// Read makes the table for pictures with an ICC profile, nil if their colours are
// those of sRGB already. Pictures of grey and of red, green and blue are understood.
// The error wraps [ErrProfile].
func Read(profile []byte) (t *Table, err error) {
	if err := check(profile); err != nil {
		return nil, err
	}
	defer func() {
		// The reader of profiles takes what these say for granted.
		if r := recover(); r != nil {
			t, err = nil, fmt.Errorf("%w: %v", ErrProfile, r)
		}
	}()
	p, err := icc.DecodeProfile(bytes.NewReader(profile))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	var channels int
	switch p.Header.DataColorSpace {
	case icc.ColorSpaceRGB:
		channels = 3
	case icc.ColorSpaceGray:
		channels = 1
	default:
		return nil, fmt.Errorf("%w: colours of %v", ErrProfile, p.Header.DataColorSpace)
	}
	// As the programs do that show pages of the web: black stays black, and what the
	// screen cannot show becomes the nearest that it can.
	line, err := p.CreateTransformerToSRGB(icc.RelativeColorimetricRenderingIntent, true, channels, false, false, true)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	if channels == 1 {
		return greyTable(line), nil
	}
	return table(line), nil
}

// check looks at the sizes that a profile says it has, before anything is made of them.
func check(b []byte) error {
	if len(b) < headBytes+4 || len(b) > MaxProfile {
		return fmt.Errorf("%w: %d bytes", ErrProfile, len(b))
	}
	n := binary.BigEndian.Uint32(b[headBytes:])
	if n > maxTags || len(b) < headBytes+4+tagBytes*int(n) {
		return fmt.Errorf("%w: %d tags in %d bytes", ErrProfile, n, len(b))
	}
	for i := range int(n) {
		tag := b[headBytes+4+tagBytes*i:]
		at, size := uint64(binary.BigEndian.Uint32(tag[4:])), uint64(binary.BigEndian.Uint32(tag[8:]))
		if at < uint64(headBytes+4+tagBytes*int(n)) || at+size > uint64(len(b)) {
			return fmt.Errorf("%w: %d bytes at %d are not there", ErrProfile, size, at)
		}
	}
	return nil
}

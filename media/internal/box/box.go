package box

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
)

// ErrDamaged says that a box is longer than what holds it, or shorter than its header.
var ErrDamaged = errors.New("box: damaged")

// maxTop bounds the boxes of a file at its top.
const maxTop = 100_000

// Box is one box: Whole with its header, Body without.
type Box struct {
	Name        string
	Whole, Body []byte
}

// Children yields the boxes that b is made of, up to the first damaged one.
func Children(b []byte) iter.Seq[Box] {
	return func(yield func(Box) bool) {
		for len(b) >= 8 {
			name, head, size, err := parse(b, int64(len(b)))
			if err != nil || size > int64(len(b)) {
				return
			}
			if !yield(Box{name, b[:size], b[head:size]}) {
				return
			}
			b = b[size:]
		}
	}
}

// Find returns the first box at path below b, false if there is none.
func Find(b []byte, path ...string) (Box, bool) {
	for box := range Children(b) {
		if box.Name == path[0] {
			if len(path) == 1 {
				return box, true
			}
			return Find(box.Body, path[1:]...)
		}
	}
	return Box{}, false
}

// Place is where a box lies in a file. Size includes its header of Head bytes,
// and ends with the file if the box claims more (Cut is set then).
type Place struct {
	Name           string
	At, Head, Size int64
	Cut            bool
}

// Top yields the boxes at the top of a file of size bytes, up to the first that
// is damaged, whose error comes last.
func Top(r io.ReaderAt, size int64) iter.Seq2[Place, error] {
	return func(yield func(Place, error) bool) {
		var b [16]byte
		at := int64(0)
		for range maxTop {
			if size-at < 8 {
				return
			}
			n := min(size-at, int64(len(b)))
			if _, err := io.ReadFull(io.NewSectionReader(r, at, n), b[:n]); err != nil {
				yield(Place{}, fmt.Errorf("box: %w", err))
				return
			}
			name, head, length, err := parse(b[:n], size-at)
			if err != nil {
				yield(Place{}, err)
				return
			}
			p := Place{Name: name, At: at, Head: int64(head), Size: min(length, size-at), Cut: length > size-at}
			if !yield(p, nil) || p.Cut {
				return
			}
			at += length
		}
		yield(Place{}, fmt.Errorf("%w: more than %d boxes", ErrDamaged, maxTop))
	}
}

// parse reads the header that b begins with; a size of 0 stands for all that
// remains.
func parse(b []byte, remains int64) (name string, head int, size int64, err error) {
	size = int64(binary.BigEndian.Uint32(b))
	name, head = string(b[4:8]), 8
	switch size {
	case 0:
		size = remains
	case 1:
		if len(b) < 16 {
			return "", 0, 0, fmt.Errorf("%w: %q has no size", ErrDamaged, name)
		}
		head = 16
		size = int64(binary.BigEndian.Uint64(b[8:]))
	}
	if size < int64(head) {
		return "", 0, 0, fmt.Errorf("%w: %q of %d bytes", ErrDamaged, name, size)
	}
	return name, head, size, nil
}

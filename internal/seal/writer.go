package seal

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
)

// Writer seals a content into a file, from its beginning to its end.
type Writer struct {
	w      io.Writer
	aead   cipher.AEAD
	plain  []byte // of the chunk that grows
	sealed []byte // and not written yet
	index  int64
	err    error
}

// batch is how many bytes are written at once.
const batch = 4 * (ChunkSize + Overhead)

var errClosed = errors.New("seal: closed")

// NewWriter begins a file in w.
func NewWriter(w io.Writer, k Key) (*Writer, error) {
	header, aead, err := newHeader(k, kindContent)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(header); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Writer{w: w, aead: aead}, nil
}

// Write adds to the content. What w refused once is not tried again.
func (s *Writer) Write(b []byte) (n int, err error) {
	for len(b) > 0 && s.err == nil {
		var chunk []byte // that is full, and not the last: there is more
		took := 0
		switch {
		case len(s.plain) == ChunkSize:
			chunk = s.plain
		case len(s.plain) == 0 && len(b) > ChunkSize:
			chunk, took = b[:ChunkSize], ChunkSize
		default:
			if took = min(len(b), ChunkSize-len(s.plain)); s.plain == nil && took < ChunkSize {
				s.plain = make([]byte, 0, ChunkSize)
			}
			s.plain = append(s.plain, b[:took]...)
		}
		if chunk != nil {
			s.put(chunk, false)
			s.plain = s.plain[:0]
		}
		n, b = n+took, b[took:]
	}
	return n, s.err
}

// Close writes the end, without which the file does not open. It leaves w open.
func (s *Writer) Close() error {
	if s.err == nil {
		s.put(s.plain, true)
	}
	err := s.err
	s.err = errClosed
	return err
}

// put seals a chunk, and writes when there are enough of them or it is the last.
func (s *Writer) put(chunk []byte, last bool) {
	if s.sealed == nil && !last {
		s.sealed = make([]byte, 0, batch)
	}
	s.sealed = s.aead.Seal(s.sealed, nil, chunk, place(s.index, last))
	s.index++
	if len(s.sealed) < batch && !last {
		return
	}
	if _, err := s.w.Write(s.sealed); err != nil {
		s.err = fmt.Errorf("seal: %w", err)
	}
	s.sealed = s.sealed[:0]
}

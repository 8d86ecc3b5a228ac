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
	sealed []byte
	index  int64
	err    error
}

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
	return &Writer{w: w, aead: aead, plain: make([]byte, 0, ChunkSize), sealed: make([]byte, 0, ChunkSize+Overhead)}, nil
}

// Write adds to the content. What w refused once is not tried again.
func (s *Writer) Write(b []byte) (n int, err error) {
	for len(b) > 0 && s.err == nil {
		if len(s.plain) == ChunkSize { // there is more: it is not the last
			if s.flush(false); s.err != nil {
				break
			}
		}
		took := min(len(b), ChunkSize-len(s.plain))
		s.plain = append(s.plain, b[:took]...)
		n, b = n+took, b[took:]
	}
	return n, s.err
}

// Close writes the end, without which the file does not open. It leaves w open.
func (s *Writer) Close() error {
	if s.err == nil {
		s.flush(true)
	}
	err := s.err
	s.err = errClosed
	return err
}

func (s *Writer) flush(last bool) {
	s.sealed = s.aead.Seal(s.sealed[:0], nil, s.plain, place(s.index, last))
	if _, err := s.w.Write(s.sealed); err != nil {
		s.err = fmt.Errorf("seal: %w", err)
		return
	}
	s.plain = s.plain[:0]
	s.index++
}

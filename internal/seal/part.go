package seal

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
)

// GrowingFile is what a [Part] or a [Log] is written to; an *os.File is one.
type GrowingFile interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
}

// Part is a sealed file that grows over several processes: a transfer under way.
// A kill costs what was not flushed, at most 256 KiB, and the chunk that was being
// written; Finish makes it a file for [NewReader].
type Part struct {
	f      GrowingFile
	aead   cipher.AEAD
	index  int64  // of the chunk that grows
	plain  []byte // of that
	sealed []byte // full chunks before it, not written yet
	err    error
}

// OpenPart goes on with the part of size bytes in f; of none, or of what is none,
// it begins one. What a kill left of a chunk is cut off. The error wraps [ErrKey] for
// another key.
func OpenPart(f GrowingFile, size int64, k Key) (*Part, error) {
	p := &Part{f: f}
	var err error
	if p.aead, err = readHeader(f, k, kindContent); errors.Is(err, ErrDamaged) {
		return p, p.begin(k)
	}
	if err != nil {
		return nil, err
	}
	return p, p.recover(max(0, size-HeaderSize))
}

func (p *Part) begin(k Key) error {
	header, aead, err := newHeader(k, kindContent)
	if err != nil {
		return err
	}
	if err := p.f.Truncate(0); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	if _, err := p.f.WriteAt(header, 0); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	p.aead = aead
	return nil
}

// recover finds the last chunk of body bytes of chunks that is whole.
func (p *Part) recover(body int64) error {
	p.plain = make([]byte, 0, ChunkSize)
	chunk := make([]byte, ChunkSize+Overhead)
	for p.index = body / (ChunkSize + Overhead); ; p.index-- {
		left := min(body-p.index*(ChunkSize+Overhead), ChunkSize+Overhead)
		if left >= Overhead {
			sealed := chunk[:left]
			if n, err := p.f.ReadAt(sealed, p.offset()); n < len(sealed) && !errors.Is(err, io.EOF) {
				return fmt.Errorf("seal: %w", err)
			}
			plain, err := p.aead.Open(p.plain[:0], nil, sealed, place(p.index, false))
			if err == nil {
				p.plain = plain
				break
			}
		}
		if p.index == 0 {
			break
		}
	}
	return p.cut()
}

func (p *Part) cut() error {
	end := p.offset()
	if len(p.plain) > 0 {
		end += int64(len(p.plain)) + Overhead
	}
	if err := p.f.Truncate(end); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return nil
}

// offset is where the chunk that grows is in the file.
func (p *Part) offset() int64 { return HeaderSize + p.index*(ChunkSize+Overhead) }

// Size is how much content there is, in bytes.
func (p *Part) Size() int64 { return p.index*ChunkSize + int64(len(p.plain)) }

// WriteTo gives what is there so far, from the beginning. The error wraps
// [ErrDamaged] if that is not what was written.
func (p *Part) WriteTo(w io.Writer) (n int64, err error) {
	plain, sealed := make([]byte, 0, ChunkSize), make([]byte, ChunkSize+Overhead)
	for i := range p.index {
		if got, err := p.f.ReadAt(sealed, HeaderSize+i*(ChunkSize+Overhead)); got < len(sealed) && !errors.Is(err, io.EOF) {
			return n, fmt.Errorf("seal: %w", err)
		}
		if plain, err = p.aead.Open(plain[:0], nil, sealed, place(i, false)); err != nil {
			return n, fmt.Errorf("%w: chunk %d", ErrDamaged, i)
		}
		wrote, err := w.Write(plain)
		if n += int64(wrote); err != nil {
			return n, err
		}
	}
	wrote, err := w.Write(p.plain)
	return n + int64(wrote), err
}

// Write adds to the content. It is in the file once some chunks are full, or after
// Flush.
func (p *Part) Write(b []byte) (n int, err error) {
	for len(b) > 0 && p.err == nil {
		var chunk []byte // that is full, and not the last: there is more
		took := 0
		switch {
		case len(p.plain) == ChunkSize:
			chunk = p.plain
		case len(p.plain) == 0 && len(b) > ChunkSize:
			chunk, took = b[:ChunkSize], ChunkSize
		default:
			took = min(len(b), ChunkSize-len(p.plain))
			p.plain = append(p.plain, b[:took]...)
		}
		if chunk != nil {
			if cap(p.sealed) < batch {
				p.sealed = make([]byte, 0, batch)
			}
			p.sealed = p.aead.Seal(p.sealed, nil, chunk, place(p.index, false))
			p.index, p.plain = p.index+1, p.plain[:0]
			if len(p.sealed) >= batch {
				p.write()
			}
		}
		n, b = n+took, b[took:]
	}
	return n, p.err
}

// Flush puts what was written so far into the file.
func (p *Part) Flush() error { return p.end(false) }

// Finish writes the end of the content.
func (p *Part) Finish() error {
	err := p.end(true)
	if err == nil {
		p.err = errClosed
	}
	return err
}

// end writes the chunk that grows, behind those that wait.
func (p *Part) end(last bool) error {
	if p.err != nil {
		return p.err
	}
	if p.write(); p.err != nil || len(p.plain) == 0 && !last {
		return p.err
	}
	p.sealed = p.aead.Seal(p.sealed, nil, p.plain, place(p.index, last))
	if _, err := p.f.WriteAt(p.sealed, p.offset()); err != nil {
		p.err = fmt.Errorf("seal: %w", err)
	}
	p.sealed = p.sealed[:0] // it is written again when it has grown
	return p.err
}

// write puts the full chunks that wait into the file.
func (p *Part) write() {
	if _, err := p.f.WriteAt(p.sealed, p.offset()-int64(len(p.sealed))); err != nil {
		p.err = fmt.Errorf("seal: %w", err)
	}
	p.sealed = p.sealed[:0]
}

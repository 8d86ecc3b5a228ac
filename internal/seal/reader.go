package seal

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Reader reads the content of a sealed file, anywhere. What does not authenticate
// is an error that wraps [ErrDamaged] and never content. ReadAt may be called from
// any goroutine.
type Reader struct {
	r      io.ReaderAt
	aead   cipher.AEAD
	size   int64
	chunks int64
	at     int64 // of Read and Seek

	mu     sync.Mutex
	kept   [4]keptChunk // those used last
	turn   int64        // counts the uses
	sealed []byte
}

// keptChunk is a chunk that is open. Whoever reads the tables at one end of a file
// and what they speak of at the other needs two of them by turns.
type keptChunk struct {
	index int64 // -1 for none
	plain []byte
	used  int64
}

// NewReader opens the file of size bytes in r. The error wraps [ErrKey] for
// another key, and [ErrDamaged] if the file was cut or not finished; damage in the
// middle shows when that is read.
func NewReader(r io.ReaderAt, size int64, k Key) (*Reader, error) {
	aead, err := readHeader(r, k, kindContent)
	if err != nil {
		return nil, err
	}
	plain, chunks, ok := contentSize(size)
	if !ok {
		return nil, fmt.Errorf("%w: %d bytes", ErrDamaged, size)
	}
	s := &Reader{r: r, aead: aead, size: plain, chunks: chunks, sealed: make([]byte, min(plain, ChunkSize)+Overhead)}
	for i := range s.kept {
		s.kept[i].index = -1
	}
	if _, err := s.load(chunks - 1); err != nil {
		return nil, err
	}
	return s, nil
}

// Size of the content in bytes.
func (s *Reader) Size() int64 { return s.size }

// ReadAt implements [io.ReaderAt].
func (s *Reader) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("seal: negative offset")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n < len(b) && off < s.size {
		index, from := off/ChunkSize, off%ChunkSize
		whole := min(ChunkSize, s.size-index*ChunkSize)
		var took int
		if from == 0 && int64(len(b)-n) >= whole && s.find(index) == nil {
			// Straight to where it is wanted.
			if err := s.open(b[n:n:n+int(whole)], index); err != nil {
				return n, err
			}
			took = int(whole)
		} else {
			plain, err := s.load(index)
			if err != nil {
				return n, err
			}
			took = copy(b[n:], plain[from:])
		}
		n, off = n+took, off+int64(took)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// find returns a chunk if it is kept, with mu held.
func (s *Reader) find(index int64) *keptChunk {
	for i := range s.kept {
		if s.kept[i].index == index {
			return &s.kept[i]
		}
	}
	return nil
}

// load returns a chunk and keeps it instead of the one unused for longest, with mu
// held or before anybody has s.
func (s *Reader) load(index int64) ([]byte, error) {
	s.turn++
	if k := s.find(index); k != nil {
		k.used = s.turn
		return k.plain, nil
	}
	k := &s.kept[0]
	for i := range s.kept {
		if s.kept[i].used < k.used {
			k = &s.kept[i]
		}
	}
	whole := min(ChunkSize, s.size-index*ChunkSize)
	if int64(cap(k.plain)) < whole {
		k.plain = make([]byte, 0, whole)
	}
	k.index, k.plain = -1, k.plain[:whole]
	if err := s.open(k.plain[:0], index); err != nil {
		return nil, err
	}
	k.index, k.used = index, s.turn
	return k.plain, nil
}

// open opens a chunk to the end of dst, which has room for it.
func (s *Reader) open(dst []byte, index int64) error {
	sealed := s.sealed[:min(ChunkSize, s.size-index*ChunkSize)+Overhead]
	if n, err := s.r.ReadAt(sealed, HeaderSize+index*(ChunkSize+Overhead)); n < len(sealed) {
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%w: chunk %d is not there", ErrDamaged, index)
		}
		return fmt.Errorf("seal: %w", err)
	}
	if _, err := s.aead.Open(dst, nil, sealed, place(index, index == s.chunks-1)); err != nil {
		return fmt.Errorf("%w: chunk %d", ErrDamaged, index)
	}
	return nil
}

// Read implements [io.Reader].
func (s *Reader) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if into := s.at % ChunkSize; into > 0 { // after it whole chunks, straight to where they are wanted
		b = b[:min(len(b), int(ChunkSize-into))]
	}
	n, err := s.ReadAt(b, s.at)
	s.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// Seek implements [io.Seeker].
func (s *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += s.at
	case io.SeekEnd:
		offset += s.size
	default:
		return 0, errors.New("seal: seek from nowhere")
	}
	if offset < 0 {
		return 0, errors.New("seal: seek to before the beginning")
	}
	s.at = offset
	return offset, nil
}

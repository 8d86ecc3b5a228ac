package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A sealed file is a header and chunks:
//
//	8 bytes   magic
//	1         version, 1
//	1         kind: content or log
//	6         zero
//	32        salt, random for each file
//	16        check: tells a wrong key from a damaged file
//
// The key of the file is derived from the salt, so that chunks of one file never
// open in another. A chunk is a random nonce of 12 bytes, what was sealed and a tag
// of 16 bytes (AES-256-GCM); its place in the file, and whether it is the last of
// a content that was closed, are authenticated with it.
const (
	magic   = "MAGPIE\x1aS"
	version = 1

	kindContent = 'C'
	kindLog     = 'L'

	saltSize  = 32
	checkSize = 16

	// HeaderSize is how long the beginning of a sealed file is, in bytes.
	HeaderSize = 16 + saltSize + checkSize
	// ChunkSize is how much content a chunk holds, in bytes: all but the last are full.
	ChunkSize = 64 << 10
	// Overhead is what sealing adds to a chunk, in bytes.
	Overhead = 12 + 16
)

// ErrKey says that a file was sealed with another key.
var ErrKey = errors.New("seal: not sealed with this key")

// ErrDamaged says that a file is not as it was sealed: cut, changed or put together
// from others, or never finished.
var ErrDamaged = errors.New("seal: damaged")

// Is reports whether a file that begins with these bytes is sealed; 8 are enough.
func Is(header []byte) bool { return len(header) >= len(magic) && string(header[:len(magic)]) == magic }

// newHeader returns the beginning of a new file and what seals its chunks.
func newHeader(k Key, kind byte) ([]byte, cipher.AEAD, error) {
	h := make([]byte, HeaderSize)
	copy(h, magic)
	h[8], h[9] = version, kind
	_, _ = rand.Read(h[16 : 16+saltSize]) // never fails
	own := fileKey(k, h)
	copy(h[16+saltSize:], checkOf(own))
	aead, err := newAEAD(own)
	return h, aead, err
}

// readHeader returns what opens the chunks of the file that r begins.
func readHeader(r io.ReaderAt, k Key, kind byte) (cipher.AEAD, error) {
	h := make([]byte, HeaderSize)
	if n, err := r.ReadAt(h, 0); n < len(h) {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: no whole header", ErrDamaged)
		}
		return nil, fmt.Errorf("seal: %w", err)
	}
	switch {
	case !Is(h):
		return nil, fmt.Errorf("%w: not a sealed file", ErrDamaged)
	case h[8] != version || h[9] != kind:
		return nil, fmt.Errorf("%w: version %d, kind %q", ErrDamaged, h[8], h[9])
	}
	own := fileKey(k, h)
	if subtle.ConstantTimeCompare(checkOf(own), h[16+saltSize:]) != 1 {
		return nil, ErrKey
	}
	return newAEAD(own)
}

// fileKey is the key of the file with this header.
func fileKey(k Key, header []byte) Key { return k.Derive("file/" + string(header[:16+saltSize])) }

func checkOf(own Key) []byte {
	check := own.Derive("check")
	return check[:checkSize]
}

func newAEAD(own Key) (cipher.AEAD, error) {
	block, err := aes.NewCipher(own[:])
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return aead, nil
}

// place is what is authenticated with a chunk.
func place(index int64, last bool) []byte {
	b := make([]byte, 9)
	binary.BigEndian.PutUint64(b, uint64(index))
	if last {
		b[8] = 1
	}
	return b
}

// SealedSize is how long the file of a content of size bytes is.
func SealedSize(size int64) int64 {
	return HeaderSize + size + Overhead*max(1, (size+ChunkSize-1)/ChunkSize)
}

// ContentSize is the reverse of [SealedSize]; ok is false if no content has a file of
// this size.
func ContentSize(sealed int64) (size int64, ok bool) {
	size, _, ok = contentSize(sealed)
	return size, ok
}

// contentSize is ContentSize, and how many chunks there are; ok is false if no
// content has such a file.
func contentSize(sealed int64) (size, chunks int64, ok bool) {
	body := sealed - HeaderSize
	if body < Overhead {
		return 0, 0, false
	}
	chunks = (body + ChunkSize + Overhead - 1) / (ChunkSize + Overhead)
	size = body - chunks*Overhead
	return size, chunks, size > (chunks-1)*ChunkSize || size == 0 && chunks == 1
}

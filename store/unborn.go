package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"time"
)

// sectorSize is what a disk writes whole.
const sectorSize = 512

// firstPages are those that bbolt writes when it makes a file: two meta pages, an
// empty list of free pages, an empty root.
func firstPages(pageSize int) []byte {
	b, n := make([]byte, 4*pageSize), binary.NativeEndian
	for id, flags := range []uint16{flagMeta, flagMeta, flagFreelist, flagLeaf} {
		p := b[id*pageSize:]
		n.PutUint64(p, uint64(id))
		n.PutUint16(p[8:], flags)
		if flags != flagMeta {
			continue
		}
		m := p[pageHeader:]
		n.PutUint32(m, boltMagic)
		n.PutUint32(m[4:], boltVersion)
		n.PutUint32(m[8:], uint32(pageSize))
		n.PutUint64(m[16:], 3) // root
		n.PutUint64(m[32:], 2) // list of free pages
		n.PutUint64(m[40:], 4) // first page that is not in use
		n.PutUint64(m[48:], uint64(id))
		h := fnv.New64a()
		_, _ = h.Write(m[:56])
		n.PutUint64(m[56:], h.Sum64())
	}
	return b
}

// unborn reports whether the file is one that a power cut left while it was being
// made: its first pages are there in part, and nothing else. Nobody was told that
// anything is in it.
func unborn(file io.ReaderAt, size int64) (bool, error) {
	first := firstPages(os.Getpagesize())
	if size > int64(len(first)) {
		return false, nil
	}
	have := make([]byte, size)
	if _, err := file.ReadAt(have, 0); err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("store: %w", err)
	}
	if len(have) == len(first) && bytes.Equal(have, first) {
		return false, nil // it was made, and bbolt can open it
	}
	none := make([]byte, sectorSize)
	for at := 0; at < len(have); at += sectorSize {
		end := min(at+sectorSize, len(have))
		if !bytes.Equal(have[at:end], first[at:end]) && !bytes.Equal(have[at:end], none[:end-at]) {
			return false, nil
		}
	}
	return true, nil
}

// emptyUnborn makes a file that is unborn an empty one, of which Open makes a
// store; did says that it was one. Nobody else has it open meanwhile.
func emptyUnborn(path string, timeout time.Duration) (did bool, err error) {
	file, err := openAlone(path, timeout)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, abandonFile(file)) }()
	info, err := file.Stat()
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	is, err := unborn(file, info.Size())
	if err != nil || !is {
		return false, err
	}
	if err := errors.Join(file.Truncate(0), file.Sync()); err != nil {
		return false, diskError(err)
	}
	return true, nil
}

// openAlone opens the file as bbolt does for writing: when nobody else has it
// open. [ErrInUse] after the timeout.
func openAlone(path string, timeout time.Duration) (*os.File, error) {
	for end := time.Now().Add(timeout); ; time.Sleep(10 * time.Millisecond) {
		file, busy, err := tryAlone(path)
		switch {
		case err != nil:
			return nil, fmt.Errorf("store: %w", err)
		case !busy:
			return file, nil
		case time.Now().After(end):
			return nil, ErrInUse
		}
	}
}

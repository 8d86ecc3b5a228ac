package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// EraseFile fills a file with zeros, brings that to the disk and removes the file; one
// that is not there is no error. What is read later at its place on the disk is gone
// where the file system writes in place. One that keeps what was there before (a
// journal of data, snapshots, copy on write) and a disk that moves blocks by itself do
// not: only encryption helps there.
func EraseFile(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil: // it may be read only, or no file: removing it is what is left
		return removed(path)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		if _, err = io.CopyN(f, zeros{}, info.Size()); err == nil {
			err = f.Sync()
		}
	}
	if err = errors.Join(err, f.Close()); err != nil {
		err = fmt.Errorf("store: erase: %w", err)
	}
	return errors.Join(err, removed(path))
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: erase: %w", err)
	}
	return nil
}

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

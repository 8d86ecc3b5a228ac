package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"magpie/im"
)

// opened is the folder with copies of files for other programs, which cannot read
// what is sealed: outside of the data folder, of this user alone. It goes when the
// session ends; what a process that was killed left goes at the next start. Each
// message has a folder of its own in it, so that names do not meet.
type opened string

func (o opened) folder(id im.MessageID) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(string(o), hex.EncodeToString(sum[:12]))
}

// copy makes a copy, which can only be read, under a name that is fit to be one,
// and returns where it is.
func (o opened) copy(ctx context.Context, id im.MessageID, content io.Reader, name string) (string, error) {
	if o == "" {
		return "", errors.New("open file: the system has no place for a copy")
	}
	folder := o.folder(id)
	if err := os.RemoveAll(folder); err != nil {
		return "", fmt.Errorf("open file: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("open file: %w", err)
	}
	to := filepath.Join(folder, name)
	return to, copyFile(ctx, content, to, 0o400)
}

// forget removes the copy of a message that was recalled.
func (o opened) forget(id im.MessageID) error { return os.RemoveAll(o.folder(id)) }

// clean removes all copies. What another program holds on to stays until the next
// time.
func (o opened) clean() {
	if o != "" {
		_ = os.RemoveAll(string(o)) // see above
	}
}

// copyFile copies a content to a place where there is none, or replaces what is
// there once all of it is copied.
func copyFile(ctx context.Context, from io.Reader, to string, mode fs.FileMode) error {
	out, err := os.CreateTemp(filepath.Dir(to), ".magpie-*")
	if err != nil {
		return fmt.Errorf("copy file: %w", err)
	}
	_, err = io.Copy(out, readerOf(ctx, from))
	if err == nil {
		err = errors.Join(out.Chmod(mode), out.Sync())
	}
	err = errors.Join(err, out.Close())
	if err == nil {
		err = os.Rename(out.Name(), to)
	}
	if err != nil {
		return fmt.Errorf("copy file: %w", errors.Join(err, os.Remove(out.Name())))
	}
	return nil
}

// readerOf reads until ctx ends.
func readerOf(ctx context.Context, r io.Reader) io.Reader {
	return readerFunc(func(b []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(b)
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

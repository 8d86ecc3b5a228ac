package server

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"magpie/im"
	"magpie/internal/seal"
)

// A sealed file that the disk has damaged does not open. It is set aside under this
// ending, where whoever runs the server finds it, and everybody who asks for it is told
// what it is, until somebody uploads the content again.
const damagedEnding = ".damaged"

// damagedBlob is the error for a file that is there and not whole.
func damagedBlob(hash string) error {
	return im.Errorf(im.CodeBlobDamaged, "the file %.64s is damaged on the server", hash)
}

// missing is the error for a file that is not at its path.
func (b *blobs) missing(hash string) error {
	if _, err := os.Lstat(b.path(hash) + damagedEnding); err == nil {
		return damagedBlob(hash)
	}
	return noBlob(hash)
}

// setAside is called with a sealed file that turned out to be damaged.
func (b *blobs) setAside(hash string, f *os.File) error {
	b.sweeping.Lock()
	defer b.sweeping.Unlock()
	path := b.path(hash)
	read, err := f.Stat()
	if err != nil {
		return fmt.Errorf("server: damaged file: %w", err)
	}
	// It may have been uploaded again since it was opened.
	if now, err := os.Stat(path); err == nil && os.SameFile(read, now) {
		if err := os.Rename(path, path+damagedEnding); err != nil {
			return fmt.Errorf("server: damaged file: %w", err)
		}
		b.server.opt.Logf("files: %s is damaged and was set aside", path)
	}
	return damagedBlob(hash)
}

// isDamage: the key is the right one for all files, so another one in a file is damage
// of its beginning.
func isDamage(err error) bool { return errors.Is(err, seal.ErrDamaged) || errors.Is(err, seal.ErrKey) }

// watched is the content of a sealed file, which is set aside if a part of it turns out
// to be damaged while it is read: the rest of the answer does not come, and who asks
// for it is told.
type watched struct {
	io.ReadSeeker
	damaged func() error
}

func (w watched) Read(b []byte) (int, error) {
	n, err := w.ReadSeeker.Read(b)
	if err != nil && isDamage(err) {
		err = w.damaged()
	}
	return n, err
}

// forget removes what was set aside of a file, and what is there from before there was
// a key: it may be damaged.
func (b *blobs) forget(hash string) error {
	paths := []string{b.path(hash) + damagedEnding}
	if b.plain != "" {
		paths = append(paths, b.plainPath(hash))
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("server: damaged file: %w", err)
		}
	}
	return nil
}

package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"magpie/im"
)

// seal seals the files from before there was a key, one after the other, and rests
// after each for as long as that took, until all are or the server ends.
func (b *blobs) seal() {
	if b.plain == "" {
		return
	}
	var found []string
	err := filepath.WalkDir(b.plain, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err == nil && !d.IsDir() && im.ValidBlobHash(d.Name()):
			found = append(found, d.Name())
		}
		return err
	})
	for _, hash := range found {
		begun := time.Now()
		err = errors.Join(err, b.sealOne(hash))
		rest := time.NewTimer(time.Since(begun))
		select {
		case <-rest.C:
		case <-b.server.ctx.Done():
			rest.Stop()
			return
		}
	}
	if err != nil {
		b.server.opt.Logf("files: some could not be encrypted: %v", err)
	}
}

// sealOne seals one file, unless it is removed meanwhile. One that the disk has damaged
// is set aside.
func (b *blobs) sealOne(hash string) error {
	in, err := os.Open(b.plainPath(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("server: encrypt file: %w", err)
	}
	defer in.Close() // only read
	if err := b.server.bus.disk.check(); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(b.dir, ".new-*")
	if err != nil {
		return fmt.Errorf("server: encrypt file: %w", err)
	}
	defer os.Remove(tmp.Name()) // it is somewhere else if all went well
	sum := sha256.New()
	err = sealTo(tmp, *b.key, io.TeeReader(in, sum))
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("server: encrypt file: %w", diskError(err))
	}
	b.sweeping.Lock()
	defer b.sweeping.Unlock()
	if _, err := os.Stat(b.plainPath(hash)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	to := b.path(hash)
	if hex.EncodeToString(sum.Sum(nil)) != hash { // it would look whole from now on
		to += damagedEnding
		b.server.opt.Logf("files: %s is damaged and was set aside as %s", b.plainPath(hash), to)
	}
	if err := b.move(tmp.Name(), to); err != nil {
		return err
	}
	if err := os.Remove(b.plainPath(hash)); err != nil {
		return fmt.Errorf("server: encrypt file: %w", err)
	}
	_ = os.Remove(filepath.Dir(b.plainPath(hash))) // if it was the last of its folder
	return nil
}

package core

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
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"magpie/im"
)

// fileCache holds the account's files by their content: those on their way out
// and those that were downloaded, each as <dir>/ab/<sha256>. What is being written
// is in <dir>/part. The folder is the only record of what is there; it may be
// removed at any time at the price of downloading again.
type fileCache struct {
	dir string
	// grown is told how much there is, in bytes, when a file came in.
	grown func(used int64)

	mu   sync.Mutex
	used int64 // -1 until the folder was looked through
}

// partLifetime is how long what was not written to its end is kept.
const partLifetime = 7 * 24 * time.Hour

func (f *fileCache) path(hash string) string { return filepath.Join(f.dir, hash[:2], hash) }

// part is where a download with this hash grows.
func (f *fileCache) part(hash string) string { return filepath.Join(f.dir, "part", hash) }

// get returns where the content with this hash is and how large; ok is false if
// it is not here. It counts as used now.
func (f *fileCache) get(hash string) (path string, size int64, ok bool) {
	path = f.path(hash)
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return "", 0, false
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // it goes a little earlier if this fails
	return path, info.Size(), true
}

// has reports whether the content with this hash is here.
func (f *fileCache) has(hash string) bool {
	info, err := os.Stat(f.path(hash))
	return err == nil && info.Mode().IsRegular()
}

// create opens a new file in the folder of what is being written.
func (f *fileCache) create() (*os.File, error) {
	if err := f.makeFolder(filepath.Join(f.dir, "part")); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "part"), "add-")
	if err != nil {
		return nil, fileError("write file", err)
	}
	return tmp, nil
}

func (f *fileCache) makeFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fileError("make folder of files", err)
	}
	return nil
}

// add copies what r gives into the cache. More than limit bytes are tooLarge,
// none at all is code 2108.
func (f *fileCache) add(ctx context.Context, r io.Reader, limit int64, tooLarge im.Code) (hash string, size int64, err error) {
	tmp, err := f.create()
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(tmp.Name()) // it is somewhere else if all went well
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(contextReader{ctx, r}, limit+1))
	switch {
	case err != nil:
		err = fileError("copy file", err)
	case size > limit:
		err = im.Errorf(tooLarge, "the file has more than %d bytes", limit)
	case size == 0:
		err = im.Errorf(im.CodeFileEmpty, "the file is empty")
	default:
		if err = tmp.Sync(); err != nil {
			err = fileError("copy file", err)
		}
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return "", 0, err
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	return hash, size, f.adopt(tmp.Name(), hash, size)
}

// adopt moves a file whose content has this hash into its place.
func (f *fileCache) adopt(path, hash string, size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.look(); err != nil {
		return err
	}
	to := f.path(hash)
	if err := f.makeFolder(filepath.Dir(to)); err != nil {
		return err
	}
	if info, err := os.Stat(to); err == nil && info.Size() == size {
		return nil // it was here, and may be being read
	}
	if err := os.Rename(path, to); err != nil {
		return fileError("keep file", err)
	}
	f.used += size
	f.grown(f.used)
	return nil
}

// remove takes the content with this hash from the disk, and what there is of it.
func (f *fileCache) remove(hash string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if info, err := os.Stat(f.path(hash)); err == nil && f.used >= 0 {
		f.used -= info.Size()
	}
	return fileError("remove file", errors.Join(ignoreNotExist(os.Remove(f.path(hash))), ignoreNotExist(os.Remove(f.part(hash)))))
}

// cached is one file of the cache.
type cached struct {
	hash string
	size int64
	time time.Time
}

// look counts what is there, once, and clears away what was never finished.
func (f *fileCache) look() error {
	if f.used >= 0 {
		return nil
	}
	all, err := f.list()
	if err != nil {
		return err
	}
	f.used = 0
	for _, c := range all {
		f.used += c.size
	}
	parts, err := os.ReadDir(filepath.Join(f.dir, "part"))
	if err != nil {
		return fileError("look through files", ignoreNotExist(err))
	}
	for _, p := range parts {
		if info, err := p.Info(); err == nil && time.Since(info.ModTime()) > partLifetime {
			_ = os.Remove(filepath.Join(f.dir, "part", p.Name())) // tried again next time
		}
	}
	return nil
}

func (f *fileCache) list() ([]cached, error) {
	var all []cached
	err := filepath.WalkDir(f.dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "part" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || !im.ValidBlobHash(d.Name()) {
			return ignoreNotExist(err)
		}
		info, err := d.Info()
		if err == nil {
			all = append(all, cached{d.Name(), info.Size(), info.ModTime()})
		}
		return ignoreNotExist(err)
	})
	return all, fileError("look through files", err)
}

func ignoreNotExist(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// fileError gives a failure of the disk its code: no room is 130101, a file that
// is not there 7004; nil stays nil.
func fileError(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), runtime.GOOS == "windows" && (errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112))):
		return im.Errorf(im.CodeDiskFull, "%s: %v", what, err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return im.Errorf(im.CodeFileMissing, "%s: %v", what, err)
	}
	return fmt.Errorf("core: %s: %w", what, err)
}

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}

// filesFolder is where the files of a history are unless somebody says otherwise.
func filesFolder(history string) string {
	return strings.TrimSuffix(history, filepath.Ext(history)) + ".files"
}

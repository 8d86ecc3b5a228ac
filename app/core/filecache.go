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
	"magpie/internal/durable"
	"magpie/internal/seal"
)

// fileCache holds the account's files by their content: those on their way out
// and those that were downloaded. Open ones are <dir>/ab/<sha256>, what is being
// written is in <dir>/part; sealed ones are the same below <dir>/sealed, each under
// a name that only the key leads to. The folder is the only record of what is
// there; it may be removed at any time at the price of downloading again.
//
// New files are sealed if there is a key, unless the cache is being unsealed. Files
// of the other kind are read as they are, until [fileCache.rewrite] had its turn.
type fileCache struct {
	dir string
	key *seal.Key // of this cache alone; nil: none is sealed
	// unseal says that files are to lie open from now on.
	unseal bool
	// grown is told how much there is, in bytes, when a file came in; nil for nobody.
	grown func(used int64)

	mu   sync.Mutex
	used int64 // -1 until the folder was looked through
}

const (
	// partLifetime is how long what was not written to its end is kept.
	partLifetime = 7 * 24 * time.Hour
	// addPrefix begins the names of files that are being written by one process.
	addPrefix = "add-"
)

// writeKey seals what is written now, nil for files that lie open.
func (f *fileCache) writeKey() *seal.Key {
	if f.unseal {
		return nil
	}
	return f.key
}

// place is where the content with this hash is when it is sealed with key, or open
// without one.
func (f *fileCache) place(hash string, key *seal.Key) string {
	dir, name := f.dir, hash
	if key != nil {
		dir, name = filepath.Join(dir, "sealed"), sealedName(key, hash)
	}
	return filepath.Join(dir, name[:2], name)
}

// path is where the content with this hash is written to.
func (f *fileCache) path(hash string) string { return f.place(hash, f.writeKey()) }

// parts is the folder of what is being written.
func (f *fileCache) parts(key *seal.Key) string {
	if key != nil {
		return filepath.Join(f.dir, "sealed", "part")
	}
	return filepath.Join(f.dir, "part")
}

// part is where a download with this hash grows.
func (f *fileCache) part(hash string) string { return f.partWith(hash, f.writeKey()) }

func (f *fileCache) partWith(hash string, key *seal.Key) string {
	name := hash
	if key != nil {
		name = sealedName(key, hash)
	}
	return filepath.Join(f.parts(key), name)
}

// keys are those that a file may be sealed with, nil for open ones, the likeliest
// first.
func (f *fileCache) keys() []*seal.Key {
	if f.key == nil {
		return []*seal.Key{nil}
	}
	return []*seal.Key{f.key, nil}
}

// open returns the content with this hash, which counts as used now.
func (f *fileCache) open(hash string) (Content, error) {
	for range 2 { // a second time if it was being rewritten
		for _, key := range f.keys() {
			file, err := os.Open(f.place(hash, key))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, fileError("read file", err)
			}
			now := time.Now()
			_ = os.Chtimes(file.Name(), now, now) // it goes a little earlier if this fails
			return contentOf(file, key)
		}
	}
	return nil, im.Errorf(im.CodeFileMissing, "the content with hash %s is not here", hash)
}

// stat looks for the content with this hash: how many bytes it has; ok is false if
// it is not here.
func (f *fileCache) stat(hash string) (size int64, ok bool) {
	for range 2 {
		for _, key := range f.keys() {
			info, err := os.Stat(f.place(hash, key))
			if err != nil || !info.Mode().IsRegular() {
				continue
			}
			if key == nil {
				return info.Size(), true
			}
			size, ok := seal.ContentSize(info.Size())
			return size, ok
		}
	}
	return 0, false
}

// has reports whether the content with this hash is here.
func (f *fileCache) has(hash string) bool {
	_, ok := f.stat(hash)
	return ok
}

// here reports whether the content with this hash is here and whole, as far as a
// look at its beginning and its end tells. What is damaged goes, to be fetched again.
func (f *fileCache) here(hash string) bool {
	c, err := f.open(hash)
	if im.CodeOf(err) == im.CodeBlobDamaged {
		_ = f.remove(hash) // else it stays damaged until the next try
	}
	return err == nil && c.Close() == nil
}

// create opens a new file in the folder of what is being written.
func (f *fileCache) create(key *seal.Key) (*os.File, error) {
	if err := f.makeFolder(f.parts(key)); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(f.parts(key), addPrefix)
	if err != nil {
		return nil, fileError("write file", err)
	}
	return tmp, nil
}

// makeFolder makes a folder that is not there, to last.
func (f *fileCache) makeFolder(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	above := filepath.Dir(path)
	if above != path {
		if err := f.makeFolder(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fileError("make folder of files", err)
	}
	return fileError("make folder of files", durable.Folder(above))
}

// add copies what r gives into the cache. More than limit bytes are tooLarge,
// none at all is code 2108.
func (f *fileCache) add(ctx context.Context, r io.Reader, limit int64, tooLarge im.Code) (hash string, size int64, err error) {
	key := f.writeKey()
	tmp, err := f.create(key)
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(tmp.Name()) // it is somewhere else if all went well
	sum := sha256.New()
	size, err = writeContent(tmp, key, io.TeeReader(io.LimitReader(contextReader{ctx, r}, limit+1), sum))
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
	if err := f.adopt(tmp.Name(), hash, size); err != nil {
		return "", 0, err
	}
	return hash, size, f.settle(hash)
}

// settle makes the names of a content last, as they are now: it may exist nowhere
// else, or is to be gone.
func (f *fileCache) settle(hash string) error {
	for _, key := range f.keys() {
		if err := durable.Folder(filepath.Dir(f.place(hash, key))); ignoreNotExist(err) != nil {
			return fileError("keep file", err)
		}
	}
	return nil
}

// writeContent copies r into a new file, sealed with key unless that is nil.
func writeContent(to io.Writer, key *seal.Key, r io.Reader) (int64, error) {
	if key == nil {
		return io.Copy(to, r)
	}
	w, err := seal.NewWriter(to, *key)
	if err != nil {
		return 0, err
	}
	n, err := io.CopyBuffer(w, r, make([]byte, seal.ChunkSize))
	return n, errors.Join(err, w.Close())
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
	if c, err := f.open(hash); err == nil {
		if err := c.Close(); err == nil && c.Size() == size {
			return nil // it was here, and may be being read
		}
	}
	return f.move(path, to)
}

// move puts a file into its place, with mu held.
func (f *fileCache) move(path, to string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fileError("keep file", err)
	}
	if old, err := os.Stat(to); err == nil {
		f.used -= old.Size()
	}
	if err := os.Rename(path, to); err != nil {
		return fileError("keep file", err)
	}
	f.used += info.Size()
	if f.grown != nil {
		f.grown(f.used)
	}
	return nil
}

// remove takes the content with this hash from the disk, and what there is of it.
func (f *fileCache) remove(hash string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	for _, key := range f.keys() {
		err = errors.Join(err, f.removeFile(f.place(hash, key)), ignoreNotExist(os.Remove(f.partWith(hash, key))))
	}
	return fileError("remove file", errors.Join(err, f.settle(hash)))
}

// removeAt removes one file of [fileCache.list].
func (f *fileCache) removeAt(path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fileError("remove file", f.removeFile(path))
}

// removeFile removes a file that was counted, with mu held.
func (f *fileCache) removeFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return ignoreNotExist(err)
	}
	if err := os.Remove(path); err != nil {
		return ignoreNotExist(err)
	}
	if f.used >= 0 {
		f.used -= info.Size()
	}
	return nil
}

// cached is one file of the cache.
type cached struct {
	path string
	size int64 // on the disk
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
	for _, key := range f.keys() {
		parts, err := os.ReadDir(f.parts(key))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fileError("look through files", err)
		}
		for _, p := range parts {
			if info, err := p.Info(); err == nil && time.Since(info.ModTime()) > partLifetime {
				_ = os.Remove(filepath.Join(f.parts(key), p.Name())) // tried again next time
			}
		}
	}
	return nil
}

// list are the files of the cache, whether they are sealed or not.
func (f *fileCache) list() ([]cached, error) {
	var all []cached
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "part" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || !im.ValidBlobHash(d.Name()) {
			return ignoreNotExist(err)
		}
		info, err := d.Info()
		if err == nil {
			all = append(all, cached{path, info.Size(), info.ModTime()})
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

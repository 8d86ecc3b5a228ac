package core

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"magpie/im"
	"magpie/internal/seal"
)

// rewrite brings the files that are not as new ones are written into that form, one
// after the other. After each it rests, for as long as that took; it ends when rest
// returns false. One that fails stays as it is, and its error is among those that
// are returned.
func (f *fileCache) rewrite(ctx context.Context, rest func(time.Duration) bool) error {
	if f.key == nil {
		return nil
	}
	old, err := f.others()
	if err != nil {
		return err
	}
	for _, path := range old {
		begun := time.Now()
		err = errors.Join(err, f.rewriteFile(ctx, path))
		if ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if !rest(time.Since(begun)) {
			return err
		}
	}
	return err
}

// others are the files that are not as new ones are written.
func (f *fileCache) others() ([]string, error) {
	var old []string
	sealed := filepath.Join(f.dir, "sealed")
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return ignoreNotExist(err)
		case d.IsDir() && path == sealed && !f.unseal:
			return fs.SkipDir
		case !d.IsDir() && (!f.unseal || strings.HasPrefix(path, sealed+string(filepath.Separator))):
			old = append(old, path)
		}
		return nil
	})
	return old, fileError("look through files", err)
}

// rewriteFile rewrites one of others.
func (f *fileCache) rewriteFile(ctx context.Context, path string) error {
	name := filepath.Base(path)
	switch {
	case filepath.Base(filepath.Dir(path)) != "part":
		if !im.ValidBlobHash(name) {
			return nil // none of ours
		}
		return f.rewriteContent(ctx, path)
	case strings.HasPrefix(name, addPrefix): // a process was killed while it copied
		return fileError("remove file", ignoreNotExist(os.Remove(path)))
	case f.unseal: // its name does not tell what it is part of: it begins anew when it is wanted
		return fileError("remove file", ignoreNotExist(os.Remove(path)))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if hash, ok := strings.CutSuffix(name, uploadEnding); ok && im.ValidBlobHash(hash) {
		if err := f.makeFolder(f.parts(f.key)); err != nil {
			return err
		}
		if f.uploadOf(hash) != "" { // there is a newer one
			return fileError("remove file", ignoreNotExist(os.Remove(path)))
		}
		return fileError("keep file", ignoreNotExist(os.Rename(path, f.part(hash)+uploadEnding)))
	}
	if !im.ValidBlobHash(name) {
		return nil
	}
	return f.rewritePart(name)
}

// rewriteContent writes a content anew, and removes what was there.
func (f *fileCache) rewriteContent(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fileError("read file", ignoreNotExist(err))
	}
	from, to := (*seal.Key)(nil), f.key
	if f.unseal {
		from, to = f.key, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fileError("read file", ignoreNotExist(err))
	}
	in, err := contentOf(file, from)
	if err != nil {
		return err
	}
	defer in.Close()
	tmp, err := f.create(to)
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // it is somewhere else if all went well
	sum := sha256.New()
	_, err = writeContent(tmp, to, io.TeeReader(contextReader{ctx, in}, sum))
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fileError("rewrite file", err)
	}
	hash := filepath.Base(path)
	if f.unseal {
		hash = hex.EncodeToString(sum.Sum(nil))
	}
	_ = os.Chtimes(tmp.Name(), info.ModTime(), info.ModTime()) // it stays a little longer if this fails
	if err := in.Close(); err != nil {
		return fileError("read file", err)
	}
	return f.replace(path, tmp.Name(), f.place(hash, to), hash)
}

// replace puts what was rewritten into its place, unless the old one was removed
// meanwhile: its message was recalled.
func (f *fileCache) replace(old, path, to, hash string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.look(); err != nil {
		return err
	}
	if _, err := os.Stat(old); err != nil {
		return fileError("keep file", ignoreNotExist(err))
	}
	if err := f.makeFolder(filepath.Dir(to)); err != nil {
		return err
	}
	if err := f.move(path, to); err != nil {
		return err
	}
	if err := f.removeFile(old); err != nil {
		return fileError("remove file", err)
	}
	_ = os.Remove(filepath.Dir(old)) // if it was the last of its folder
	return nil
}

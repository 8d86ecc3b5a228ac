package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// ErrForeign says that the file is none of this program's. It is left as it is.
var ErrForeign = errors.New("store: the file is not a history of this program")

// SetAside gives the file at path another name beside it, so that Open makes a new
// one, and returns that name. The file stays as it is.
func SetAside(path string, o Options) (string, error) {
	o = o.withDefaults()
	aside, err := freeName(path + ".other-" + o.Now().UTC().Format("20060102T150405Z"))
	if err != nil {
		return "", err
	}
	if err := os.Rename(path, aside); err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	if err := removeIfThere(path + suspectSuffix); err != nil {
		return aside, err
	}
	return aside, syncFolder(path)
}

// What is not a history is not a damaged history: a file of another program that is
// in its place by a mistake is left as it is, byte for byte, and a person is told.

const (
	// foreignLook is how much of a file is looked at for pages.
	foreignLook = 1 << 20
	// largestFile is more than any history has.
	largestFile = 64 << 30
)

// refuseForeign is [ErrForeign] for the file of another
// program: one of bbolt in which no bucket is ours, or one in whose beginning
// there is no page of bbolt. One that begins with nothing is a damaged one.
func refuseForeign(f *pageFile) error {
	if f.size > largestFile {
		return fmt.Errorf("%w: a file of %d bytes is no history", ErrForeign, f.size)
	}
	if m, ok := f.newest(); ok {
		return refuseBuckets(f, m)
	}
	begin := make([]byte, min(f.size, foreignLook))
	if _, err := f.r.ReadAt(begin, 0); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	n := binary.NativeEndian
	for id := 0; (id+1)*f.pageSize <= len(begin); id++ {
		p := begin[id*f.pageSize:]
		switch flags := n.Uint16(p[8:]); flags {
		case flagMeta, flagBranch, flagLeaf, flagFreelist:
			if n.Uint64(p) == uint64(id) {
				return nil
			}
		}
	}
	if len(bytes.Trim(begin[:min(len(begin), 2*f.pageSize)], "\x00")) == 0 {
		return nil
	}
	return fmt.Errorf("%w: the file is no database of this kind", ErrForeign)
}

func refuseBuckets(f *pageFile, m metaPage) error {
	whole, ours, theirs := true, false, ""
	w := newWalker(f, func(error) { whole = false })
	w.tree(m.root, func(e element) {
		if isOurs := func(name []byte) bool { return bytes.Equal(name, e.key) }; slices.ContainsFunc(everyBucket(), isOurs) {
			ours = true
		} else {
			theirs = string(e.key)
		}
	})
	if !whole || ours || theirs == "" {
		return nil
	}
	return fmt.Errorf("%w: the database has %.32q and nothing of ours", ErrForeign, theirs)
}

// everyBucket are the names of all buckets that a history may have.
func everyBucket() [][]byte { return append(allBuckets(), bucketOwn, bucketSealed) }

// notAFile refuses what is at a path and is no file: a folder, a pipe, a link that
// leads to itself.
func notAFile(path string, info os.FileInfo, err error) error {
	var is *fs.PathError
	switch {
	case err == nil && info.Mode().IsRegular():
		return nil
	case err == nil:
		return fmt.Errorf("%w: %s is not a file", ErrForeign, filepath.Base(path))
	case errors.As(err, &is) && (errors.Is(is.Err, syscall.ELOOP) || errors.Is(err, fs.ErrNotExist) && !notALink(path)):
		return fmt.Errorf("%w: %s is a link that leads nowhere", ErrForeign, filepath.Base(path))
	}
	return fmt.Errorf("store: %w", err)
}

// notALink reports whether nothing is at a path at all: a link that leads nowhere
// would make a history who knows where.
func notALink(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

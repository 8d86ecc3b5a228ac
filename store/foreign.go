package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
)

// ErrForeign: the file is none of this program's. It is left as it is.
var ErrForeign = errors.New("store: the file is not a history of this program")

// foreign reports whether a file of which nothing could be saved is of another
// program: a database without any bucket of a history, or no database at all. What
// is only zeros was lost by a disk, and may have been a history.
func foreign(file *os.File) (bool, error) {
	info, err := file.Stat()
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	f, err := openPages(file, info.Size())
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	if m, ok := f.newest(); ok {
		entries, ours := 0, false
		newWalker(f, func(error) {}).tree(m.root, func(e element) {
			entries++
			ours = ours || !bytes.Equal(e.key, bucketMeta) && slices.ContainsFunc(allBuckets(), func(b []byte) bool { return bytes.Equal(b, e.key) })
		})
		return entries > 0 && !ours, nil
	}
	head := make([]byte, min(info.Size(), int64(2*f.pageSize)))
	if _, err := file.ReadAt(head, 0); err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	if len(bytes.Trim(head, "\x00")) == 0 {
		return false, nil
	}
	// A meta page of which a part is left still begins like one: with its number, 0,
	// and its kind.
	if begin := append(make([]byte, 8), flagMeta, 0); bytes.HasPrefix(head, begin[:min(len(begin), len(head))]) {
		return false, nil
	}
	for at := 0; at+pageHeader+8 <= len(head); at += 1024 {
		if bytes.Equal(head[at+pageHeader:at+pageHeader+8], boltMark()) {
			return false, nil
		}
	}
	return true, nil
}

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

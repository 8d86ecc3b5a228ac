package crash

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// Folder is the content of a folder: files by number, and where they are.
type Folder struct {
	dirs  map[string]bool
	names map[string]int
	files map[int][]byte
}

// ReadFolder reads a folder with everything in it. Only files and folders may be
// there.
func ReadFolder(dir string) (*Folder, error) {
	f := &Folder{dirs: map[string]bool{}, names: map[string]int{}, files: map[int][]byte{}}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case d.IsDir():
			f.dirs[rel] = true
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("crash: %s is neither a file nor a folder", name)
		}
		data, err := os.ReadFile(name)
		n := len(f.files)
		f.names[rel], f.files[n] = n, data
		return err
	})
	return f, err
}

// Write makes the folder at dir, which must not have anything in it.
func (f *Folder) Write(dir string) error {
	for _, d := range slices.Sorted(maps.Keys(f.dirs)) {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(d)), 0o700); err != nil {
			return err
		}
	}
	for name, n := range f.names {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), f.files[n], 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Names are the paths of the files, sorted.
func (f *Folder) Names() []string { return slices.Sorted(maps.Keys(f.names)) }

// File is the content of a file, nil if there is none.
func (f *Folder) File(name string) []byte {
	if n, found := f.names[name]; found {
		return f.files[n]
	}
	return nil
}

// Equal reports whether both have the same files with the same content.
func (f *Folder) Equal(g *Folder) bool {
	if !slices.Equal(f.Names(), g.Names()) {
		return false
	}
	for name := range f.names {
		if !bytes.Equal(f.File(name), g.File(name)) {
			return false
		}
	}
	return true
}

func (f *Folder) clone() *Folder {
	c := &Folder{dirs: maps.Clone(f.dirs), names: maps.Clone(f.names), files: make(map[int][]byte, len(f.files))}
	for n, data := range f.files {
		c.files[n] = slices.Clone(data)
	}
	return c
}

// content applies what an operation does to the content of its file.
func (f *Folder) content(o *Op, data []byte) {
	switch o.Kind {
	case Create:
		f.files[o.File] = nil
	case Write:
		f.resize(o.File, max(int64(len(f.files[o.File])), o.Offset+int64(len(data))))
		copy(f.files[o.File][o.Offset:], data)
	case Truncate:
		f.resize(o.File, o.Size)
	}
}

func (f *Folder) resize(n int, size int64) {
	have := f.files[n]
	if size <= int64(len(have)) {
		f.files[n] = have[:size:size]
		return
	}
	f.files[n] = append(have, make([]byte, size-int64(len(have)))...)
}

// entry applies what an operation does to names.
func (f *Folder) entry(o *Op) {
	switch o.Kind {
	case Create:
		f.names[o.Path] = o.File
	case Link:
		f.names[o.To] = f.names[o.Path]
	case Remove:
		delete(f.names, o.Path)
		delete(f.dirs, o.Path)
	case Mkdir:
		f.dirs[o.Path] = true
	case Rename:
		f.rename(o.Path, o.To)
	}
}

func (f *Folder) rename(from, to string) {
	if n, found := f.names[from]; found {
		delete(f.names, from)
		f.names[to] = n
		return
	}
	moved := func(name string) (string, bool) {
		if name == from {
			return to, true
		}
		if rest, below := cutFolder(name, from); below {
			return path.Join(to, rest), true
		}
		return name, false
	}
	for name := range maps.Clone(f.dirs) {
		if now, is := moved(name); is {
			delete(f.dirs, name)
			f.dirs[now] = true
		}
	}
	for name, n := range maps.Clone(f.names) {
		if now, is := moved(name); is {
			delete(f.names, name)
			f.names[now] = n
		}
	}
}

func cutFolder(name, dir string) (rest string, below bool) {
	if len(name) > len(dir)+1 && name[:len(dir)] == dir && name[len(dir)] == '/' {
		return name[len(dir)+1:], true
	}
	return "", false
}

package sandbox

import (
	"errors"
	"io"
	"io/fs"
	"sync"
	"time"
)

// File is what is read: bytes at any place, and how many there are. A
// [bytes.Reader] is one, and so is an [io.SectionReader] over an open file. Its
// reads must end by themselves: they are not interrupted.
type File interface {
	io.ReaderAt
	Size() int64
}

// guestName is what the guest knows the file by.
const guestName = "file"

// onlyFile is the guest's whole file system: a root with one file in it, which can
// be read.
type onlyFile struct {
	file File

	mu  sync.Mutex
	err error // the first failed read of file
}

func (o *onlyFile) Open(name string) (fs.File, error) {
	switch name {
	case guestName:
		return &opened{only: o, section: io.NewSectionReader(o.file, 0, o.file.Size())}, nil
	case ".":
		return root{}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// failed returns the error that the file's own reader gave, if it did: then the
// guest saw a broken file that is not broken.
func (o *onlyFile) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

func (o *onlyFile) note(err error) {
	if err == nil || errors.Is(err, io.EOF) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
}

// opened is the file with a position of its own.
type opened struct {
	only    *onlyFile
	section *io.SectionReader
}

func (f *opened) Read(p []byte) (int, error) {
	n, err := f.section.Read(p)
	f.only.note(err)
	return n, err
}

func (f *opened) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.section.ReadAt(p, off)
	f.only.note(err)
	return n, err
}

func (f *opened) Seek(offset int64, whence int) (int64, error) { return f.section.Seek(offset, whence) }
func (f *opened) Stat() (fs.FileInfo, error)                   { return about{guestName, f.section.Size(), 0o400}, nil }
func (f *opened) Close() error                                 { return nil }

// root is the folder that holds the file. It lists nothing.
type root struct{}

func (root) Read([]byte) (int, error)           { return 0, fs.ErrInvalid }
func (root) ReadDir(int) ([]fs.DirEntry, error) { return nil, io.EOF }
func (root) Stat() (fs.FileInfo, error)         { return about{".", 0, fs.ModeDir | 0o500}, nil }
func (root) Close() error                       { return nil }

// about describes either of them. Neither has a time.
type about struct {
	name string
	size int64
	mode fs.FileMode
}

func (a about) Name() string       { return a.name }
func (a about) Size() int64        { return a.size }
func (a about) Mode() fs.FileMode  { return a.mode }
func (a about) ModTime() time.Time { return time.Time{} }
func (a about) IsDir() bool        { return a.mode.IsDir() }
func (a about) Sys() any           { return nil }

package probe

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"magpie/im"
)

// File is an open file of a known size.
type File struct {
	*os.File
	size int64
}

// Size is what the file had when it was opened, in bytes.
func (f *File) Size() int64 { return f.size }

// Open opens a file to be sent. One that is not there is refused with
// im.CodeFileMissing, a folder or device with im.CodeNotAFile, an empty one with
// im.CodeFileEmpty.
func Open(path string) (*File, error) {
	// A pipe would wait for its writer when it is opened.
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, im.Errorf(im.CodeFileMissing, "there is no %q", path)
	case err == nil && !info.Mode().IsRegular():
		return nil, im.Errorf(im.CodeNotAFile, "%q is no file", path)
	case err != nil:
		return nil, fmt.Errorf("probe: %w", err)
	case info.Size() == 0:
		return nil, im.Errorf(im.CodeFileEmpty, "%q is empty", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	return &File{f, info.Size()}, nil
}

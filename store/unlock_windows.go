package store

import (
	"errors"
	"os"
	"syscall"
)

// abandonFile gives up a handle of bbolt that bbolt can no longer close; the
// lock goes with the handle.
func abandonFile(f *os.File) error { return f.Close() }

// errSharing is ERROR_SHARING_VIOLATION.
const errSharing = syscall.Errno(32)

// tryAlone opens a file for this process alone; busy says that another one has it.
func tryAlone(path string) (file *os.File, busy bool, err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, false, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_EXISTING, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, errSharing):
		return nil, true, nil
	case err != nil:
		return nil, false, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), false, nil
}

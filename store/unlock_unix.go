//go:build !windows

package store

import (
	"errors"
	"os"
	"syscall"
)

// abandonFile gives up a handle of bbolt that bbolt can no longer close. The
// mapping that stays behind keeps the open file alive, and with it the lock,
// unless the lock is taken off first.
func abandonFile(f *os.File) error {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	return f.Close()
}

// tryAlone opens a file for this process alone, as bbolt does; busy says that
// another one has it.
func tryAlone(path string) (file *os.File, busy bool, err error) {
	file, err = os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, false, err
	}
	if err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		return file, false, nil
	}
	_ = file.Close()
	if busy = errors.Is(err, syscall.EWOULDBLOCK); busy {
		err = nil
	}
	return nil, busy, err
}

//go:build !windows

package store

import (
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

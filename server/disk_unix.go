//go:build linux || darwin || freebsd || dragonfly

package server

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// freeBytes is what an ordinary user may still write where dir is.
func freeBytes(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("server: ask for free disk space: %w", err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil //nolint:unconvert // the types differ between systems
}

// noSpace reports whether a write failed for lack of room.
func noSpace(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

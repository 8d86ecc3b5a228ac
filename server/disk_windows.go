package server

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
)

// freeBytes is what this user may still write where dir is.
func freeBytes(dir string) (int64, error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, fmt.Errorf("server: ask for free disk space: %w", err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(path, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("server: ask for free disk space: %w", err)
	}
	return int64(free), nil
}

// noSpace reports whether a write failed for lack of room.
func noSpace(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

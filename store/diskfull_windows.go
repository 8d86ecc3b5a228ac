package store

import "syscall"

// fullErrors are the system's words for "no room": ERROR_HANDLE_DISK_FULL,
// ERROR_DISK_FULL and ERROR_DISK_QUOTA_EXCEEDED.
func fullErrors() []error {
	return []error{syscall.Errno(39), syscall.Errno(112), syscall.Errno(1295)}
}

// protectedErrors are its words for a disk that may not be written:
// ERROR_WRITE_PROTECT.
func protectedErrors() []error { return []error{syscall.Errno(19)} }

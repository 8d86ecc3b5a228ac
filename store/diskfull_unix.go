//go:build !windows

package store

import "syscall"

// fullErrors are the system's words for "no room".
func fullErrors() []error { return []error{syscall.ENOSPC, syscall.EDQUOT} }

// protectedErrors are its words for a disk that may not be written.
func protectedErrors() []error { return []error{syscall.EROFS} }

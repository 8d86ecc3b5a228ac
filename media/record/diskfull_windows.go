package record

import "syscall"

// fullErrors are ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
func fullErrors() []error { return []error{syscall.Errno(39), syscall.Errno(112)} }

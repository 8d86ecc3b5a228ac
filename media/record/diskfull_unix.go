//go:build unix

package record

import "syscall"

func fullErrors() []error { return []error{syscall.ENOSPC, syscall.EDQUOT} }

//go:build unix

package store_test

import (
	"syscall"
	"testing"
	"time"
)

// processorTime is what this process has used of the processors: what an operation
// costs also on a machine that others keep busy.
func processorTime(tb testing.TB) time.Duration {
	var r syscall.Rusage
	ok(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

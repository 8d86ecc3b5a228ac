// Package memtest bounds in tests what reading outside bytes may take of memory.
package memtest

import (
	"runtime"
	"testing"
)

// Within runs do and fails if it allocated more than limit bytes, all told.
func Within(t testing.TB, limit uint64, do func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > limit {
		t.Fatalf("%d bytes of memory, %d are allowed", grown, limit)
	}
}

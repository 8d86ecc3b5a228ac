package store

import (
	"errors"
	"runtime"
	"testing"
)

// A page that was hurt may claim a key of any length: to say so costs no more than the
// words.
func TestDamagedKeyIsNotCopied(t *testing.T) {
	key := make([]byte, 64<<20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := damaged("message", key, errors.New("short"))
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("%d bytes were taken for %d of words", took, len(err.Error()))
	}
}

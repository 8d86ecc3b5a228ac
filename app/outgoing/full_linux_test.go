package outgoing_test

import (
	"io"
	"syscall"
	"testing"

	"magpie/app/outgoing"
	"magpie/im"
)

// A disk without room is what is said, not a file that cannot be read.
func TestDiskFull(t *testing.T) {
	c := account(t, "ann", "", "")
	full := broken{io.LimitReader(zero{}, 100), syscall.ENOSPC}
	if _, err := outgoing.PrepareContent(t.Context(), c, nil, full, "a", ""); im.CodeOf(err) != im.CodeDiskFull {
		t.Error(err)
	}
}

type zero struct{}

func (zero) Read(p []byte) (int, error) { clear(p); return len(p), nil }

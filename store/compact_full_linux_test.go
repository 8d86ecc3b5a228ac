package store_test

import (
	"path/filepath"
	"testing"

	"magpie/im"
	"magpie/store"
)

// Without room for a second file beside, and something left for others, nothing is
// begun: the disk would be full for those who write messages.
func TestCompactWithoutRoom(t *testing.T) {
	path := filepath.Join(smallDisk(t, "12m"), "cache.db")
	s, _, err := store.Open(path, store.Options{})
	ok(t, err)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 2000)))
	_, err = s.Compact(t.Context())
	hasCode(t, err, im.CodeDiskFull)
	ok(t, s.Ingest(t.Context(), batch(bob, 2001, 2100)))
	if list, err := s.Page(bob, 0, 3000); err != nil || len(list) != 2100 {
		t.Errorf("%d messages, %v", len(list), err)
	}
	ok(t, s.Close())
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
	checkFile(t, path)
}

package store_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"magpie/store"
)

// Who searches has the pages of the file mapped, and after a rest they are not.
func TestSearchMapsTheFile(t *testing.T) {
	probe, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_ANON)
	ok(t, err)
	if err := unix.Madvise(probe, unix.MADV_POPULATE_READ); err != nil {
		t.Skip("this system cannot do it:", err)
	}
	ok(t, unix.Munmap(probe))
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	for n := uint64(1); n < 20_000; n += 2000 {
		ok(t, s.Ingest(t.Context(), batch(bob, n, n+1999)))
	}
	ok(t, s.Close())
	info, err := os.Stat(path)
	ok(t, err)
	o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 8192, time.Hour)
	s, _, err = openStoreAt(path, store.RestSoon(o, 2*time.Second))
	ok(t, err)
	defer func() { ok(t, s.Close()) }()
	share := func() float64 { return float64(mappedKB(t, path)) * 1024 / float64(info.Size()) }
	ok(t, store.WaitIdle(t.Context(), s, idle))
	if share() > 0.7 {
		t.Errorf("%.2f of the file is mapped before anybody searches", share())
	}
	_, err = s.Search(t.Context(), store.SearchQuery{Text: "no such word"})
	ok(t, err)
	within := func(what string, is func() bool) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %.2f of the file is mapped", what, share())
			}
		}
	}
	store.WaitMapped(s)
	within("after a search", func() bool { return share() > 0.9 })
	ok(t, store.CompareMapping(s))
	within("after a rest", func() bool { return share() < 0.3 })
	page, err := s.Page(bob, 0, 10)
	ok(t, err)
	if len(page) != 10 {
		t.Error("what was mapped cannot be read any more")
	}
}

// mappedKB is how much of a file is mapped in this process.
func mappedKB(t *testing.T, path string) (sum int) {
	f, err := os.Open("/proc/self/smaps")
	ok(t, err)
	defer f.Close()
	in := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if head, _, _ := strings.Cut(line, " "); strings.Contains(head, "-") {
			in = strings.HasSuffix(line, path)
		}
		kB := 0
		if _, err := fmt.Sscanf(line, "Rss: %d kB", &kB); err == nil && in {
			sum += kB
		}
	}
	return sum
}

package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"magpie/im"
	"magpie/store"
)

// smallDisk mounts a disk of a few megabytes. Without the right to mount there
// is no real full disk to test on; TestFailedCommit still tests the error path.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
			t.Skipf("mounting is not permitted here: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDisk(t *testing.T) { bothWays(t, testFullDisk) }

func testFullDisk(t *testing.T) {
	dir := smallDisk(t, "3m")
	path := filepath.Join(dir, "cache.db")
	s, _, err := openStoreAt(path, store.Options{})
	ok(t, err)
	var stored uint64
	for full := 0; full < 5; {
		err := s.Ingest(t.Context(), batch(bob, stored+1, stored+100))
		if err != nil {
			hasCode(t, err, im.CodeDiskFull)
			full++
			continue
		}
		stored += 100
		if stored > 1_000_000 {
			t.Fatal("the disk never fills")
		}
	}
	// What a person wants to send is refused with a reason, and reading goes on.
	refused := 0
	for i := range 50 {
		if _, err := s.Enqueue(t.Context(), mine(bob, im.MessageID(fmt.Sprint("wren-pc-", i)), strings.Repeat("x", 6000))); err != nil {
			hasCode(t, err, im.CodeDiskFull)
			refused++
		}
	}
	if refused == 0 {
		t.Fatal("300 KB went onto a full disk")
	}
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "rows are those that were accepted", len(rows), 50-refused)
	whole := func(s *store.Store) {
		t.Helper()
		list, err := s.Page(bob, 0, int(stored)+1000)
		ok(t, err)
		equal(t, "messages", uint64(len(list)), stored)
		ranges, err := s.Ranges(bob)
		ok(t, err)
		equal(t, "ranges", ranges, []store.Range{{From: 1, To: stored}})
	}
	whole(s)
	ok(t, s.Close())
	checkFile(t, path)

	// Opening needs no room, and with room again everything works.
	s, report, err := openStoreAt(path, store.Options{})
	ok(t, err)
	equal(t, "report", report, store.Report{})
	whole(s)
	ok(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=8m"))
	ok(t, s.Ingest(t.Context(), batch(bob, stored+1, stored+100)))
	stored += 100
	whole(s)
	ok(t, s.Close())
	checkFile(t, path)
}

// A damaged file on a full disk stays where it is: there is no room to salvage.
func TestDamageOnAFullDisk(t *testing.T) { bothWays(t, testDamageOnAFullDisk) }

func testDamageOnAFullDisk(t *testing.T) {
	whole := filled(t)
	dir := smallDisk(t, fmt.Sprint(len(whole)+64<<10))
	path := filepath.Join(dir, "cache.db")
	zero(whole, 1)
	ok(t, os.WriteFile(path, whole, 0o600))
	_, report, err := openStoreAt(path, store.Options{})
	hasCode(t, err, im.CodeDiskFull)
	equal(t, "set aside", report.SetAside, "")
	left, err := os.ReadDir(dir)
	ok(t, err)
	equal(t, "files", len(left), 1)
	now, err := os.ReadFile(path)
	ok(t, err)
	if string(now) != string(whole) {
		t.Fatal("the damaged file was changed")
	}
}

// A new store on a full disk is refused and leaves nothing that looks damaged.
func TestCreateOnAFullDisk(t *testing.T) { bothWays(t, testCreateOnAFullDisk) }

func testCreateOnAFullDisk(t *testing.T) {
	dir := smallDisk(t, "64k")
	if err := os.WriteFile(filepath.Join(dir, "filler"), make([]byte, 60<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "cache.db")
	_, _, err := openStoreAt(path, store.Options{})
	hasCode(t, err, im.CodeDiskFull)
	ok(t, os.Remove(filepath.Join(dir, "filler")))
	s, report, err := openStoreAt(path, store.Options{})
	ok(t, err)
	if report.SetAside != "" {
		t.Errorf("report %+v: an unfinished file was taken for a damaged one", report)
	}
	ok(t, s.Close())
}

// blocks is how much of the disk a file takes; it may have holes.
func blocks(info os.FileInfo) int64 { return info.Sys().(*syscall.Stat_t).Blocks * 512 }

// Without room for a second one, a file is not encrypted, says so, and is there as
// it was; with room it is.
func TestSealingOnAFullDisk(t *testing.T) {
	dir := smallDisk(t, "8m")
	path := filepath.Join(dir, "cache.db")
	s, _, err := store.Open(path, store.Options{Account: me})
	ok(t, err)
	confide(t, s, 2000)
	want := everything(t, s)
	ok(t, s.Close())
	info, err := os.Stat(path)
	ok(t, err)
	ok(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, fmt.Sprint("size=", blocks(info)*5/4)))
	whole, err := os.ReadFile(path)
	ok(t, err)
	for _, o := range []store.Options{{Account: me, Key: testKey()}, {Account: me, Key: testKey(), Unseal: true}} {
		_, report, err := store.Open(path, o)
		hasCode(t, err, im.CodeDiskFull)
		if !strings.Contains(err.Error(), "left as it is") {
			t.Error(err)
		}
		equal(t, "report", report, store.Report{})
		left, err := os.ReadDir(dir)
		ok(t, err)
		equal(t, "files", len(left), 1)
		now, err := os.ReadFile(path)
		ok(t, err)
		if string(now) != string(whole) {
			t.Fatal("the file was changed")
		}
		if o.Unseal {
			break
		}
		ok(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=16m"))
		s, report, err := store.Open(path, o)
		ok(t, err)
		equal(t, "report", report, store.Report{Sealed: true})
		if everything(t, s) != want {
			t.Error("it is not what it was")
		}
		ok(t, s.Close())
		info, err := os.Stat(path)
		ok(t, err)
		ok(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, fmt.Sprint("size=", blocks(info)*5/4)))
		whole, err = os.ReadFile(path)
		ok(t, err)
	}
}

// The disk fills at any write of a life: the step says so and changes nothing, reading
// goes on, and once there is room the life goes on from there and ends as any other.
func TestDiskFillsAtEveryWrite(t *testing.T) { bothWays(t, diskFillsAtEveryWrite) }

func diskFillsAtEveryWrite(t *testing.T) {
	states := statesOfLife(t)
	steps := life()
	var rooms []int
	for pages := range 60 {
		rooms = append(rooms, pages)
	}
	met := map[int]bool{}
	for _, pages := range sampled(rooms, fewer(18)) {
		dir := smallDisk(t, "16m")
		path := filepath.Join(dir, "cache.db")
		s, _, err := openStoreAt(path, lifeOptions())
		ok(t, err)
		limit := func(more int) {
			t.Helper()
			var st syscall.Statfs_t
			ok(t, syscall.Statfs(dir, &st))
			used := (int64(st.Blocks) - int64(st.Bfree)) * st.Bsize
			ok(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", used+int64(more)*pageSize)))
		}
		begin := pages % 10
		for _, step := range steps[:begin] {
			ok(t, step(t.Context(), s))
		}
		limit(pages / 2)
		for i, step := range steps[begin:] {
			err := step(t.Context(), s)
			if err == nil {
				continue
			}
			if im.CodeOf(err) != im.CodeDiskFull {
				t.Fatalf("room for %d pages, step %d: %v", pages/2, begin+i, err)
			}
			met[begin+i] = true
			if got := contents(t, s, lifeWords, lifeConvs...); got != states[begin+i] {
				t.Fatalf("room for %d pages, step %d failed: %s", pages/2, begin+i, differ(got, states[begin+i]))
			}
			limit(pages/2 + 1 + i%3) // a little room, for a little while
			for tries := 0; err != nil; tries++ {
				if err = step(t.Context(), s); err != nil {
					hasCode(t, err, im.CodeDiskFull)
					limit(4 << tries)
				}
			}
		}
		if got, want := contents(t, s, lifeWords, lifeConvs...), states[len(states)-1]; got != want {
			t.Fatalf("room for %d pages: %s", pages/2, differ(got, want))
		}
		limit(2000)
		ok(t, s.Close())
		checkFile(t, path)
		h, err := examineStore(path, lifeOptions())
		if err != nil || h.Damage > 0 {
			t.Fatalf("room for %d pages: %q, %v", pages/2, h.Problems, err)
		}
	}
	if len(met) < 4 {
		t.Errorf("the disk filled at steps %v only", met)
	}
}

package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"magpie/im"
	"magpie/store"
)

// readOnly makes a folder one that may not be written until the test ends, or the
// returned function is called. For root no mode forbids that; a mount does.
func readOnly(t *testing.T, dir string) (writable func()) {
	t.Helper()
	if os.Getuid() != 0 {
		modes := func(folder, file os.FileMode) {
			list, err := os.ReadDir(dir)
			ok(t, err)
			ok(t, os.Chmod(dir, 0o700))
			for _, e := range list {
				ok(t, os.Chmod(filepath.Join(dir, e.Name()), file))
			}
			ok(t, os.Chmod(dir, folder))
		}
		modes(0o500, 0o400)
		t.Cleanup(func() { modes(0o700, 0o600) })
		return func() { modes(0o700, 0o600) }
	}
	err := syscall.Mount(dir, dir, "", syscall.MS_BIND, "")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skipf("mounting is not permitted here: %v", err)
	}
	ok(t, err)
	mounted := true
	unmount := func() {
		if mounted {
			mounted = false
			ok(t, syscall.Unmount(dir, 0))
		}
	}
	t.Cleanup(unmount)
	ok(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""))
	return unmount
}

// A history that may not be written is shown whole, and everything that would write
// says so and changes nothing.
func TestReadOnlyFolder(t *testing.T) { bothWays(t, readOnlyFolder) }

func readOnlyFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "cache.db")
	s, _, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	for _, step := range life() {
		ok(t, step(t.Context(), s))
	}
	want := contents(t, s, lifeWords, lifeConvs...)
	ok(t, s.Close())
	before, err := os.ReadFile(path)
	ok(t, err)

	writable := readOnly(t, dir)
	s, report, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	equal(t, "report", report, store.Report{ReadOnly: true})
	if got := contents(t, s, lifeWords, lifeConvs...); got != want {
		t.Errorf("read only there is %s", differ(got, want))
	}
	for i, step := range life() {
		if err := step(t.Context(), s); im.CodeOf(err) != im.CodeReadOnly {
			t.Errorf("step %d: %v", i, err)
		}
	}
	ok(t, s.Close())
	after, err := os.ReadFile(path)
	ok(t, err)
	left, err := os.ReadDir(dir)
	ok(t, err)
	if string(before) != string(after) || len(left) != 1 {
		t.Errorf("something was written: %v", left)
	}
	// Two of them at once are fine.
	s, _, err = openStoreAt(path, lifeOptions())
	ok(t, err)
	other, _, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	ok(t, errors.Join(s.Close(), other.Close()))

	writable()
	s, report, err = openStoreAt(path, lifeOptions())
	ok(t, err)
	equal(t, "report", report, store.Report{})
	ok(t, s.SetDraft(t.Context(), bob, "again"))
	ok(t, s.Close())
	checkFile(t, path)
}

// What would have to be done first cannot be done: each says why, and changes
// nothing.
func TestReadOnlyFolderOfMore(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(t *testing.T) string
		o    store.Options
		want im.Code
	}{
		{"nothing is there", func(t *testing.T) string { return filepath.Join(t.TempDir(), "cache.db") }, store.Options{}, im.CodeReadOnly},
		{"an older schema", func(t *testing.T) string { return oldFile(t, 2) }, store.Options{}, im.CodeReadOnly},
		{"damaged", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "cache.db")
			s, _, err := store.Open(path, store.Options{Account: me})
			ok(t, err)
			ok(t, s.Close())
			return hurtMeta(t, path)
		}, store.Options{}, im.CodeStoreDamaged},
		{"locked", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "cache.db")
			s, _, err := store.Open(path, store.Options{Key: testKey()})
			ok(t, err)
			ok(t, s.Close())
			return path
		}, store.Options{}, im.CodeSealed},
		{"half replaced", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "cache.db")
			s, _, err := store.Open(path, store.Options{})
			ok(t, err)
			ok(t, s.Close())
			ok(t, os.Rename(path, path+".salvage"))
			return path
		}, store.Options{}, im.CodeReadOnly},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := c.make(t)
			before := folderOf(t, filepath.Dir(path))
			readOnly(t, filepath.Dir(path))
			_, _, err := store.Open(path, c.o)
			hasCode(t, err, c.want)
			equal(t, "folder", folderOf(t, filepath.Dir(path)), before)
		})
	}
}

// A plain history that would be sealed is read as it is.
func TestReadOnlyPlainFileWithAKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := store.Open(path, store.Options{Account: me})
	ok(t, err)
	ok(t, s.SetDraft(t.Context(), bob, "here"))
	ok(t, s.Close())
	readOnly(t, filepath.Dir(path))
	s, report, err := store.Open(path, store.Options{Account: me, Key: testKey()})
	ok(t, err)
	defer s.Close()
	equal(t, "report", report, store.Report{ReadOnly: true})
	if got, err := s.Draft(bob); err != nil || got != "here" {
		t.Errorf("draft %q, %v", got, err)
	}
	_, _, err = store.Open(path, store.Options{Account: "bob"})
	if !errors.Is(err, store.ErrOtherAccount) {
		t.Errorf("%v, want ErrOtherAccount", err)
	}
}

// The folder vanishes while it is open: nothing is called durable any more, reading
// goes on.
func TestFolderVanishes(t *testing.T) { bothWays(t, folderVanishes) }

func folderVanishes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	ok(t, os.Mkdir(dir, 0o700))
	path := filepath.Join(dir, "cache.db")
	s, _, err := openStoreAt(path, store.Options{})
	ok(t, err)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 10)))
	gone := dir + ".gone"
	ok(t, os.Rename(dir, gone))
	hasCode(t, s.SetDraft(t.Context(), bob, "nowhere"), im.CodeHistoryGone)
	_, err = s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "x"))
	hasCode(t, err, im.CodeHistoryGone)
	if list, err := s.Page(bob, 0, 100); err != nil || len(list) != 10 {
		t.Errorf("%d messages, %v", len(list), err)
	}
	ok(t, os.Rename(gone, dir)) // and comes back
	ok(t, s.SetDraft(t.Context(), bob, "here"))
	ok(t, os.RemoveAll(dir))
	hasCode(t, s.SetDraft(t.Context(), bob, "nowhere"), im.CodeHistoryGone)
	ok(t, s.Close())
}

// folderOf is the content of every file of a folder by name.
func folderOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	list, err := os.ReadDir(dir)
	ok(t, err)
	all := map[string]string{}
	for _, e := range list {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		ok(t, err)
		all[e.Name()] = string(data)
	}
	return all
}

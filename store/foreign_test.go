package store_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"magpie/store"
)

// What is no history is refused with words of its own, by everything that opens
// one, and is left as it is; nothing is made beside it.
func TestWhatIsNoHistory(t *testing.T) {
	noise := make([]byte, 300_000)
	_, _ = rand.Read(noise)
	write := func(data []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) { ok(t, os.WriteFile(path, data, 0o600)) }
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T, path string)
		want error
	}{
		{"a text", write(bytes.Repeat([]byte("this is not a database\n"), 2000)), store.ErrForeign},
		{"one line", write([]byte("hello\n")), store.ErrForeign},
		{"noise", write(noise), store.ErrForeign},
		{"SQLite", write(append([]byte("SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20"), make([]byte, 40_000)...)), store.ErrForeign},
		{"a database of another program", func(t *testing.T, path string) {
			db, err := bbolt.Open(path, 0o600, nil)
			ok(t, err)
			ok(t, db.Update(func(tx *bbolt.Tx) error {
				b, err := tx.CreateBucket([]byte("recipes"))
				return errors.Join(err, b.Put([]byte("soup"), []byte("water")))
			}))
			ok(t, db.Close())
		}, store.ErrForeign},
		{"of another account", func(t *testing.T, path string) {
			s, _, err := store.Open(path, store.Options{Account: "carol"})
			ok(t, err)
			ok(t, s.Close())
		}, store.ErrOtherAccount},
		{"a sparse terabyte", func(t *testing.T, path string) {
			write([]byte{})(t, path)
			if err := os.Truncate(path, 1<<40); err != nil {
				t.Skipf("the file system has no such files: %v", err)
			}
		}, store.ErrForeign},
		{"a folder", func(t *testing.T, path string) { ok(t, os.Mkdir(path, 0o700)) }, store.ErrForeign},
		{"a link that leads to itself", func(t *testing.T, path string) {
			if err := os.Symlink(path, path); err != nil {
				t.Skipf("no links here: %v", err)
			}
		}, store.ErrForeign},
		{"a link that leads nowhere", func(t *testing.T, path string) {
			if err := os.Symlink(filepath.Join(path, "nowhere", "else"), path); err != nil {
				t.Skipf("no links here: %v", err)
			}
		}, store.ErrForeign},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache.db")
			c.make(t, path)
			before := lookAt(t, path)
			refused := func(what string, err error) {
				t.Helper()
				if !errors.Is(err, c.want) {
					t.Errorf("%s: %v, want %v", what, err, c.want)
				}
				if after := lookAt(t, path); after != before {
					t.Errorf("%s: it was %s and is %s", what, before, after)
				}
			}
			_, _, err := store.Open(path, store.Options{Account: me})
			refused("Open", err)
			_, _, err = store.Open(path, store.Options{Account: me, Key: testKey()})
			refused("Open with a key", err)
			if errors.Is(c.want, store.ErrOtherAccount) {
				return
			}
			_, err = store.Examine(path, store.Options{})
			refused("Examine", err)
			_, err = store.Repair(path, store.Options{Account: me})
			refused("Repair", err)
			if sealed, _ := store.IsSealed(path); sealed {
				t.Error("it is said to be encrypted")
			}
		})
	}
}

// lookAt is what is in the folder of a path: names, kinds, sizes and the first and
// last of each file.
func lookAt(t *testing.T, path string) string {
	t.Helper()
	list, err := os.ReadDir(filepath.Dir(path))
	ok(t, err)
	var b bytes.Buffer
	for _, e := range list {
		info, err := e.Info()
		ok(t, err)
		b.WriteString(e.Name() + " " + info.Mode().String() + " " + info.ModTime().String())
		if !info.Mode().IsRegular() || info.Size() > 1<<30 {
			continue
		}
		data, err := os.ReadFile(filepath.Join(filepath.Dir(path), e.Name()))
		ok(t, err)
		b.Write(data)
	}
	return b.String()
}

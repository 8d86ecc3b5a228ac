package store_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/store"
)

// sealedWith makes a closed sealed file with messages of bob, each its number.
func sealedWith(t *testing.T, messages uint64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := store.Open(path, store.Options{Account: me, Key: testKey()})
	ok(t, err)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, messages)))
	ok(t, s.SetDraft(t.Context(), bob, "half a sentence"))
	ok(t, s.Close())
	return path
}

// history calls f with the bucket of the only conversation of a sealed file.
func history(t *testing.T, path string, f func(*bbolt.Bucket) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	ok(t, err)
	ok(t, db.Update(func(tx *bbolt.Tx) error {
		all := tx.Bucket([]byte("msg"))
		name, _ := all.Cursor().First()
		return f(all.Bucket(name))
	}))
	ok(t, db.Close())
}

func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// What was changed, moved or brought from elsewhere is not taken for what somebody
// said: it is damage, the file is set aside, and the rest is there.
func TestForgedValues(t *testing.T) {
	var foreign []byte
	history(t, sealedWith(t, 10), func(b *bbolt.Bucket) error {
		foreign = bytes.Clone(b.Get(numberKey(5)))
		return nil
	})
	for what, forge := range map[string]func(b *bbolt.Bucket, value []byte) []byte{
		"a bit of another value": func(_ *bbolt.Bucket, v []byte) []byte { v[len(v)/2] ^= 1; return v },
		"another message":        func(b *bbolt.Bucket, _ []byte) []byte { return bytes.Clone(b.Get(numberKey(6))) },
		"from another file":      func(*bbolt.Bucket, []byte) []byte { return foreign },
		"cut":                    func(_ *bbolt.Bucket, v []byte) []byte { return v[:len(v)-1] },
		"nothing":                func(*bbolt.Bucket, []byte) []byte { return []byte{} },
		"not sealed":             func(_ *bbolt.Bucket, v []byte) []byte { return append([]byte{1}, v[1:]...) },
	} {
		t.Run(what, func(t *testing.T) {
			path := sealedWith(t, 10)
			history(t, path, func(b *bbolt.Bucket) error {
				return b.Put(numberKey(5), forge(b, bytes.Clone(b.Get(numberKey(5)))))
			})
			o := store.Options{Account: me, Key: testKey()}
			h, err := store.Examine(path, o)
			if err != nil || h.Damage != 1 || h.Messages != 9 {
				t.Errorf("%+v, %v", h, err)
			}
			s, _, err := store.Open(path, o)
			ok(t, err)
			_, err = s.Page(bob, 0, 100)
			hasCode(t, err, im.CodeStoreDamaged)
			list, err := s.PageAfter(bob, 5, 100)
			ok(t, err)
			equal(t, "the others", list, texts(bob, 6, 10))
			ok(t, s.Close())
			s, report, err := store.Open(path, o)
			ok(t, err)
			defer s.Close()
			if report.SetAside == "" {
				t.Errorf("%+v", report)
			}
			list, err = s.Page(bob, 0, 100)
			ok(t, err)
			// What was there before the forgery is still on a page that is not used any more.
			equal(t, "what is left", list, texts(bob, 1, 10))
			if report.Outside != 1 || h.Outside != 1 {
				t.Errorf("found outside the tree: %d, announced %d", report.Outside, h.Outside)
			}
			if is, err := store.IsSealed(report.SetAside); err != nil || !is {
				t.Errorf("what was set aside: sealed is %v, %v", is, err)
			}
		})
	}
}

// A conversation that was put under another name, or under the name that it has in
// another file, is not that conversation's.
func TestForgedNames(t *testing.T) {
	path := sealedWith(t, 10)
	db, err := bbolt.Open(path, 0o600, nil)
	ok(t, err)
	ok(t, db.Update(func(tx *bbolt.Tx) error {
		all := tx.Bucket([]byte("msg"))
		name, _ := all.Cursor().First()
		forged := bytes.Clone(name)
		forged[3] ^= 1
		b, err := all.CreateBucket(forged)
		if err != nil {
			return err
		}
		return b.Put(numberKey(1), all.Bucket(name).Get(numberKey(1)))
	}))
	ok(t, db.Close())
	o := store.Options{Account: me, Key: testKey()}
	h, err := store.Examine(path, o)
	if err != nil || h.Damage != 1 || h.Messages != 10 {
		t.Errorf("%+v, %v", h, err)
	}
	report, err := store.Repair(path, o)
	if err != nil || report.SetAside == "" {
		t.Errorf("%+v, %v", report, err)
	}
	h, err = store.Examine(path, o)
	if err != nil || h.Damage != 0 || h.Messages != 10 {
		t.Errorf("%+v, %v", h, err)
	}
}

// The salt of the keys is in the file twice; with one of them gone nothing is lost.
func TestMarkerDamaged(t *testing.T) {
	path := sealedWith(t, 500)
	whole, err := os.ReadFile(path)
	ok(t, err)
	var markers []int
	for at := 0; ; {
		i := bytes.Index(whole[at:], []byte("\x00sealed\x01\x01\x20")) // the key and how the value begins
		if i < 0 {
			break
		}
		at += i + 1
		markers = append(markers, at-1)
	}
	if len(markers) < 2 {
		t.Fatalf("%d markers", len(markers))
	}
	for keep := range markers {
		spoilt := bytes.Clone(whole)
		for i, at := range markers {
			if i != keep {
				spoilt[at+20] ^= 1 // within the value
			}
		}
		ok(t, os.WriteFile(path, spoilt, 0o600))
		if is, err := store.IsSealed(path); err != nil || !is {
			t.Errorf("marker at %d alone: sealed is %v, %v", markers[keep], is, err)
		}
		s, report, err := store.Open(path, store.Options{Account: me, Key: testKey()})
		if err != nil {
			t.Errorf("marker at %d alone: %v", markers[keep], err)
			continue
		}
		list, err := s.Page(bob, 0, 1000)
		ok(t, err)
		equal(t, "messages", len(list), 500)
		draft, err := s.Draft(bob)
		ok(t, err)
		equal(t, "draft", draft, "half a sentence")
		ok(t, s.Close())
		if report.SetAside != "" {
			ok(t, os.Remove(report.SetAside))
		}
	}
}

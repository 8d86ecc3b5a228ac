package store

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// What bbolt writes first is what we think it is; of a later bbolt this test says
// so.
func TestFirstPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := firstPages(os.Getpagesize()); !bytes.Equal(made, want) {
		t.Fatalf("bbolt begins with %d bytes that are not the %d we know", len(made), len(want))
	}
}

func TestUnborn(t *testing.T) {
	first := firstPages(os.Getpagesize())
	random := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		data := bytes.Clone(first[:random.IntN(len(first)/sectorSize)*sectorSize])
		for at := 0; at < len(data); at += sectorSize {
			if random.IntN(3) == 0 {
				clear(data[at : at+sectorSize])
			}
		}
		if is, err := unborn(bytes.NewReader(data), int64(len(data))); err != nil || !is {
			t.Fatalf("%d bytes are not taken for what a power cut left: %v", len(data), err)
		}
	}
	whole := bytes.Clone(first)
	other := bytes.Clone(first)
	other[3*os.Getpagesize()+100] = 1
	for name, data := range map[string][]byte{"a whole file": whole, "content": other, "text": []byte("hello\n"), "a larger file": make([]byte, len(first)+1)} {
		if is, err := unborn(bytes.NewReader(data), int64(len(data))); err != nil || is {
			t.Errorf("%s: %v, %v", name, is, err)
		}
	}
}

// A machine that lost power while a store was made has one at its next start, and
// nothing is called damaged.
func TestUnbornFileIsNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	torn := firstPages(os.Getpagesize())
	clear(torn[os.Getpagesize():])
	if err := os.WriteFile(path, torn, 0o600); err != nil {
		t.Fatal(err)
	}
	s, report, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if report != (Report{Created: true}) {
		t.Errorf("report %+v", report)
	}
	_, _, err = Open(path, Options{OpenTimeout: 1})
	if !errors.Is(err, ErrInUse) {
		t.Errorf("%v, want ErrInUse", err)
	}
}

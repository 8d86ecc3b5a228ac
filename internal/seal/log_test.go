package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"magpie/internal/seal"
)

func records(b []byte, k seal.Key) (all []string, end int64, err error) {
	end, err = seal.ReadLog(bytes.NewReader(b), int64(len(b)), k, func(r []byte) error {
		all = append(all, string(r))
		return nil
	})
	return all, end, err
}

// logOf writes records and returns the file, and how long it was after each.
func logOf(t *testing.T, k seal.Key, all []string) (file []byte, ends []int) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, err := seal.NewLog(f, k)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if err := l.Append([]byte(r)); err != nil {
			t.Fatal(err)
		}
		// Nothing is closed or synced: this is what a killed process leaves.
		if file, err = os.ReadFile(f.Name()); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, len(file))
	}
	if err := l.Append(make([]byte, seal.MaxRecord+1)); err == nil {
		t.Error("a record as long as that was taken")
	}
	return file, ends
}

var somewhat = []string{"one record", "", "two", string(make([]byte, 70000)), "the last"}

func TestLogIsGoodToItsLastWholeRecord(t *testing.T) {
	k := seal.NewKey()
	file, ends := logOf(t, k, somewhat)
	cuts := []int{seal.HeaderSize, seal.HeaderSize + 2}
	for _, end := range ends {
		cuts = append(cuts, end-1, end, min(end+3, len(file)), min(end+20, len(file)))
	}
	for _, n := range cuts {
		whole := 0
		for _, end := range ends {
			if end <= n {
				whole++
			}
		}
		got, end, err := records(file[:n], k)
		if err != nil || !slices.Equal(got, somewhat[:whole]) || whole > 0 && end != int64(ends[whole-1]) {
			t.Errorf("cut at %d: %d records to %d, %v; %d are whole", n, len(got), end, err, whole)
		}
	}
	if bytes.Contains(file, []byte("record")) {
		t.Error("it can be read")
	}
}

func TestDamagedLog(t *testing.T) {
	k := seal.NewKey()
	file, ends := logOf(t, k, somewhat)
	if _, _, err := records(file, seal.NewKey()); !errors.Is(err, seal.ErrKey) {
		t.Error(err)
	}
	if _, _, err := records(sealed(t, k, content(20)), k); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("a content is a log: %v", err)
	}
	if _, err := open(file, k); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("a log is a content: %v", err)
	}
	for i, end := range ends {
		bad := bytes.Clone(file)
		bad[end-1] ^= 1
		if got, _, err := records(bad, k); err != nil || len(got) != i {
			t.Errorf("record %d damaged: %d are there, %v", i, len(got), err)
		}
	}
	long := bytes.Clone(file)
	copy(long[seal.HeaderSize:], []byte{0xff, 0xff, 0xff, 0xff})
	if got, _, err := records(long, k); err != nil || len(got) != 0 {
		t.Errorf("a record of 4 GB: %v", err)
	}
	stop := fmt.Errorf("enough")
	if _, err := seal.ReadLog(bytes.NewReader(file), int64(len(file)), k, func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}

// A full disk leaves whole records, and what is appended after it is read.
func TestLogOnAFullDisk(t *testing.T) {
	k := seal.NewKey()
	f := &fullFile{room: seal.HeaderSize + 100}
	l, err := seal.NewLog(f, k)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Append(make([]byte, 60)); err != nil {
		t.Fatal(err)
	}
	if err := l.Append(make([]byte, 60)); !errors.Is(err, errFull) {
		t.Error(err)
	}
	f.room = 1 << 20
	if err := l.Append([]byte("after it")); err != nil {
		t.Fatal(err)
	}
	if got, end, err := records(f.b, k); err != nil || len(got) != 2 || got[1] != "after it" || end != int64(len(f.b)) {
		t.Errorf("%d records, %v", len(got), err)
	}
}

var errFull = errors.New("full")

// fullFile takes as much as there is room.
type fullFile struct {
	b    []byte
	room int
}

func (f *fullFile) ReadAt(b []byte, off int64) (int, error) {
	return bytes.NewReader(f.b).ReadAt(b, off)
}

func (f *fullFile) WriteAt(b []byte, off int64) (int, error) {
	n := min(len(b), f.room-int(off))
	f.b = append(f.b[:off], b[:n]...)
	if n < len(b) {
		return n, errFull
	}
	return n, nil
}

func (f *fullFile) Truncate(size int64) error {
	f.b = f.b[:size]
	return nil
}

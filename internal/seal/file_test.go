package seal_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/iotest"

	"magpie/internal/seal"
)

// sizes are around those where chunks begin.
var sizes = []int{0, 1, 2, seal.ChunkSize - 1, seal.ChunkSize, seal.ChunkSize + 1, 2 * seal.ChunkSize, 3*seal.ChunkSize + 17}

func content(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8(sha256.Sum256([]byte{byte(n)})).Read(b)
	return b
}

func sealed(t testing.TB, k seal.Key, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := seal.NewWriter(&out, k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte{1}); err == nil {
		t.Error("what is closed was written to")
	}
	return out.Bytes()
}

func open(b []byte, k seal.Key) (*seal.Reader, error) {
	return seal.NewReader(bytes.NewReader(b), int64(len(b)), k)
}

func TestFileHasItsContent(t *testing.T) {
	k := seal.NewKey()
	for _, size := range sizes {
		plain := content(size)
		file := sealed(t, k, plain)
		if int64(len(file)) != seal.SealedSize(int64(size)) || !seal.Is(file) || seal.Is(plain) {
			t.Errorf("%d bytes became %d", size, len(file))
		}
		if size > 32 && bytes.Contains(file, plain[:32]) {
			t.Errorf("of %d bytes some can be read", size)
		}
		r, err := open(file, k)
		if err != nil {
			t.Fatal(size, err)
		}
		if r.Size() != int64(size) {
			t.Errorf("%d bytes are said to be %d", size, r.Size())
		}
		if err := iotest.TestReader(r, plain); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if bytes.Equal(sealed(t, k, content(9)), sealed(t, k, content(9))) {
		t.Error("the same content twice is the same file")
	}
}

func TestFileIsReadAnywhere(t *testing.T) {
	k, plain := seal.NewKey(), content(5*seal.ChunkSize+99)
	r, err := open(sealed(t, k, plain), k)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(5, 5))
	for range 300 {
		at := rnd.IntN(len(plain))
		b := make([]byte, rnd.IntN(3*seal.ChunkSize))
		n, err := r.ReadAt(b, int64(at))
		want := plain[at:min(len(plain), at+len(b))]
		if !bytes.Equal(b[:n], want) || (n < len(b)) != errors.Is(err, io.EOF) {
			t.Fatalf("%d bytes at %d: %d, %v", len(b), at, n, err)
		}
	}
}

func TestWrongKeyIsToldFromDamage(t *testing.T) {
	k := seal.NewKey()
	file := sealed(t, k, content(10))
	if _, err := open(file, seal.NewKey()); !errors.Is(err, seal.ErrKey) || errors.Is(err, seal.ErrDamaged) {
		t.Error(err)
	}
	for _, at := range []int{0, 8, 9, seal.HeaderSize, len(file) - 1} {
		bad := bytes.Clone(file)
		bad[at] ^= 1
		if _, err := open(bad, k); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("byte %d: %v", at, err)
		}
	}
}

// Wherever a file is cut it does not open: also between two chunks.
func TestCutFileDoesNotOpen(t *testing.T) {
	k := seal.NewKey()
	file := sealed(t, k, content(2*seal.ChunkSize+50))
	cuts := []int{0, 7, seal.HeaderSize - 1, seal.HeaderSize, seal.HeaderSize + seal.Overhead, len(file) - 1, len(file) - 50 - seal.Overhead, len(file) - seal.ChunkSize - 50 - 2*seal.Overhead}
	for _, n := range cuts {
		if _, err := open(file[:n], k); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("cut at %d of %d: %v", n, len(file), err)
		}
	}
	for _, n := range []int64{int64(len(file)) + 1, 1 << 40, 1<<63 - 1, -5} {
		if _, err := seal.NewReader(bytes.NewReader(file), n, k); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("said to have %d bytes: %v", n, err)
		}
	}
	if _, err := open(append(bytes.Clone(file), 0), k); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("with a byte more: %v", err)
	}
}

func TestUnfinishedFileDoesNotOpen(t *testing.T) {
	k := seal.NewKey()
	var out bytes.Buffer
	w, err := seal.NewWriter(&out, k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content(3 * seal.ChunkSize)); err != nil {
		t.Fatal(err)
	}
	if _, err := open(out.Bytes(), k); !errors.Is(err, seal.ErrDamaged) {
		t.Error(err)
	}
}

// A chunk belongs to its place in its file.
func TestMovedChunksDoNotOpen(t *testing.T) {
	k := seal.NewKey()
	plain := content(4 * seal.ChunkSize)
	file, other := sealed(t, k, plain), sealed(t, k, plain)
	chunk := func(b []byte, i int) []byte {
		return b[seal.HeaderSize+i*(seal.ChunkSize+seal.Overhead):][:seal.ChunkSize+seal.Overhead]
	}
	swapped, foreign, twice := bytes.Clone(file), bytes.Clone(file), bytes.Clone(file)
	copy(chunk(swapped, 0), chunk(file, 1))
	copy(chunk(swapped, 1), chunk(file, 0))
	copy(chunk(foreign, 0), chunk(other, 0))
	copy(chunk(twice, 2), chunk(twice, 1))
	for name, b := range map[string][]byte{"swapped": swapped, "of another file": foreign, "twice": twice} {
		r, err := open(b, k)
		if err != nil {
			t.Fatal(name, err)
		}
		if n, err := io.Copy(io.Discard, r); !errors.Is(err, seal.ErrDamaged) || n == int64(len(plain)) {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
		if b, err := io.ReadAll(io.NewSectionReader(r, 3*seal.ChunkSize, seal.ChunkSize)); err != nil || !bytes.Equal(b, plain[3*seal.ChunkSize:]) {
			t.Errorf("%s: what is right was not read: %v", name, err)
		}
	}
}

func TestPartGoesOnAfterAKill(t *testing.T) {
	k, plain := seal.NewKey(), content(3*seal.ChunkSize+1000)
	rnd := rand.New(rand.NewPCG(1, 2))
	for round := range 20 {
		f, err := os.Create(filepath.Join(t.TempDir(), "part"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		flushed := int64(0)
		for lives := 0; ; lives++ {
			info, _ := f.Stat()
			p, err := seal.OpenPart(f, info.Size(), k)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if n, err := p.WriteTo(&got); err != nil || n != p.Size() || n < flushed || !bytes.Equal(got.Bytes(), plain[:n]) {
				t.Fatalf("round %d: after life %d %d bytes are there, %v; %d were flushed", round, lives, n, err, flushed)
			}
			rest := plain[p.Size():]
			if lives == 8 {
				if _, err := p.Write(plain[p.Size():]); err != nil {
					t.Fatal(err)
				}
				if err := p.Finish(); err != nil {
					t.Fatal(err)
				}
				break
			}
			for range 3 {
				n := rnd.IntN(min(len(rest), seal.ChunkSize/2) + 1)
				if _, err := p.Write(rest[:n]); err != nil {
					t.Fatal(err)
				}
				if rest = rest[n:]; rnd.IntN(2) == 0 {
					if err := p.Flush(); err != nil {
						t.Fatal(err)
					}
					flushed = p.Size()
				}
			}
			// It is killed: sometimes in the middle of writing a chunk.
			if rnd.IntN(3) == 0 {
				info, _ := f.Stat()
				if _, err := f.WriteAt(make([]byte, rnd.IntN(99)), info.Size()); err != nil {
					t.Fatal(err)
				}
				flushed = flushed / seal.ChunkSize * seal.ChunkSize
			}
		}
		info, _ := f.Stat()
		r, err := seal.NewReader(f, info.Size(), k)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || !bytes.Equal(b, plain) {
			t.Fatalf("the whole has %d bytes, %v", len(b), err)
		}
	}
}

func TestPartOfAnotherKeyIsLeftAlone(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "part"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file := sealed(t, seal.NewKey(), content(50))
	if _, err := f.Write(file); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenPart(f, int64(len(file)), seal.NewKey()); !errors.Is(err, seal.ErrKey) {
		t.Error(err)
	}
	if b, err := os.ReadFile(f.Name()); err != nil || !bytes.Equal(b, file) {
		t.Error("it was changed")
	}
}

func FuzzOpenFile(f *testing.F) {
	k := seal.Key{1}
	for _, size := range []int{0, 1, seal.ChunkSize, seal.ChunkSize + 1} {
		f.Add(sealed(f, k, content(size)), int64(0))
	}
	f.Add([]byte("MAGPIE\x1aS"), int64(1<<50))
	f.Fuzz(func(t *testing.T, b []byte, more int64) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if r, err := seal.NewReader(bytes.NewReader(b), int64(len(b))+more, k); err == nil {
			if n, err := io.Copy(io.Discard, r); err == nil && n != r.Size() {
				t.Errorf("%d bytes of %d", n, r.Size())
			}
		} else if !errors.Is(err, seal.ErrDamaged) && !errors.Is(err, seal.ErrKey) {
			t.Error(err)
		}
		n := 0
		if _, err := seal.ReadLog(bytes.NewReader(b), int64(len(b))+more, k, func(r []byte) error { n += len(r); return nil }); err == nil && n > len(b) {
			t.Errorf("%d bytes of records in %d", n, len(b))
		}
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
			t.Errorf("%d bytes were taken for a file of %d", got, len(b))
		}
	})
}

package server

import (
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// A file that the disk damaged is said to be damaged to those who may read it, and to
// nobody else that it is there at all; the others stay as they are, and who uploads it
// again heals it for everybody.
func TestDamagedBlob(t *testing.T) {
	for name, at := range map[string]int64{
		"its beginning": 20, "its first piece": 1000, "its end": -10, "a piece in the middle": 150_000, "cut": 0,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, func(o *Options) { o.Key = testKey })
			alice, bob, eve := connect(t, s, "alice", "a"), connect(t, s, "bob", "b"), connect(t, s, "eve", "e")
			b, other := content(41, 300_000), content(42, 300_000)
			address, good := alice.upload(s, b), alice.upload(s, other)
			for _, address := range []string{address, good} {
				if _, err := alice.sendFile("C2Cbob", address, len(b)); err != nil {
					t.Fatal(err)
				}
			}
			hash := strings.TrimPrefix(address, "blob:")
			path := s.blobs.path(hash)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case at == 0:
				raw = raw[:len(raw)/3]
			case at < 0:
				raw[int64(len(raw))+at] ^= 1
			default:
				raw[at] ^= 1
			}
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}

			// What cannot be seen from its beginning and end shows while it is read:
			// the answer is cut off, and the next one says why.
			if r, got := bob.download(s, address, nil); r.StatusCode == http.StatusOK && got == string(b) {
				t.Fatal("it is whole")
			}
			url := wire.BlobsPath + hash
			wantRefused(t, bob.do(s, "GET", url, nil, nil), statusChecksumMismatch, im.CodeBlobDamaged, "bob")
			wantRefused(t, bob.do(s, "GET", url, map[string]string{"Range": "bytes=200000-"}, nil), statusChecksumMismatch, im.CodeBlobDamaged, "the rest of it")
			wantRefused(t, bob.do(s, "HEAD", url, nil, nil), statusChecksumMismatch, im.CodeBlobDamaged, "bob's HEAD")
			wantRefused(t, eve.do(s, "GET", url, nil, nil), 404, im.CodeBlobNotFound, "a stranger")
			if r, got := bob.download(s, good, nil); r.StatusCode != 200 || got != string(other) {
				t.Errorf("another file: %s", r.Status)
			}
			if aside, err := os.ReadFile(path + damagedEnding); err != nil || string(aside) != string(raw) {
				t.Errorf("the damaged file is not beside: %v", err)
			}
			if _, err := alice.sendFile("C2Cbob", address, len(b)); im.CodeOf(err) != im.CodeBlobDamaged {
				t.Errorf("sending it again: %v", err)
			}

			if again := alice.upload(s, b); again != address {
				t.Fatalf("uploaded again it is %s", again)
			}
			if r, got := bob.download(s, address, nil); r.StatusCode != 200 || got != string(b) {
				t.Errorf("healed: %s, %d bytes", r.Status, len(got))
			}
			if _, err := os.Lstat(path + damagedEnding); !os.IsNotExist(err) {
				t.Errorf("what was damaged stays: %v", err)
			}
		})
	}
}

// Without a key nobody sees that the disk damaged a file: who uploads the content again
// heals it for everybody, and who is reading meanwhile reads on.
func TestDamagedBlobWithoutAKey(t *testing.T) {
	s := open(t, func(o *Options) { o.Key = nil })
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	b := content(43, 300_000)
	address := alice.upload(s, b)
	if _, err := alice.sendFile("C2Cbob", address, len(b)); err != nil {
		t.Fatal(err)
	}
	hash := strings.TrimPrefix(address, "blob:")
	for name, damage := range map[string]func([]byte) []byte{
		"a bit":   func(b []byte) []byte { b[150_000] ^= 1; return b },
		"cut":     func(b []byte) []byte { return b[:1000] },
		"nothing": func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			damaged := damage(append([]byte(nil), b...))
			if err := os.WriteFile(s.blobs.path(hash), damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, got := bob.download(s, address, nil); got != string(damaged) {
				t.Fatalf("%d bytes: it was not damaged", len(got))
			}
			reading, err := s.blobs.open(hash)
			if err != nil {
				t.Fatal(err)
			}
			defer reading.Close()
			if again := bob.upload(s, b); again != address {
				t.Fatalf("uploaded again it is %s", again)
			}
			if got, err := io.ReadAll(reading); err != nil || runtime.GOOS != "windows" && string(got) != string(damaged) {
				t.Errorf("who was reading got %d bytes, %v", len(got), err)
			}
			if r, got := bob.download(s, address, nil); r.StatusCode != 200 || got != string(b) {
				t.Errorf("healed: %s, %d bytes", r.Status, len(got))
			}
			if left, err := os.ReadDir(s.uploads.dir); err != nil || len(left) > 0 {
				t.Errorf("of the uploads is left %v, %v", left, err)
			}
		})
	}
}

// A file that was damaged before there was a key is not taken for a whole one when it is
// encrypted: it is told to be damaged, and the next upload heals it.
func TestDamagedBlobFromBeforeTheKey(t *testing.T) {
	data := t.TempDir()
	s := open(t, func(o *Options) { o.Data, o.Key = data, nil })
	alice, b, other := connect(t, s, "alice", "a"), content(44, 300_000), content(45, 1000)
	address, good := alice.upload(s, b), alice.upload(s, other)
	hash, path := strings.TrimPrefix(address, "blob:"), s.blobs.path(strings.TrimPrefix(address, "blob:"))
	alice.close()
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	raw := append([]byte(nil), b...)
	raw[7] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, func(o *Options) { o.Data, o.Key = data, testKey })
	s.blobs.seal()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("it lies open: %v", err)
	}
	alice = connect(t, s, "alice", "a")
	wantRefused(t, alice.do(s, "GET", wire.BlobsPath+hash, nil, nil), statusChecksumMismatch, im.CodeBlobDamaged, "alice")
	if r, got := alice.download(s, good, nil); r.StatusCode != 200 || got != string(other) {
		t.Errorf("another file: %s", r.Status)
	}
	alice.upload(s, b)
	if r, got := alice.download(s, address, nil); r.StatusCode != 200 || got != string(b) {
		t.Errorf("healed: %s, %d bytes", r.Status, len(got))
	}
}

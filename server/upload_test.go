package server

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
	"magpie/internal/seal"
)

func TestUploadResumes(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice := connect(t, s, "alice", "a")
	b := content(9, 1<<20)
	path := alice.begin(s, int64(len(b)), hashOf(b))
	offset := func() int64 {
		r := alice.do(s, "HEAD", path, nil, nil)
		n, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
		if err != nil {
			t.Fatalf("HEAD: %s: %v", r.Status, err)
		}
		return n
	}
	// A connection that ends in the middle of the body.
	cut := func(at, n int64) {
		t.Helper()
		raw, err := net.Dial("tcp", s.Address())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(raw, "PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: %d\r\nContent-Length: %d\r\n\r\n",
			path, alice.welcome.Token, at, int64(len(b))-at)
		raw.Write(b[at : at+n])
		raw.Close()
		// Asking by HEAD would end the request that is still reading.
		waitFor(t, "what was sent before the cut", func() bool {
			info, err := os.Stat(s.uploads.path(path[len(wire.FilesPath):]))
			if err != nil {
				return false
			}
			size, _ := seal.ContentSize(info.Size())
			return size == at+n
		})
		if got := offset(); got != at+n {
			t.Errorf("it goes on at %d, want %d", got, at+n)
		}
	}
	cut(0, 100_000)
	cut(100_000, 200_000)
	shut(t, s)
	s = reopen(t, dir, nil)
	alice = connect(t, s, "alice", "a")
	if n := offset(); n != 300_000 {
		t.Fatalf("after a restart it goes on at %d", n)
	}
	if r := alice.patch(s, path, 200_000, bytes.NewReader(b[200_000:200_100])); r.StatusCode != http.StatusConflict {
		t.Errorf("at another offset: %s", r.Status)
	}
	r := alice.patch(s, path, 300_000, bytes.NewReader(b[300_000:]))
	if r.StatusCode != http.StatusNoContent || r.Header.Get("Content-Location") != wire.BlobsPath+hashOf(b) {
		t.Fatalf("the rest: %s %s", r.Status, readAll(r))
	}
	if r, got := alice.download(s, im.BlobAddress(hashOf(b)), nil); r.StatusCode != 200 || got != string(b) {
		t.Errorf("downloaded: %s, %d bytes", r.Status, len(got))
	}
}

// The server dies between the last byte and its answer.
func TestWholeUploadIsFinishedLater(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice := connect(t, s, "alice", "a")
	b := content(10, 1000)
	path := alice.begin(s, int64(len(b)), hashOf(b))
	alice.patch(s, path, 0, bytes.NewReader(b[:999]))
	shut(t, s)
	f, err := s.uploads.openFile(path[strings.LastIndexByte(path, '/')+1:])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(b[999:]); err != nil {
		t.Fatal(err)
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, dir, nil)
	alice = connect(t, s, "alice", "a")
	r := alice.do(s, "HEAD", path, nil, nil)
	if r.StatusCode != http.StatusGone || r.Header.Get("Content-Location") != wire.BlobsPath+hashOf(b) {
		t.Errorf("%s %v", r.Status, r.Header)
	}
	if r, got := alice.download(s, im.BlobAddress(hashOf(b)), nil); r.StatusCode != 200 || got != string(b) {
		t.Errorf("downloaded: %s", r.Status)
	}
}

func TestUploadRefused(t *testing.T) {
	s := open(t, nil)
	alice, eve := connect(t, s, "alice", "a"), connect(t, s, "eve", "e")
	create := func(h map[string]string) *http.Response { return alice.do(s, "POST", wire.FilesPath, h, nil) }
	for what, h := range map[string]map[string]string{
		"no length":         {},
		"negative":          {"Upload-Length": "-1"},
		"no number":         {"Upload-Length": "1e3"},
		"beyond 64 bits":    {"Upload-Length": "99999999999999999999"},
		"length told later": {"Upload-Defer-Length": "1"},
		"concatenation":     {"Upload-Concat": "final;/v1/files/a /v1/files/../b"},
		"no tus":            {"Tus-Resumable": "0.2.0", "Upload-Length": "5"},
	} {
		if r := create(h); r.StatusCode < 400 || r.StatusCode >= 500 && r.StatusCode != http.StatusNotImplemented {
			t.Errorf("%s: %s", what, r.Status)
		}
	}
	if r := create(map[string]string{"Upload-Length": strconv.Itoa(im.MaxFileBytes + 1)}); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %s", r.Status)
	}
	wantRefused(t, create(map[string]string{"Upload-Length": "0"}), 400, im.CodeFileEmpty, "empty")
	wantRefused(t, create(map[string]string{"Upload-Length": "5", "Upload-Metadata": "sha256 Li4vLi4v"}), 400, im.CodeInvalidParameter, "a hash that is a path")
	for _, path := range []string{"..%2f..%2fkeys.json", "x", "../../keys.json", strings.Repeat("a", 32) + ".info", strings.Repeat("0", 32)} {
		for _, method := range []string{"HEAD", "PATCH", "DELETE", "GET"} {
			if r := alice.do(s, method, wire.FilesPath+path, patchHeader(0), strings.NewReader("x")); r.StatusCode < 400 {
				t.Errorf("%s %s: %s", method, path, r.Status)
			}
		}
	}
	path := alice.begin(s, 10, "")
	if r := alice.do(s, "GET", path, nil, nil); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("reading an upload: %s", r.Status)
	}
	for _, method := range []string{"HEAD", "PATCH", "DELETE"} {
		if r := eve.do(s, method, path, patchHeader(0), strings.NewReader("x")); r.StatusCode != 404 {
			t.Errorf("another's upload, %s: %s", method, r.Status)
		}
	}
	if r := alice.patch(s, path, 0, strings.NewReader("eleven bytes")); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("more than was announced: %s", r.Status)
	}
	// The same without a length: what fits is taken, the rest is refused.
	if r := alice.patch(s, path, 0, io.MultiReader(strings.NewReader("eleven bytes"))); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("more than was announced, in chunks: %s", r.Status)
	}
	path = alice.begin(s, 10, hashOf([]byte("what it ought to be")))
	wantRefused(t, alice.patch(s, path, 0, strings.NewReader("ten bytes!")), statusChecksumMismatch, im.CodeBlobDamaged, "another hash")
	if r := alice.do(s, "HEAD", path, nil, nil); r.StatusCode != 404 {
		t.Errorf("after it: %s", r.Status)
	}
	wantRefused(t, alice.do(s, "HEAD", wire.BlobsPath+hashOf([]byte("ten bytes!")), nil, nil), 404, im.CodeBlobNotFound, "what came instead")
	path = alice.begin(s, 10, "")
	if r := alice.do(s, "DELETE", path, nil, nil); r.StatusCode != http.StatusNoContent {
		t.Errorf("giving it up: %s", r.Status)
	}
}

func TestFilesAskForToken(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a")
	for what, c := range map[string]struct {
		token string
		code  im.Code
	}{
		"none": {"", im.CodeUserSigEmpty}, "no bearer": {"Basic x", im.CodeUserSigEmpty},
		"garbage": {"Bearer garbage", im.CodeUserSigInvalid}, "altered": {"Bearer x" + alice.welcome.Token, im.CodeUserSigMismatch},
	} {
		for _, path := range []string{wire.FilesPath, wire.BlobsPath + hashOf(nil)} {
			wantRefused(t, alice.do(s, "GET", path, map[string]string{"Authorization": c.token}, nil), 401, c.code, what+" "+path)
		}
	}
	if r := alice.do(s, "GET", wire.BlobsPath+hashOf(nil), map[string]string{"Origin": "https://example.org"}, nil); r.StatusCode != http.StatusForbidden {
		t.Errorf("from a browser: %s", r.Status)
	}
	if err := s.accounts.invalidate(t.Context(), "alice"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the operator's end of the token", func() bool {
		r := alice.do(s, "GET", wire.BlobsPath+hashOf(nil), nil, nil)
		return r.StatusCode == 401 || s.accounts.invalidate(t.Context(), "alice") != nil
	})
}

// A user's uploads are bounded: the one goes that waited for the longest time.
func TestUploadsPerUser(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now })
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	others := bob.begin(s, 10, "")
	var paths []string
	for range uploadsPerUser + 1 {
		clock.add(time.Second)
		paths = append(paths, alice.begin(s, 10, ""))
	}
	for i, path := range append(paths, others) {
		c := alice
		if path == others {
			c = bob
		}
		if r := c.do(s, "HEAD", path, nil, nil); (r.StatusCode == 200) != (i > 0) {
			t.Errorf("upload %d: %s", i, r.Status)
		}
	}
}

func TestUploadLeavesReserve(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a")
	b := content(11, 1000)
	path := alice.begin(s, int64(len(b)), "")
	s.bus.disk.mu.Lock()
	s.bus.disk.reserve = 1 << 60
	s.bus.disk.checked = time.Time{}
	s.bus.disk.mu.Unlock()
	r := alice.do(s, "POST", wire.FilesPath, map[string]string{"Upload-Length": "5"}, nil)
	wantRefused(t, r, http.StatusInsufficientStorage, im.CodeDiskFull, "beginning")
	wantRefused(t, alice.patch(s, path, 0, bytes.NewReader(b)), http.StatusInsufficientStorage, im.CodeDiskFull, "going on")
	s.bus.disk.mu.Lock()
	s.bus.disk.reserve = 1
	s.bus.disk.checked = time.Time{}
	s.bus.disk.mu.Unlock()
	if r := alice.patch(s, path, 0, bytes.NewReader(b)); r.StatusCode != http.StatusNoContent {
		t.Errorf("with room again: %s %s", r.Status, readAll(r))
	}
}

package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// content is n bytes that are the same for the same seed.
func content(seed uint64, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(b)
	return b
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// do sends a request for files as the client's user.
func (c *client) do(s *Server, method, path string, header map[string]string, body io.Reader) *http.Response {
	c.t.Helper()
	r, err := c.tryDo(s, method, path, header, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (c *client) tryDo(s *Server, method, path string, header map[string]string, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(c.t.Context(), method, "http://"+s.Address()+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.welcome.Token)
	r.Header.Set("Tus-Resumable", "1.0.0")
	for k, v := range header {
		r.Header.Set(k, v)
	}
	resp, err := fileClient.Do(r)
	if err != nil {
		return nil, err
	}
	c.t.Cleanup(func() { resp.Body.Close() })
	return resp, nil
}

// fileClient keeps no connection, so that none outlives a test.
var fileClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// begin begins an upload and returns its path.
func (c *client) begin(s *Server, size int64, hash string) string {
	c.t.Helper()
	h := map[string]string{"Upload-Length": strconv.FormatInt(size, 10)}
	if hash != "" {
		h["Upload-Metadata"] = wire.MetaHash + " " + base64.StdEncoding.EncodeToString([]byte(hash))
	}
	r := c.do(s, "POST", wire.FilesPath, h, nil)
	if r.StatusCode != http.StatusCreated {
		c.t.Fatalf("an upload of %d bytes: %s %s", size, r.Status, readAll(r))
	}
	at := r.Header.Get("Location")
	return wire.FilesPath + at[strings.LastIndexByte(at, '/')+1:]
}

func (c *client) patch(s *Server, path string, offset int64, body io.Reader) *http.Response {
	c.t.Helper()
	return c.do(s, "PATCH", path, patchHeader(offset), body)
}

func patchHeader(offset int64) map[string]string {
	return map[string]string{"Content-Type": "application/offset+octet-stream", "Upload-Offset": strconv.FormatInt(offset, 10)}
}

// upload uploads b in one go and returns its address.
func (c *client) upload(s *Server, b []byte) string {
	c.t.Helper()
	r := c.patch(s, c.begin(s, int64(len(b)), ""), 0, bytes.NewReader(b))
	if r.StatusCode != http.StatusNoContent || r.Header.Get("Content-Location") != wire.BlobsPath+hashOf(b) {
		c.t.Fatalf("uploading: %s %v %s", r.Status, r.Header, readAll(r))
	}
	return im.BlobAddress(hashOf(b))
}

func readAll(r *http.Response) string {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (c *client) download(s *Server, address string, header map[string]string) (*http.Response, string) {
	c.t.Helper()
	hash, _ := strings.CutPrefix(address, "blob:")
	r := c.do(s, "GET", wire.BlobsPath+hash, header, nil)
	return r, readAll(r)
}

// file makes a message with the file at address.
func (c *client) file(to im.ConversationID, address string, size int) im.Message {
	m := c.text(to, "")
	m.Type, m.Payload = im.MsgFile, im.FilePayload{FileName: "../../x", FileSize: int64(size), FileURL: address}
	return m
}

func (c *client) sendFile(to im.ConversationID, address string, size int) (wire.Sent, error) {
	return c.trySend(c.file(to, address, size), 0, im.SendOptions{})
}

func wantRefused(t *testing.T, r *http.Response, status int, code im.Code, what string) {
	t.Helper()
	body := readAll(r)
	var e im.Error
	if r.StatusCode != status || r.Header.Get(headerCode) != strconv.Itoa(int(code)) {
		t.Errorf("%s: %s, code %q, want %d, %d; %s", what, r.Status, r.Header.Get(headerCode), status, code, body)
	}
	if r.Request.Method != http.MethodHead && (json.Unmarshal([]byte(body), &e) != nil || e.Code != code) {
		t.Errorf("%s: the body is %s", what, body)
	}
}

func TestFileThereAndBack(t *testing.T) {
	s := open(t, nil)
	alice, bob, eve := connect(t, s, "alice", "a"), connect(t, s, "bob", "b"), connect(t, s, "eve", "e")
	b := content(1, 300_000)
	address := alice.upload(s, b)
	if r, got := alice.download(s, address, nil); r.StatusCode != 200 || got != string(b) {
		t.Errorf("its uploader gets %s, %d bytes", r.Status, len(got))
	}
	r, _ := bob.download(s, address, nil)
	wantRefused(t, bob.do(s, "GET", r.Request.URL.Path, nil, nil), 404, im.CodeBlobNotFound, "before it is sent")
	if _, err := alice.sendFile("C2Cbob", address, len(b)); err != nil {
		t.Fatal(err)
	}
	r, got := bob.download(s, address, nil)
	if r.StatusCode != 200 || got != string(b) {
		t.Fatalf("bob gets %s, %d bytes", r.Status, len(got))
	}
	for k, want := range map[string]string{
		"Etag": `"` + hashOf(b) + `"`, "X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment",
		"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes",
	} {
		if r.Header.Get(k) != want {
			t.Errorf("%s is %q, want %q", k, r.Header.Get(k), want)
		}
	}
	r, got = bob.download(s, address, map[string]string{"Range": "bytes=1000-1999", "If-Range": `"` + hashOf(b) + `"`})
	if r.StatusCode != http.StatusPartialContent || got != string(b[1000:2000]) {
		t.Errorf("a range: %s, %d bytes", r.Status, len(got))
	}
	wantRefused(t, eve.do(s, "GET", r.Request.URL.Path, nil, nil), 404, im.CodeBlobNotFound, "a stranger")
	wantRefused(t, eve.do(s, "HEAD", r.Request.URL.Path, nil, nil), 404, im.CodeBlobNotFound, "a stranger's HEAD")
	if _, err := eve.sendFile("C2Cbob", address, len(b)); im.CodeOf(err) != im.CodeBlobNotFound {
		t.Errorf("a stranger sends it: %v", err)
	}
	// Whoever may read it may pass it on, also inside merged messages.
	m := bob.text("C2Ceve", "")
	inner := bob.file("C2Calice", address, len(b))
	inner.From = "bob"
	m.Type, m.Payload = im.MsgMerger, im.MergerPayload{Title: "x", CompatibleText: "x", MessageList: []im.Message{inner}}
	if _, err := bob.trySend(m, 0, im.SendOptions{}); err != nil {
		t.Fatal(err)
	}
	if r, got := eve.download(s, address, nil); r.StatusCode != 200 || got != string(b) {
		t.Errorf("eve, who was sent it: %s", r.Status)
	}
}

func TestFileIsRefusedInMessage(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	b := content(2, im.MaxImageBytes+1)
	address := alice.upload(s, b)
	image := func(address string) im.Message {
		m := alice.text("C2Cbob", "")
		m.Type, m.Payload = im.MsgImage, im.ImagePayload{ImageFormat: 1, ImageInfoArray: []im.ImageInfo{{SizeType: im.ImageOriginal, Size: 10, ImageURL: address}}}
		return m
	}
	for what, c := range map[string]struct {
		m    im.Message
		code im.Code
	}{
		"not there":               {alice.file("C2Cbob", im.BlobAddress(hashOf(nil)), 1), im.CodeBlobNotFound},
		"a path":                  {alice.file("C2Cbob", "blob:../../keys.json", 1), im.CodeInvalidParameter},
		"larger than it is said":  {image(address), im.CodeImageTooLarge},
		"a picture, not there":    {image(im.BlobAddress(hashOf(nil))), im.CodeBlobNotFound},
		"another address, passed": {image("https://example.org/a.jpg"), 0},
	} {
		_, err := alice.trySend(c.m, 0, im.SendOptions{})
		wantCode(t, err, c.code, what)
	}
}

// The same content of two users is one file.
func TestFileIsKeptOnce(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	b := content(3, 1000)
	address := alice.upload(s, b)
	if bob.upload(s, b) != address {
		t.Error("another address")
	}
	files := 0
	for _, folder := range []string{"blob", "upload"} {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files != 1 {
		t.Errorf("%d files", files)
	}
	if r, got := bob.download(s, address, nil); r.StatusCode != 200 || got != string(b) {
		t.Errorf("bob gets %s", r.Status)
	}
}

func TestFileInGroup(t *testing.T) {
	s := open(t, nil)
	alice, bob, carol := connect(t, s, "alice", "a"), connect(t, s, "bob", "b"), connect(t, s, "carol", "c")
	g, err := alice.createGroup(im.Group{Name: "Birds", Type: im.GroupWork}, "bob")
	if err != nil {
		t.Fatal(err)
	}
	conv := im.GroupConversation(g.Group.GroupID)
	address := alice.upload(s, content(4, 1000))
	if _, err := alice.sendFile(conv, address, 1000); err != nil {
		t.Fatal(err)
	}
	status := func(c *client, want int, what string) {
		t.Helper()
		if r, _ := c.download(s, address, nil); r.StatusCode != want {
			t.Errorf("%s: %s", what, r.Status)
		}
	}
	status(bob, 200, "a member")
	status(carol, 404, "no member")
	if err := bob.quit(g.Group.GroupID); err != nil {
		t.Fatal(err)
	}
	status(bob, 404, "who left")
	room, err := alice.createGroup(im.Group{Name: "Live", Type: im.GroupAVChatRoom})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.groups.forgetForTest(t.Context(), room.Group.GroupID, "carol"); err != nil {
		t.Fatal(err)
	}
	live := im.GroupConversation(room.Group.GroupID)
	other := alice.upload(s, content(5, 1000))
	if _, err := alice.sendFile(live, other, 1000); err != nil {
		t.Fatal(err)
	}
	if r, _ := carol.download(s, other, nil); r.StatusCode != 200 {
		t.Errorf("in a live room: %s", r.Status)
	}
}

// forgetForTest makes u a member without ceremony.
func (x *groups) forgetForTest(ctx context.Context, g im.GroupID, u im.UserID) error {
	_, err := x.members.put(ctx, memberKey(g, u), memberDoc{Role: im.RoleMember})
	x.forget(g)
	return err
}

func TestRecallTakesFileAway(t *testing.T) {
	dir, clock := t.TempDir(), newClock()
	change := func(o *Options) { o.Now = clock.now }
	s := reopen(t, dir, change)
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	b := content(6, 1000)
	address := alice.upload(s, b)
	one, err := alice.sendFile("C2Cbob", address, len(b))
	if err != nil {
		t.Fatal(err)
	}
	two, err := alice.sendFile("C2Cbob", address, len(b))
	if err != nil {
		t.Fatal(err)
	}
	alice.mustRevoke("C2Cbob", one.Sequence)
	if r, _ := bob.download(s, address, nil); r.StatusCode != 200 {
		t.Errorf("named by another message: %s", r.Status)
	}
	alice.mustRevoke("C2Cbob", two.Sequence)
	for _, c := range []*client{alice, bob} {
		if r, _ := c.download(s, address, nil); r.StatusCode != 404 {
			t.Errorf("%s after the recall: %s", c.user, r.Status)
		}
	}
	sweep := func(there bool, what string) {
		t.Helper()
		if err := s.blobs.sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(s.blobs.path(hashOf(b)))
		if there != (err == nil) {
			t.Errorf("%s: %v", what, err)
		}
	}
	sweep(true, "within the grace time")
	clock.add(unnamedGrace + time.Second)
	sweep(false, "after it")
	if rest := records(t, s, s.blobs.refs) + records(t, s, s.blobs.due); rest != 0 {
		t.Errorf("%d records are left", rest)
	}
}

func records(t *testing.T, _ *Server, x *table) (n int) {
	t.Helper()
	if err := x.list(t.Context(), ">", func(entry) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// A message that is stored nowhere lets those who got it read its file for a day.
func TestFileOfPassingMessage(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now })
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	b := content(20, 1000)
	address := alice.upload(s, b)
	clock.add(23 * time.Hour)
	if _, err := alice.trySend(alice.file("C2Cbob", address, len(b)), 0, im.SendOptions{OnlineUserOnly: true}); err != nil {
		t.Fatal(err)
	}
	for hours, want := range []int{200, 200, 404} {
		if err := s.blobs.sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r, _ := bob.download(s, address, nil); r.StatusCode != want {
			t.Errorf("step %d: %s, want %d", hours, r.Status, want)
		}
		clock.add(13 * time.Hour)
	}
}

func TestUnnamedFileGoes(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now })
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	named, unnamed := content(7, 1000), content(8, 1000)
	address := alice.upload(s, named)
	alice.upload(s, unnamed)
	path := alice.begin(s, 100, "")
	alice.patch(s, path, 0, strings.NewReader("x"))
	if _, err := alice.sendFile("C2Cbob", address, len(named)); err != nil {
		t.Fatal(err)
	}
	clock.add(unnamedLifetime - time.Minute)
	for range 2 {
		if err := errors.Join(s.blobs.sweep(t.Context()), s.uploads.sweep()); err != nil {
			t.Fatal(err)
		}
		for hash, b := range map[string][]byte{"named": named, "not named": unnamed} {
			_, err := os.Stat(s.blobs.path(hashOf(b)))
			want := hash == "named" || s.opt.Now().UnixMilli()-newClock().now().UnixMilli() < unnamedLifetime.Milliseconds()
			if want != (err == nil) {
				t.Errorf("%s: %v", hash, err)
			}
		}
		clock.add(2 * time.Minute)
	}
	if left, _ := filepath.Glob(filepath.Join(s.uploads.dir, "*")); len(left) != 0 {
		t.Errorf("of the upload nobody went on with there is %v", left)
	}
	if r := alice.do(s, "HEAD", path, nil, nil); r.StatusCode != 404 {
		t.Errorf("going on with it: %s", r.Status)
	}
	// Named by a message, it is no longer the uploader's own.
	if n := records(t, s, s.blobs.due); n != 0 {
		t.Errorf("%d files may still have to go", n)
	}
}

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
			return err == nil && info.Size() == at+n
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
	f, err := os.OpenFile(filepath.Join(dir, "upload", path[strings.LastIndexByte(path, '/')+1:]), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(b[999:]); err != nil {
		t.Fatal(err)
	}
	f.Close()
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

// The process dies between storing a message and noting who may read its file.
func TestReferencesAreRepaired(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	b := content(12, 1000)
	address := alice.upload(s, b)
	m := alice.file("C2Cbob", address, len(b))
	payload, err := marshalPlain(m.Payload)
	if err != nil {
		t.Fatal(err)
	}
	r := &record{key: c2cKey("alice", "bob"), from: "alice", id: m.ID, kind: m.Type, body: body{Payload: payload}}
	r.u, r.own, r.time = 1, 1, s.now()
	if _, err := s.log.tryAppend(t.Context(), r, position{}); err != nil {
		t.Fatal(err)
	}
	for _, u := range []im.UserID{"alice", "bob"} {
		if err := s.inboxes.ensure(t.Context(), u, r.key, inboxEntry{}); err != nil {
			t.Fatal(err)
		}
	}
	shut(t, s)
	s = reopen(t, dir, nil)
	bob := connect(t, s, "bob", "b")
	if r, got := bob.download(s, address, nil); r.StatusCode != 200 || got != string(b) {
		t.Errorf("bob gets %s", r.Status)
	}
}

// Many upload and read at once, and the server ends in the middle of it.
func TestFilesUnderLoad(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	var wg sync.WaitGroup
	for i := range 6 {
		c := connect(t, s, im.UserID(fmt.Sprint("user", i)), "d")
		wg.Go(func() {
			for n := range 10 {
				b := content(uint64(100+n), 50_000)
				path := c.begin(s, int64(len(b)), hashOf(b))
				c.patch(s, path, 0, bytes.NewReader(b))
				if r, got := c.download(s, im.BlobAddress(hashOf(b)), nil); r.StatusCode != 200 || got != string(b) {
					t.Errorf("user %d, file %d: %s", i, n, r.Status)
				}
			}
		})
	}
	wg.Wait()
	c := connect(t, s, "user0", "d")
	path := c.begin(s, 1<<20, "")
	r, w := io.Pipe()
	wg.Go(func() {
		if resp, err := c.tryDo(s, "PATCH", path, patchHeader(0), r); err == nil {
			resp.Body.Close()
		}
	})
	if _, err := w.Write(make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	w.Close()
	wg.Wait()
}

package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/im"
)

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
	for _, folder := range []string{s.blobs.dir, s.uploads.dir} {
		err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
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

package server

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"magpie/im"
	"magpie/internal/seal"
)

// readable are the places in a data folder where one of the texts can be read, in a
// file or in its name.
func readable(t *testing.T, dir string, texts ...string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		var b []byte
		if err == nil && !d.IsDir() {
			if b, err = os.ReadFile(path); errors.Is(err, fs.ErrNotExist) {
				return nil
			}
		}
		for _, text := range texts {
			if strings.Contains(path, text) || bytes.Contains(b, []byte(text)) {
				found = append(found, fmt.Sprintf("%.20q in %s", text, path))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// said is what the tests below say and send; uploaded files have half.
const (
	saidText     = "marmalade at noon"
	saidWords    = "中午吃橘子酱"
	saidGroup    = "Quince Society"
	recalledText = "never mind the medlar"
	unclean      = "the damson was left half way"
)

func saidFile() []byte { return content(90, 300_000) }

// piecesOf are some pieces of a file.
func piecesOf(b []byte) (all []string) {
	for at := 0; at+32 <= len(b); at += len(b) / 7 {
		all = append(all, string(b[at:at+32]))
	}
	return all
}

func marks() []string {
	return append(piecesOf(saidFile()), hashOf(saidFile()), saidText, saidWords, saidGroup, recalledText, unclean)
}

// talk makes a server keep some of everything.
func talk(t *testing.T, s *Server) {
	t.Helper()
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	alice.say("C2Cbob", saidText)
	bob.say("C2Calice", saidWords)
	alice.mustCreate(im.Group{GroupID: "g", Name: saidGroup, Type: im.GroupPublic}, "bob")
	alice.say("GROUPg", saidText)
	gone := alice.say("C2Cbob", recalledText)
	alice.mustRevoke("C2Cbob", gone.Sequence)
	if _, err := alice.sendFile("C2Cbob", alice.upload(s, saidFile()), len(saidFile())); err != nil {
		t.Fatal(err)
	}
	half := bytes.Repeat([]byte(unclean), 9000)
	path := alice.begin(s, int64(len(half)), hashOf(half))
	alice.patch(s, path, 0, bytes.NewReader(half[:len(half)/2]))
	alice.close()
	bob.close()
}

// heard checks that all of it is there, and that it goes on.
func heard(t *testing.T, s *Server, before int) {
	t.Helper()
	bob := connect(t, s, "bob", fmt.Sprint("later", before))
	all := bob.history("C2Calice")
	if len(all) != 5+before { // a recall takes a number too
		t.Fatalf("%d messages are there, want %d", len(all), 5+before)
	}
	for i, m := range all[:2] {
		if p, ok := m.Payload.(im.TextPayload); !ok || p.Text != []string{saidText, saidWords}[i] || m.Sequence != uint64(i+1) {
			t.Errorf("message %d is %+v", i, m)
		}
	}
	if !all[2].IsRevoked {
		t.Errorf("the recalled one is %+v", all[2])
	}
	if g, err := bob.info("g"); err != nil || g.Name != saidGroup {
		t.Errorf("the group is %+v, %v", g, err)
	}
	r, got := bob.download(s, im.BlobAddress(hashOf(saidFile())), nil)
	if r.StatusCode != http.StatusOK || got != string(saidFile()) {
		t.Errorf("the file: %s, %d bytes", r.Status, len(got))
	}
	r, got = bob.download(s, im.BlobAddress(hashOf(saidFile())), map[string]string{"Range": "bytes=70000-199999"})
	if r.StatusCode != http.StatusPartialContent || got != string(saidFile()[70_000:200_000]) {
		t.Errorf("a part of the file: %s, %d bytes", r.Status, len(got))
	}
	bob.say("C2Calice", "and on")
	bob.close()
}

// Nothing that anybody said or sent can be read in the folder, whatever becomes of
// the server. Of one that is not encrypted all of it can.
func TestServerIsSealed(t *testing.T) {
	for _, key := range []*seal.Key{testKey, nil} {
		dir := t.TempDir()
		s := reopen(t, dir, func(o *Options) { o.Key = key })
		talk(t, s)
		for _, when := range []string{"while it runs", "after its end"} {
			found := readable(t, dir, marks()...)
			if key != nil && len(found) > 0 {
				t.Errorf("%s: %s", when, strings.Join(found, "\n"))
			}
			for _, mark := range marks() {
				is := slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, fmt.Sprintf("%.20q", mark)) })
				if key == nil && !is && mark != recalledText {
					t.Errorf("%s: %.20q is not found in an open folder", when, mark)
				}
			}
			shut(t, s)
		}
		secret := readable(t, dir, "secretKey")
		if (len(secret) > 0) != (key == nil) {
			t.Errorf("its secrets: %v", secret)
		}
	}
}

// A folder from before there was a key is encrypted and loses nothing, also if that
// is cut short; and again it is opened without one.
func TestPlainFolderIsSealed(t *testing.T) {
	dir := t.TempDir()
	with := func(key *seal.Key, unsealing bool) *Server {
		return reopen(t, dir, func(o *Options) { o.Key, o.Unseal = key, unsealing })
	}
	s := with(nil, false)
	talk(t, s)
	shut(t, s)
	// A process that was killed while it made the copy.
	if err := os.MkdirAll(filepath.Join(dir, "sealed", "nats.new", "jetstream", "rubbish"), 0o700); err != nil {
		t.Fatal(err)
	}
	s = with(testKey, false)
	heard(t, s, 0)
	waitFor(t, "the files are encrypted", func() bool { return len(readable(t, dir, marks()...)) == 0 })
	heard(t, s, 1)
	shut(t, s)
	if found := readable(t, dir, append(marks(), "secretKey")...); len(found) > 0 {
		t.Error(strings.Join(found, "\n"))
	}
	// One that was killed before it removed what lay open.
	if err := os.MkdirAll(filepath.Join(dir, "nats"), 0o700); err != nil {
		t.Fatal(err)
	}
	s = with(testKey, false)
	heard(t, s, 2)
	shut(t, s)
	if _, err := os.Stat(filepath.Join(dir, "nats")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the open log: %v", err)
	}

	other := seal.NewKey()
	for key, code := range map[*seal.Key]im.Code{nil: im.CodeSealed, &other: im.CodeWrongKey} {
		_, err := Open(t.Context(), Options{Data: dir, Key: key})
		wantCode(t, err, code, "opened")
		_, err = ReadKeys(Folder{dir, key})
		wantCode(t, err, code, "keys read")
		wantCode(t, AddUser(t.Context(), Folder{dir, key}, "x", "y", ""), code, "administered")
	}
	s = with(testKey, true)
	heard(t, s, 3)
	shut(t, s)
	s = with(nil, false)
	heard(t, s, 4)
	shut(t, s)
	s = with(&other, false)
	heard(t, s, 5)
	shut(t, s)
	_, err := Open(t.Context(), Options{Data: dir})
	wantCode(t, err, im.CodeSealed, "encrypted again")
}

// An upload goes on after a kill, wherever that cut a chunk.
func TestSealedUploadGoesOn(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice := connect(t, s, "alice", "a")
	b := content(91, 3*seal.ChunkSize+100)
	path := alice.begin(s, int64(len(b)), hashOf(b))
	alice.patch(s, path, 0, bytes.NewReader(b[:2*seal.ChunkSize+500]))
	file := s.uploads.path(path[strings.LastIndexByte(path, '/')+1:])
	shut(t, s)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, info.Size()-7); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, dir, nil)
	alice = connect(t, s, "alice", "a")
	r := alice.do(s, "HEAD", path, nil, nil)
	if got := r.Header.Get("Upload-Offset"); got != fmt.Sprint(2*seal.ChunkSize) {
		t.Fatalf("it goes on at %s", got)
	}
	r = alice.patch(s, path, 2*seal.ChunkSize, bytes.NewReader(b[2*seal.ChunkSize:]))
	if r.StatusCode != http.StatusNoContent {
		t.Fatalf("%s %s", r.Status, readAll(r))
	}
	if r, got := alice.download(s, im.BlobAddress(hashOf(b)), nil); r.StatusCode != http.StatusOK || got != string(b) {
		t.Errorf("%s, %d bytes", r.Status, len(got))
	}
}

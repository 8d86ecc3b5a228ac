package core

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/internal/seal"
)

// onDisk are the files below a folder, by their paths in it.
func onDisk(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreNotExist(err)
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) { // it was finished meanwhile
			return nil
		}
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = b
		return err
	})
	ok(t, err)
	return all
}

// found reports whether anything of b can be read in the files, or its hash in
// their names.
func found(files map[string][]byte, b []byte) (where string, found bool) {
	for name, file := range files {
		if strings.Contains(name, hashOf(b)) {
			return name, true
		}
		for at := 0; at+32 <= len(b); at += 997 {
			if bytes.Contains(file, b[at:at+32]) {
				return name, true
			}
		}
	}
	return "", false
}

// Of what is sent and received, and of a download under way, nothing can be read on
// the disk.
func TestFilesAreSealed(t *testing.T) {
	for _, sealed := range []bool{true, false} {
		s := newMagpied(t, "ann", "bob")
		key := func(o *Options) {
			if !sealed {
				o.Key = nil
			}
		}
		ann := s.viaAt(t, s.url, "ann", filepath.Join(t.TempDir(), "ann.db"), key).ready()
		b := content(50, 3<<20)
		address := ann.sendFile("bob", b).Payload.(im.FilePayload).FileURL
		cut := newCutter(t, s.listen, 1<<20, 1<<30)
		bob := s.viaAt(t, cut.url(), "bob", filepath.Join(t.TempDir(), "bob.db"), key).ready()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if err := bob.Download(ctx, address, func(got, _ int64) {
			if got > 512<<10 {
				cancel()
			}
		}); err == nil {
			t.Fatal("it was not cut")
		}
		bob.stop()
		for who, dir := range map[string]string{"ann": ann.files.dir, "bob, half": bob.files.dir} {
			files := onDisk(t, dir)
			if len(files) == 0 {
				t.Errorf("%s: nothing is there", who)
			}
			if where, is := found(files, b); is == sealed {
				t.Errorf("%s, sealed %v: readable %v, in %q", who, sealed, is, where)
			}
		}
		bob = s.viaAt(t, s.url, "bob", bob.path, key).ready()
		bob.fetched(address, b)
		if where, is := found(onDisk(t, bob.files.dir), b); is == sealed {
			t.Errorf("the whole, sealed %v: readable %v, in %q", sealed, is, where)
		}
	}
}

// A cache from before there was a key is read at once and sealed in the background,
// and unsealed again the same way: every file keeps its content and its age.
func TestCacheIsRewritten(t *testing.T) {
	g := newGateway(t)
	dir := filepath.Join(t.TempDir(), "files")
	key := &seal.Key{1, 2, 3}
	plain := func(o *Options) { o.Files = dir }
	sealed := func(o *Options) { o.Files, o.Key = dir, key }
	unsealing := func(o *Options) { o.Files, o.Key, o.Unseal = dir, key, true }

	var all [][]byte
	for i, size := range []int{1, 1000, seal.ChunkSize, 300_000} {
		all = append(all, content(byte(60+i), size))
	}
	at := time.Now().Add(-48 * time.Hour).Truncate(time.Second)
	d := g.device(t, plain)
	for _, b := range all {
		d.attach("bob", b)
		ok(t, os.Chtimes(d.files.path(hashOf(b)), at, at))
	}
	half := content(70, 200_000)
	partFile, _, err := d.files.openPart(hashOf(half), sha256.New())
	ok(t, err)
	_, err = partFile.Write(half[:150_000])
	ok(t, err)
	ok(t, partFile.close())
	ok(t, os.WriteFile(filepath.Join(dir, "part", "add-killed"), half, 0o600))
	d.stop()

	// A client that was not started reads and rewrites nothing.
	st := openStore(t, filepath.Join(t.TempDir(), "ann.db"))
	o := g.options(st)
	sealed(&o)
	c, err := New(o)
	ok(t, err)
	same := func(c *Client) {
		t.Helper()
		for _, b := range all {
			equal(t, "content", readAll(t, c, im.BlobAddress(hashOf(b))), b)
		}
	}
	f, err := c.OpenFile(im.BlobAddress(hashOf(all[0])))
	ok(t, err)
	equal(t, "a file that lies open", f.Size(), 1)
	ok(t, f.Close())
	ok(t, os.Chtimes(c.files.place(hashOf(all[0]), nil), at, at))
	ok(t, c.Close())
	ok(t, st.Close())

	for round := range 2 {
		d = g.device(t, sealed)
		eventually(t, "all is sealed", func() bool {
			return !slices.ContainsFunc(slices.Collect(maps.Keys(onDisk(t, dir))), func(name string) bool { return !strings.HasPrefix(name, "sealed/") })
		})
		for _, b := range append(all, half) {
			if where, is := found(onDisk(t, dir), b); is && len(b) > 32 {
				t.Errorf("%d bytes can be read in %q", len(b), where)
			}
		}
		for _, b := range all {
			info, err := os.Stat(d.files.path(hashOf(b)))
			ok(t, err)
			if !info.ModTime().Equal(at) && round == 0 {
				t.Errorf("used at %v, not %v", info.ModTime(), at)
			}
		}
		if round == 0 {
			partFile, got, err := d.files.openPart(hashOf(half), sha256.New())
			ok(t, err)
			equal(t, "of the download there is", got, 150_000)
			ok(t, partFile.close())
		}
		same(d.Client)
		equal(t, "counted", d.files.used, sum(t, dir))
		d.stop()

		d = g.device(t, unsealing)
		same(d.Client)
		eventually(t, "all lies open", func() bool {
			return !slices.ContainsFunc(slices.Collect(maps.Keys(onDisk(t, dir))), func(name string) bool { return strings.HasPrefix(name, "sealed/") })
		})
		d.stop()
		d = g.device(t, plain)
		same(d.Client)
		d.stop()
	}
}

// What is removed while it is being rewritten does not come back, and what is used
// meanwhile is found.
func TestRemovedWhileRewritten(t *testing.T) {
	g := newGateway(t)
	dir := filepath.Join(t.TempDir(), "files")
	d := g.device(t, func(o *Options) { o.Files = dir })
	b := content(71, 100_000)
	d.attach("bob", b)
	d.stop()
	key := seal.Key{4}
	files := &fileCache{dir: dir, key: &key, used: -1}
	tmp, err := files.create(&key)
	ok(t, err)
	_, err = writeContent(tmp, &key, bytes.NewReader(b))
	ok(t, err)
	ok(t, tmp.Close())
	ok(t, files.remove(hashOf(b)))
	ok(t, files.replace(files.place(hashOf(b), nil), tmp.Name(), files.path(hashOf(b)), hashOf(b)))
	if files.has(hashOf(b)) {
		t.Error("it came back")
	}
}

// A file that the disk damaged is never given out, and fetched again.
func TestDamagedFileIsFetchedAgain(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	b := content(72, 200_000)
	address := ann.sendFile("bob", b).Payload.(im.FilePayload).FileURL
	bob.fetched(address, b)
	path := bob.files.path(hashOf(b))
	file, err := os.ReadFile(path)
	ok(t, err)
	file[len(file)-1] ^= 1
	ok(t, os.WriteFile(path, file, 0o600))
	_, err = bob.OpenFile(address)
	equal(t, "damaged at its end", im.CodeOf(err), im.CodeBlobDamaged)
	bob.fetched(address, b)
	// With the key of another account it is not there.
	other := &fileCache{dir: bob.files.dir, key: &seal.Key{9}}
	if other.has(hashOf(b)) {
		t.Error("another key finds it")
	}
}

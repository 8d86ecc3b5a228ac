package core

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
)

// trayJSON is how the window keeps a tray.
func trayJSON(list ...im.Message) (string, error) {
	type item struct {
		Name    string     `json:"name"`
		Message im.Message `json:"message"`
	}
	var items []item
	for _, m := range list {
		items = append(items, item{"a file", m})
	}
	b, err := json.Marshal(items)
	return string(b), err
}

// An import of more than may be kept lost what exists nowhere else.
func TestImportLargerThanTheCacheStays(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.viaAt(t, s.url, "ann", filepath.Join(t.TempDir(), "ann.db"), func(o *Options) { o.FilesBytes = 10_000 }).ready()
	var all [][]byte
	for i := range byte(6) {
		b := content(i, 4000)
		ann.imported("C2Colga", uint64(i)+1, b)
		all = append(all, b)
	}
	_, err := ann.tidyOnce(t.Context())
	ok(t, err)
	equal(t, "here", ann.here(all...), []bool{true, true, true, true, true, true})

	// What the server has makes room beside it, the one unused for longest first; what
	// exists nowhere else does not count.
	first, second, third := content(10, 4000), content(11, 4000), content(12, 4000)
	ann.sendFile("bob", first)
	ann.sendFile("bob", second)
	_, err = ann.tidyOnce(t.Context())
	ok(t, err)
	equal(t, "below the limit", ann.here(first, second), []bool{true, true})
	used, err := ann.OpenFile(im.BlobAddress(hashOf(first)))
	ok(t, err)
	ok(t, used.Close())
	ann.sendFile("bob", third) // room may be made from here on
	_, err = ann.tidyOnce(t.Context())
	ok(t, err)
	equal(t, "above the limit", ann.here(first, second, third), []bool{true, false, true})
	equal(t, "imported ones", ann.here(all...), []bool{true, true, true, true, true, true})
}

// Over the limit room is made by itself, and where that is not possible without a
// connection nothing is lost.
func TestCacheMakesRoom(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.viaAt(t, s.url, "ann", filepath.Join(t.TempDir(), "ann.db"), func(o *Options) { o.FilesBytes = 10_000 }).ready()
	var all [][]byte
	for i := range byte(4) {
		b := content(i, 4000)
		ann.sendFile("bob", b)
		all = append(all, b)
	}
	ann.until("room", func(e Event) bool { _, is := e.(FilesRemoved); return is })
	equal(t, "the newest", ann.here(all[3]), []bool{true})
	equal(t, "the oldest", ann.here(all[0]), []bool{false})
	ann.fetched(im.BlobAddress(hashOf(all[0])), all[0])
}

// What is older than the rule says goes, but for previews and what was just looked at.
func TestKeepMediaFor(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	path := filepath.Join(t.TempDir(), "ann.db")
	ann := s.viaAt(t, s.url, "ann", path).ready()
	file, small, whole := content(1, 3000), content(2, 100), content(3, 5000)
	ann.sendFile("bob", file)
	ann.sendPicture("bob", small, whole)
	ann.SetKeepRules(KeepRules{For: 180 * 24 * time.Hour})
	_, err := ann.tidyOnce(t.Context())
	ok(t, err)
	equal(t, "when it is new", ann.here(file, small, whole), []bool{true, true, true})
	ann.stop()
	ann = s.viaAt(t, s.url, "ann", path, later(200*24*time.Hour), func(o *Options) { o.FilesFor = 180 * 24 * time.Hour }).ready()
	ann.SetKeepRules(KeepRules{For: 180 * 24 * time.Hour})
	ann.until("that it is removed", func(e Event) bool { _, is := e.(FilesRemoved); return is })
	equal(t, "after 200 days", ann.here(file, small, whole), []bool{false, true, false})
	ann.fetched(im.BlobAddress(hashOf(file)), file)
}

package store_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

// injury is what is done to a page of a file.
type injury struct {
	name string
	do   func(page, old []byte) bool // old is what a torn write would leave; false: it changes nothing
}

func injuries() []injury {
	n := binary.NativeEndian
	flip := func(at func(page []byte) int) func(page, _ []byte) bool {
		return func(page, _ []byte) bool {
			i := at(page)
			if i < 0 || i >= len(page) {
				return false
			}
			page[i] ^= 1 << (i % 8)
			return true
		}
	}
	// leaf calls at for the middle element of a leaf with values.
	leaf := func(at func(start, key, value int) int) func(page []byte) int {
		return func(page []byte) int {
			count := int(n.Uint16(page[10:]))
			if n.Uint16(page[8:]) != 2 || count == 0 {
				return -1
			}
			e := 16 + 16*(count/2)
			return at(e+int(n.Uint32(page[e+4:])), int(n.Uint32(page[e+8:])), int(n.Uint32(page[e+12:])))
		}
	}
	list := []injury{
		{"zeroed", func(page, _ []byte) bool { clear(page); return true }},
		{"header", flip(func([]byte) int { return 9 })},
		{"count", flip(func([]byte) int { return 10 })},
		{"overflow", flip(func([]byte) int { return 14 })},
		{"number", flip(func([]byte) int { return 1 })},
		{"element", flip(func(page []byte) int {
			if n.Uint16(page[10:]) == 0 {
				return -1
			}
			return 16 + 16*(int(n.Uint16(page[10:]))/2) + 6
		})},
		{"key", flip(leaf(func(start, key, _ int) int { return start + key/2 }))},
		{"value", flip(leaf(func(start, key, value int) int {
			if value == 0 {
				return -1
			}
			return start + key + value/2
		}))},
	}
	for _, at := range []int{512, 1024, pageSize - 8} {
		list = append(list, injury{fmt.Sprint("torn at ", at), func(page, old []byte) bool {
			if slices.Equal(page[at:], old[at:]) {
				return false
			}
			copy(page[at:], old[at:])
			return true
		}})
	}
	return list
}

// Every page in use of a file that has one of everything, hurt in every way: nothing
// panics or hangs, nothing is read that was not written, and what is lost was on that
// page. Of what exists nowhere else nothing is lost that is on another one.
func TestEveryPageHurt(t *testing.T) { bothWays(t, everyPageHurt) }

func everyPageHurt(t *testing.T) {
	needsFaults(t)
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	for _, step := range life() {
		ok(t, step(t.Context(), s))
	}
	ok(t, s.Ingest(t.Context(), batch("C2Cdave", 1, 1500))) // a tree of several levels
	ok(t, s.Close())
	whole, err := os.ReadFile(path)
	ok(t, err)
	known := thingsOf(t, path)
	if len(known) < 1600 {
		t.Fatalf("%d things are in the file", len(known))
	}
	pages, most := used(whole)/pageSize, 0
	var all, zeroed []int // the first injury zeroes a page
	for _, at := range inUse(t, path, pages) {
		zeroed = append(zeroed, at*len(injuries()))
		for how := range injuries() {
			all = append(all, at*len(injuries())+how)
		}
	}
	lossless := 0
	for _, i := range append(sampled(all, fewer(60)), sampled(zeroed, fewer(10))...) {
		at, how := i/len(injuries()), injuries()[i%len(injuries())]
		bad := slices.Clone(whole)
		page := bad[at*pageSize : (at+1)*pageSize]
		// A torn write leaves what another page had.
		old := whole[(2+(at*7)%(pages-2))*pageSize:][:pageSize]
		if !how.do(page, old) {
			continue
		}
		lost := hurtPage(t, fmt.Sprintf("page %d of %d %s", at, pages, how.name), bad, known)
		if most = max(most, lost); lost == 0 {
			lossless++
		}
	}
	if most == 0 || lossless == 0 {
		t.Errorf("at most %d things were lost, none %d times: the test tests nothing", most, lossless)
	}
}

// perPage is more than a page can hold: of messages some 40, of elements of any
// kind 250. A branch page leads to as many leaves; the messages below it come from
// the server again.
const perPage = 250

// hurtPage opens a file that was hurt, reads, repairs and reads again, and returns how
// much is lost.
func hurtPage(t *testing.T, what string, bad []byte, known map[string]bool) (lost int) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	ok(t, err)
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "cache.db")
	ok(t, os.WriteFile(path, bad, 0o600))
	s, _, err := openStoreAt(path, lifeOptions())
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, conv := range append(slices.Clone(lifeConvs), "C2Cdave") {
		list, err := s.Page(conv, 0, 1<<20)
		if err != nil && im.CodeOf(err) != im.CodeStoreDamaged {
			t.Fatalf("%s: %v", what, err)
		}
		for _, m := range list {
			if !known[thing(m)] {
				t.Errorf("%s: nobody wrote %s", what, thing(m))
			}
		}
	}
	for _, w := range lifeWords {
		if _, err := s.Search(t.Context(), store.SearchQuery{Text: w}); err != nil && im.CodeOf(err) != im.CodeStoreDamaged {
			t.Errorf("%s: search: %v", what, err)
		}
	}
	ok(t, s.Close())
	if _, err := repairStore(path, lifeOptions()); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	h, err := examineStore(path, lifeOptions())
	if err != nil || h.Damage > 0 {
		t.Fatalf("%s: after the repair %q, %v", what, h.Problems, err)
	}
	checkRepaired(t, what, path)
	left := thingsOf(t, path)
	var waiting []string
	for k := range left {
		if !known[k] && !strings.HasPrefix(k, "waiting ") {
			t.Errorf("%s: nobody wrote %.200s", what, k)
		}
	}
	for k := range known {
		if left[k] {
			continue
		}
		if lost++; !strings.HasPrefix(k, "message ") {
			waiting = append(waiting, k)
		}
	}
	if len(waiting) > perPage {
		t.Errorf("%s: %d things that exist nowhere else are lost", what, len(waiting))
	}
	return lost
}

// inUse are the first pages of the file that hold something, as bbolt sees it.
func inUse(t *testing.T, path string, pages int) (list []int) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, PreLoadFreelist: true})
	ok(t, err)
	defer db.Close()
	ok(t, db.View(func(tx *bolt.Tx) error {
		for at := range pages {
			p, err := tx.Page(at)
			if err != nil {
				return err
			}
			if p != nil && p.Type != "free" {
				list = append(list, at)
			}
		}
		return nil
	}))
	if len(list) < 50 {
		t.Fatalf("%d of %d pages hold something", len(list), pages)
	}
	return list
}

// checkRepaired is checkFile, but lets pages be forgotten: a list of free pages that was
// hurt may have lost some. Nothing is missing because of it, and a compaction takes them.
func checkRepaired(t *testing.T, what, path string) {
	t.Helper()
	o := store.Options{}
	if sealed, err := store.IsSealed(path); err == nil && sealed {
		o.Key = testKey()
	}
	err := storetest.CheckSound(path, o)
	if err == nil {
		return
	}
	for line := range strings.Lines(err.Error()) {
		if !strings.Contains(line, "unreachable unfreed") {
			t.Errorf("%s: after the repair: %v", what, err)
			return
		}
	}
}

func thing(m im.Message) string {
	return fmt.Sprintf("message %s %d %s %v %v", m.ConversationID, m.Sequence, m.ID, m.Payload, m.IsRevoked)
}

// thingsOf is what a file has, one entry for each thing.
func thingsOf(t *testing.T, path string) map[string]bool {
	t.Helper()
	s, _, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	defer s.Close()
	all := map[string]bool{}
	for _, conv := range append(slices.Clone(lifeConvs), "C2Cdave") {
		list, err := s.Page(conv, 0, 1<<20)
		ok(t, err)
		for _, m := range list {
			all[thing(m)] = true
		}
		if draft, err := s.Draft(conv); err != nil {
			t.Fatal(err)
		} else if draft != "" {
			all["draft "+string(conv)+" "+draft] = true
		}
	}
	rows, err := s.Outbox()
	ok(t, err)
	for _, r := range rows {
		all[fmt.Sprintf("waiting %s %v", r.Message.ID, r.Message.Payload)] = true
	}
	for _, key := range []string{"device", "token"} {
		if v, err := s.Meta(key); err != nil {
			t.Fatal(err)
		} else if v != "" {
			all["meta "+key+" "+v] = true
		}
	}
	return all
}

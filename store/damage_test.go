package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"magpie/im"
	"magpie/store"
)

const pageSize = 4096

// filled makes a closed store with history in several conversations, an outbox,
// drafts and own values, and returns the bytes of its file.
func filled(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	for from := uint64(1); from <= 800; from += 100 {
		ok(t, s.Ingest(t.Context(), batch(bob, from, from+99), batch(team, from, from+99)))
	}
	ok(t, s.SetMeta(t.Context(), "device", "pc-7"))
	for i := range 40 {
		_, err := s.Enqueue(t.Context(), mine(bob, im.MessageID(fmt.Sprint("wren-pc-", i)), strings.Repeat("待发 ", 30)))
		ok(t, err)
	}
	ok(t, s.SetDraft(t.Context(), team, "half a sentence"))
	ok(t, s.PutProfiles(t.Context(), []im.Profile{{UserID: "bob", Nick: "Bob"}}))
	ok(t, s.Close())
	data, err := os.ReadFile(path)
	ok(t, err)
	return data
}

// pagesOf returns the numbers of the pages with these flags, in file order.
func pagesOf(data []byte, flags uint16) []int {
	var list []int
	for i := 2; (i+1)*pageSize <= len(data); i++ {
		p := data[i*pageSize:]
		if binary.NativeEndian.Uint64(p) == uint64(i) && binary.NativeEndian.Uint16(p[8:]) == flags {
			list = append(list, i)
		}
	}
	return list
}

// some picks up to n of the list, spread over it, the last one included.
func some(list []int, n int) []int {
	var out []int
	for i := range min(n, len(list)) {
		out = append(out, list[len(list)-1-i*len(list)/min(n, len(list))])
	}
	return out
}

// newestMeta is which of the two meta pages has the higher transaction.
func newestMeta(data []byte) int {
	txid := func(i int) uint64 { return binary.NativeEndian.Uint64(data[i*pageSize+16+48:]) }
	if txid(1) > txid(0) {
		return 1
	}
	return 0
}

// meta reads a field of the newest meta page at the offset within its content.
func metaField(data []byte, offset int) int {
	return int(binary.NativeEndian.Uint64(data[newestMeta(data)*pageSize+16+offset:]))
}

// used is how many bytes of the file are in use: it grows ahead of its content,
// and to lose what was never written is no damage.
func used(data []byte) int { return metaField(data, 40) * pageSize }

func zero(data []byte, page int) { clear(data[page*pageSize : (page+1)*pageSize]) }

// needsFaults leaves a test out under the race detector: damaged files make
// reads of memory that is not there, which Go turns into panics that the store
// recovers from, but the detector's own code, which looks at each address first,
// cannot be recovered from.
func needsFaults(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("the race detector does not survive faults of memory")
	}
}

func TestDamagedFiles(t *testing.T) { bothWays(t, testDamagedFiles) }

func testDamagedFiles(t *testing.T) {
	needsFaults(t)
	whole := filled(t)
	for _, c := range []struct {
		name   string
		damage func(data []byte) []byte
		outbox bool // all rows must be there
		own    bool // the device and the draft must be there
	}{
		{"cut in half", func(d []byte) []byte { return d[:used(d)/2] }, false, false},
		{"cut to one page", func(d []byte) []byte { return d[:pageSize] }, false, false},
		{"cut within a page", func(d []byte) []byte { return d[:used(d)*2/3-100] }, false, false},
		{"newest meta page flipped", func(d []byte) []byte { d[newestMeta(d)*pageSize+16+50] ^= 0xff; return d }, true, true},
		{"older meta page zeroed", func(d []byte) []byte { zero(d, 1-newestMeta(d)); return d }, true, true},
		{"both meta pages zeroed", func(d []byte) []byte { zero(d, 0); zero(d, 1); return d }, true, true},
		{"both meta pages flipped", func(d []byte) []byte { d[16+17] ^= 1; d[pageSize+16+17] ^= 1; return d }, true, true},
		{"root page zeroed", func(d []byte) []byte { zero(d, metaField(d, 16)); return d }, true, true},
		{"list of free pages zeroed", func(d []byte) []byte { zero(d, metaField(d, 32)); return d }, true, true},
		{"list of free pages claims too many", func(d []byte) []byte {
			p := d[metaField(d, 32)*pageSize:]
			binary.NativeEndian.PutUint16(p[10:], 0xffff)
			binary.NativeEndian.PutUint64(p[16:], 1<<40)
			return d
		}, true, true},
		{"all zero", func(d []byte) []byte { clear(d); return d }, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := c.damage(slices.Clone(whole))
			path := filepath.Join(t.TempDir(), "cache.db")
			ok(t, os.WriteFile(path, bad, 0o600))
			s, report, err := openStoreAt(path, store.Options{Account: me})
			ok(t, err)
			defer checkFile(t, path)
			defer s.Close()
			if report.SetAside == "" || report.Created {
				t.Fatalf("report %+v: the damage was not told", report)
			}
			aside, err := os.ReadFile(report.SetAside)
			ok(t, err)
			if !bytes.Equal(aside, bad) {
				t.Fatal("the file set aside is not the damaged one")
			}
			rows, err := s.Outbox()
			ok(t, err)
			if c.outbox && len(rows) != 40 {
				t.Errorf("%d of 40 outbox rows", len(rows))
			}
			device, err := s.Meta("device")
			ok(t, err)
			draft, err := s.Draft(team)
			ok(t, err)
			if c.own && (device != "pc-7" || draft != "half a sentence") {
				t.Errorf("device %q, draft %q", device, draft)
			}
			honest(t, s)
			usable(t, s)
		})
	}
}

// honest fails if a range claims messages that are not here: they would never be
// asked for again.
func honest(t *testing.T, s *store.Store) {
	t.Helper()
	for _, conv := range []im.ConversationID{bob, team} {
		list, err := s.Page(conv, 0, 1<<20)
		ok(t, err)
		have := map[uint64]bool{}
		for _, m := range list {
			have[m.Sequence] = true
			equal(t, "message", m, text(conv, m.Sequence, fmt.Sprintf("第 %d 条 message", m.Sequence)))
		}
		ranges, err := s.Ranges(conv)
		ok(t, err)
		for _, r := range ranges {
			for n := r.From; n <= min(r.To, 3000); n++ {
				if !have[n] {
					t.Fatalf("%s: %d is claimed (%v) and not here", conv, n, r)
				}
			}
		}
	}
}

func usable(t *testing.T, s *store.Store) {
	t.Helper()
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 2100)))
	list, err := s.Page(bob, 0, 5000)
	ok(t, err)
	equal(t, "refilled", len(list), 2100)
	row, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-new", "x"))
	ok(t, err)
	_, err = s.Acknowledge(t.Context(), row.Message.ID, 2101, 1)
	ok(t, err)
}

// Damage below the roots is not looked for on Open, which must stay quick. It
// is met when the page is read, and the next Open repairs it.
func TestDamageMetLater(t *testing.T) { bothWays(t, testDamageMetLater) }

func testDamageMetLater(t *testing.T) {
	needsFaults(t)
	whole := filled(t)
	for _, c := range []struct {
		name  string
		flags uint16
		hurt  func(p []byte)
	}{
		{"leaf zeroed", 2, func(p []byte) { clear(p) }},
		{"branch zeroed", 1, func(p []byte) { clear(p) }},
		{"branch leads to itself", 1, func(p []byte) {
			for i := range binary.NativeEndian.Uint16(p[10:]) {
				copy(p[16+16*int(i)+8:], p[:8])
			}
		}},
		{"branch points out of the file", 1, func(p []byte) { binary.NativeEndian.PutUint64(p[16+8:], 1<<33) }},
		{"leaf elements point away", 2, func(p []byte) {
			for i := range binary.NativeEndian.Uint16(p[10:]) {
				binary.NativeEndian.PutUint32(p[16+16*int(i)+4:], 0xfffffff0)
			}
		}},
		{"one bit of a value", 2, func(p []byte) {
			n := binary.NativeEndian
			if n.Uint16(p[10:]) > 0 && n.Uint32(p[16+12:]) > 0 {
				p[16+n.Uint32(p[16+4:])+n.Uint32(p[16+8:])] ^= 4
			}
		}},
		{"flags", 2, func(p []byte) { p[8] = 0x40 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			met := 0
			for _, at := range some(pagesOf(whole, c.flags), 8) {
				bad := slices.Clone(whole)
				c.hurt(bad[at*pageSize : (at+1)*pageSize])
				if damageOnePage(t, bad) {
					met++
				}
			}
			if met == 0 {
				t.Fatal("no page that was hurt was ever met: the test tests nothing")
			}
		})
	}
}

// damageOnePage opens the file, reads everything, opens it again and reports
// whether the damage was met. Nothing may crash or be claimed that is not here.
func damageOnePage(t *testing.T, bad []byte) bool {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	ok(t, err)
	path := filepath.Join(dir, "cache.db")
	ok(t, os.WriteFile(path, bad, 0o600))
	s, report, err := openStoreAt(path, store.Options{})
	ok(t, err)
	met := report.SetAside != ""
	for range 2 {
		if err := readAll(t, s); err != nil {
			hasCode(t, err, im.CodeStoreDamaged)
			met = true
		}
	}
	ok(t, s.Close())
	if !met {
		return false
	}
	s, again, err := openStoreAt(path, store.Options{})
	ok(t, err)
	defer s.Close()
	if report.SetAside == "" && again.SetAside == "" {
		t.Fatal("damage was met and the next Open did nothing about it")
	}
	ok(t, readAll(t, s))
	honest(t, s)
	return true
}

// readAll reads everything there is and returns the first error.
func readAll(t *testing.T, s *store.Store) error {
	t.Helper()
	var first error
	note := func(err error) {
		if first == nil {
			first = err
		}
	}
	for _, conv := range []im.ConversationID{bob, team} {
		list, err := s.Page(conv, 0, 1<<20)
		note(err)
		for _, m := range list {
			_, _, err := s.Message(m.ID)
			note(err)
		}
		_, err = s.Ranges(conv)
		note(err)
		_, err = s.Draft(conv)
		note(err)
	}
	_, err := s.Conversations(0, 0)
	note(err)
	_, err = s.Outbox()
	note(err)
	_, err = s.Meta("device")
	note(err)
	_, _, err = s.Profile("bob")
	note(err)
	return first
}

// Writing on a damaged page must not crash either, nor take Close with it.
func TestWritingOnDamage(t *testing.T) { bothWays(t, testWritingOnDamage) }

func testWritingOnDamage(t *testing.T) {
	needsFaults(t)
	whole := filled(t)
	met := 0
	for _, at := range slices.Concat(pagesOf(whole, 1), some(pagesOf(whole, 2), fewer(20))) {
		bad := slices.Clone(whole)
		zero(bad, at)
		path := filepath.Join(t.TempDir(), fmt.Sprint(at))
		ok(t, os.WriteFile(path, bad, 0o600))
		// Whoever meets the damage is told, and the Open after that repairs it.
		for attempt := 0; ; attempt++ {
			s, _, err := openStoreAt(path, store.Options{})
			ok(t, err)
			err = s.Ingest(t.Context(), batch(bob, 1, 2200), batch(team, 1, 1000))
			ok(t, s.Close())
			if err == nil {
				break
			}
			hasCode(t, err, im.CodeStoreDamaged)
			if attempt > 0 {
				t.Fatalf("page %d: damaged again after it was repaired: %v", at, err)
			}
			met++
		}
	}
	if met == 0 {
		t.Fatal("no write ever met the damage")
	}
}

func TestRandomDamage(t *testing.T) { bothWays(t, testRandomDamage) }

func testRandomDamage(t *testing.T) {
	needsFaults(t)
	whole := filled(t)
	rounds := fewer(40)
	if testing.Short() {
		rounds = 10
	}
	r := rand.New(rand.NewPCG(7, 9))
	for i := range rounds {
		bad := slices.Clone(whole)
		for range 1 + r.IntN(200) {
			bad[r.IntN(len(bad))] ^= byte(1 + r.IntN(255))
		}
		if i%3 == 0 {
			bad = bad[:r.IntN(len(bad))+1]
		}
		damageOnePage(t, bad)
	}
}

// What was never a history, or has nothing of one left, is not touched.
func TestFilesOfOthersStay(t *testing.T) {
	noise := make([]byte, 100_000)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(noise)
	for name, b := range map[string][]byte{
		"a text file": bytes.Repeat([]byte("this is not a database\n"), 2000),
		"one line":    []byte("hello\n"),
		"SQLite":      []byte(strings.Repeat("SQLite format 3\x00", 1000)),
		"noise":       noise,
	} {
		path := filepath.Join(t.TempDir(), "cache.db")
		ok(t, os.WriteFile(path, b, 0o600))
		if _, report, err := openStoreAt(path, store.Options{}); !errors.Is(err, store.ErrForeign) {
			t.Errorf("%s: %+v, %v", name, report, err)
		}
		if _, err := examineStore(path, store.Options{}); !errors.Is(err, store.ErrForeign) {
			t.Errorf("%s: examine: %v", name, err)
		}
		got, err := os.ReadFile(path)
		ok(t, err)
		if !bytes.Equal(got, b) {
			t.Errorf("%s was changed", name)
		}
		if others, _ := filepath.Glob(path + "?*"); len(others) != 0 {
			t.Errorf("%s left %v", name, others)
		}
	}
}

func TestSetAsideNeverOverwrites(t *testing.T) { bothWays(t, testSetAsideNeverOverwrites) }

func testSetAsideNeverOverwrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	seen := map[string]bool{}
	for i := range 3 {
		rubbish := make([]byte, pageSize*(5+i)) // what a disk may leave
		ok(t, os.WriteFile(path, rubbish, 0o600))
		s, report, err := openStoreAt(path, store.Options{})
		ok(t, err)
		ok(t, s.Close())
		if seen[report.SetAside] {
			t.Fatalf("%s was used twice", report.SetAside)
		}
		seen[report.SetAside] = true
		got, err := os.ReadFile(report.SetAside)
		ok(t, err)
		equal(t, "content", string(got), string(rubbish))
	}
}

func TestEmptyFileIsNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	ok(t, os.WriteFile(path, nil, 0o600))
	s, report, err := openStoreAt(path, store.Options{})
	ok(t, err)
	equal(t, "report", report, store.Report{Created: true})
	ok(t, s.Close())
}

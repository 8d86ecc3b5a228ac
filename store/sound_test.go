package store_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

// What stands for the messages of a conversation in the file can be hurt so that bbolt
// goes round for ever, takes gigabytes, or points into the memory of the program. All of
// that is damage that is told, at once and without room for what is not there.
func TestHurtWayToMessages(t *testing.T) { bothWays(t, testHurtWayToMessages) }

func testHurtWayToMessages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	for from := uint64(1); from <= 800; from += 100 {
		ok(t, s.Ingest(t.Context(), batch(bob, from, from+99)))
	}
	ok(t, s.Ingest(t.Context(), batch(team, 1, 1))) // few enough to be written into the value itself
	ok(t, s.Close())
	whole, err := os.ReadFile(path)
	ok(t, err)
	n := binary.NativeEndian

	for _, c := range []struct {
		name   string
		inline bool
		hurt   func(file, element, value []byte)
	}{
		{"leads to a list of free pages that leads to itself", false, func(file, _, value []byte) {
			lists := pagesOf(file, 0x10)
			at := lists[0]
			if n.Uint64(file[:pageSize][16+32:]) == uint64(at) || n.Uint64(file[pageSize:][16+32:]) == uint64(at) {
				at = lists[len(lists)-1] // the list in use stays as it is
			}
			list := file[at*pageSize:][:pageSize]
			n.PutUint16(list[10:], 200)
			for i := range 400 {
				n.PutUint64(list[16+8*i:], uint64(at))
			}
			n.PutUint64(value, uint64(at))
		}},
		{"claims gigabytes", false, func(_, element, _ []byte) { n.PutUint32(element[12:], 0x7fff0000) }},
		{"claims gigabytes, few messages", true, func(_, element, _ []byte) { n.PutUint32(element[12:], 0x7fff0000) }},
		{"a message far away", true, func(_, _, value []byte) { n.PutUint32(value[16+16+4:], 0x10000000) }},
		{"too many messages", true, func(_, _, value []byte) { n.PutUint16(value[16+10:], 0xfff0) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := slices.Clone(whole)
			if hurt := hurtBuckets(bad, c.inline, c.hurt); hurt == 0 {
				t.Fatal("there is nothing of this kind in the file: the test tests nothing")
			}
			path := filepath.Join(t.TempDir(), "cache.db")
			ok(t, os.WriteFile(path, bad, 0o600))
			s, _, err := openStoreAt(path, lifeOptions())
			ok(t, err)
			defer s.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			told := 0
			_, err = s.Search(t.Context(), store.SearchQuery{Text: "message", Limit: 1000})
			hasCode(t, err, im.CodeStoreDamaged)
			for _, conv := range []im.ConversationID{bob, team} {
				if _, err := s.Page(conv, 0, 50); err != nil {
					hasCode(t, err, im.CodeStoreDamaged)
					told++
				}
				if _, err := s.Recalls(conv); err != nil {
					hasCode(t, err, im.CodeStoreDamaged)
				}
			}
			if told == 0 {
				t.Error("nothing was said")
			}
			runtime.ReadMemStats(&after)
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 64 {
				t.Errorf("%d MB were taken", took)
			}
		})
	}
}

// hurtBuckets calls hurt for the entries of all leaves that stand for buckets within a
// bucket: with pages of their own or, inline, without, but with something in them.
func hurtBuckets(file []byte, inline bool, hurt func(file, element, value []byte)) (met int) {
	n := binary.NativeEndian
	for _, at := range pagesOf(file, 2) {
		p := file[at*pageSize:][:pageSize]
		for i := range int(n.Uint16(p[10:])) {
			e := p[16+16*i:][:16]
			key := 16 + 16*i + int(n.Uint32(e[4:]))
			value := key + int(n.Uint32(e[8:]))
			end := value + int(n.Uint32(e[12:]))
			if n.Uint32(e) != 1 || n.Uint32(e[8:]) < 6 || end > len(p) || isTop(p[key:value]) {
				continue
			}
			v := p[value:end]
			if own := n.Uint64(v) != 0; own == inline || inline && n.Uint16(v[16+10:]) == 0 {
				continue
			}
			hurt(file, e, v)
			met++
		}
	}
	return met
}

// isTop: buckets of the file itself are looked at when it is opened.
func isTop(name []byte) bool {
	return slices.Contains([]string{"conv", "conv_by_time", "conv_no", "draft", "gap", "group", "media", "member", "meta", "msg",
		"msg_by_id", "outbox", "place", "profile", "recall", "search", "search_page", "search_tail", "own", "sealed"}, string(name))
}

// A meta page that says it is another page is written anew.
func TestMetaPageOfAnotherNumber(t *testing.T) {
	for at := range 2 {
		path := filepath.Join(t.TempDir(), "cache.db")
		s, _, err := openStoreAt(path, lifeOptions())
		ok(t, err)
		ok(t, s.Ingest(t.Context(), batch(bob, 1, 10)))
		ok(t, s.Close())
		file, err := os.ReadFile(path)
		ok(t, err)
		file[at*pageSize+1] ^= 2
		ok(t, os.WriteFile(path, file, 0o600))
		s, report, err := openStoreAt(path, lifeOptions())
		ok(t, err)
		if list, err := s.Page(bob, 0, 20); err != nil || len(list) != 10 || report.SetAside != "" {
			t.Errorf("%d messages, %v, %+v", len(list), err, report)
		}
		ok(t, s.Close())
		ok(t, storetest.CheckSound(path, store.Options{}))
	}
}

// A leaf in the middle of a long history that is none is damage that is told by who comes
// to it, whoever that is, and a branch that leads to itself by who puts the list.
func TestHurtInTheMiddle(t *testing.T) {
	n := binary.NativeEndian
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	for from := uint64(1); from <= 2400; from += 100 {
		ok(t, s.Ingest(t.Context(), batch(bob, from, from+99)))
	}
	ok(t, s.Close())
	whole, err := os.ReadFile(path)
	ok(t, err)
	root, most := broadest(whole)
	if most < 40 {
		t.Fatalf("%d leaves are too few to be left out", most)
	}
	hurt := func(do func(file []byte)) string {
		file := slices.Clone(whole)
		do(file)
		path := filepath.Join(t.TempDir(), "cache.db")
		ok(t, os.WriteFile(path, file, 0o600))
		return path
	}
	for _, c := range []struct {
		name string
		do   func(s *store.Store) error
	}{
		{"reading back", func(s *store.Store) error {
			for before := uint64(0); ; {
				list, err := s.Page(bob, before, 100)
				if err != nil || len(list) == 0 {
					return err
				}
				before = list[0].Sequence
			}
		}},
		{"reading on", func(s *store.Store) error {
			for after := uint64(0); ; {
				list, err := s.PageAfter(bob, after, 100)
				if err != nil || len(list) == 0 {
					return err
				}
				after = list[len(list)-1].Sequence
			}
		}},
		{"history that comes again", func(s *store.Store) error { return s.Ingest(t.Context(), batch(bob, 1, 2400)) }},
		{"what the server does not have", func(s *store.Store) error { return s.Truncate(t.Context(), bob, 100) }},
		{"forgetting", func(s *store.Store) error { return s.Forget(t.Context(), bob) }},
		{"a search", func(s *store.Store) error {
			_, err := s.Search(t.Context(), store.SearchQuery{Text: "message", Offset: 900, Limit: 1000})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := openStoreAt(hurt(func(file []byte) { hurtMiddle(file, root) }), lifeOptions())
			ok(t, err)
			defer s.Close()
			hasCode(t, c.do(s), im.CodeStoreDamaged)
		})
	}
	t.Run("the list", func(t *testing.T) {
		s, _, err := openStoreAt(hurt(func(file []byte) {
			for i := range most {
				n.PutUint64(file[root*pageSize:][16+16*i+8:], uint64(root))
			}
		}), lifeOptions())
		ok(t, err)
		defer s.Close()
		hasCode(t, s.PutConversations(t.Context(), []store.Conversation{conversation(bob, 2401, 1)}), im.CodeStoreDamaged)
	})
}

// The same of what is shared in a conversation, all of whose leaves are looked at.
func TestHurtInTheMiddleOfMedia(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	mixed(t, s, bob, 12000)
	ok(t, s.Close())
	file, err := os.ReadFile(path)
	ok(t, err)
	root, most := broadest(file) // the messages have a level more, and their root few children
	if most < 40 {
		t.Fatalf("%d leaves are too few to be left out", most)
	}
	hurtMiddle(file, root)
	ok(t, os.WriteFile(path, file, 0o600))
	s, _, err = openStoreAt(path, lifeOptions())
	ok(t, err)
	defer s.Close()
	_, err = s.Media(bob, store.MediaQuery{Limit: 12000})
	hasCode(t, err, im.CodeStoreDamaged)
}

// broadest is the branch with the most children among the roots of the buckets within
// buckets.
func broadest(file []byte) (root, most int) {
	n := binary.NativeEndian
	hurtBuckets(file, false, func(_, _, value []byte) {
		at := int(n.Uint64(value))
		p := file[at*pageSize:]
		if count := int(n.Uint16(p[10:])); n.Uint16(p[8:]) == 1 && count > most {
			root, most = at, count
		}
	})
	return root, most
}

// hurtMiddle makes the leaf in the middle below a branch a list of free pages that leads to
// itself.
func hurtMiddle(file []byte, root int) {
	n := binary.NativeEndian
	branch := file[root*pageSize:]
	at := n.Uint64(branch[16+16*(int(n.Uint16(branch[10:]))/2)+8:])
	p := file[int(at)*pageSize:][:pageSize]
	n.PutUint16(p[8:], 0x10)
	n.PutUint16(p[10:], 200)
	for i := range 400 {
		n.PutUint64(p[16+8*i:], at)
	}
}

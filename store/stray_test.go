package store_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"magpie/im"
	"magpie/store"
)

// written makes a store and returns the bytes of its file: as it is closed, or, if fill
// asks for that, at a moment before.
func written(t *testing.T, fill func(s *store.Store, path string) []byte) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	data := fill(s, path)
	ok(t, s.Close())
	if data == nil {
		data, err = os.ReadFile(path)
		ok(t, err)
	}
	return data
}

// repaired examines and repairs a damaged file; what was announced is what came of it.
func repaired(t *testing.T, data []byte) (h store.Health, s *store.Store) {
	t.Helper()
	path := placed(t, data)
	h, err := examineStore(path, store.Options{})
	ok(t, err)
	if h.Damage == 0 {
		t.Fatal("nothing is damaged: the test tests nothing")
	}
	report, err := repairStore(path, store.Options{Account: me})
	ok(t, err)
	after, err := examineStore(path, store.Options{})
	ok(t, err)
	if report.Outside != h.Outside || after.Messages != h.Messages+h.Outside || after.Damage != 0 || after.Outside != 0 {
		t.Errorf("announced %+v\nreported %+v\nafterwards %+v", h, report, after)
	}
	s, _, err = openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	t.Cleanup(func() {
		ok(t, s.Close())
		checkFile(t, path)
	})
	return h, s
}

// onLeaves is how many messages the leaves in a file have, also those that nothing leads
// to, and with them the few notes of the index that have keys of the same form.
func onLeaves(data []byte) (n int) {
	for _, at := range pagesOf(data, 2) {
		n += messagesOn(data, at)
	}
	return n
}

func messagesOn(data []byte, page int) (n int) {
	e := binary.NativeEndian
	p := data[page*pageSize:]
	for i := range int(e.Uint16(p[10:])) {
		if x := p[16+16*i:]; e.Uint32(x) == 0 && e.Uint32(x[8:]) == 8 && e.Uint32(x[12:]) > 24 {
			n++
		}
	}
	return n
}

// loseWays zeroes the branches that lead to messages, also those that are not in use.
func loseWays(data []byte) {
	n := binary.NativeEndian
	var branches []int
	hurtBuckets(data, false, func(_, _, value []byte) {
		at := int(n.Uint64(value))
		p := data[at*pageSize:]
		if n.Uint16(p[8:]) == 1 && messagesOn(data, int(n.Uint64(p[16+8:]))) > 0 {
			branches = append(branches, at)
		}
	})
	for _, at := range branches {
		zero(data, at)
	}
}

// Of a copy that was cut the messages are saved whose leaves are there, although all that
// led to them is in the part that is not.
func TestHalfACopy(t *testing.T) { bothWays(t, testHalfACopy) }

func testHalfACopy(t *testing.T) {
	const each = 3000
	whole := written(t, func(s *store.Store, _ string) []byte {
		// Who is met first is noted once and stays where it is.
		var people []im.Profile
		for i := range 200 {
			people = append(people, im.Profile{UserID: im.UserID(fmt.Sprint("user", i)), Nick: "A name of some length"})
			ok(t, s.PutGroup(t.Context(), im.Group{GroupID: im.GroupID(fmt.Sprint("@TGS#", i)), Name: "A group of some people"}))
		}
		ok(t, s.PutProfiles(t.Context(), append(people, im.Profile{UserID: "bob"})))
		ok(t, s.PutGroup(t.Context(), im.Group{GroupID: "@TGS#team", Name: "The team"}))
		for from := uint64(1); from <= each; from += 100 {
			ok(t, s.Ingest(t.Context(), batch(bob, from, from+99), batch(team, from, from+99)))
		}
		return nil
	})
	for _, c := range []struct{ of, in int }{{1, 2}, {2, 3}, {4, 5}, {19, 20}} {
		t.Run(fmt.Sprintf("%d of %d", c.of, c.in), func(t *testing.T) {
			cut := whole[:used(whole)*c.of/c.in]
			h, s := repaired(t, slices.Clone(cut))
			there := onLeaves(cut)
			if there < 500 {
				t.Fatalf("%d messages are there: the test tests nothing", there)
			}
			if h.Messages+h.Outside < there*95/100 || h.Outside == 0 {
				t.Errorf("%d and %d outside of the tree are found of %d", h.Messages, h.Outside, there)
			}
			honest(t, s)
			list, err := s.Conversations(0, 10)
			ok(t, err)
			if len(list) == 0 {
				t.Error("no conversation is in the list")
			}
			ok(t, s.Ingest(t.Context(), batch(bob, 1, each), batch(team, 1, each)))
			for _, conv := range []im.ConversationID{bob, team} {
				all, err := s.Page(conv, 0, 2*each)
				ok(t, err)
				equal(t, "the history after the server gave it again", all, texts(conv, 1, each))
			}
		})
	}
}

// Of a conversation of two the messages themselves say whose they are, as long as the file
// is not encrypted.
func TestMessagesWithoutAName(t *testing.T) {
	data := written(t, func(s *store.Store, _ string) []byte {
		for from := uint64(1); from <= 800; from += 100 {
			ok(t, s.Ingest(t.Context(), batch(bob, from, from+99), batch(team, from, from+99)))
		}
		return nil
	})
	var all []int
	for _, at := range pagesOf(data, 2) {
		if messagesOn(data, at) > 0 && bytes.Contains(data[at*pageSize:][:pageSize], []byte("第 ")) {
			all = append(all, at)
		}
	}
	for at := range len(data) / pageSize {
		if !slices.Contains(all, at) {
			zero(data, at)
		}
	}
	if len(all) < 10 {
		t.Fatalf("%d pages", len(all))
	}
	h, s := repaired(t, data)
	if h.Messages != 0 || h.Outside != 800 {
		t.Errorf("%+v", h)
	}
	list, err := s.Page(bob, 0, 1000)
	ok(t, err)
	equal(t, "messages", list, texts(bob, 1, 800))
}

// The index names the conversations of which it has messages: its pages are written once
// and stay where they are.
func TestTheIndexNamesConversations(t *testing.T) { bothWays(t, testTheIndexNamesConversations) }

func testTheIndexNamesConversations(t *testing.T) {
	t.Run("in its segments", func(t *testing.T) { theIndexNames(t, 200) })
	t.Run("in its notes of what is in none", func(t *testing.T) { theIndexNames(t, 10_000) })
}

func theIndexNames(t *testing.T, flush uint32) {
	path := filepath.Join(t.TempDir(), "cache.db")
	o, idle := store.SmallIndex(store.Options{Account: me}, flush, 0)
	s, _, err := openStoreAt(path, o)
	ok(t, err)
	for from := uint64(1); from <= 800; from += 100 {
		ok(t, s.Ingest(t.Context(), batch(bob, from, from+99), batch(team, from, from+99)))
	}
	ok(t, store.WaitIdle(t.Context(), s, idle))
	ok(t, s.Close())
	data, err := os.ReadFile(path)
	ok(t, err)
	n := binary.NativeEndian
	kept := make([]byte, len(data))
	for _, at := range pagesOf(data, 2) {
		p := data[at*pageSize:]
		end := (at + 1 + int(n.Uint32(p[12:]))) * pageSize
		index := n.Uint32(p[16:]) == 0 && n.Uint32(p[16+8:]) == 9
		marker := bytes.Contains(p[:pageSize], []byte("\x00sealed")) && n.Uint16(p[10:]) == 1
		if index || marker || messagesOn(data, at) > 0 {
			copy(kept[at*pageSize:end], data[at*pageSize:end])
		}
	}
	h, _ := repaired(t, kept)
	if h.Messages != 0 || h.Outside != 1600 {
		t.Errorf("%+v", h)
	}
}

// So do the rows of people and groups, which are not written again either.
func TestRowsNameConversations(t *testing.T) { bothWays(t, testRowsNameConversations) }

func testRowsNameConversations(t *testing.T) {
	data := written(t, func(s *store.Store, _ string) []byte {
		people := []im.Profile{{UserID: "bob"}}
		ok(t, s.PutGroup(t.Context(), im.Group{GroupID: team.Group(), Name: "The team"}))
		for i := range 100 { // so many that they have pages of their own
			people = append(people, im.Profile{UserID: im.UserID(fmt.Sprint("user", i)), Nick: "A name of some length"})
			ok(t, s.PutGroup(t.Context(), im.Group{GroupID: im.GroupID(fmt.Sprint("@TGS#", i)), Name: "A group of some people"}))
		}
		ok(t, s.PutProfiles(t.Context(), people))
		ok(t, s.Ingest(t.Context(), batch(bob, 1, 800), batch(team, 1, 800)))
		return nil
	})
	n := binary.NativeEndian
	for at := 2; at < len(data)/pageSize; at++ {
		p := data[at*pageSize:][:pageSize]
		keep := slices.Contains(pagesOf(data, 2), at)
		for i := range int(n.Uint16(p[10:])) {
			if e := p[16+16*i:]; keep && (n.Uint32(e) != 0 || n.Uint32(e[12:]) > 1000) { // a bucket, or a note of the index
				keep = false
			}
		}
		if !keep && !bytes.Contains(p, []byte("\x00sealed\x01\x01\x20")) {
			zero(data, at)
		}
	}
	for _, page := range []int{0, 1} {
		zero(data, page)
	}
	h, _ := repaired(t, data)
	if h.Messages != 0 || h.Outside != 1600 {
		t.Errorf("%+v", h)
	}
}

// Pages that are in use by the list of free pages are the last state: only the way to them
// is gone. What is on them is not asked of the server again, and nothing counts as lost.
func TestTheWayToTheLastState(t *testing.T) { bothWays(t, testTheWayToTheLastState) }

func testTheWayToTheLastState(t *testing.T) {
	data := written(t, func(s *store.Store, _ string) []byte {
		for from := uint64(1); from <= 2400; from += 100 {
			ok(t, s.Ingest(t.Context(), batch(bob, from, from+99)))
		}
		ok(t, s.Ingest(t.Context(), batch(team, 1, 5))) // in the page that leads to all
		return nil
	})
	root, _ := broadest(data)
	zero(data, root)
	h, s := repaired(t, data)
	if h.Messages != 5 || h.Outside != 2400 || h.Lost != nil {
		t.Errorf("%+v", h)
	}
	list, err := s.Page(bob, 0, 3000)
	ok(t, err)
	equal(t, "messages", list, texts(bob, 1, 2400))
	ranges, err := s.Ranges(bob)
	ok(t, err)
	equal(t, "what is known", ranges, []store.Range{{From: 1, To: 2400}})
	c := row(t, s, bob)
	equal(t, "last message", c.LastMessage.LastSequence, uint64(2400))
}

// What is found on pages that may be old is shown, and asked of the server again.
func TestOldPagesClaimNothing(t *testing.T) { bothWays(t, testOldPagesClaimNothing) }

func testOldPagesClaimNothing(t *testing.T) {
	data := written(t, func(s *store.Store, _ string) []byte {
		for from := uint64(1); from <= 800; from += 100 {
			ok(t, s.Ingest(t.Context(), batch(bob, from, from+99)))
		}
		return nil
	})
	for _, page := range []int{metaField(data, 16), metaField(data, 32)} { // the root and the list of free pages
		zero(data, page)
	}
	h, s := repaired(t, data)
	if h.Outside != 800 {
		t.Errorf("%+v", h)
	}
	list, err := s.Page(bob, 0, 1000)
	ok(t, err)
	equal(t, "messages", list, texts(bob, 1, 800))
	ranges, err := s.Ranges(bob)
	ok(t, err)
	if len(ranges) != 0 {
		t.Errorf("known are %v", ranges)
	}
}

// losePlaces zeroes the pages of the places of messages, which would know what is gone.
func losePlaces(data []byte) {
	e := binary.NativeEndian
	for _, at := range pagesOf(data, 2) {
		first := data[at*pageSize+16:]
		key := first[e.Uint32(first[4:]):]
		if bytes.HasPrefix(key, []byte("bob-pc-")) || bytes.HasPrefix(key, []byte("\xff\xff\xff\xff\xff\xff")) {
			zero(data, at)
		}
	}
}

// A chat that was deleted does not come back, although its messages are still on pages of
// the file: not while the way to all others is whole, not when that of another chat is
// gone, and not when nothing leads anywhere and the program's note of it can be read.
func TestDeletedConversationStaysSo(t *testing.T) { bothWays(t, testDeletedConversationStaysSo) }

func testDeletedConversationStaysSo(t *testing.T) {
	for _, c := range []struct {
		name    string
		noted   bool
		hurt    func(data []byte)
		outside int
	}{
		{"the rest is whole", false, func(d []byte) { losePlaces(d); zero(d, metaField(d, 32)) }, 0},
		{"another chat is hurt", false, func(d []byte) { losePlaces(d); loseWays(d) }, 2400},
		{"nothing leads anywhere", true, func(d []byte) { zero(d, metaField(d, 16)); zero(d, metaField(d, 32)) }, 2400},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := written(t, func(s *store.Store, path string) []byte {
				for from := uint64(1); from <= 2400; from += 100 {
					ok(t, s.Ingest(t.Context(), batch(bob, from, from+99)))
					if from <= 800 {
						ok(t, s.Ingest(t.Context(), batch(team, from, from+99)))
					}
				}
				if c.noted {
					ok(t, s.SetMeta(t.Context(), store.MetaForgotten, `{"`+string(team)+`":800}`))
				}
				store.HoldEraser(s)
				ok(t, s.Forget(t.Context(), team))
				data, err := os.ReadFile(path)
				ok(t, err)
				return data
			})
			if n := onLeaves(data); n < 3000 {
				t.Fatalf("%d messages are on pages: those that were deleted are not among them, and the test tests nothing", n)
			}
			c.hurt(data)
			h, s := repaired(t, data)
			if h.Outside != c.outside {
				t.Errorf("%d are found outside of the tree", h.Outside)
			}
			list, err := s.Page(team, 0, 1000)
			ok(t, err)
			if len(list) != 0 {
				t.Errorf("%d messages of a deleted chat are back", len(list))
			}
			list, err = s.Page(bob, 0, 3000)
			ok(t, err)
			equal(t, "the other chat", list, texts(bob, 1, 2400))
		})
	}
}

// What the server took back is known to be gone by the places of all messages.
func TestPlacesKnowWhatIsGone(t *testing.T) { bothWays(t, testPlacesKnowWhatIsGone) }

func testPlacesKnowWhatIsGone(t *testing.T) {
	data := written(t, func(s *store.Store, path string) []byte {
		for from := uint64(1); from <= 2400; from += 100 {
			ok(t, s.Ingest(t.Context(), batch(bob, from, from+99)))
		}
		ok(t, s.Truncate(t.Context(), bob, 1200))
		return nil
	})
	if n := onLeaves(data); n < 2000 {
		t.Fatalf("%d messages are on pages: those that are gone are not among them, and the test tests nothing", n)
	}
	loseWays(data)
	h, s := repaired(t, data)
	if h.Outside != 1200 {
		t.Errorf("%+v", h)
	}
	list, err := s.Page(bob, 0, 3000)
	ok(t, err)
	equal(t, "messages", list, texts(bob, 1, 1200))
}

// Looking for messages page by page ends with its context, too.
func TestLookingForMessagesEnds(t *testing.T) {
	data := filled(t)
	zero(data, metaField(data, 16))
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	_, err := store.ExamineContext(ctx, placed(t, data), withKey(store.Options{Looking: func(int64, int64) {
		if n++; n == 20 {
			cancel()
		}
	}}))
	if !errors.Is(err, context.Canceled) || n != 20 {
		t.Errorf("after %d pages: %v", n, err)
	}
}

package store_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"testing"

	"magpie/im"
	"magpie/store"
)

// A message that was recalled or deleted stays so, although a page still has what it said: by any
// version of it that is recalled, and by the place that recalled it.
func TestRecalledStaysRecalled(t *testing.T) { bothWays(t, testRecalledStaysRecalled) }

func testRecalledStaysRecalled(t *testing.T) {
	t.Run("by its place", func(t *testing.T) { recalledStaysRecalled(t, recall(bob, 2401, 3)) })
	t.Run("as the server says", func(t *testing.T) {
		m := text(bob, 3, "")
		m.Payload, m.IsRevoked, m.Revoker, m.RevokerNick = nil, true, "carol", "Carol"
		recalledStaysRecalled(t, m)
	})
	t.Run("deleted here", func(t *testing.T) {
		m := text(bob, 3, "")
		recalledStaysRecalled(t, m.Deleted())
	})
}

func recalledStaysRecalled(t *testing.T, by im.Message) {
	data := written(t, func(s *store.Store, path string) []byte {
		for from := uint64(1); from <= 2400; from += 100 {
			ok(t, s.Ingest(t.Context(), batch(bob, from, from+99)))
		}
		store.HoldEraser(s)
		ingest(t, s, bob, by)
		data, err := os.ReadFile(path)
		ok(t, err)
		return data
	})
	leaf, most := 0, 0 // of the last state, with the first messages
	for _, at := range inUse(t, placed(t, data), len(data)/pageSize) {
		first := data[at*pageSize+16:]
		if n := messagesOn(data, at); n > most && bytes.HasPrefix(first[binary.NativeEndian.Uint32(first[4:]):], numberKey(1)) {
			leaf, most = at, n
		}
	}
	for name, hurt := range map[string]func(d []byte){
		"the way to all":              loseWays,
		"nothing leads anywhere":      func(d []byte) { zero(d, metaField(d, 16)); zero(d, metaField(d, 32)) },
		"its page":                    func(d []byte) { zero(d, leaf) },
		"its page and the way to all": func(d []byte) { zero(d, leaf); loseWays(d) },
	} {
		if strings.HasPrefix(name, "its page") && by.Sequence == 3 {
			continue // nobody else knows that it was recalled
		}
		t.Run(name, func(t *testing.T) {
			bad := slices.Clone(data)
			hurt(bad)
			h, s := repaired(t, bad)
			if h.Outside < 10 {
				t.Errorf("%+v", h)
			}
			if !by.IsDeleted {
				isTombstone(t, s, bob, 3)
				return
			}
			list, err := s.Page(bob, 4, 1)
			ok(t, err)
			if len(list) != 1 || list[0].Sequence != 3 || !list[0].IsDeleted || list[0].Payload != nil {
				t.Errorf("left is %+v", list)
			}
		})
	}
}

// The page on which a message is recalled may look older than one that still has what it
// said: what came after it was cut off.
func TestRecalledOnAPageThatLooksOlder(t *testing.T) { bothWays(t, testRecalledOnAPageThatLooksOlder) }

func testRecalledOnAPageThatLooksOlder(t *testing.T) {
	m := text(bob, 2395, "")
	m.Payload, m.IsRevoked, m.Revoker, m.RevokerNick = nil, true, "carol", "Carol"
	isTombstone(t, onAPageThatLooksOlder(t, m), bob, 2395)
	m = text(bob, 2395, "")
	list, err := onAPageThatLooksOlder(t, m.Deleted()).Page(bob, 2396, 1)
	ok(t, err)
	if len(list) != 1 || list[0].Sequence != 2395 || !list[0].IsDeleted || list[0].Payload != nil {
		t.Errorf("left is %+v", list)
	}
}

// onAPageThatLooksOlder is what is saved of a file in which two pages have a message.
func onAPageThatLooksOlder(t *testing.T, by im.Message) *store.Store {
	var between []byte
	data := written(t, func(s *store.Store, path string) []byte {
		for from := uint64(1); from <= 2400; from += 100 {
			ok(t, s.Ingest(t.Context(), batch(bob, from, from+99)))
		}
		store.HoldEraser(s)
		// Who reads meanwhile keeps the pages from being used again.
		ok(t, store.Reading(s, func(func() ([]im.Message, error)) (err error) {
			ingest(t, s, bob, by)
			if between, err = os.ReadFile(path); err != nil {
				return err
			}
			return s.Truncate(t.Context(), bob, 2396)
		}, bob))
		data, err := os.ReadFile(path)
		ok(t, err)
		return data
	})
	for _, page := range []int{metaField(data, 16), metaField(data, 32)} {
		zero(data, page)
	}
	n := binary.NativeEndian
	for _, at := range inUse(t, placed(t, between), len(between)/pageSize) {
		p := between[at*pageSize:]
		last := p[16+16*max(int(n.Uint16(p[10:]))-1, 0):]
		if messagesOn(between, at) > 0 && bytes.HasPrefix(last[n.Uint32(last[4:]):], numberKey(2400)) {
			zero(data, at) // the page with all messages on which it is recalled
		}
	}
	_, s := repaired(t, data)
	return s
}

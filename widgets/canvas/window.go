package canvas

import (
	"slices"
)

// entry is an item with what has been worked out for it.
type entry struct {
	Item
	look   look
	row    *row       // while it is on the screen
	layout *rowLayout // nil until it is needed
	asked  bool       // a hole that has been reported since it came onto the screen
	newer  bool       // of such a one: HoleWanted.Newer
	at     uint64     // and HoleWanted.At
}

// window is the stretch of the conversation that is held, oldest first.
type window struct {
	entries []*entry
	byKey   map[Key]*entry
	// older and newer say that the conversation goes on beyond the ends.
	older, newer bool
	// first and last are the bounds of the whole conversation.
	first, last uint64
}

// shownRange returns the entries that may be shown, entries[lo:hi]. Where the
// conversation goes on beyond the window, the outermost entry is kept back: how
// it looks depends on its neighbour, which is not known yet, and what has once
// been shown must not change its height.
func (w *window) shownRange() (lo, hi int) {
	hi = len(w.entries)
	if w.older && hi > 0 {
		lo = 1
	}
	if w.newer && hi > lo {
		hi--
	}
	return lo, hi
}

// index returns where a place is or would be.
func (w *window) index(at Cursor) (int, bool) {
	return slices.BinarySearchFunc(w.entries, at, func(e *entry, at Cursor) int { return e.Cursor().Compare(at) })
}

// indexOf returns the place of an entry that is held, or -1.
func (w *window) indexOf(e *entry) int {
	if e == nil || w.byKey[e.Key] != e {
		return -1
	}
	i, _ := w.index(e.Cursor())
	return i
}

// replace holds exactly the items of a page.
func (w *window) replace(items []Item, older, newer bool) {
	w.entries = make([]*entry, 0, len(items))
	w.byKey = make(map[Key]*entry, len(items))
	w.older, w.newer = older, newer
	for _, it := range items {
		w.add(it)
	}
}

// add puts an item that is not known in its place.
func (w *window) add(it Item) {
	if _, known := w.byKey[it.Key]; known {
		return
	}
	e := &entry{Item: it}
	i, _ := w.index(it.Cursor())
	w.entries = slices.Insert(w.entries, i, e)
	w.byKey[it.Key] = e
	if it.Kind != KindHole {
		w.last = max(w.last, it.Sequence)
	}
}

// prepend puts a page of items before all others, passing over what is known, and
// returns how many were not.
func (w *window) prepend(items []Item, more bool) (added int) {
	w.older = more
	return w.bulk(items)
}

// extend puts a page of items after all others.
func (w *window) extend(items []Item, more bool) (added int) {
	w.newer = more
	return w.bulk(items)
}

func (w *window) bulk(items []Item) (added int) {
	fresh := make([]*entry, 0, len(items))
	for _, it := range items {
		if _, known := w.byKey[it.Key]; !known {
			e := &entry{Item: it}
			fresh = append(fresh, e)
			w.byKey[it.Key] = e
			if it.Kind != KindHole {
				w.last = max(w.last, it.Sequence)
			}
		}
	}
	added = len(fresh)
	w.entries = append(fresh, w.entries...)
	slices.SortStableFunc(w.entries, func(a, b *entry) int { return a.Cursor().Compare(b.Cursor()) })
	return added
}

// put brings in a new or changed item.
func (w *window) put(it Item) {
	if it.Kind != KindHole {
		w.last = max(w.last, it.Sequence)
	}
	if e, known := w.byKey[it.Key]; known {
		from, _ := w.index(e.Cursor())
		same := e.Cursor() == it.Cursor()
		if it.Kind == KindHole && (!same || it.Until != e.Until || it.Loading && !e.Loading) {
			e.asked = false
		}
		e.Item, e.layout = it, nil
		if same {
			return
		}
		w.entries = slices.Delete(w.entries, from, from+1)
		if w.outside(it.Cursor()) {
			delete(w.byKey, it.Key)
			return
		}
		to, _ := w.index(it.Cursor())
		w.entries = slices.Insert(w.entries, to, e)
		return
	}
	if w.byKey != nil && !w.outside(it.Cursor()) {
		w.add(it)
	}
}

// outside reports whether a place is beyond an end at which the conversation goes
// on, and so not held.
func (w *window) outside(at Cursor) bool {
	n := len(w.entries)
	if n == 0 {
		return w.older || w.newer
	}
	return w.older && at.Compare(w.entries[0].Cursor()) < 0 || w.newer && at.Compare(w.entries[n-1].Cursor()) > 0
}

// remove lets an item go.
func (w *window) remove(key Key) {
	e, known := w.byKey[key]
	if !known {
		return
	}
	if i, ok := w.index(e.Cursor()); ok {
		w.entries = slices.Delete(w.entries, i, i+1)
	}
	delete(w.byKey, key)
}

// trimSlack is how far below MaxItems trimming goes, so that it is not done for
// every page.
const trimSlack = 128

// trim lets go of items far from entries[from:to], which are on the screen. It
// reports what was cut, and tells gone of each.
func (w *window) trim(from, to int, gone func(*entry)) (head, tail bool) {
	excess := len(w.entries) - MaxItems
	if excess <= 0 {
		return false, false
	}
	excess += trimSlack
	// The longer side first, and never nearer to the screen than this.
	const margin = 96
	above, below := max(from-margin, 0), max(len(w.entries)-to-margin, 0)
	if below >= above {
		if n := min(below, excess); n > 0 {
			w.cut(len(w.entries)-n, len(w.entries), gone)
			w.newer, tail = true, true
			excess -= n
		}
	}
	if n := min(above, excess); n > 0 {
		w.cut(0, n, gone)
		w.older, head = true, true
		excess -= n
	}
	if !tail && excess > trimSlack {
		if n := min(below, excess); n > 0 {
			w.cut(len(w.entries)-n, len(w.entries), gone)
			w.newer, tail = true, true
		}
	}
	return head, tail
}

func (w *window) cut(from, to int, gone func(*entry)) {
	for _, e := range w.entries[from:to] {
		gone(e)
		delete(w.byKey, e.Key)
	}
	w.entries = slices.Delete(w.entries, from, to)
}

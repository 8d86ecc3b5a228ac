package fulltext

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// FrequentDocs is how many documents of a segment make a beginning of a term frequent;
// fewer are counted in microseconds.
//
// What people look for most is a character, two of them, or the beginning of a word; all
// of these are beginnings of terms. Of what is said often, counting is most of the search.
// So a large segment notes of each frequent beginning how many documents have it, and
// which are the newest: that is all that such a search asks.
const FrequentDocs = 2048

const (
	frequentNewest = 64 // are noted; who leafs further has all of them looked at
	frequentShare  = 16 // a segment that notes any has so many times FrequentDocs slots at least
)

// frequent is what is noted of a beginning.
type frequent struct {
	beginning string
	docs      uint64
	newest    []uint32 // first slots, the newest first
}

// A page of frequent beginnings is a row of entries, in the order of the beginnings:
//
//	shared u8      how much of the beginning is that of the entry before it
//	rest   u8      bytes of it that follow
//	docs   uvarint
//	length uvarint of the slots, in bytes
//	slots  uvarint, each, the newest first
//
// The first entry of a page shares nothing.

// frequentWriter gathers the frequent beginnings of a segment while its terms are written.
// Those of the last term are open, each with what was found of it, and as long as a term
// is not like that it ends them.
type frequentWriter struct {
	g     *Segment
	docs  uint64 // from which on a beginning is noted
	term  []byte
	open  []openBeginning
	spare []*slotSet
	short [][]uint32 // spare as well
	kept  []frequent
}

type openBeginning struct {
	bytes int      // of the term
	slots []uint32 // in no order, some twice; few
	set   *slotSet // from there on
}

// add takes the postings of the next term.
func (w *frequentWriter) add(term []byte, posts []uint32) {
	if w.docs == 0 {
		return
	}
	shared := 0
	for shared < min(len(term), len(w.term)) && term[shared] == w.term[shared] {
		shared++
	}
	w.end(shared)
	w.term = append(w.term[:0], term...)
	if len(term) == 0 || filters(term) {
		return // what is of one person or kind is never all that is asked
	}
	at := 0
	if n := len(w.open); n > 0 {
		at = w.open[n-1].bytes
	}
	for at < len(term) {
		_, size := utf8.DecodeRune(term[at:])
		at += size
		w.open = append(w.open, openBeginning{bytes: at})
	}
	last := ^uint32(0)
	b := &w.open[len(w.open)-1]
	for _, p := range posts {
		if slot := p / slotPositions; slot != last {
			last = slot
			w.take(b, slot)
		}
	}
}

func (w *frequentWriter) take(b *openBeginning, slot uint32) {
	if b.set != nil {
		b.set.set(slot)
		return
	}
	if n := len(w.short); n > 0 && b.slots == nil {
		b.slots, w.short = w.short[n-1], w.short[:n-1]
	}
	if b.slots = append(b.slots, slot); uint64(len(b.slots)) >= w.docs {
		w.widen(b)
	}
}

// widen makes a set of what was found, for it is much.
func (w *frequentWriter) widen(b *openBeginning) {
	if n := len(w.spare); n > 0 {
		b.set, w.spare = w.spare[n-1], w.spare[:n-1]
	} else {
		b.set = new(slotSet)
		b.set.reach(w.g.Slots)
	}
	for _, slot := range b.slots {
		b.set.set(slot)
	}
	w.done(b)
}

// done has the room of what was found for the next.
func (w *frequentWriter) done(b *openBeginning) {
	if b.slots != nil {
		w.short, b.slots = append(w.short, b.slots[:0]), nil
	}
}

// end closes the beginnings that are longer than so many bytes. What was found of one was
// found of those that it begins with.
func (w *frequentWriter) end(longest int) {
	for n := len(w.open); n > 0 && w.open[n-1].bytes > longest; n-- {
		b := &w.open[n-1]
		var above *openBeginning
		if n > 1 {
			above = &w.open[n-2]
		}
		w.open = w.open[:n-1]
		if b.set == nil {
			for _, slot := range b.slots {
				if above != nil {
					w.take(above, slot)
				}
			}
			w.done(b)
			continue
		}
		b.set.fold(&w.g.later)
		if above != nil {
			if above.set == nil {
				w.widen(above)
			}
			above.set.join(b.set)
		}
		top := newest{most: frequentNewest, sources: []Source{w.g}}
		docs := (&Query{}).collect(&top, 0, b.set, &w.g.dates) // and it is empty
		w.spare = append(w.spare, b.set)
		if docs < w.docs {
			continue
		}
		slices.SortFunc(top.heap, top.compare)
		f := frequent{beginning: string(w.term[:b.bytes]), docs: docs}
		for _, c := range top.heap {
			f.newest = append(f.newest, c.slot)
		}
		w.kept = append(w.kept, f)
	}
}

// write writes the pages, and notes the first beginning of each in the segment.
func (w *frequentWriter) write(write PageWriter) error {
	w.end(0)
	slices.SortFunc(w.kept, func(a, b frequent) int { return strings.Compare(a.beginning, b.beginning) })
	var page, slots []byte
	last := ""
	flush := func() error {
		if len(page) == 0 {
			return nil
		}
		err := write(Frequent, uint32(len(w.g.frequents)-1), page)
		page, last = nil, ""
		return err
	}
	for _, f := range w.kept {
		const head = 2 + 2*binary.MaxVarintLen64 // of an entry, at most
		if len(page)+head+len(f.beginning)+len(f.newest)*binary.MaxVarintLen32 > PageBytes {
			if err := flush(); err != nil {
				return err
			}
		}
		if len(page) == 0 {
			w.g.frequents = append(w.g.frequents, f.beginning)
		}
		shared := 0
		for shared < min(len(f.beginning), len(last)) && f.beginning[shared] == last[shared] {
			shared++
		}
		page = append(page, byte(shared), byte(len(f.beginning)-shared))
		page = append(page, f.beginning[shared:]...)
		page = binary.AppendUvarint(page, f.docs)
		slots = slots[:0]
		for _, slot := range f.newest {
			slots = binary.AppendUvarint(slots, uint64(slot))
		}
		page = append(binary.AppendUvarint(page, uint64(len(slots))), slots...)
		last = f.beginning
	}
	return flush()
}

// frequent returns what is noted of a beginning; false if nothing is, or something of the
// segment is gone, which might be counted and cannot be told.
func (g *Segment) frequent(read PageReader, beginning string) (f frequent, ok bool, err error) {
	if g.deaths > 0 {
		return f, false, nil
	}
	n, exact := sort.Find(len(g.frequents), func(i int) int { return strings.Compare(beginning, g.frequents[i]) })
	if !exact {
		n--
	}
	if n < 0 {
		return f, false, nil
	}
	page, err := read(g.ID, Frequent, uint32(n))
	if err != nil {
		return f, false, err
	}
	var name []byte
	for r := (&reader{rest: page}); len(r.rest) > 0; {
		if len(r.rest) < 2 || int(r.rest[0]) > len(name) || len(r.rest) < 2+int(r.rest[1]) {
			return f, false, ErrDamaged
		}
		rest := r.rest[2 : 2+int(r.rest[1])]
		name = append(name[:r.rest[0]], rest...)
		r.rest = r.rest[2+len(rest):]
		docs, length := r.number(), r.count(1)
		if r.bad {
			return f, false, ErrDamaged
		}
		slots := r.rest[:length]
		r.rest = r.rest[length:]
		switch bytes.Compare(name, []byte(beginning)) {
		case 0:
			f = frequent{beginning: beginning, docs: docs}
			return f, true, g.newestOf(&f, slots)
		case 1:
			return f, false, nil
		}
	}
	return f, false, nil
}

// newestOf reads the slots of an entry.
func (g *Segment) newestOf(f *frequent, slots []byte) error {
	for r := (&reader{rest: slots}); len(r.rest) > 0; {
		slot := r.number()
		if r.bad || slot >= uint64(g.Slots) || g.later.words.has(uint32(slot)) || len(f.newest) == frequentNewest {
			return ErrDamaged
		}
		f.newest = append(f.newest, uint32(slot))
	}
	if f.docs > g.Docs || uint64(len(f.newest)) != min(f.docs, frequentNewest) {
		return ErrDamaged
	}
	return nil
}

// frequent says nothing: what a tail has is counted in microseconds.
func (t *Tail) frequent(PageReader, string) (frequent, bool, error) { return frequent{}, false, nil }

// beginning returns the beginning of a term that is all that a query asks for.
func (q *Query) beginning() (string, bool) {
	if len(q.Words) != 1 || len(q.Words[0].parts) != 1 || q.From != "" || q.Conversation != "" || q.Kinds != 0 || q.NoKinds != 0 ||
		q.Since > 0 || q.Until > 0 {
		return "", false
	}
	// A term that is the whole of a query and no range is two characters, and no other term
	// begins with these.
	return q.Words[0].parts[0].terms.from, true
}

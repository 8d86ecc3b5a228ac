package fulltext

import (
	"encoding/binary"
	"math"
	"slices"
	"sort"
)

// Summary is what the caller keeps of a segment, to load it again.
type Summary struct {
	ID    uint32
	Level uint8  // how often its documents were merged, at most
	Docs  uint64 // with those that are gone
	Slots uint32
	Pages [4]uint32 // of terms, dates, directory and frequent beginnings
}

// Segment is what is in memory of a segment: about 6 bytes a document, up to one more of
// what was found last, and the first term of every page.
type Segment struct {
	Summary
	directory
	dates  column
	later  slotSet // that continue a document
	dead   bitset
	deaths uint64
	firsts []string // term of each page
	// frequents are the first beginning of each page of those.
	frequents []string
	last      foundSets
}

const datesPerPage = 4096

// Load reads the parts of a segment that stay in memory.
func Load(s Summary, read PageReader) (*Segment, error) {
	g := &Segment{Summary: s}
	if uint64(s.Slots) > uint64(s.Pages[1])*datesPerPage || s.Docs > uint64(s.Slots) {
		return nil, ErrDamaged
	}
	g.dates.dates = make([]uint32, 0, min(s.Slots, 1<<20)) // more only once it is there
	for n := range s.Pages[1] {
		page, err := read(s.ID, Dates, n)
		if err != nil {
			return nil, err
		}
		if n := len(g.dates.dates); cap(g.dates.dates)-n < datesPerPage {
			// Twice as many are there by now: growing by less would copy them again and again.
			g.dates.dates = slices.Grow(g.dates.dates, min(int(s.Slots)-n, n))
		}
		if err := appendDates(&g.dates, page); err != nil {
			return nil, err
		}
	}
	var all []byte
	for n := range s.Pages[2] {
		page, err := read(s.ID, Directory, n)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
	}
	r := &reader{rest: all}
	g.directory = r.directory(s.Slots)
	g.firsts = make([]string, 0, r.count(1))
	for range cap(g.firsts) {
		g.firsts = append(g.firsts, r.string())
	}
	g.frequents = make([]string, 0, r.count(1))
	for range cap(g.frequents) {
		g.frequents = append(g.frequents, r.string())
	}
	if r.bad || len(r.rest) > 0 || g.docs != s.Docs || g.directory.slots != s.Slots || len(g.dates.dates) != int(s.Slots) ||
		len(g.firsts) != int(s.Pages[0]) || !sort.StringsAreSorted(g.firsts) ||
		len(g.frequents) != int(s.Pages[3]) || !sort.StringsAreSorted(g.frequents) {
		return nil, ErrDamaged
	}
	g.prepare()
	return g, nil
}

// prepare makes what follows from the directory.
func (g *Segment) prepare() {
	g.dead = newBitset(g.Slots)
	g.later.reach(g.Slots)
	for i := range g.convs {
		for _, r := range g.convs[i].runs {
			if r.width == 1 {
				continue
			}
			for n := range r.count {
				g.later.fill(r.slot+n*r.width+1, r.slot+(n+1)*r.width)
			}
		}
	}
}

// A page of dates: the first as uvarint, then differences as varint.

func appendDates(dates *column, page []byte) error {
	if len(page) > PageBytes*2 {
		return ErrDamaged
	}
	at := int64(0)
	for len(page) > 0 {
		d, n := binary.Varint(page)
		if n <= 0 || d > math.MaxUint32 || d < -math.MaxUint32 || at+d < 0 || at+d > math.MaxUint32 {
			return ErrDamaged
		}
		at += d
		page = page[n:]
		dates.add(uint32(at))
	}
	return nil
}

func encodeDates(dates []uint32) []byte {
	page := make([]byte, 0, len(dates)*3)
	at := int64(0)
	for _, d := range dates {
		page = binary.AppendVarint(page, int64(d)-at)
		at = int64(d)
	}
	return page
}

// writeColumns writes everything but the terms and completes the summary.
func (g *Segment) writeColumns(write PageWriter) error {
	g.Pages = [4]uint32{uint32(len(g.firsts)), 0, 0, uint32(len(g.frequents))}
	for dates := range slices.Chunk(g.dates.dates, datesPerPage) {
		if err := write(Dates, g.Pages[1], encodeDates(dates)); err != nil {
			return err
		}
		g.Pages[1]++
	}
	all := g.append(nil)
	all = binary.AppendUvarint(all, uint64(len(g.firsts)))
	for _, first := range g.firsts {
		all = appendString(all, first)
	}
	all = binary.AppendUvarint(all, uint64(len(g.frequents)))
	for _, first := range g.frequents {
		all = appendString(all, first)
	}
	for len(all) > 0 {
		n := min(len(all), PageBytes)
		if err := write(Directory, g.Pages[2], all[:n:n]); err != nil {
			return err
		}
		all = all[n:]
		g.Pages[2]++
	}
	return nil
}

// Find returns the slot of a live document.
func (g *Segment) Find(p Place) (slot uint32, ok bool) {
	slot, ok = g.find(p)
	return slot, ok && !g.dead.has(slot)
}

// Kill marks the document of a slot as gone.
func (g *Segment) Kill(slot uint32) {
	if slot < g.Slots && !g.later.words.has(slot) && !g.dead.has(slot) {
		g.dead.set(slot)
		g.deaths++
	}
}

// Deaths is how many of the documents are gone.
func (g *Segment) Deaths() uint64 { return g.deaths }

// EachDeath calls f with the slot of every document that is gone.
func (g *Segment) EachDeath(f func(slot uint32)) {
	g.dead.each(func(slot uint32) bool {
		f(slot)
		return true
	})
}

// Implementation of source.

func (g *Segment) slots() uint32           { return g.Slots }
func (g *Segment) column() *column         { return &g.dates }
func (g *Segment) continued() *slotSet     { return &g.later }
func (g *Segment) found() *foundSets       { return &g.last }
func (g *Segment) place(slot uint32) Place { return g.directory.place(slot) }

func (g *Segment) gone() bitset {
	if g.deaths == 0 {
		return nil
	}
	return g.dead
}

func (g *Segment) of(conversation string, set *slotSet) {
	i := sort.Search(len(g.convs), func(i int) bool { return g.convs[i].name >= conversation })
	if i < len(g.convs) && g.convs[i].name == conversation {
		set.fill(g.convs[i].slot, g.convs[i].end)
	}
}

// limit is what all postings of a term are below.
func (g *Segment) limit(term []byte) uint64 {
	if filters(term) {
		return uint64(g.Slots)
	}
	return uint64(g.Slots) * slotPositions
}

func (g *Segment) scan(read PageReader, r termRange, room *scratch, f func([]uint32)) error {
	return g.entries(read, r, func(p *termPage) (err error) {
		if room.posts, err = p.posts(room.posts[:0], g.limit(p.term)); err == nil {
			f(room.posts)
		}
		return err
	})
}

func (g *Segment) mark(read PageReader, r termRange, bits uint, set *slotSet) error {
	return g.entries(read, r, func(p *termPage) error { return p.mark(set, bits, g.limit(p.term)) })
}

// entries calls f for the entries of the terms of a range, in order.
func (g *Segment) entries(read PageReader, r termRange, f func(*termPage) error) error {
	// The list of a term may have begun on the page before the first that begins
	// with it.
	n := max(sort.SearchStrings(g.firsts, r.from)-1, 0)
	for ; n < len(g.firsts) && (g.firsts[n] <= r.from || !r.exact() && g.firsts[n] < r.below); n++ {
		data, err := read(g.ID, Terms, uint32(n))
		if err != nil {
			return err
		}
		p := termPage{rest: data}
		for more, err := p.seek(r.from); ; more, err = p.next() {
			if err != nil {
				return err
			}
			if !more {
				break
			}
			if !r.has(string(p.term)) {
				return nil
			}
			if err := f(&p); err != nil {
				return err
			}
		}
	}
	return nil
}

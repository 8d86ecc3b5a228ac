package fulltext

import (
	"bytes"
	"context"
	"slices"
)

// input is what is merged: a tail or a segment.
type input interface {
	Source
	// sorted calls f for every live document in the order of places.
	sorted() []sortedDoc
	// cursor goes through the terms in order.
	cursor(read PageReader) termCursor
}

type sortedDoc struct {
	Place
	slot, width uint32
}

// termCursor stands before the first term until next is called.
type termCursor interface {
	next() (more bool, err error)
	term() []byte
	posts(list []uint32) ([]uint32, error)
}

// none is where a document that is gone goes.
const none = ^uint32(0)

// Plan says which documents a new segment will have, and where those of its
// inputs go.
type Plan struct {
	// FrequentDocs is from how many documents on a beginning of a term is noted with how
	// many they are; a test sets less.
	FrequentDocs uint64
	segment      *Segment
	inputs       []input
	moved        [][]uint32
}

// PlanTail plans a segment of a tail. Nothing may be added to the tail from now on.
func PlanTail(id uint32, t *Tail) *Plan { return plan(id, 0, []input{t}) }

// PlanMerge plans one segment of several, without what is gone from them.
func PlanMerge(id uint32, level uint8, from []*Segment) *Plan {
	inputs := make([]input, 0, len(from))
	for _, g := range from {
		inputs = append(inputs, g)
	}
	return plan(id, level, inputs)
}

func plan(id uint32, level uint8, inputs []input) *Plan {
	p := &Plan{segment: &Segment{Summary: Summary{ID: id, Level: level}}, inputs: inputs, FrequentDocs: FrequentDocs}
	p.order()
	return p
}

// ID is the number of the segment.
func (p *Plan) ID() uint32 { return p.segment.ID }

// Overtake kills in the new segment what died in its inputs since the plan was
// made.
func (p *Plan) Overtake() {
	for i, in := range p.inputs {
		in.gone().each(func(slot uint32) bool {
			if to := p.moved[i][slot]; to != none {
				p.segment.Kill(to)
			}
			return true
		})
	}
}

// Write writes the segment. Documents of the inputs may be removed meanwhile:
// they are in it; see [Plan.Overtake].
func (p *Plan) Write(ctx context.Context, read PageReader, write PageWriter) (*Segment, error) {
	inputs, m := p.inputs, p.segment
	m.Docs, m.Slots = m.docs, m.directory.slots
	m.prepare()
	w := termWriter{write: write, page: make([]byte, 0, PageBytes)}
	often := frequentWriter{g: m}
	if uint64(m.Slots) >= frequentShare*p.FrequentDocs {
		often.docs = p.FrequentDocs
	}
	cursors := make([]termCursor, len(inputs))
	alive := make([]bool, len(inputs))
	advance := func(i int) (err error) {
		alive[i], err = cursors[i].next()
		return err
	}
	for i := range inputs {
		cursors[i] = inputs[i].cursor(read)
		if err := advance(i); err != nil {
			return nil, err
		}
	}
	var term []byte
	var posts []uint32
	for n := 0; ; n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		least := -1
		for i := range cursors {
			if alive[i] && (least < 0 || bytes.Compare(cursors[i].term(), cursors[least].term()) < 0) {
				least = i
			}
		}
		if least < 0 {
			break
		}
		term = append(term[:0], cursors[least].term()...)
		posts = posts[:0]
		sorted := true
		for i := range cursors {
			for alive[i] && bytes.Equal(cursors[i].term(), term) {
				from := len(posts)
				var err error
				if posts, err = cursors[i].posts(posts); err != nil {
					return nil, err
				}
				posts = p.move(i, term, posts, from)
				sorted = sorted && (from == 0 || from == len(posts) || posts[from-1] < posts[from])
				if err := advance(i); err != nil {
					return nil, err
				}
			}
		}
		if !sorted || len(inputs) == 1 && !slices.IsSorted(posts) {
			slices.Sort(posts)
		}
		if err := w.add(term, posts); err != nil {
			return nil, err
		}
		often.add(term, posts)
	}
	if err := w.flush(); err != nil {
		return nil, err
	}
	m.firsts = w.firsts
	if err := often.write(write); err != nil {
		return nil, err
	}
	return m, m.writeColumns(write)
}

// order makes the directory of the new segment and notes where everything goes.
func (p *Plan) order() {
	lists := make([][]sortedDoc, len(p.inputs))
	for i, in := range p.inputs {
		lists[i] = in.sorted()
		moved := make([]uint32, in.slots())
		for j := range moved {
			moved[j] = none
		}
		p.moved = append(p.moved, moved)
	}
	for {
		least := -1
		for i := range lists {
			if len(lists[i]) > 0 && (least < 0 || lists[i][0].Compare(lists[least][0].Place) < 0) {
				least = i
			}
		}
		if least < 0 {
			return
		}
		d := lists[least][0]
		lists[least] = lists[least][1:]
		slot := p.segment.add(d.Place, d.width)
		dates := p.inputs[least].column().dates
		for k := range d.width {
			p.moved[least][d.slot+k] = slot + k
			p.segment.dates.add(dates[d.slot])
		}
	}
}

// move rewrites the postings of an input from index from on, and drops those of
// documents that are gone.
func (p *Plan) move(i int, term []byte, posts []uint32, from int) []uint32 {
	moved := p.moved[i]
	kept := posts[:from]
	if filters(term) {
		for _, slot := range posts[from:] {
			if to := moved[slot]; to != none {
				kept = append(kept, to)
			}
		}
		return kept
	}
	for _, at := range posts[from:] {
		if to := moved[at/slotPositions]; to != none {
			kept = append(kept, to*slotPositions+at%slotPositions)
		}
	}
	return kept
}

// Implementation of input by a tail.

func (t *Tail) sorted() []sortedDoc {
	list := make([]sortedDoc, 0, len(t.at))
	for i := range t.docs {
		if d := &t.docs[i]; !t.dead.has(d.slot) {
			list = append(list, sortedDoc{d.Place, d.slot, d.slots})
		}
	}
	slices.SortFunc(list, func(a, b sortedDoc) int { return a.Compare(b.Place) })
	return list
}

func (t *Tail) cursor(PageReader) termCursor {
	return &tailCursor{t: t, order: t.ordered(), at: -1}
}

type tailCursor struct {
	t     *Tail
	order []int32
	at    int
}

func (c *tailCursor) next() (bool, error) {
	c.at++
	return c.at < len(c.order), nil
}
func (c *tailCursor) term() []byte { return []byte(c.t.terms[c.order[c.at]]) }
func (c *tailCursor) posts(list []uint32) ([]uint32, error) {
	return append(list, c.t.posts[c.order[c.at]]...), nil
}

// Implementation of input by a segment.

func (g *Segment) sorted() []sortedDoc {
	list := make([]sortedDoc, 0, g.Docs)
	g.each(func(p Place, slot, width uint32) {
		if !g.dead.has(slot) {
			list = append(list, sortedDoc{p, slot, width})
		}
	})
	return list
}

func (g *Segment) cursor(read PageReader) termCursor { return &segmentCursor{g: g, read: read} }

type segmentCursor struct {
	g    *Segment
	read PageReader
	n    uint32 // the next page
	page termPage
}

func (c *segmentCursor) next() (bool, error) {
	for {
		more, err := c.page.next()
		if err != nil || more {
			return more, err
		}
		if c.n == c.g.Pages[0] {
			return false, nil
		}
		data, err := c.read(c.g.ID, Terms, c.n)
		if err != nil {
			return false, err
		}
		c.n++
		c.page = termPage{rest: data, term: c.page.term[:0]}
	}
}

func (c *segmentCursor) term() []byte { return c.page.term }
func (c *segmentCursor) posts(list []uint32) ([]uint32, error) {
	return c.page.posts(list, c.g.limit(c.page.term))
}

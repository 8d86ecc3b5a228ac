package fulltext

import (
	"context"
	"slices"
	"sync"
)

// Source is a tail or a segment.
type Source interface {
	slots() uint32
	column() *column
	gone() bitset
	continued() bitset
	place(slot uint32) Place
	// of adds the slots of a conversation.
	of(conversation string, set bitset)
	// scan calls f with the postings of the terms of a range, each list ascending.
	scan(read PageReader, r termRange, f func(posts []uint32)) error
}

// Hit is a document that fits.
type Hit struct {
	Place
	Seconds uint32
}

// Run returns the documents that fit, newest first, without the first skip, at
// most limit; and how many there are. Of one second the later number of a
// conversation comes first.
func (q *Query) Run(ctx context.Context, sources []Source, read PageReader, skip, limit int) (hits []Hit, total uint64, err error) {
	top := newest{most: skip + limit, sources: sources}
	room := scratches.Get().(*scratch)
	defer scratches.Put(room)
	for i, s := range sources {
		set, err := q.match(ctx, s, read, room)
		if err != nil {
			return nil, 0, err
		}
		total += q.collect(&top, int32(i), set, s.column())
	}
	return top.from(skip), total, nil
}

// collect offers the documents of a set that fit by date, and returns how many do.
// Most blocks have none that is among the newest: those are counted, not looked at.
func (q *Query) collect(top *newest, source int32, set bitset, c *column) (total uint64) {
	dated := q.Since > 0 || q.Until > 0
	for block, latest := range c.latest {
		words := set[min(block*blockWords, len(set)):min((block+1)*blockWords, len(set))]
		if !dated && !top.wants(latest) {
			total += words.count()
			continue
		}
		if dated && latest < q.Since {
			continue
		}
		words.each(func(at uint32) bool {
			slot := uint32(block)*blockSlots + at
			if d := c.dates[slot]; d >= q.Since && (q.Until == 0 || d <= q.Until) {
				total++
				top.offer(candidate{d, source, slot})
			}
			return true
		})
	}
	return total
}

// scratch is room for the sets of one source after the other. A search needs more than
// a megabyte of it in a long history, so it is kept for the next one while people type.
type scratch struct{ set, other bitset }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// empty returns a set without slots in the room of old.
func empty(old *bitset, slots uint32) bitset {
	words := int((uint64(slots) + 63) / 64)
	if cap(*old) < words {
		*old = newBitset(slots)
		return *old
	}
	set := (*old)[:words]
	clear(set)
	return set
}

// match returns the first slots of the documents of a source that fit, without
// regard to the date. They are in room, until the next source.
func (q *Query) match(ctx context.Context, s Source, read PageReader, room *scratch) (bitset, error) {
	n := s.slots()
	set, other := empty(&room.set, n), empty(&room.other, n)
	whole := true // set is not empty, but stands for every slot
	filter := func(keep bool) {
		switch {
		case !keep && whole:
			set.fill(0, n)
			set.drop(s.continued())
			set.drop(other)
		case !keep:
			set.drop(other)
		case whole:
			set, other = other, set
		default:
			set.keep(other)
		}
		whole = false
		clear(other)
	}
	of := func(terms ...string) error {
		for _, t := range terms {
			if err := s.scan(read, termRange{from: t}, func(posts []uint32) {
				for _, slot := range posts {
					other.set(slot)
				}
			}); err != nil {
				return err
			}
		}
		return nil
	}
	if q.Conversation != "" {
		s.of(q.Conversation, other)
		other.drop(s.continued())
		filter(true)
	}
	if q.From != "" {
		if err := of(filterFrom + q.From); err != nil {
			return nil, err
		}
		filter(true)
	}
	if q.Kinds != 0 {
		if err := of(kindTerms(q.Kinds)...); err != nil {
			return nil, err
		}
		filter(true)
	}
	for i := range q.Words {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := q.Words[i].find(s, read, other); err != nil {
			return nil, err
		}
		fold(other, s.continued())
		filter(true)
	}
	if q.NoKinds != 0 {
		if err := of(kindTerms(q.NoKinds)...); err != nil {
			return nil, err
		}
		filter(false)
	}
	if whole {
		filter(false)
	}
	set.drop(s.gone())
	return set, nil
}

func kindTerms(k Kinds) (terms []string) {
	for bit := range 16 {
		if k&(1<<bit) != 0 {
			terms = append(terms, kindTerm(bit))
		}
	}
	return terms
}

// fold moves what was found in slots that continue a document to its first.
func fold(set, later bitset) {
	for i := range min(len(set), len(later)) {
		for w := set[i] & later[i]; w != 0; w &= w - 1 {
			slot := uint32(i)<<6 + uint32(trailing(w))
			set.clear(slot)
			for later.has(slot) {
				slot--
			}
			set.set(slot)
		}
	}
}

// find adds the slots in which the phrase begins.
func (p *Phrase) find(s Source, read PageReader, set bitset) error {
	if len(p.parts) == 1 {
		return s.scan(read, p.parts[0].terms, func(posts []uint32) {
			for _, at := range posts {
				set.set(at / slotPositions)
			}
		})
	}
	// starts are the positions at which the phrase may begin.
	var starts []uint32
	for i, part := range p.parts {
		if i == 0 {
			if err := s.scan(read, part.terms, func(posts []uint32) { starts = append(starts, posts...) }); err != nil {
				return err
			}
			continue // only the last part is a range, so these ascend
		}
		if len(starts) == 0 {
			return nil
		}
		ahead := part.offset - p.parts[0].offset
		fits := make([]bool, len(starts))
		if err := s.scan(read, part.terms, func(posts []uint32) { mark(starts, ahead, posts, fits) }); err != nil {
			return err
		}
		kept := starts[:0]
		for j, at := range starts {
			if fits[j] {
				kept = append(kept, at)
			}
		}
		starts = kept
	}
	for _, at := range starts {
		set.set(at / slotPositions)
	}
	return nil
}

// mark marks the starts that have a posting ahead of them.
func mark(starts []uint32, ahead uint32, posts []uint32, fits []bool) {
	i, j := 0, 0
	for i < len(starts) && j < len(posts) {
		switch at := uint64(starts[i]) + uint64(ahead); {
		case at < uint64(posts[j]):
			// Few starts among many postings, or the other way round: leap.
			if len(starts)-i > 8*(len(posts)-j) {
				n, _ := slices.BinarySearch(starts[i:], posts[j]-min(ahead, posts[j]))
				i += max(n, 1)
			} else {
				i++
			}
		case at > uint64(posts[j]):
			if len(posts)-j > 8*(len(starts)-i) && at <= 1<<32-1 {
				n, _ := slices.BinarySearch(posts[j:], uint32(at))
				j += max(n, 1)
			} else {
				j++
			}
		default:
			fits[i] = true
			i++
			j++
		}
	}
}

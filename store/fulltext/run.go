package fulltext

import (
	"context"
	"math/bits"
	"slices"
	"sync"
)

// Source is a tail or a segment.
type Source interface {
	slots() uint32
	column() *column
	gone() bitset
	// continued are the slots that continue a document.
	continued() *slotSet
	place(slot uint32) Place
	// of adds the slots of a conversation.
	of(conversation string, set *slotSet)
	// mark adds the slots of the postings of the terms of a range to set. A posting
	// is a slot and so many bits of a position in it.
	mark(read PageReader, r termRange, bits uint, set *slotSet) error
	// scan calls f with the postings of the terms of a range, each list ascending.
	scan(read PageReader, r termRange, room *scratch, f func(posts []uint32)) error
	// frequent returns what is noted of all documents with a term that begins so; false
	// where they are to be looked at.
	frequent(read PageReader, beginning string) (f frequent, ok bool, err error)
	// found is what was looked for last; nil where looking is cheap.
	found() *foundSets
}

// Hit is a document that fits.
type Hit struct {
	Place
	Seconds uint32
}

// Readers calls f for every number below n, with what reads pages for the time of the
// call, one after the other or several side by side, and returns the first error.
type Readers func(n int, f func(i int, read PageReader) error) error

// OneReader reads for one after the other.
func OneReader(read PageReader) Readers {
	return func(n int, f func(int, PageReader) error) error {
		for i := range n {
			if err := f(i, read); err != nil {
				return err
			}
		}
		return nil
	}
}

// Run returns the documents that fit, newest first, without the first skip, at
// most limit; and how many there are. Of one second the later number of a
// conversation comes first.
func (q *Query) Run(ctx context.Context, sources []Source, readers Readers, skip, limit int) (hits []Hit, total uint64, err error) {
	top := newest{most: skip + limit, sources: sources}
	beginning, simple := q.beginning()
	var mu sync.Mutex // of top and total
	err = readers(len(sources), func(i int, read PageReader) error {
		if simple {
			f, ok, err := sources[i].frequent(read, beginning)
			if err != nil {
				return err
			}
			if ok && (len(f.newest) >= top.most || uint64(len(f.newest)) == f.docs) {
				mu.Lock()
				defer mu.Unlock()
				total += f.docs
				for _, slot := range f.newest {
					c := candidate{sources[i].column().dates[slot], int32(i), slot}
					if !top.wants(c.seconds) {
						break // nor those after it, which are older
					}
					top.offer(c)
				}
				return nil
			}
		}
		room := scratches.Get().(*scratch)
		set, err := q.match(ctx, sources[i], read, room)
		if err != nil {
			return err // and the room, which may not be empty, is left to the collector
		}
		mu.Lock()
		total += q.collect(&top, int32(i), set, sources[i].column())
		mu.Unlock()
		scratches.Put(room)
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	return top.from(skip), total, nil
}

// collect offers the documents of a set that fit by date, and returns how many do. Most
// blocks have none that is among the newest: those are counted, not looked at. It leaves the
// set empty, for who has each word of it has it cheapest.
func (q *Query) collect(top *newest, source int32, set *slotSet, c *column) (total uint64) {
	dated := q.Since > 0 || q.Until > 0
	for i, used := range set.used {
		for used != 0 {
			block := (i*64 + bits.TrailingZeros64(used)) / blockWords
			of := uint64(1<<blockWords-1) << (block * blockWords % 64)
			words := used & of
			used &^= of
			latest := c.latest[block]
			counted := !dated && !top.wants(latest)
			for ; words != 0; words &= words - 1 {
				at := i*64 + bits.TrailingZeros64(words)
				word := set.words[at]
				set.words[at] = 0
				if counted {
					total += uint64(bits.OnesCount64(word))
					continue
				}
				if dated && latest < q.Since {
					continue
				}
				for ; word != 0; word &= word - 1 {
					slot := uint32(at*64 + bits.TrailingZeros64(word))
					if d := c.dates[slot]; d >= q.Since && (q.Until == 0 || d <= q.Until) {
						total++
						top.offer(candidate{d, source, slot})
					}
				}
			}
		}
		set.used[i] = 0
	}
	return total
}

// scratch is room for what a source is asked. A search needs much of it in a long history,
// so it is kept for the next one while people type. The set is empty.
type scratch struct {
	set slotSet
	// of a phrase: where it may begin, whether the next word follows there, and postings
	starts, posts []uint32
	fits          []bool
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// match returns the first slots of the documents of a source that fit, without
// regard to the date. They are in room, which has nothing else then.
func (q *Query) match(ctx context.Context, s Source, read PageReader, room *scratch) (*slotSet, error) {
	sets := s.found()
	if sets == nil {
		sets = new(foundSets)
	}
	sets.mu.Lock()
	defer sets.mu.Unlock()
	room.set.reach(s.slots())
	left := narrowing{set: &room.set, whole: true}
	of := func(terms ...string) (*slotSet, error) {
		parts := make([]part, 0, len(terms))
		for _, t := range terms {
			parts = append(parts, part{terms: termRange{from: t}})
		}
		return sets.find(parts, s, func(into *slotSet) error {
			for i := range parts {
				if err := s.mark(read, parts[i].terms, 0, into); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if q.Conversation != "" {
		s.of(q.Conversation, left.set)
		left.set.drop(s.continued().words)
		left.whole = false
	}
	if q.From != "" {
		found, err := of(filterFrom + q.From)
		if err != nil {
			return nil, err
		}
		left.keep(found)
	}
	if q.Kinds != 0 {
		found, err := of(kindTerms(q.Kinds)...)
		if err != nil {
			return nil, err
		}
		left.keep(found)
	}
	for i := range q.Words {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if left.empty() {
			return left.set, nil
		}
		p := &q.Words[i]
		found, err := sets.find(p.parts, s, func(into *slotSet) error { return p.find(s, read, into, room) })
		if err != nil {
			return nil, err
		}
		left.keep(found)
	}
	set := left.own(s)
	if q.NoKinds != 0 {
		found, err := of(kindTerms(q.NoKinds)...)
		if err != nil {
			return nil, err
		}
		set.drop(found.words)
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

// find adds the slots in which the phrase begins.
func (p *Phrase) find(s Source, read PageReader, set *slotSet, room *scratch) error {
	if len(p.parts) == 1 {
		return s.mark(read, p.parts[0].terms, positionBits, set)
	}
	// starts are the positions at which the phrase may begin.
	starts := room.starts[:0]
	for i, part := range p.parts {
		if i == 0 {
			if err := s.scan(read, part.terms, room, func(posts []uint32) { starts = append(starts, posts...) }); err != nil {
				return err
			}
			room.starts = starts
			continue // only the last part is a range, so these ascend
		}
		if len(starts) == 0 {
			return nil
		}
		ahead := part.offset - p.parts[0].offset
		room.fits = slices.Grow(room.fits[:0], len(starts))
		fits := room.fits[:len(starts)]
		clear(fits)
		follow := func(posts []uint32) { mark(starts, ahead, posts, fits) }
		if !part.terms.exact() {
			// That may be thousands of terms, as "t" in "don't" is. Most of what they have is
			// not even in a slot where it is looked for.
			for _, at := range starts {
				if slot := (at + ahead) / slotPositions; at+ahead >= at && slot < s.slots() {
					set.set(slot)
				}
			}
			follow = func(posts []uint32) { markNear(starts, ahead, posts, set.words, fits) }
		}
		err := s.scan(read, part.terms, room, follow)
		set.clear()
		if err != nil {
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

// markNear does what mark does; near has the slots of all that are looked for.
func markNear(starts []uint32, ahead uint32, posts []uint32, near bitset, fits []bool) {
	j := 0
	for _, at := range posts {
		if at < ahead || !near.has(at/slotPositions) {
			continue
		}
		if j = leap(starts, j, at-ahead); j == len(starts) {
			return
		}
		if starts[j] == at-ahead {
			fits[j] = true
		}
	}
}

// leap returns where the first of a list, which ascends, is that is not below n, from i on.
// It takes the longer the further that is.
func leap(list []uint32, i int, n uint32) int {
	step := 1
	for i+step < len(list) && list[i+step] < n {
		i += step
		step *= 2
	}
	at, _ := slices.BinarySearch(list[i:min(i+step+1, len(list))], n)
	return i + at
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

package fulltext

import (
	"slices"
	"sync"
)

// foundMost is how many answers a segment keeps. With a bit a slot each they take as much as
// a sixth of what a segment has in memory anyway.
const foundMost = 8

// foundSets keeps what was found last in a segment: who types a second word has the first one
// looked for with every key, and who leafs has all of it looked for again. The sets are those
// of who holds mu; one that was returned is kept until foundMost others were.
type foundSets struct {
	mu   sync.Mutex
	sets []foundSet // the last one was used last
}

// foundSet is an answer: the first slots of the documents that have all parts, one after the
// other, or one of several terms of filters. Whether these are gone it does not say.
type foundSet struct {
	parts []part
	set   *slotSet
}

// find returns what is known of these parts, or what look finds. It is not to be changed.
func (f *foundSets) find(parts []part, s Source, look func(into *slotSet) error) (*slotSet, error) {
	i := slices.IndexFunc(f.sets, func(s foundSet) bool { return slices.Equal(s.parts, parts) })
	if i >= 0 {
		known := f.sets[i]
		f.sets = append(slices.Delete(f.sets, i, i+1), known)
		return known.set, nil
	}
	set := new(slotSet)
	if len(f.sets) == foundMost {
		set = f.sets[0].set
		set.clear()
		f.sets = slices.Delete(f.sets, 0, 1)
	}
	set.reach(s.slots())
	if err := look(set); err != nil {
		return nil, err
	}
	set.fold(s.continued())
	f.sets = append(f.sets, foundSet{parts, set})
	return set, nil
}

// narrowing is what is left of all slots of a source.
type narrowing struct {
	set   *slotSet
	known *slotSet // what is left if it is not nil; others have it too, and set is empty
	whole bool     // set is empty, but nothing was left out
}

// keep leaves only what is found as well.
func (n *narrowing) keep(found *slotSet) {
	switch {
	case n.whole:
		n.known, n.whole = found, false
	case n.known != nil:
		n.set.both(n.known, found)
		n.known = nil
	default:
		n.set.keep(found)
	}
}

func (n *narrowing) empty() bool {
	if n.known != nil {
		return n.known.empty()
	}
	return !n.whole && n.set.empty()
}

// own makes set what is left, for who changes it.
func (n *narrowing) own(s Source) *slotSet {
	switch {
	case n.whole:
		n.set.fill(0, s.slots())
		n.set.drop(s.continued().words)
	case n.known != nil:
		n.set.join(n.known)
	}
	n.known, n.whole = nil, false
	return n.set
}

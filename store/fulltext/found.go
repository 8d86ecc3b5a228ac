package fulltext

import (
	"slices"
	"sync"
)

// foundMost is how many answers a segment keeps. With a bit a slot each they take as much as
// a sixth of what a segment has in memory anyway.
const foundMost = 8

// foundSets keeps what was found last in a segment: who types a second word has the first one
// looked for with every key, and who leafs has all of it looked for again. It is for
// several at once.
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

// use calls do with what was found of these parts; false if that is not known. do keeps
// nothing of the set and does not change it.
func (f *foundSets) use(parts []part, do func(*slotSet)) bool {
	if f == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.sets, func(s foundSet) bool { return slices.Equal(s.parts, parts) })
	if i < 0 {
		return false
	}
	s := f.sets[i]
	f.sets = append(slices.Delete(f.sets, i, i+1), s)
	do(s.set)
	return true
}

// add keeps a copy of what was found, in place of what was not used for longest.
func (f *foundSets) add(parts []part, set *slotSet) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.ContainsFunc(f.sets, func(s foundSet) bool { return slices.Equal(s.parts, parts) }) {
		return // another search found it too
	}
	s := foundSet{parts, new(slotSet)}
	if len(f.sets) == foundMost {
		s.set = f.sets[0].set
		s.set.clear()
		f.sets = slices.Delete(f.sets, 0, 1)
	}
	s.set.reach(uint32(len(set.words) * 64))
	s.set.join(set)
	f.sets = append(f.sets, s)
}

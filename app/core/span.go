package core

import (
	"slices"

	"magpie/store"
)

// spans is a set of sequences as ascending ranges that neither meet nor touch.
type spans []store.Range

// add puts from..to into the set; to < from adds nothing.
func (s *spans) add(from, to uint64) {
	if to < from {
		return
	}
	// i is the first range that touches from..to, j the first beyond it.
	i, _ := slices.BinarySearchFunc(*s, from, func(r store.Range, from uint64) int {
		if r.To+1 < from {
			return -1
		}
		return 1
	})
	j := i
	for j < len(*s) && (*s)[j].From <= to+1 {
		from = min(from, (*s)[j].From)
		to = max(to, (*s)[j].To)
		j++
	}
	*s = slices.Replace(*s, i, j, store.Range{From: from, To: to})
}

// cut takes everything above after out of the set.
func (s *spans) cut(after uint64) {
	for len(*s) > 0 {
		last := &(*s)[len(*s)-1]
		if last.To <= after {
			return
		}
		if last.From <= after {
			last.To = after
			return
		}
		*s = (*s)[:len(*s)-1]
	}
}

// has reports whether n is in the set.
func (s spans) has(n uint64) bool {
	_, ok := s.find(n)
	return ok
}

// find returns the range that holds n.
func (s spans) find(n uint64) (store.Range, bool) {
	i, _ := slices.BinarySearchFunc(s, n, func(r store.Range, n uint64) int {
		if r.To < n {
			return -1
		}
		return 1
	})
	if i < len(s) && s[i].From <= n {
		return s[i], true
	}
	return store.Range{}, false
}

// top is the highest member, 0 for the empty set.
func (s spans) top() uint64 {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].To
}

// firstHole returns the lowest run of lo..hi that is not in the set.
func (s spans) firstHole(lo, hi uint64) (Hole, bool) {
	for _, r := range s {
		if r.To < lo {
			continue
		}
		if r.From > lo {
			break
		}
		lo = r.To + 1
	}
	if lo > hi {
		return Hole{}, false
	}
	for _, r := range s {
		if r.From > lo {
			hi = min(hi, r.From-1)
			break
		}
	}
	return Hole{From: lo, To: hi}, true
}

// lastHole returns the highest run of lo..hi that is not in the set.
func (s spans) lastHole(lo, hi uint64) (Hole, bool) {
	for _, r := range slices.Backward(s) {
		if r.From > hi {
			continue
		}
		if r.To < hi {
			break
		}
		if r.From == 0 {
			return Hole{}, false
		}
		hi = r.From - 1
	}
	if hi < lo || hi == 0 {
		return Hole{}, false
	}
	for _, r := range slices.Backward(s) {
		if r.To < hi {
			lo = max(lo, r.To+1)
			break
		}
	}
	return Hole{From: lo, To: hi}, true
}

// holes returns every run of lo..hi that is not in the set, ascending.
func (s spans) holes(lo, hi uint64) []Hole {
	var out []Hole
	for lo <= hi {
		h, ok := s.firstHole(lo, hi)
		if !ok {
			break
		}
		out = append(out, h)
		lo = h.To + 1
	}
	return out
}

// missing counts the sequences of lo..hi that are not in the set.
func (s spans) missing(lo, hi uint64) uint64 {
	if hi < lo {
		return 0
	}
	n := hi - lo + 1
	for _, r := range s {
		if from, to := max(r.From, lo), min(r.To, hi); from <= to {
			n -= to - from + 1
		}
	}
	return n
}

package fulltext

import "math/bits"

// slotSet is a set of slots of one source. It knows which of its words are not 0, so that
// what is done with it costs what is in it, and not what the source has. It serves one
// source after the other and is empty in between.
type slotSet struct {
	words bitset
	used  bitset // of the words; some may have become 0
}

// reach makes room in an empty set.
func (s *slotSet) reach(slots uint32) {
	n := int((uint64(slots) + 63) / 64)
	if cap(s.words) < n {
		s.words, s.used = newBitset(slots), newBitset(uint32(n))
	}
	s.words, s.used = s.words[:n], s.used[:(n+63)/64]
}

func (s *slotSet) set(slot uint32) {
	s.words.set(slot)
	s.used.set(slot / 64)
}

// fill adds lo up to hi, without it.
func (s *slotSet) fill(lo, hi uint32) {
	if lo < hi {
		s.words.fill(lo, hi)
		s.used.fill(lo/64, (hi-1)/64+1)
	}
}

// join adds what o has.
func (s *slotSet) join(o *slotSet) {
	for i, u := range o.used {
		s.used[i] |= u
		for ; u != 0; u &= u - 1 {
			w := i*64 + bits.TrailingZeros64(u)
			s.words[w] |= o.words[w]
		}
	}
}

// drop removes what b has; b may be shorter.
func (s *slotSet) drop(b bitset) {
	if len(b) == 0 {
		return
	}
	for i, u := range s.used {
		for ; u != 0; u &= u - 1 {
			if w := i*64 + bits.TrailingZeros64(u); w < len(b) {
				s.words[w] &^= b[w]
			}
		}
	}
}

// keep removes what o has not.
func (s *slotSet) keep(o *slotSet) {
	for i, u := range s.used {
		for ; u != 0; u &= u - 1 {
			w := i*64 + bits.TrailingZeros64(u)
			s.words[w] &= o.words[w]
		}
		s.used[i] &= o.used[i]
	}
}

// both makes an empty set what a and b have.
func (s *slotSet) both(a, b *slotSet) {
	for i, u := range a.used {
		for u &= b.used[i]; u != 0; u &= u - 1 {
			w := i*64 + bits.TrailingZeros64(u)
			if word := a.words[w] & b.words[w]; word != 0 {
				s.words[w] = word
				s.used[i] |= u & -u
			}
		}
	}
}

func (s *slotSet) empty() bool {
	for i, u := range s.used {
		for ; u != 0; u &= u - 1 {
			if s.words[i*64+bits.TrailingZeros64(u)] != 0 {
				return false
			}
		}
	}
	return true
}

func (s *slotSet) clear() {
	for i, u := range s.used {
		for ; u != 0; u &= u - 1 {
			s.words[i*64+bits.TrailingZeros64(u)] = 0
		}
		s.used[i] = 0
	}
}

// grow makes room for more slots.
func (s *slotSet) grow(slots uint32) {
	s.words = s.words.grow(slots)
	s.used = s.used.grow(uint32(len(s.words)))
}

// fold moves what was found in slots that continue a document to its first.
func (s *slotSet) fold(continued *slotSet) {
	for i := range s.used {
		for u := s.used[i] & continued.used[i]; u != 0; u &= u - 1 {
			at := i*64 + bits.TrailingZeros64(u)
			later := continued.words[at]
			w := s.words[at] & later
			if w == 0 {
				continue
			}
			s.words[at] &^= later
			for ; w != 0; w &= w - 1 {
				// The first slot of a document is nearly always in the same word.
				if firsts := ^later & (w&-w - 1); firsts != 0 {
					s.words[at] |= 1 << (63 - bits.LeadingZeros64(firsts))
					continue
				}
				slot := uint32(at*64) - 1
				for continued.words.has(slot) {
					slot--
				}
				s.set(slot)
			}
		}
	}
}

package fulltext

import "math/bits"

// bitset is a set of slots.
type bitset []uint64

func newBitset(slots uint32) bitset { return make(bitset, (uint64(slots)+63)/64) }

func (b bitset) set(i uint32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) has(i uint32) bool { return int(i>>6) < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

// fill adds lo up to hi, without it.
func (b bitset) fill(lo, hi uint32) {
	for ; lo < hi && lo&63 != 0; lo++ {
		b.set(lo)
	}
	for ; hi > lo && hi&63 != 0; hi-- {
		b.set(hi - 1)
	}
	for ; lo < hi; lo += 64 {
		b[lo>>6] = ^uint64(0)
	}
}

// each calls f for every slot, ascending, until it returns false.
func (b bitset) each(f func(uint32) bool) {
	for i, w := range b {
		for w != 0 {
			if !f(uint32(i)<<6 + uint32(bits.TrailingZeros64(w))) {
				return
			}
			w &= w - 1
		}
	}
}

// grow makes room for more slots.
func (b bitset) grow(slots uint32) bitset {
	for uint64(len(b))*64 < uint64(slots) {
		b = append(b, 0)
	}
	return b
}

package core

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"magpie/store"
)

// TestSpans compares with a plain set of numbers.
func TestSpans(t *testing.T) {
	const size = 60
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		var s spans
		set := map[uint64]bool{}
		for range 12 {
			from := 1 + r.Uint64N(size)
			to := from + r.Uint64N(8)
			if r.IntN(6) == 0 {
				s.cut(from)
				for n := range set {
					if n > from {
						delete(set, n)
					}
				}
			} else {
				s.add(from, to)
				for n := from; n <= to; n++ {
					set[n] = true
				}
			}
			checkSpans(t, s, set, size+10)
		}
	}
}

func checkSpans(t *testing.T, s spans, set map[uint64]bool, size uint64) {
	t.Helper()
	for i := 1; i < len(s); i++ {
		if s[i].From <= s[i-1].To+1 {
			t.Fatalf("ranges touch: %v", s)
		}
	}
	top := uint64(0)
	for n := range size {
		if s.has(n) != set[n] {
			t.Fatalf("has(%d) in %v", n, s)
		}
		if set[n] {
			top = n
		}
	}
	equal(t, "top", s.top(), top)
	for lo := uint64(1); lo < size; lo += 7 {
		for hi := lo; hi < size; hi += 5 {
			var want []Hole
			missing := uint64(0)
			for n := lo; n <= hi; n++ {
				if set[n] {
					continue
				}
				missing++
				if len(want) > 0 && want[len(want)-1].To == n-1 {
					want[len(want)-1].To = n
				} else {
					want = append(want, Hole{n, n})
				}
			}
			equal(t, fmt.Sprint("holes ", lo, hi, s), s.holes(lo, hi), want)
			equal(t, fmt.Sprint("missing ", lo, hi, s), s.missing(lo, hi), missing)
			first, found := s.firstHole(lo, hi)
			last, found2 := s.lastHole(lo, hi)
			equal(t, "found", fmt.Sprint(found, found2), fmt.Sprint(len(want) > 0, len(want) > 0))
			if len(want) > 0 {
				equal(t, fmt.Sprint("first ", lo, hi, s), first, want[0])
				equal(t, fmt.Sprint("last ", lo, hi, s), last, want[len(want)-1])
			}
		}
	}
}

func TestSpansEdges(t *testing.T) {
	var s spans
	s.add(5, 4)
	equal(t, "nothing added", len(s), 0)
	s.add(1, 1)
	s.add(3, 3)
	s.add(2, 2)
	equal(t, "merged", s, spans{store.Range{From: 1, To: 3}})
	equal(t, "missing backwards", s.missing(9, 3), uint64(0))
	s.cut(0)
	equal(t, "all cut", len(s), 0)
}

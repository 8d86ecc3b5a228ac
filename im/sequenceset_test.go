package im_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"magpie/im"
)

func TestSequenceSetIsWrittenOneWay(t *testing.T) {
	for _, good := range []im.SequenceSet{"", "1", "3,7-9", "1-2,4", "9223372036854775807"} {
		if err := good.Validate(); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []im.SequenceSet{
		"0", "01", "+1", "3,", ",", "a", "1-", "-1", "2-2", "3-2", "1,2", "1-3,3", "5,3", "1 ", "1--2", "9223372036854775808", "1-2-3",
		im.SequenceSet(strings.Repeat("9", 5000)), im.SequenceSet(numbers(2*im.MaxSequenceRanges + 2)),
	} {
		if err := bad.Validate(); im.CodeOf(err) != im.CodeInvalidParameter {
			t.Errorf("%.40q: %v", bad, err)
		}
		if bad.Has(1) || len(bad.Ranges()) > 0 {
			t.Errorf("%.40q has members", bad)
		}
	}
}

// numbers are the odd ones below n.
func numbers(n int) string {
	s := im.SequenceSet("")
	var parts []string
	for i := 1; i < n; i += 2 {
		parts = append(parts, string(s.With(uint64(i))))
	}
	return strings.Join(parts, ",")
}

func TestSequenceSetIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.Uint64Range(1, 100), 0, im.MaxSequenceRanges)
		a, b := some.Draw(t, "a"), some.Draw(t, "b")
		in := func(n uint64, list []uint64) bool {
			for _, m := range list {
				if m == n {
					return true
				}
			}
			return false
		}
		var s, o im.SequenceSet
		for _, n := range a {
			s = s.With(n)
		}
		for _, n := range b {
			o = o.With(n)
		}
		u := s.Union(o)
		left := map[uint64]bool{}
		for _, r := range s.Minus(o) {
			for n := r.From; n <= r.To; n++ {
				left[n] = true
			}
		}
		for _, set := range []im.SequenceSet{s, o, u} {
			if err := set.Validate(); err != nil {
				t.Fatal(err)
			}
		}
		for n := uint64(1); n <= 101; n++ {
			if s.Has(n) != in(n, a) || u.Has(n) != (in(n, a) || in(n, b)) || left[n] != (in(n, a) && !in(n, b)) {
				t.Fatalf("%d: %q, %q, together %q, left %v", n, s, o, u, left)
			}
		}
	})
}

// What is too much joins at its old end; what is new stays exact.
func TestSequenceSetStaysSmall(t *testing.T) {
	var s im.SequenceSet
	for n := uint64(1); n <= 2001; n += 2 {
		s = s.With(n)
	}
	if err := s.Validate(); err != nil || len(s.Ranges()) != im.MaxSequenceRanges {
		t.Fatalf("%d ranges, %v", len(s.Ranges()), err)
	}
	if !s.Has(2) || s.Has(2000) || !s.Has(2001) {
		t.Errorf("the wrong end was joined: %.40q", s)
	}
	if s.With(0) != s || s.With(1<<63) != s {
		t.Error("took in what is no sequence")
	}
}

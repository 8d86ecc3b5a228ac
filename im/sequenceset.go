package im

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// SequenceSet is a set of sequences of one conversation as text: ranges in
// ascending order that neither touch nor overlap, "3,7-9". The zero value is
// empty.
//
// It is for marks that are set one by one and never taken back, and stays
// small: of more than [MaxSequenceRanges] ranges the two lowest become one, with
// what lies between them.
type SequenceSet string

// MaxSequenceRanges bounds the ranges of a [SequenceSet], which so has at most
// about 2.5 KB.
const MaxSequenceRanges = 64

// SequenceRange is From to To, both included.
type SequenceRange struct{ From, To uint64 }

// Validate returns an *Error with code 6017 unless s is written as it should be.
func (s SequenceSet) Validate() error {
	_, err := s.parse()
	return err
}

// Ranges are the ranges of the set in ascending order. Of a set that is not
// valid there are none.
func (s SequenceSet) Ranges() []SequenceRange {
	list, err := s.parse()
	if err != nil {
		return nil
	}
	return list
}

func (s SequenceSet) parse() ([]SequenceRange, error) {
	if s == "" {
		return nil, nil
	}
	bad := func() ([]SequenceRange, error) {
		return nil, Errorf(CodeInvalidParameter, "%.64q is no set of sequences", string(s))
	}
	if len(s) > MaxSequenceRanges*(2*20+2) {
		return bad()
	}
	var list []SequenceRange
	for part := range strings.SplitSeq(string(s), ",") {
		from, to, isRange := strings.Cut(part, "-")
		r := SequenceRange{}
		var err error
		if r.From, err = strconv.ParseUint(from, 10, 63); err != nil {
			return bad()
		}
		r.To = r.From
		if isRange {
			if r.To, err = strconv.ParseUint(to, 10, 63); err != nil || r.To <= r.From {
				return bad()
			}
		}
		if r.From == 0 || len(list) > 0 && r.From <= list[len(list)-1].To+1 {
			return bad()
		}
		list = append(list, r)
	}
	if len(list) > MaxSequenceRanges || format(list) != s {
		return bad()
	}
	return list, nil
}

func format(list []SequenceRange) SequenceSet {
	var b []byte
	for i, r := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, r.From, 10)
		if r.To > r.From {
			b = strconv.AppendUint(append(b, '-'), r.To, 10)
		}
	}
	return SequenceSet(b)
}

// Has reports whether n is in the set.
func (s SequenceSet) Has(n uint64) bool {
	return slices.ContainsFunc(s.Ranges(), func(r SequenceRange) bool { return r.From <= n && n <= r.To })
}

// With is the set with n, which is 1 to 2^63-1; any other leaves it as it is.
func (s SequenceSet) With(n uint64) SequenceSet {
	if n == 0 || n > 1<<63-1 {
		return s
	}
	return s.Union(format([]SequenceRange{{n, n}}))
}

// Union is the set of what is in s or o.
func (s SequenceSet) Union(o SequenceSet) SequenceSet {
	all := slices.Concat(s.Ranges(), o.Ranges())
	slices.SortFunc(all, func(a, b SequenceRange) int { return cmp.Compare(a.From, b.From) })
	var list []SequenceRange
	for _, r := range all {
		if n := len(list); n > 0 && r.From <= list[n-1].To+1 {
			list[n-1].To = max(list[n-1].To, r.To)
		} else {
			list = append(list, r)
		}
	}
	if over := len(list) - MaxSequenceRanges; over > 0 {
		list[over].From = list[0].From
		list = list[over:]
	}
	return format(list)
}

// Minus are the ranges of what is in s and not in o.
func (s SequenceSet) Minus(o SequenceSet) []SequenceRange {
	var list []SequenceRange
	for _, r := range s.Ranges() {
		for _, cut := range o.Ranges() {
			if cut.To < r.From || cut.From > r.To {
				continue
			}
			if cut.From > r.From {
				list = append(list, SequenceRange{r.From, cut.From - 1})
			}
			r.From = cut.To + 1
			if r.From > r.To {
				break
			}
		}
		if r.From <= r.To {
			list = append(list, r)
		}
	}
	return list
}

package fulltext

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The slots that mark takes from an entry are those of its postings, and both refuse the
// same entries, whatever is in them.
func TestMarkAgainstPostings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const slots = 1 << 14
		limit := uint64(slots * slotPositions)
		steps := rapid.SliceOfN(rapid.OneOf(rapid.Uint32Range(1, 200), rapid.Uint32Range(1, 40_000)), 1, 300).Draw(t, "steps")
		var list []uint32
		at := uint32(0)
		for _, d := range steps {
			if at += d; uint64(at) < limit+1000 { // some lead out of the segment
				list = append(list, at)
			}
		}
		var page []byte
		w := termWriter{write: func(_ Section, _ uint32, p []byte) error { page = p; return nil }}
		if err := w.add([]byte("term"), list); err != nil {
			t.Fatal(err)
		}
		if err := w.flush(); err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "damaged") {
			page = slices.Clone(page)
			page[rapid.IntRange(0, len(page)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		}
		read := func(f func(p *termPage) error) error {
			p := termPage{rest: page}
			more, err := p.next()
			if err != nil || !more {
				return err
			}
			return f(&p)
		}
		var posts []uint32
		var set slotSet
		set.reach(slots)
		wrong := read(func(p *termPage) (err error) {
			posts, err = p.posts(nil, limit)
			return err
		})
		if err := read(func(p *termPage) error { return p.mark(&set, positionBits, limit) }); !errors.Is(err, wrong) {
			t.Fatalf("%v, and by postings %v", err, wrong)
		}
		if wrong != nil {
			return
		}
		want := newBitset(slots)
		for _, at := range posts {
			want.set(at / slotPositions)
		}
		if !slices.Equal(want, set.words) {
			t.Fatal("other slots")
		}
		if set.clear(); !set.empty() || slices.ContainsFunc(set.words, func(w uint64) bool { return w != 0 }) {
			t.Fatal("something stays")
		}
	})
}

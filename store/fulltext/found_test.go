package fulltext

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// While the second word is typed, the first one is not read again, and the answers are
// those of one who reads all of it: with what is gone since, and with filters.
func TestFirstWordIsReadOnce(t *testing.T) {
	lib := &library{pages: map[string][]byte{}}
	tail := NewTail()
	for i := range uint64(3000) {
		text := fmt.Sprintf("hello number%d", i)
		if i%3 == 0 {
			text += " world"
		}
		tail.Add(&Doc{Place: Place{"C2Cbob", i + 1}, Seconds: uint32(i), From: []string{"bob", "me"}[i%2], Kinds: Kinds(i % 4), Text: Analyse(text)})
	}
	id, write := lib.writer()
	written, err := PlanTail(id, tail).Write(context.Background(), nil, write)
	if err != nil {
		t.Fatal(err)
	}
	load := func() *Segment {
		g, err := Load(written.Summary, lib.read)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	g := load()
	run := func(g *Segment, q Query) (hits []Hit, total uint64, pages int) {
		read := func(segment uint32, s Section, n uint32) ([]byte, error) {
			pages++
			return lib.read(segment, s, n)
		}
		hits, total, err := q.Run(context.Background(), []Source{g}, OneReader(read), 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		return hits, total, pages
	}
	first, _, _ := ParseWords("hello")
	_, _, once := run(g, Query{Words: first})
	var gone []uint32
	for _, typed := range []string{"hello w", "hello wo", "hello wor", "hello worl", "hello world", "world hello"} {
		for _, q := range []Query{{}, {From: "me"}, {Kinds: 1}, {NoKinds: 2}, {Kinds: 3, From: "bob"}, {Since: 900, Until: 2000}} {
			q.Words, _, _ = ParseWords(typed)
			hits, total, pages := run(g, q)
			fresh := load()
			for _, slot := range gone {
				fresh.Kill(slot)
			}
			wantHits, want, all := run(fresh, q)
			if total != want || !slices.Equal(hits, wantHits) {
				t.Fatalf("%q, %+v: %d, want %d", typed, q, total, want)
			}
			if want == 0 {
				t.Fatalf("%q, %+v: nothing to find", typed, q)
			}
			if pages > all-once {
				t.Fatalf("%q, %+v: %d pages, %d the first time, of them %d for the first word", typed, q, pages, all, once)
			}
		}
		gone = append(gone, uint32(len(gone))*300)
		g.Kill(gone[len(gone)-1])
	}
	if n := len(g.last.sets); n > foundMost {
		t.Fatalf("%d answers are kept", n)
	}
}

// What is kept is what was used last.
func TestFoundSetsForgetTheOldest(t *testing.T) {
	var f foundSets
	tail := NewTail()
	for n := range uint64(1000) {
		tail.Add(&Doc{Place: Place{"C2Cbob", n}, Text: Analyse("a")})
	}
	looked := 0
	ask := func(i int) (known bool) {
		before := looked
		set, err := f.find([]part{{terms: termRange{from: fmt.Sprint(i)}}}, tail, func(into *slotSet) error {
			looked++
			into.set(uint32(i * 60))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var slots []uint32
		set.words.each(func(slot uint32) bool {
			slots = append(slots, slot)
			return true
		})
		if !slices.Equal(slots, []uint32{uint32(i * 60)}) {
			t.Errorf("of %d: %v", i, slots)
		}
		return looked == before
	}
	for i := range foundMost + 3 {
		if known := ask(i); known {
			t.Errorf("%d is known before it was looked for", i)
		}
		if !ask(0) {
			t.Fatalf("what is used each time is gone after %d", i)
		}
	}
	for i := foundMost + 2; i > 3; i-- {
		if !ask(i) {
			t.Errorf("%d is not known", i)
		}
	}
	if ask(3) {
		t.Error("more is kept than there is room for")
	}
}

// What could not be read is not known, and what was known still is.
func TestFoundSetsFail(t *testing.T) {
	var f foundSets
	name := func(i int) []part { return []part{{terms: termRange{from: fmt.Sprint(i)}}} }
	for i := range 2 * foundMost {
		for _, fails := range []error{ErrDamaged, nil} {
			set, err := f.find(name(i), NewTail(), func(*slotSet) error { return fails })
			if !errors.Is(err, fails) || (set == nil) != (fails != nil) {
				t.Fatalf("%v, %v", set, err)
			}
		}
	}
	if len(f.sets) != foundMost {
		t.Errorf("%d answers are kept", len(f.sets))
	}
}

package fulltext

import (
	"context"
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
	name := func(i int) []part { return []part{{terms: termRange{from: fmt.Sprint(i)}}} }
	var set slotSet
	set.reach(1000)
	for i := range foundMost + 3 {
		set.set(uint32(i * 60))
		f.add(name(i), &set)
		set.clear()
		if !f.use(name(0), func(s *slotSet) {}) {
			t.Fatalf("what is used each time is gone after %d", i)
		}
	}
	for i := range foundMost + 3 {
		known := f.use(name(i), func(s *slotSet) {
			var slots []uint32
			s.words.each(func(slot uint32) bool {
				slots = append(slots, slot)
				return true
			})
			if !slices.Equal(slots, []uint32{uint32(i * 60)}) {
				t.Errorf("of %d: %v", i, slots)
			}
		})
		if want := i == 0 || i > 3; known != want {
			t.Errorf("%d is known: %v", i, known)
		}
	}
}

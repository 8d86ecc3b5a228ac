package fulltext

import (
	"testing"

	"pgregory.net/rapid"
)

// What fold leaves are the first slots of the documents of which any slot was there,
// however long these are and wherever they begin.
func TestFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		widths, slots := drawDocuments(t)
		want := newBitset(slots)
		var continued slotSet
		continued.reach(slots)
		var set slotSet
		set.reach(slots)
		first := uint32(0)
		for _, w := range widths {
			continued.fill(first+1, first+w)
			for _, n := range rapid.SliceOfN(rapid.Uint32Range(0, w-1), 0, 3).Draw(t, "found") {
				set.set(first + n)
				want.set(first)
			}
			first += w
		}
		set.fold(&continued)
		for slot := range slots {
			if set.words.has(slot) != want.has(slot) {
				t.Fatalf("slot %d: %v", slot, set.words.has(slot))
			}
			if w := slot / 64; set.words[w] != 0 && !set.used.has(w) {
				t.Fatalf("word %d is used and not noted", w)
			}
		}
	})
}

// drawDocuments draws how many slots each document has, and all of them together have.
func drawDocuments(t *rapid.T) (widths []uint32, slots uint32) {
	widths = rapid.SliceOfN(rapid.OneOf(rapid.Uint32Range(1, 1), rapid.Uint32Range(1, 5), rapid.Uint32Range(1, 200)), 1, 100).Draw(t, "widths")
	for _, w := range widths {
		slots += w
	}
	return widths, slots
}

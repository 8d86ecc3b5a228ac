package fulltext

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Kinds is a set of up to 16 kinds of documents, whose meaning is the caller's.
type Kinds uint16

// Place is where the caller finds a document again.
type Place struct {
	Conversation string
	Sequence     uint64
}

// Compare orders places by conversation, then by sequence.
func (p Place) Compare(q Place) int {
	if n := strings.Compare(p.Conversation, q.Conversation); n != 0 {
		return n
	}
	return cmp.Compare(p.Sequence, q.Sequence)
}

// Doc is what is indexed of a document.
type Doc struct {
	Place
	Seconds uint32 // its date, since 1970
	From    string // whose it is
	Kinds   Kinds
	Text    *Text
}

// Same reports whether two documents are found by the same.
func (d *Doc) Same(o *Doc) bool {
	return d.Seconds == o.Seconds && d.From == o.From && d.Kinds == o.Kinds && bytes.Equal(d.Text.folded, o.Text.folded) &&
		slices.EqualFunc(d.Text.elements, o.Text.elements, func(a, b element) bool { return a.to == b.to && a.class == b.class })
}

// Terms of filters begin with a byte that no text has.
const (
	filterMark = "\x01"
	filterFrom = filterMark + "s"
	filterKind = filterMark + "k"
	maxFrom    = 64 // bytes; a longer name cannot be searched for
)

// filters reports whether a term is of a filter; its postings are slots then.
func filters(term []byte) bool { return len(term) > 0 && term[0] == filterMark[0] }

func kindTerm(bit int) string { return filterKind + string(rune('a'+bit)) }

// Tail is the index of what came last, in memory. Documents are in the order in
// which they were added.
type Tail struct {
	ids   map[string]int32 // of terms
	terms []string
	posts [][]uint32
	order []int32 // the first terms by their names; the others are looked at one by one
	most  int     // so many others, then they are put in order
	docs  []tailDoc
	at    map[Place]int32 // the live documents
	dates column
	later slotSet // slots that continue a document
	dead  bitset
}

type tailDoc struct {
	Place
	slot, slots uint32
}

// tailUnordered is how many terms of a tail are in no order.
const tailUnordered = 1024

// NewTail returns an empty tail.
func NewTail() *Tail {
	return &Tail{ids: map[string]int32{}, at: map[Place]int32{}, most: tailUnordered}
}

// Docs is how many documents were added, with those that were removed since.
func (t *Tail) Docs() int { return len(t.docs) }

// Slots is how many slots they take, which is what a tail costs.
func (t *Tail) Slots() uint32 { return uint32(len(t.dates.dates)) }

// Has reports whether a document is here.
func (t *Tail) Has(p Place) bool {
	_, ok := t.at[p]
	return ok
}

// Add indexes a document, in place of one that was at its place.
func (t *Tail) Add(d *Doc) {
	t.Remove(d.Place)
	slot, slots := t.Slots(), d.Text.slots()
	t.at[d.Place] = int32(len(t.docs))
	t.docs = append(t.docs, tailDoc{d.Place, slot, slots})
	t.later.grow(slot + slots)
	t.dead = t.dead.grow(slot + slots)
	for i := range slots {
		t.dates.add(d.Seconds)
		if i > 0 {
			t.later.set(slot + i)
		}
	}
	for i := range d.Text.elements {
		if term := d.Text.term(i); term != nil {
			t.post(term, slot*slotPositions+uint32(i))
		}
	}
	if len(d.From) <= maxFrom {
		t.post([]byte(filterFrom+d.From), slot)
	}
	for bit := range 16 {
		if d.Kinds&(1<<bit) != 0 {
			t.post([]byte(kindTerm(bit)), slot)
		}
	}
	if len(t.terms)-len(t.order) > t.most {
		t.order = t.ordered()
	}
}

// ordered returns all terms by their names.
func (t *Tail) ordered() []int32 {
	fresh := make([]int32, 0, len(t.terms)-len(t.order))
	for id := len(t.order); id < len(t.terms); id++ {
		fresh = append(fresh, int32(id))
	}
	slices.SortFunc(fresh, func(a, b int32) int { return strings.Compare(t.terms[a], t.terms[b]) })
	order := make([]int32, 0, len(t.terms))
	for _, id := range t.order {
		for len(fresh) > 0 && t.terms[fresh[0]] < t.terms[id] {
			order, fresh = append(order, fresh[0]), fresh[1:]
		}
		order = append(order, id)
	}
	return append(order, fresh...)
}

func (t *Tail) post(term []byte, p uint32) {
	id, ok := t.ids[string(term)]
	if !ok {
		id = int32(len(t.terms))
		name := string(term)
		t.ids[name] = id
		t.terms, t.posts = append(t.terms, name), append(t.posts, nil)
	}
	t.posts[id] = append(t.posts[id], p)
}

// Remove makes a document not be found any more; false if it is not here.
func (t *Tail) Remove(p Place) bool {
	i, ok := t.at[p]
	if !ok {
		return false
	}
	delete(t.at, p)
	t.dead.set(t.docs[i].slot)
	return true
}

// Places are those of the live documents, in no order.
func (t *Tail) Places() []Place {
	list := make([]Place, 0, len(t.at))
	for p := range t.at {
		list = append(list, p)
	}
	return list
}

// Implementation of source.

func (t *Tail) slots() uint32       { return t.Slots() }
func (t *Tail) column() *column     { return &t.dates }
func (t *Tail) gone() bitset        { return t.dead }
func (t *Tail) continued() *slotSet { return &t.later }
func (t *Tail) found() *foundSets   { return nil }

func (t *Tail) place(slot uint32) Place {
	i, _ := slices.BinarySearchFunc(t.docs, slot, func(d tailDoc, slot uint32) int {
		switch {
		case d.slot+d.slots <= slot:
			return -1
		case d.slot > slot:
			return 1
		}
		return 0
	})
	return t.docs[i].Place
}

func (t *Tail) of(conversation string, set *slotSet) {
	for i := range t.docs {
		if t.docs[i].Conversation == conversation {
			set.set(t.docs[i].slot)
		}
	}
}

func (t *Tail) scan(_ PageReader, r termRange, _ *scratch, f func([]uint32)) error {
	if r.exact() {
		if id, ok := t.ids[r.from]; ok {
			f(t.posts[id])
		}
		return nil
	}
	at := sort.Search(len(t.order), func(i int) bool { return t.terms[t.order[i]] >= r.from })
	for _, id := range t.order[at:] {
		if !r.has(t.terms[id]) {
			break
		}
		f(t.posts[id])
	}
	for id, term := range t.terms[len(t.order):] {
		if r.has(term) {
			f(t.posts[len(t.order)+id])
		}
	}
	return nil
}

func (t *Tail) mark(read PageReader, r termRange, bits uint, set *slotSet) error {
	return t.scan(read, r, nil, func(posts []uint32) {
		for _, at := range posts {
			set.set(at >> bits)
		}
	})
}

package fulltext

import (
	"context"
	"strings"
	"testing"
)

// FuzzText looks for any words in any text: the index and looking agree, and
// highlights are parts of the text.
func FuzzText(f *testing.F) {
	f.Add("好 caf", "好好学习 Café")
	f.Add("\"a b\"c", "a, b c\u0301\xff👍🏽")
	f.Add(strings.Repeat("x", 90), strings.Repeat("x", 91))
	f.Fuzz(func(t *testing.T, words, text string) {
		if len(text) > 20_000 {
			return
		}
		q := Query{}
		var large bool
		if q.Words, _, large = ParseWords(words); large || len(q.Words) == 0 {
			return
		}
		yes := found(t, words, text)
		list, _ := q.Highlights(text)
		if yes != (len(list) > 0) && yes {
			t.Fatalf("%q in %q is not to be seen", words, text)
		}
		last := -1
		for _, r := range list {
			if r.Start <= last || r.End <= r.Start || r.End > len(text) {
				t.Fatalf("highlights %v of %d bytes", list, len(text))
			}
			last = r.End
		}
	})
}

// FuzzSegment gives a segment pages from outside: no panic, and no more memory
// than they have bytes for.
func FuzzSegment(f *testing.F) {
	lib := &library{pages: map[string][]byte{}}
	tail := NewTail()
	for i := range 40 {
		tail.Add(&Doc{Place: Place{"C2Cbob", uint64(i + 1)}, Seconds: uint32(i), From: "bob", Kinds: 1, Text: Analyse(strings.Repeat("你好 hello ", i))})
	}
	id, write := lib.writer()
	plan := PlanTail(id, tail)
	plan.FrequentDocs = 2
	m, err := plan.Write(context.Background(), nil, write)
	if err != nil {
		f.Fatal(err)
	}
	get := func(s Section) []byte {
		page, err := lib.read(id, s, 0)
		if err != nil {
			f.Fatal(err)
		}
		return page
	}
	f.Add(get(Terms), get(Dates), get(Directory), get(Frequent), uint16(m.Slots), uint16(m.Docs))
	f.Add([]byte{0, 1, 'a', 1, 0}, []byte{2}, []byte{0, 0}, []byte{}, uint16(1), uint16(1))
	words, _, _ := ParseWords("你好 h \"你好 hello\"")
	f.Fuzz(func(t *testing.T, terms, dates, directory, frequent []byte, slots, docs uint16) {
		read := func(_ uint32, s Section, _ uint32) ([]byte, error) {
			return map[Section][]byte{Terms: terms, Dates: dates, Directory: directory, Frequent: frequent}[s], nil
		}
		summary := Summary{ID: 1, Docs: uint64(docs), Slots: uint32(slots), Pages: [4]uint32{1, 1, 1, 1}}
		g, err := Load(summary, read)
		if err != nil {
			summary.Pages[3] = 0
			if g, err = Load(summary, read); err != nil {
				return
			}
		}
		q := Query{Words: words, From: "bob", Conversation: "C2Cbob", Kinds: 1}
		_, _, _ = q.Run(context.Background(), []Source{g}, OneReader(read), 0, 10)
		_, _, _ = (&Query{}).Run(context.Background(), []Source{g}, OneReader(read), 0, 10)
		for _, word := range words {
			_, _, _ = (&Query{Words: []Phrase{word}}).Run(context.Background(), []Source{g}, OneReader(read), 0, 10)
		}
		plan := PlanMerge(2, 1, []*Segment{g})
		plan.FrequentDocs = 1
		m, err := plan.Write(context.Background(), read, func(Section, uint32, []byte) error { return nil })
		if err == nil && m.Docs != g.Docs {
			t.Fatalf("%d documents became %d", g.Docs, m.Docs)
		}
	})
}

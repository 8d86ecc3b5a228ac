package fulltext

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// found reports whether words typed by a person find a text, by the index and by
// looking.
func found(t *testing.T, words, text string) bool {
	t.Helper()
	q := Query{}
	var large bool
	q.Words, _, large = ParseWords(words)
	if large {
		t.Fatalf("%.40q is too large", words)
	}
	tail := NewTail()
	tail.Add(&Doc{Place: Place{"C2Cbob", 1}, Text: Analyse(text)})
	hits, _, err := q.Run(context.Background(), []Source{tail}, OneReader(nil), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if byLooking := fits(&q, text); byLooking != (len(hits) == 1) {
		t.Fatalf("%q in %q: %v by looking, %d by the index", words, text, byLooking, len(hits))
	}
	return len(hits) == 1
}

// fits reports whether a text has all words of a query, by looking.
func fits(q *Query, text string) bool {
	_, ok := q.Highlights(text)
	return ok
}

func TestWhatFindsWhat(t *testing.T) {
	for _, c := range []struct {
		text, yes, no string // queries, separated by |
	}{
		{"明天下午三点开会，别忘了", "明|天|了|明天|天下|三点开|明天下午三点开会|会，别|“会，别忘”|开会 别忘|别忘 明天|会,别", "后天|明下|开会别|会别|了明"},
		{"I'm going to the café in Zürich", "caf|CAFE|café|zuri|going to|\"going to the\"|Ｃａｆｅ|i'm|zürich i", "afe|urich|\"to going\"|goingto|cafés"},
		{"买iPhone15了吗", "买|iphone|iphone15|买iph|买iPhone15了", "phone|买了|iphone1了|15了吗"},
		{"Straße, smørrebrød, Łódź, İstanbul, œuvre", "strasse|STRASSE|smorre|lodz|istanbul|oeuvre", "stase"},
		{"👍🏽 ❤️ 👨‍👩‍👧", "👍|❤|❤️|👩|👍🏽|👨‍👩‍👧", "👎|👩👨"},
		{"example.com/a_b?x=1", "example.com|exam|com/a|\"a b\"|x=1|/a_b", "ample|\"b a\"|\"com b\""},
		{"한국어 カタカナ ひらがな", "한|국어|タカ|がな|한국어 ひ", "한어|ナひ"},
		{"cafe\u0301 한국", "café|cafe|한국", "cafef"}, // letters and accents apart
		{"Ελλάς ΟΔΟΣ", "ελλάς|ελλάσ|οδος|οδοσ", "ελλας"},
		{strings.Repeat("x", 100) + "y", strings.Repeat("x", 100) + "|" + strings.Repeat("x", 41), strings.Repeat("x", 100) + "z|" + strings.Repeat("x", 102)},
		{"AB,CD", "ab,cd|ab cd|\"ab cd\"", "abcd"},
		{"你好吗", "你好吗|好吗|吗", "你吗|\u0000好你"},
	} {
		for _, q := range strings.Split(c.yes, "|") {
			if !found(t, q, c.text) {
				t.Errorf("%q does not find %q", q, c.text)
			}
		}
		for _, q := range strings.Split(c.no, "|") {
			if found(t, q, c.text) {
				t.Errorf("%q finds %q", q, c.text)
			}
		}
	}
}

func TestHostileQueries(t *testing.T) {
	for _, q := range []string{strings.Repeat("好", 3000), strings.Repeat("a ", 500), strings.Repeat("\"", 1025), strings.Repeat("一", 129)} {
		if _, _, large := ParseWords(q); !large {
			t.Errorf("%.20q of %d bytes is accepted", q, len(q))
		}
	}
	for _, q := range []string{"!!!", "\"\"", "。，", "\x00\x01", "\xff\xfe", "\u200d"} {
		words, nothing, large := ParseWords(q)
		if len(words) > 0 || large || !nothing && strings.Trim(q, "\"") != "" {
			t.Errorf("%q: %v, %v, %v", q, words, nothing, large)
		}
	}
	if words, nothing, _ := ParseWords(" \n\t "); len(words) > 0 || nothing {
		t.Error("spaces are no text")
	}
	if words, _, _ := ParseWords("a a A \"a\""); len(words) != 1 {
		t.Errorf("a word four times is %d words", len(words))
	}
}

func TestHighlights(t *testing.T) {
	for _, c := range []struct{ query, text, want string }{
		{"caf", "Le Café et le cafetier", "Le [Caf]é et le [caf]etier"},
		{"好", "好好学习，你好", "[好好]学习，你[好]"},
		{"学习 你", "好好学习，你好", "好好[学习]，[你]好"},
		{"\"b c\"", "a  b, c d", "a  [b, c] d"},
		{"strasse", "Die Straßen", "Die [Straße]n"},
		{"cafe", "cafe\u0301s", "[cafe\u0301]s"},
		{"👍", "ok 👍🏽!", "ok [👍]🏽!"},
	} {
		var q Query
		q.Words, _, _ = ParseWords(c.query)
		var b strings.Builder
		at := 0
		places, _ := q.Highlights(c.text)
		for _, r := range places {
			b.WriteString(c.text[at:r.Start] + "[" + c.text[r.Start:r.End] + "]")
			at = r.End
		}
		b.WriteString(c.text[at:])
		if b.String() != c.want {
			t.Errorf("%q in %q: %q, want %q", c.query, c.text, b.String(), c.want)
		}
	}
}

// library keeps segments as a store does.
type library struct {
	pages map[string][]byte
	ids   uint32
}

func (l *library) read(segment uint32, s Section, n uint32) ([]byte, error) {
	p, ok := l.pages[fmt.Sprint(segment, s, n)]
	if !ok {
		return nil, ErrDamaged
	}
	return p, nil
}

func (l *library) writer() (uint32, PageWriter) {
	l.ids++
	id := l.ids
	return id, func(s Section, n uint32, page []byte) error {
		if len(page) > PageBytes {
			return fmt.Errorf("a page of %d bytes", len(page))
		}
		l.pages[fmt.Sprint(id, s, n)] = page
		return nil
	}
}

var alphabet = []string{"好", "你", "我", "的", "a", "b", "ab", "ba", "é", "E", " ", " ", ",", "。", "👍", "1", strings.Repeat("long", 12)}

func someText(max int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, max).Draw(t, "text"), "")
	})
}

// Whatever is added, replaced, removed, flushed and merged, a query finds what
// looking at every document finds, in the same order.
func TestAgainstLooking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type doc struct {
			text    string
			from    string
			kinds   Kinds
			seconds uint32
		}
		truth := map[Place]doc{}
		lib := &library{pages: map[string][]byte{}}
		fresh := func() *Tail {
			tail := NewTail()
			tail.most = 5
			return tail
		}
		tail := fresh()
		few := rapid.Uint64Range(1, 5).Draw(t, "few")
		var segments []*Segment
		remove := func(p Place) {
			if tail.Remove(p) {
				return
			}
			for _, g := range segments {
				if slot, ok := g.Find(p); ok {
					g.Kill(slot)
				}
			}
		}
		load := func(m *Segment) *Segment {
			g, err := Load(m.Summary, lib.read)
			if err != nil {
				t.Fatal(err)
			}
			return g
		}
		somePlace := rapid.Custom(func(t *rapid.T) Place {
			return Place{rapid.SampledFrom([]string{"C2Ca", "C2Cb", "GROUPc"}).Draw(t, "conv"), rapid.Uint64Range(1, 40).Draw(t, "seq")}
		})
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				for range rapid.IntRange(1, 20).Draw(t, "n") {
					p := somePlace.Draw(t, "place")
					d := doc{someText(rapid.SampledFrom([]int{8, 90, 250}).Draw(t, "long")).Draw(t, "text"), rapid.SampledFrom([]string{"x", "y"}).Draw(t, "from"),
						Kinds(rapid.IntRange(0, 3).Draw(t, "kinds")), rapid.Uint32Range(0, 50).Draw(t, "at")}
					remove(p)
					tail.Add(&Doc{Place: p, Seconds: d.seconds, From: d.from, Kinds: d.kinds, Text: Analyse(d.text)})
					truth[p] = d
				}
			},
			"remove": func(t *rapid.T) {
				p := somePlace.Draw(t, "place")
				remove(p)
				delete(truth, p)
			},
			"flush": func(t *rapid.T) {
				id, write := lib.writer()
				plan := PlanTail(id, tail)
				plan.FrequentDocs = few
				m, err := plan.Write(context.Background(), nil, write)
				if err != nil {
					t.Fatal(err)
				}
				segments, tail = append(segments, load(m)), fresh()
			},
			"merge": func(t *rapid.T) {
				if len(segments) == 0 {
					t.Skip()
				}
				n := rapid.IntRange(1, len(segments)).Draw(t, "n")
				id, write := lib.writer()
				plan := PlanMerge(id, 1, segments[:n])
				plan.FrequentDocs = few
				m, err := plan.Write(context.Background(), lib.read, write)
				if err != nil {
					t.Fatal(err)
				}
				segments = append([]*Segment{load(m)}, segments[n:]...)
			},
			"": func(t *rapid.T) {
				q := Query{
					Conversation: rapid.SampledFrom([]string{"", "", "C2Ca", "GROUPc", "no"}).Draw(t, "in"),
					From:         rapid.SampledFrom([]string{"", "", "x", "z"}).Draw(t, "from"),
					Kinds:        Kinds(rapid.SampledFrom([]int{0, 0, 1, 3}).Draw(t, "kinds")), NoKinds: Kinds(rapid.SampledFrom([]int{0, 0, 2}).Draw(t, "no")),
					Since: rapid.SampledFrom([]uint32{0, 0, 20}).Draw(t, "since"), Until: rapid.SampledFrom([]uint32{0, 0, 30}).Draw(t, "until"),
				}
				q.Words, _, _ = ParseWords(someText(4).Draw(t, "query"))
				var want []Hit
				for p, d := range truth {
					if fits(&q, d.text) && (q.Conversation == "" || p.Conversation == q.Conversation) && (q.From == "" || d.from == q.From) &&
						(q.Kinds == 0 || d.kinds&q.Kinds != 0) && d.kinds&q.NoKinds == 0 && d.seconds >= q.Since && (q.Until == 0 || d.seconds <= q.Until) {
						want = append(want, Hit{p, d.seconds})
					}
				}
				slices.SortFunc(want, func(a, b Hit) int {
					switch {
					case a.Seconds != b.Seconds:
						return int(b.Seconds) - int(a.Seconds)
					case a.Conversation != b.Conversation:
						return strings.Compare(a.Conversation, b.Conversation)
					}
					return int(b.Sequence) - int(a.Sequence)
				})
				skip, limit := rapid.IntRange(0, 3).Draw(t, "skip"), rapid.IntRange(0, 10).Draw(t, "limit")
				sources := []Source{tail}
				for _, g := range segments {
					sources = append(sources, g)
				}
				got, total, err := q.Run(context.Background(), sources, OneReader(lib.read), skip, limit)
				if err != nil {
					t.Fatal(err)
				}
				page := want[min(skip, len(want)):]
				if page = page[:min(limit, len(page))]; int(total) != len(want) || !slices.Equal(got, page) {
					t.Fatalf("%+v: %d hits %v, want %d, %v", q, total, got, len(want), page)
				}
			},
		})
	})
}

// Most blocks of a segment are counted without a look at their dates: what is found
// is the same, whatever order the dates are in.
func TestBlocksAgainstLooking(t *testing.T) {
	lib := &library{pages: map[string][]byte{}}
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"often", "seldom", "often seldom"}
	var all []Doc
	texts := map[Place]string{}
	var sources []Source
	n := 0
	for range 3 { // segments, and a tail
		tail := NewTail()
		for range 2500 {
			n++
			text := words[min(r.IntN(20), 2)]
			if r.IntN(100) == 0 {
				text += strings.Repeat(" long", 100)
			}
			d := Doc{Place: Place{fmt.Sprint("C2C", r.IntN(5)), uint64(n)}, Seconds: uint32(n/7 + r.IntN(50)), Text: Analyse(text)}
			tail.Add(&d)
			all = append(all, d)
			texts[d.Place] = text
		}
		sources = append(sources, tail)
		if len(sources) == 3 {
			break
		}
		id, write := lib.writer()
		plan := PlanTail(id, tail)
		plan.FrequentDocs = 100
		g, err := plan.Write(t.Context(), nil, write)
		if err != nil {
			t.Fatal(err)
		}
		if g, err = Load(g.Summary, lib.read); err != nil {
			t.Fatal(err)
		}
		for range 50 * len(sources) % 100 { // nothing of the second
			if slot := uint32(r.IntN(int(g.Slots))); !g.later.words.has(slot) && !g.dead.has(slot) {
				gone := g.place(slot)
				g.Kill(slot)
				all = slices.DeleteFunc(all, func(d Doc) bool { return d.Place == gone })
			}
		}
		sources[len(sources)-1] = g
	}
	for _, q := range []Query{{}, {Since: 400}, {Until: 800}, {Since: 500, Until: 520}, {Conversation: "C2C3"}} {
		for _, word := range []string{"often", "seldom", "se", "often seldom", "long", "none"} {
			for _, skip := range []int{0, 300, 3000} {
				q.Words, _, _ = ParseWords(word)
				var want []Hit
				for _, d := range all {
					if fits(&q, texts[d.Place]) && (q.Conversation == "" || d.Conversation == q.Conversation) && d.Seconds >= q.Since && (q.Until == 0 || d.Seconds <= q.Until) {
						want = append(want, Hit{d.Place, d.Seconds})
					}
				}
				slices.SortFunc(want, func(a, b Hit) int {
					return cmp.Or(cmp.Compare(b.Seconds, a.Seconds), cmp.Compare(a.Conversation, b.Conversation), cmp.Compare(b.Sequence, a.Sequence))
				})
				got, total, err := q.Run(t.Context(), sources, OneReader(lib.read), skip, 20)
				if err != nil {
					t.Fatal(err)
				}
				page := want[min(skip, len(want)):]
				if page = page[:min(20, len(page))]; int(total) != len(want) || !slices.Equal(got, page) {
					t.Fatalf("%q %+v from %d: %d hits %v, want %d, %v", word, q, skip, total, got, len(want), page)
				}
			}
		}
	}
}

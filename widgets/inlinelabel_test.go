package widgets

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// What the list says of a message shows emoji as the message does, in one line
// that ends where the row does.
func TestEmojiInPreviews(t *testing.T) {
	l := newListed(t, people()).ConversationList
	look := func(preview string, width float32) (words string, pictures int) {
		row := newListRow(l)
		row.preview.set(preview)
		row.preview.place(row, 0, 0, theme.LineHeight, width)
		for _, o := range row.preview.shown {
			switch o := o.(type) {
			case *canvas.Text:
				words += o.Text + "|"
			case *canvas.Image:
				pictures++
				if o.Image == nil {
					t.Errorf("%q: an empty picture", preview)
				}
			}
			if end := o.Position().X + o.Size().Width; end > width+1 {
				t.Errorf("%q ends at %g of %g", preview, end, width)
			}
		}
		return words, pictures
	}
	for _, c := range []struct {
		preview, words string
		width          float32
		pictures       int
	}{
		{"", "", 200, 0},
		{"no emoji", "no emoji|", 200, 0},
		{"a 🎉 b", "a | b|", 200, 1},
		{"🎉👍🏽", "", 200, 2},
		{"[微笑] ok", "[微笑] ok|", 200, 0}, // as it was written
		{"🎉🎉🎉🎉", "…|", 50, 2},
	} {
		if words, pictures := look(c.preview, c.width); words != c.words || pictures != c.pictures {
			t.Errorf("%q: %q and %d pictures, want %q and %d", c.preview, words, pictures, c.words, c.pictures)
		}
	}
}

// What is written from right to left stands in the list as it does in the messages: a
// number behind Arabic is to the left of it, and a comma between Hebrew and English stays
// between the two.
func TestRightToLeftInPreviews(t *testing.T) {
	l := newListed(t, people()).ConversationList
	for _, c := range []struct {
		preview, want string // from left to right
	}{
		{"هل وصلت؟ 2048", "2048 ؟ وصلت هل"},
		{"at 5, מחר", "at 5, מחר"},
		{"מחר, at the office", "at the office , מחר"},
	} {
		row := newListRow(l)
		row.preview.set(c.preview)
		row.preview.place(row, 0, 0, theme.LineHeight, 400)
		var texts []*canvas.Text
		for _, o := range row.preview.shown {
			texts = append(texts, o.(*canvas.Text))
		}
		slices.SortFunc(texts, func(a, b *canvas.Text) int { return cmp.Compare(a.Position().X, b.Position().X) })
		var got []string
		for _, text := range texts {
			got = append(got, text.Text)
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%q stands as %q, want %q", c.preview, got, c.want)
		}
	}
}

package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// Emoji in names look as they do in messages, families and flags included, wherever a name
// stands; they are where the avatar has nothing else to show.
func TestGoldenEmojiInNames(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"emoji-names-light": theme.Light, "emoji-names-dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			rows := rowsOf{
				{ID: "C2C1", Avatar: "1", Name: "Emma 🌸", Time: "10:42", Preview: "🎉 see you"},
				{ID: "C2C2", Avatar: "2", Name: "👩‍👩‍👧‍👦 一家人 🇩🇪", Time: "10:40", Preview: "好"},
				{ID: "C2C3", Avatar: "3", Name: "🌸", Time: "10:40", Preview: "only that", Online: true},
				{ID: "C2C4", Avatar: "4", Name: "A long name with hearts ❤️❤️❤️ and more of them ❤️❤️", Time: "Yesterday", Preview: "x", Pinned: true},
				{ID: "C2C5", Avatar: "5", Name: "found 🌸 here", Time: "9:00", Preview: "x", NameMark: Span{From: 0, To: 5}},
			}
			test.NewTempApp(t).Settings().SetTheme(theme.New(mode))
			l := NewConversationList(rows)
			head := newTitleButton(nil)
			head.set("1", "Emma 🌸", "🌸 in the garden", true)
			quote := newQuotePane("Close", nil)
			quote.name.set("Emma 🌸")
			quote.text.set("of the 🌸 she said …")
			hint := newTextArea()
			hint.setHint("Message Emma 🌸")
			w := newWindow(t, NewStack(
				Item{Object: head},
				Item{Object: NewPersonRow(Person{ID: "2", Name: "👩‍👩‍👧‍👦 一家人", Note: "owner"}, nil)},
				Item{Object: quote},
				Item{Object: hint},
				Item{Object: NewParagraph("Emma 🌸 brought 👩‍👩‍👧‍👦 into the group, and a line that goes on 🇩🇪 until it wraps", theme.Ink, theme.TextSize, fyne.TextAlignCenter)},
				Item{Object: l},
			))
			w.SetPadded(false)
			w.Resize(fyne.NewSize(300, 560))
			l.Resize(fyne.NewSize(300, 310))
			golden(t, w, name)
		})
	}
}

// right is where what is drawn ends.
func (l *inlineLabel) right() (x float32) {
	for _, o := range l.shown {
		x = max(x, o.Position().X+o.Size().Width)
	}
	return x
}

// What was searched for is marked as far as a name is shown, wherever that is cut off.
func TestMarksInCutNames(t *testing.T) {
	withTheme(t)
	const name = "Alexandra Constantinopoulos"
	l := newName(theme.TextSize, true)
	l.set(name)
	l.marks[0] = Span{From: 2, To: len(name)}
	for width := float32(40); width < 200; width++ {
		end := l.place(nil, 0, 0, theme.LineHeight, width)
		ground, ok := l.shown[0].(*canvas.Rectangle)
		if !ok {
			t.Fatalf("%g wide: %d things and no mark", width, len(l.shown))
		}
		if right := ground.Position().X + ground.Size().Width; right > end-l.face.Width("…")+1 {
			t.Fatalf("%g wide: the mark ends at %g, the letters at %g", width, right, end-l.face.Width("…"))
		}
	}
}

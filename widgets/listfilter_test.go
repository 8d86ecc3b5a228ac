package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

func newFilter(value string) *ListFilter {
	return NewListFilter(value, Option{Value: "", Label: "All"}, Option{Value: "unread", Label: "Unread"},
		Option{Value: "groups", Label: "Groups"}, Option{Value: "people", Label: "People"})
}

func TestFilterByPointer(t *testing.T) {
	f := newFilter("")
	f.SetCount("unread", 12)
	var chosen []string
	f.OnChanged = func(v string) { chosen = append(chosen, v) }
	w := window(t, theme.Light, f, theme.ListWidth, FilterHeight)
	tap := func(i int) { test.TapCanvas(w.Canvas(), fyne.NewPos(f.options[i].x+f.options[i].w/2, FilterHeight/2)) }
	tap(1)
	tap(1) // it is chosen already
	tap(3)
	tap(0)
	test.TapCanvas(w.Canvas(), fyne.NewPos(theme.ListWidth-2, FilterHeight/2)) // beside them
	if fmt.Sprint(chosen) != "[unread people ]" || f.Value() != "" {
		t.Errorf("chosen %q", chosen)
	}
	over := &desktop.MouseEvent{}
	over.Position = fyne.NewPos(f.options[2].x+3, 5)
	f.MouseIn(over)
	if f.Cursor() != desktop.PointerCursor || f.options[2].back.FillColor != theme.Color(theme.Hover) {
		t.Error("what is under the pointer does not show it")
	}
	f.MouseOut()
	if f.Cursor() != desktop.DefaultCursor || f.options[2].back.FillColor != theme.Color(theme.Panel) {
		t.Error("it still shows it")
	}
}

func TestFilterByKeyboard(t *testing.T) {
	f := newFilter("people")
	var chosen []string
	down := 0
	f.OnChanged = func(v string) { chosen = append(chosen, v) }
	f.OnDown = func() { down++ }
	w := window(t, theme.Light, f, theme.ListWidth, FilterHeight)
	w.Canvas().Focus(f)
	if f.options[3].back.StrokeWidth == 0 || f.options[0].back.StrokeWidth != 0 {
		t.Error("the chosen one does not show that the row has the keyboard")
	}
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyLeft, fyne.KeySpace, fyne.KeyHome, fyne.KeyLeft, fyne.KeyRight, fyne.KeyEnd, fyne.KeyDown} {
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if fmt.Sprintf("%q", chosen) != `["groups" "" "unread" "people"]` || down != 1 {
		t.Errorf("chosen %q, down %d times", chosen, down)
	}
}

// A value of a later version is not known: everything is shown then.
func TestFilterThatIsNotKnown(t *testing.T) {
	if f := newFilter("archived"); f.Value() != "" {
		t.Errorf("%q is chosen", f.Value())
	}
}

func TestFilterCounts(t *testing.T) {
	f := newFilter("")
	window(t, theme.Light, f, theme.ListWidth, FilterHeight)
	for n, want := range map[int]string{0: "", 1: "1", 999: "999", 1000: "999+"} {
		f.SetCount("unread", n)
		f.SetCount("nobody", n)
		if got := f.options[1].count.full; got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	end := f.options[3].x + f.options[3].w
	if end > theme.ListWidth-filterLeft {
		t.Errorf("with the largest count the row ends at %.0f", end)
	}
}

// Choosing moves nothing, and where there is no room the words give way.
func TestFilterPlaces(t *testing.T) {
	f := newFilter("")
	w := window(t, theme.Light, f, theme.ListWidth, FilterHeight)
	before := f.options[3].x
	f.SetCount("unread", 0)
	f.choose(1)
	if f.options[3].x != before {
		t.Errorf("the last option moved from %.0f to %.0f", before, f.options[3].x)
	}
	for i, o := range f.options {
		f.choose(i)
		if o.bold.line.Hidden || o.bold.line.Text != o.bold.full {
			t.Errorf("the chosen option %d says %q", i, o.bold.line.Text)
		}
	}
	w.Resize(fyne.NewSize(200, FilterHeight))
	for i, o := range f.options {
		for _, l := range []*label{o.plain, o.bold} {
			if right := l.line.Position().X + l.line.MinSize().Width; !l.line.Hidden && right > o.x+o.w {
				t.Errorf("the words of option %d go over its edge", i)
			}
		}
	}
}

func TestLookFilter(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		rows := container.New(&column{})
		for i, value := range []string{"", "unread", "groups", "people"} {
			f := newFilter(value)
			f.SetCount("unread", []int{0, 3, 120, 5000}[i])
			f.over = i - 2 // none for the first ones
			f.focused = i == 3
			rows.Add(f)
		}
		chinese := NewListFilter("unread", Option{Value: "", Label: "全部"}, Option{Value: "unread", Label: "未读"},
			Option{Value: "groups", Label: "群聊"}, Option{Value: "people", Label: "单聊"})
		chinese.SetCount("unread", 12)
		rows.Add(chinese)
		golden(t, window(t, mode, container.NewStack(ground(theme.Panel), rows), theme.ListWidth, 5*FilterHeight+4), "listfilter"+suffix)
	})
}

func ground(colour fyne.ThemeColorName) fyne.CanvasObject {
	g := box(0)
	g.FillColor = theme.Color(colour)
	return g
}

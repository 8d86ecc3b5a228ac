package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"magpie/widgets"
	"magpie/widgets/theme"
)

// shades are how many shades of rows a list shows.
func shades(l *widgets.ConversationList) (n int) {
	var count func(o fyne.CanvasObject)
	count = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Rectangle:
			if o.FillColor == theme.Color(theme.Line) && o.CornerRadius == theme.AvatarLargeRadius {
				n++
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				count(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				count(child)
			}
		}
	}
	count(l)
	return n
}

// While the list is read it shows shades of rows, never a blank or that there is
// nothing; with the rows they go. They do not move, so that there is nothing to stop
// for those who want no motion.
func TestListShowsShadesWhileItIsRead(t *testing.T) {
	u := begin(t, t.TempDir())
	u.start()
	u.until("the list", func() bool { return u.a.main.index("C2Cecho") >= 0 })
	var before *mainScreen
	turns, shaded := 0, 0
	u.do(func() {
		before = u.a.main
		if n := shades(before.list); n > 0 {
			t.Errorf("%d shades beside the rows", n)
		}
		u.loop.took = func(time.Duration) {
			m := u.a.main
			if m == nil || m == before {
				return
			}
			turns++
			switch n := shades(m.list); {
			case len(m.rows) == 0 && n == 0:
				t.Error("the list is blank")
			case len(m.rows) == 0:
				shaded++
			case n > 0:
				t.Errorf("%d shades stay with the rows", n)
			}
		}
	})
	u.do(func() { u.a.setLanguage("zh-Hans") }) // another main screen, that reads the list again
	u.until("the list is back", func() bool { return u.a.main != before && u.a.main.index("C2Cecho") >= 0 })
	u.do(func() { u.loop.took = nil })
	if shaded == 0 {
		t.Errorf("no shades in %d turns", turns)
	}
	u.end()
}

// A narrow window, often one without a keyboard, says no keys in its field.
func TestSearchFieldOfANarrowWindow(t *testing.T) {
	u := begin(t, t.TempDir())
	u.start()
	u.sees("Search  " + tipKeys("shortcut.find", false))
	u.do(func() {
		u.a.main.showColumn(columnList)
		u.a.window.Resize(fyne.NewSize(480, 600))
	})
	u.misses(tipKeys("shortcut.find", false))
	u.sees("Search")
	u.do(func() { u.a.window.Resize(fyne.NewSize(1120, 600)) })
	u.sees("Search  " + tipKeys("shortcut.find", false))
	u.end()
}

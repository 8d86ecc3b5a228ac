package app

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// stop is something that has the keyboard on a walk with Tab.
type stop struct {
	kind string // of widget
	at   fyne.Position
	size fyne.Size
	seen bool // that it has the keyboard
}

// walk goes once around with Tab.
func (u *person) walk() (stops []stop) {
	u.do(func() {
		c := u.a.window.Canvas()
		c.Unfocus()
		var first fyne.Focusable
		for range 100 {
			c.FocusNext()
			f := c.Focused()
			if f == nil || f == first {
				return
			}
			if first == nil {
				first = f
			}
			o := f.(fyne.Widget)
			kind := fmt.Sprintf("%T", f)
			s := stop{kind[strings.LastIndex(kind, ".")+1:], fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size(), focusShown(o)}
			stops = append(stops, s)
		}
		u.t.Error("Tab does not come back to where it began")
	})
	return stops
}

// focusShown reports whether o, or what is drawn in it, has the ring or the caret of
// what has the keyboard.
func focusShown(o fyne.CanvasObject) bool {
	if !o.Visible() {
		return false
	}
	switch o := o.(type) {
	case *canvas.Rectangle:
		return o.StrokeWidth == theme.RingWidth || o.FillColor == theme.Color(theme.Accent) && o.Size().Width == theme.CursorWidth
	case *fyne.Container:
		for _, child := range o.Objects {
			if focusShown(child) {
				return true
			}
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			if focusShown(child) {
				return true
			}
		}
	}
	return false
}

func (u *person) kinds(stops []stop) string {
	var kinds []string
	for _, s := range stops {
		kinds = append(kinds, s.kind)
	}
	return strings.Join(kinds, " ")
}

// seesEachStop fails for those that are not on the screen, or do not show that they
// have the keyboard.
func (u *person) seesEachStop(where string, stops []stop) {
	u.t.Helper()
	var size fyne.Size
	u.do(func() { size = u.a.window.Canvas().Size() })
	for i, s := range stops {
		if s.at.X < -1 || s.at.Y < 0 || s.at.X+s.size.Width > size.Width+1 || s.at.Y+min(s.size.Height, theme.RowHeight) > size.Height {
			u.t.Errorf("%s: stop %d, a %s, is at %v, %v large, in a window of %v", where, i, s.kind, s.at, s.size, size)
		}
		if !s.seen {
			u.t.Errorf("%s: stop %d, a %s at %v, does not show that it has the keyboard", where, i, s.kind, s.at)
		}
	}
}

// With Tab alone one comes to everything, in the order in which one reads, and sees
// where one is, also in what has to be scrolled for it.
func TestWalkWithTab(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	u.makeGroup("Choir", "Work group")
	u.do(func() {
		u.a.window.Resize(fyne.NewSize(1120, 420)) // too low for the panel
		u.a.main.showInfo()
	})
	u.sees("1 member")
	u.until("the members are known", func() bool { return u.a.main.panel.list.Len() == 1 })
	stops := u.walk()
	u.seesEachStop("main", stops)
	for _, area := range []string{
		"avatarButton searchButton IconButton ListFilter ConversationList titleButton IconButton IconButton Canvas ",
		" textArea ",
		"PanelRow PanelRow",
		"Link MemberList PanelRow",
	} {
		if all := u.kinds(stops); !strings.Contains(all, area) {
			t.Errorf("the walk is %s, want in it %s", all, area)
		}
	}
	for _, s := range []struct {
		name  string
		open  func(*mainScreen)
		least int
	}{
		{"new chat", (*mainScreen).newChat, 3},
		{"new group", (*mainScreen).newGroup, 4},
		{"profile", (*mainScreen).editProfile, 5},
		{"settings", func(m *mainScreen) { m.openSettings("settings.appearance") }, 4},
		{"privacy", func(m *mainScreen) { m.openSettings("settings.privacy") }, 3},
		{"search", (*mainScreen).find, 3},
	} {
		u.do(func() { s.open(u.a.main) })
		u.untilScreen(s.name, func() bool { return u.a.window.Canvas().Overlays().Top() != nil })
		stops := u.walk()
		if len(stops) < s.least {
			t.Errorf("%s: Tab stops at %s", s.name, u.kinds(stops))
		}
		u.seesEachStop(s.name, stops)
		for range 3 {
			u.key(fyne.KeyEscape)
		}
		u.untilScreen(s.name+" is gone", func() bool { return u.a.window.Canvas().Overlays().Top() == nil })
	}
	u.end()
}

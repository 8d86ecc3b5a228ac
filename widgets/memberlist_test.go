package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// choir is a panel of a group with n members.
func choir(t *testing.T, n int) (*SidePanel, *MemberList, fyne.Window) {
	t.Helper()
	withTheme(t)
	p := NewSidePanel("Close")
	l := NewMemberList(p)
	p.SetItems(Item{Object: NewPanelSection("many", "", nil)}, Item{Object: l}, Item{Above: 8, Object: NewDangerRow("Leave group", func() {})})
	w := newWindow(t, p)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(theme.PanelWidth, 480))
	l.SetItems(voices(n))
	p.SetItems(p.inner.items...)
	return p, l, w
}

func voices(n int) []Suggestion {
	var items []Suggestion
	for i := range n {
		items = append(items, Suggestion{ID: fmt.Sprint("voice", i), Avatar: fmt.Sprint("voice", i), Name: fmt.Sprint("Voice ", i), Detail: "Member"})
	}
	return items
}

// Of thousands of members those in sight are drawn, wherever the panel is.
func TestMembersInSightAreDrawn(t *testing.T) {
	p, l, w := choir(t, 5000)
	most := int(w.Canvas().Size().Height/theme.PersonRowHeight) + 2
	for _, y := range []float32{0, 70000, 1 << 20} {
		p.body.ScrollToOffset(fyne.NewPos(0, y))
		if n := len(l.list.visible); n == 0 || n > most {
			t.Errorf("at %g %d lines are drawn, want 1 to %d", p.body.Offset.Y, n, most)
		}
	}
	if !test.WidgetRenderer(p.inner).Objects()[2].Visible() {
		t.Error("what follows the members is not there")
	}
}

// The arrows go from line to line, which stays in sight, and Enter opens its menu.
func TestMembersByKeyboard(t *testing.T) {
	p, l, w := choir(t, 300)
	var opened string
	var where fyne.Position
	l.OnMenu = func(id string, at fyne.Position) { opened, where = id, at }
	press := func(names ...fyne.KeyName) {
		for _, n := range names {
			l.TypedKey(&fyne.KeyEvent{Name: n})
		}
	}
	w.Canvas().Focus(l)
	for _, c := range []struct {
		keys []fyne.KeyName
		want int
	}{
		{nil, 0},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeyDown}, 2},
		{[]fyne.KeyName{fyne.KeyUp, fyne.KeyUp, fyne.KeyUp}, 0},
		{[]fyne.KeyName{fyne.KeyEnd, fyne.KeyDown}, 299},
		{[]fyne.KeyName{fyne.KeyPageUp}, 290},
		{[]fyne.KeyName{fyne.KeyHome}, 0},
		{[]fyne.KeyName{fyne.KeyPageDown}, 9},
	} {
		press(c.keys...)
		if l.list.at != c.want {
			t.Fatalf("after %v line %d is chosen, want %d", c.keys, l.list.at, c.want)
		}
		line := l.list.lines[c.want]
		if line == nil || line.back.StrokeWidth != theme.RingWidth {
			t.Fatalf("line %d has no ring that can be seen", c.want)
		}
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(line).Y
		if y < 0 || y+theme.PersonRowHeight > p.Size().Height {
			t.Fatalf("line %d stands at %g", c.want, y)
		}
	}
	press(fyne.KeyReturn)
	if opened != "voice9" || where.Y < 0 || where.Y > p.Size().Height {
		t.Errorf("the menu of %q at %v", opened, where)
	}
	// Whom one chose stays chosen when others come and go.
	l.SetItems(append([]Suggestion{{ID: "new", Name: "New"}}, voices(20)...))
	if l.list.at != 10 {
		t.Errorf("line %d is chosen, want 10", l.list.at)
	}
	l.SetItems(nil)
	press(fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnd)
	w.Canvas().Unfocus()
	l.SetItems(voices(3))
	if l.list.at != -1 {
		t.Errorf("line %d is chosen without the keyboard", l.list.at)
	}
}

// While members are asked for, shades stand in their place.
func TestMembersLoading(t *testing.T) {
	_, l, _ := choir(t, 0)
	l.SetLoading(5)
	if h := l.HeightFor(0); h != 5*theme.PersonRowHeight || len(l.shades) != 10 {
		t.Errorf("%g tall, %d shades", h, len(l.shades))
	}
	l.SetItems(voices(2))
	if h := l.HeightFor(0); h != 2*theme.PersonRowHeight || len(l.shades) != 0 {
		t.Errorf("%g tall, %d shades", h, len(l.shades))
	}
}

// A click and a secondary click open the menu of the line.
func TestMembersByPointer(t *testing.T) {
	_, l, _ := choir(t, 5)
	var opened []string
	l.OnMenu = func(id string, _ fyne.Position) { opened = append(opened, id) }
	test.TapAt(l.list.lines[1], fyne.NewPos(30, 20))
	test.TapSecondaryAt(l.list.lines[3], fyne.NewPos(30, 20))
	if fmt.Sprint(opened) != "[voice1 voice3]" {
		t.Errorf("opened %v", opened)
	}
}

// What is in a line begins and ends where everything else of the panel does.
func TestMembersAreInLine(t *testing.T) {
	p, l, _ := choir(t, 3)
	line := l.list.lines[0]
	driver := fyne.CurrentApp().Driver()
	left := driver.AbsolutePositionForObject(line.avatar.objects()[0]).X
	word := line.describe.line
	right := driver.AbsolutePositionForObject(word).X + word.MinSize().Width
	if left != panelPadX || right < p.Size().Width-panelPadX-1 || right > p.Size().Width-panelPadX+1 {
		t.Errorf("an avatar at %g, a role up to %g in a panel of %g", left, right, p.Size().Width)
	}
}

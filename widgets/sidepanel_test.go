package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/keyboard"
	"magpie/widgets/theme"
)

// groupPanel is the panel of the design picture.
func groupPanel() *SidePanel {
	p := NewSidePanel("Close")
	head := NewAvatar(theme.AvatarLarge)
	head.SetPerson("design", "设计小组 Design", false)
	items := []Item{
		{Object: head, Centre: true},
		{Above: 6, Object: NewHeading("设计小组 Design", theme.TextSize, fyne.TextAlignCenter)},
		{Object: NewParagraph("Work group · @TGS#2J4SZEAEL", theme.Ink2, theme.MetaSize, fyne.TextAlignCenter)},
		{Above: 14, Object: NewSeparator()},
		{Object: NewPanelRow("Notifications", "On", false, func() {})},
		{Object: NewPanelRow("Pin to top", "On", true, func() {})},
		{Object: NewSeparator()},
		{Above: 10, Object: NewPanelSection("8 members", "Invite", func() {})},
	}
	for _, m := range []Person{
		{ID: "zhouyu", Name: "周雨", Note: "Owner", Online: true},
		{ID: "lin", Name: "Lin", Note: "Admin"},
		{ID: "ada", Name: "Ada Okafor with a name that goes on and on", Note: "Member", Muted: true},
	} {
		items = append(items, Item{Object: NewPersonRow(m, func(fyne.Position) {})})
	}
	p.SetItems(append(items, Item{Above: 8, Object: NewDangerRow("Leave group", func() {})})...)
	return p
}

func TestGoldenPanel(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"panel-light": theme.Light, "panel-dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			w := window(t, mode, container.NewStack(), theme.PanelWidth, 480)
			w.SetContent(groupPanel())
			golden(t, w, name)
		})
	}
}

// A row of the panel answers to the pointer, the secondary button and the keys,
// and says where its menu belongs.
func TestRowsOfAPanel(t *testing.T) {
	withTheme(t)
	var menus []fyne.Position
	person := NewPersonRow(Person{ID: "lin", Name: "Lin"}, func(at fyne.Position) { menus = append(menus, at) })
	w := newWindow(t, person)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(240, theme.PersonRowHeight))
	test.TapAt(person, fyne.NewPos(30, 20))
	test.TapSecondaryAt(person, fyne.NewPos(50, 20))
	person.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	person.TypedKey(&fyne.KeyEvent{Name: keyboard.Menu})
	if len(menus) != 4 || menus[0].X != 30 || menus[1].X != 50 || menus[2].Y < 10 {
		t.Errorf("menus at %v", menus)
	}
	taken := 0
	blocked := NewPersonRow(Person{ID: "bo", Name: "Bo", Action: "Unblock"}, nil)
	blocked.OnAction = func() { taken++ }
	newWindow(t, blocked)
	test.Tap(blocked)
	test.Tap(blocked.link)
	if taken != 1 {
		t.Errorf("the link was followed %d times", taken)
	}
}

// What is seen of a panel stays where it is when the panel changes.
func TestPanelKeepsItsPlace(t *testing.T) {
	withTheme(t)
	p := groupPanel()
	w := newWindow(t, p)
	w.Resize(fyne.NewSize(theme.PanelWidth, 200))
	p.body.ScrollToOffset(fyne.NewPos(0, 60))
	p.SetItems(append(p.inner.items, Item{Object: NewPanelRow("one more", "", false, nil)})...)
	if y := p.body.Offset.Y; y != 60 {
		t.Errorf("scrolled to %g", y)
	}
	if p.cross.Visible() {
		t.Error("a panel beside the conversation has a cross")
	}
	p.SetOver(true)
	closed := false
	p.OnClose = func() { closed = true }
	test.Tap(p.cross)
	if !p.cross.Visible() || !closed {
		t.Error("the cross does not close")
	}
}

// The reason why nothing can be written has as many lines as it needs.
func TestClosedBarWraps(t *testing.T) {
	withTheme(t)
	b := NewClosedBar()
	b.SetWords("Jonas Weber closed the group “Quarter review”. Its history stays here.")
	if wide, narrow := b.HeightFor(700), b.HeightFor(240); narrow <= wide {
		t.Errorf("%g tall where it is narrow, %g where it is wide", narrow, wide)
	}
}

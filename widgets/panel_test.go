package widgets

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// avatarPicture stands for one that a person chose.
var avatarPicture = fyne.NewStaticResource("avatar.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100"><rect width="100" height="100" fill="#0B7A8C"/><circle cx="50" cy="40" r="18" fill="#fff"/><circle cx="50" cy="96" r="34" fill="#fff"/></svg>`))

// groupInfo is the panel of the fourth picture.
func groupInfo() (*SidePanel, *MemberList, []*PanelRow) {
	head := NewPanelHead()
	head.Set("design", nil, "设计小组 Design", "Work group · @TGS#2J4SZEAEL", false)
	mute, pin := NewPanelRow("Mute", func() {}), NewPanelRow("Pin to top", func() {})
	mute.SetValue("Off", false)
	pin.SetValue("On", true)
	card := NewPanelRow("My name in this group", func() {})
	card.SetIcon("edit")
	card.SetValue("Wren, who is away until Thursday", false)
	members := NewMemberList()
	members.SetPeople([]Person{
		{ID: "zhouyu", Avatar: "zhouyu", Name: "周雨", Detail: "Owner", Online: true},
		{ID: "lin", Avatar: "lin", Name: "Lin", Detail: "Admin", Picture: avatarPicture},
		{ID: "wren", Avatar: "wren", Name: "You", Detail: "Member"},
		{ID: "ada", Avatar: "ada", Name: "Ada Okafor, of a name that has no end", Detail: "Member"},
		{ID: "xiaolin", Avatar: "xiaolin", Name: "小林", Detail: "Member", Online: true},
	})
	leave := NewDangerRow("Leave group", func() {})
	p := NewSidePanel()
	p.SetItems(
		Item{Object: head},
		Item{Above: 14, Object: NewDivider()},
		Item{Object: mute}, Item{Object: pin}, Item{Object: card},
		Item{Object: NewDivider()},
		Item{Above: 10, Object: NewPanelTitle("5 members", "Invite", func() {})},
		Item{Object: members},
		Item{Above: 6, Object: leave},
	)
	return p, members, []*PanelRow{mute, pin, card, leave}
}

func TestLookSidePanel(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		p, members, _ := groupInfo()
		w := window(t, mode, p, sidePanelWidth, 560)
		w.Canvas().Focus(members)
		members.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		golden(t, w, "side-panel"+suffix)
	})
}

func TestLookSuggestions(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		s := NewSuggestions()
		s.SetItems([]Person{
			{ID: "all", Avatar: "all", Name: "所有人", Detail: "@all"},
			{ID: "lin", Avatar: "lin", Name: "Lin", Detail: "Admin", Picture: avatarPicture},
			{ID: "ada", Avatar: "ada", Name: "Ada Okafor, of a name that has no end whatever", Detail: "ada"},
		})
		s.Key(&fyne.KeyEvent{Name: fyne.KeyDown})
		ground := box(0)
		ground.FillColor = theme.Color(theme.Canvas)
		w := window(t, mode, container.NewStack(ground, container.NewCenter(s)), 320, 160)
		golden(t, w, "suggestions"+suffix)
	})
}

func TestLookMarks(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		l := NewConversationList(rowsOf{
			{ID: "1", Avatar: "design", Name: "设计小组 Design", Time: "10:42", Mention: "[@me]", Preview: "Lin: can you also export it at 2×?", Unread: 3, Pinned: true},
			{ID: "2", Avatar: "lin", Picture: avatarPicture, Name: "Lin", Time: "10:40", Preview: "see you", Online: true, MarkedUnread: true},
			{ID: "3", Avatar: "bot", Name: "Build bot", Time: "09:58", Preview: "nightly: 412 passed, 0 failed, and then some", Muted: true},
			{ID: "4", Avatar: "ops", Name: "运营周会", Time: "昨天", Mention: "[有人@我]", Draft: "[草稿]", Preview: "这是一条很长很长很长很长的消息", Muted: true, MarkedUnread: true, Pinned: true},
		})
		golden(t, window(t, mode, l, theme.ListWidth, 260), "list-marks"+suffix)
	})
}

// A picture takes the place of the initial, one that cannot be read does not, and
// none brings the initial back: wherever there is an avatar.
func TestAvatarsShowPictures(t *testing.T) {
	withTheme(t)
	a := NewAvatar(theme.AvatarSmall)
	head, side, panel := NewChatHeader("Back"), NewSideHeader("Search", "New"), NewPanelHead()
	newWindow(t, container.NewVBox(a, head, side, panel))
	head.SetChat("lin", "Lin", "", true)
	side.SetMe("wren", "Wren", true)
	for _, w := range []struct {
		name  string
		parts *avatarParts
		set   func(fyne.Resource)
	}{
		{"avatar", a.parts, a.SetPicture},
		{"header", head.title.avatar, head.SetPicture},
		{"side header", side.me.parts, side.SetPicture},
		{"panel", panel.avatar, func(r fyne.Resource) { panel.Set("lin", r, "Lin", "", false) }},
	} {
		w.set(avatarPicture)
		if w.parts.picture.Hidden || !w.parts.letter.Hidden || !w.parts.square.Hidden {
			t.Errorf("%s: the picture does not show", w.name)
		}
		w.set(nil)
		if !w.parts.picture.Hidden || w.parts.letter.Hidden || w.parts.square.Hidden {
			t.Errorf("%s: the initial is not back", w.name)
		}
		w.set(fyne.NewStaticResource("broken.svg", []byte("<svg")))
		if !w.parts.picture.Hidden || w.parts.letter.Hidden {
			t.Errorf("%s: nothing shows for a picture that cannot be read", w.name)
		}
	}
}

func TestPanelRowsAnswer(t *testing.T) {
	withTheme(t)
	var log []string
	say := func(s string) func() { return func() { log = append(log, s) } }
	r := NewPanelRow("Mute", say("mute"))
	r.OnMenu = func(fyne.Position) { log = append(log, "menu") }
	plain := NewPanelRow("ID", nil)
	w := newWindow(t, container.NewVBox(r, plain))
	test.Tap(r)
	w.Canvas().Focus(r)
	r.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.TypedKey(&fyne.KeyEvent{Name: menuKey})
	test.TapSecondary(r)
	test.Tap(plain)
	r.Disable()
	test.Tap(r)
	test.TapSecondary(r)
	if want := []string{"mute", "mute", "menu", "menu"}; !slices.Equal(log, want) {
		t.Errorf("heard %q, want %q", log, want)
	}
}

// Thousands of members cost what can be seen of them, wherever in the panel.
func TestMembersInSightExist(t *testing.T) {
	withTheme(t)
	p, l, _ := groupInfo()
	var opened []string
	l.OnTapped = func(id string) { opened = append(opened, id) }
	l.OnMenu = func(id string, _ fyne.Position) { opened = append(opened, "menu "+id) }
	w := window(t, theme.Light, p, sidePanelWidth, 400)
	people := make([]Person, 6000)
	for i := range people {
		people[i] = Person{ID: fmt.Sprint(i), Avatar: fmt.Sprint(i), Name: fmt.Sprint("Person ", i)}
	}
	l.SetPeople(people)
	w.Canvas().Focus(l)
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if line := l.list.lines[5999]; line == nil || !line.chosen {
		t.Fatal("the last member is not in sight")
	}
	if n := len(l.list.lines) + len(l.list.spare); n > 40 {
		t.Errorf("%d lines were made", n)
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	l.TypedKey(&fyne.KeyEvent{Name: menuKey})
	test.Tap(l.list.lines[5999])
	test.TapSecondary(l.list.lines[5997])
	if want := []string{"5998", "menu 5998", "5999", "menu 5997"}; !slices.Equal(opened, want) {
		t.Errorf("opened %q, want %q", opened, want)
	}
	l.SetPeople(people[:2])
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if last := opened[len(opened)-1]; last != "1" {
		t.Errorf("of two, %s was opened", last)
	}
	if y := p.scroll.Offset.Y; y > p.inner.MinSize().Height-p.scroll.Size().Height+1 && y > 0 {
		t.Errorf("still scrolled to %g", y)
	}
	w.Canvas().Unfocus()
	if l.list.at >= 0 {
		t.Error("shows the keyboard without having it")
	}
}

func TestAPopoverCloses(t *testing.T) {
	withTheme(t)
	e := NewEmojiPanel(EmojiWords{Search: "Search"})
	button := NewIconButton("smile", "Emoji", nil)
	w := newWindow(t, container.NewWithoutLayout(button))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(600, 500))
	button.Resize(fyne.NewSquareSize(theme.IconButtonSize))
	button.Move(fyne.NewPos(540, 450))
	p := NewPopover(e)
	closed := 0
	p.OnClosed = func() { closed++ }
	for _, end := range []func(){
		func() { test.TapCanvas(w.Canvas(), fyne.NewPos(5, 5)) },
		func() { w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) },
		p.Close,
	} {
		closed = 0
		p.Open(w.Canvas(), button)
		if at, s := e.Position(), e.Size(); at.Y+s.Height > 440 || at.X+s.Width > 590 || at.X < 0 || !p.IsOpen() {
			t.Errorf("opened at %v, %v", at, s)
		}
		e.Focus()
		if w.Canvas().Focused() != fyne.Focusable(e.entry) {
			t.Fatal("the panel did not get the keyboard")
		}
		test.TapCanvas(w.Canvas(), e.Position().AddXY(3, 3)) // on the panel itself
		if closed != 0 {
			t.Fatal("a click on it closed it")
		}
		end()
		p.Close()
		if closed != 1 || w.Canvas().Overlays().Top() != nil || p.IsOpen() {
			t.Errorf("closed %d times", closed)
		}
	}
	// Taller than the window: what there is room for.
	w.Resize(fyne.NewSize(300, 200))
	p.Open(w.Canvas(), button)
	if at, s := e.Position(), e.Size(); at.X < 0 || at.Y < 0 || at.X+s.Width > 300 || at.Y+s.Height > 200 {
		t.Errorf("in a small window at %v, %v", at, s)
	}
}

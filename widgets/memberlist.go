package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// MemberList is a list of people in a [SidePanel], of which only the lines in
// sight exist. With the keyboard, the arrows move in it, Enter opens and the menu
// key asks for the menu.
type MemberList struct {
	widget.BaseWidget

	// OnTapped is called when a person chooses a line; OnMenu on a secondary click
	// or the menu key, with the place for a menu in the canvas. nil for nothing.
	OnTapped func(id string)
	OnMenu   func(id string, at fyne.Position)

	list  *personList
	panel *SidePanel // that it is in
	at    int        // the line that the keyboard is on
}

const memberHeight = float32(44)

var (
	_ fyne.Focusable    = (*MemberList)(nil)
	_ fyne.Shortcutable = (*MemberList)(nil)
)

// NewMemberList makes an empty list.
func NewMemberList() *MemberList {
	l := &MemberList{}
	l.list = newPersonList(memberHeight, l.window, l.open)
	l.list.idle = func() bool { return l.OnTapped == nil }
	l.list.menu = func(i int, at fyne.Position) {
		if l.OnMenu != nil {
			l.OnMenu(l.list.items[i].ID, at)
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

// SetPeople replaces the lines.
func (l *MemberList) SetPeople(people []Person) {
	l.list.items = people
	l.at = min(l.at, max(len(people)-1, 0))
	if l.list.at >= 0 {
		l.list.at = l.at
	}
	l.Refresh()
	if l.panel != nil {
		l.panel.inner.Refresh() // it is of another height
		l.panel.scroll.Refresh()
	}
}

// window is what the panel shows of the list.
func (l *MemberList) window() (top, height float32) {
	if l.panel == nil {
		return 0, l.Size().Height
	}
	return l.panel.scroll.Offset.Y - l.Position().Y, l.panel.scroll.Size().Height
}

func (l *MemberList) open(i int) {
	if i >= 0 && i < len(l.list.items) && l.OnTapped != nil {
		l.OnTapped(l.list.items[i].ID)
	}
}

// CreateRenderer implements fyne.Widget.
func (l *MemberList) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: these(l.list),
		layout:  func(size fyne.Size) { place(l.list, 0, 0, size.Width, size.Height) },
		min:     func() fyne.Size { return fyne.NewSize(120, l.list.height()) },
		refresh: func() { l.list.repaint(); canvas.Refresh(l) },
	}
}

// FocusGained implements fyne.Focusable.
func (l *MemberList) FocusGained() { l.choose(l.at) }

// FocusLost implements fyne.Focusable.
func (l *MemberList) FocusLost() { l.list.at = -1; l.list.update() }

// TypedRune implements fyne.Focusable.
func (l *MemberList) TypedRune(rune) {}

// TypedShortcut hands shortcuts to the window.
func (l *MemberList) TypedShortcut(s fyne.Shortcut) { passShortcut(l, s) }

// TypedKey implements fyne.Focusable.
func (l *MemberList) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyUp:
		l.choose(l.at - 1)
	case fyne.KeyDown:
		l.choose(l.at + 1)
	case fyne.KeyHome:
		l.choose(0)
	case fyne.KeyEnd:
		l.choose(len(l.list.items) - 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		l.open(l.at)
	case menuKey:
		if l.OnMenu != nil && l.at < len(l.list.items) {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
			l.OnMenu(l.list.items[l.at].ID, at.AddXY(theme.AvatarSmall, float32(l.at+1)*memberHeight))
		}
	default:
		passKey(l, key)
	}
}

// choose moves the keyboard to a line, within those there are.
func (l *MemberList) choose(i int) {
	l.at = max(min(i, len(l.list.items)-1), 0)
	l.list.at = l.at
	if l.panel != nil {
		l.panel.reveal(l.Position().Y+float32(l.at)*memberHeight, memberHeight)
	}
	l.list.update()
}

package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/keyboard"
	"magpie/widgets/theme"
)

// MemberList is the list of a group's members in a [SidePanel]. It draws the lines
// in sight only, as a group may have thousands. It has the keyboard as one thing:
// the arrows move through it, Enter and the menu key open the menu of the line.
type MemberList struct {
	widget.BaseWidget

	// OnMenu is called with what was pressed and the place for a menu in the canvas.
	OnMenu func(id string, at fyne.Position)

	panel   *SidePanel
	list    *personList
	focused bool
	// ghosts are how many lines stand for members that are not known yet.
	ghosts int
	shades []fyne.CanvasObject
}

var (
	_ fyne.Focusable    = (*MemberList)(nil)
	_ fyne.Shortcutable = (*MemberList)(nil)
)

// NewMemberList makes an empty list that belongs into the panel.
func NewMemberList(p *SidePanel) *MemberList {
	l := &MemberList{panel: p}
	l.list = newPersonList(theme.PersonRowHeight, l.inSight, func(i int) { l.press(i, nil) })
	l.list.menu = func(i int, at fyne.Position) { l.press(i, &at) }
	l.list.at = -1
	p.members = l
	l.ExtendBaseWidget(l)
	return l
}

// SetItems replaces the members. The line that was chosen stays so if it is still
// there.
func (l *MemberList) SetItems(items []Suggestion) {
	chosen := ""
	if at := l.list.at; at >= 0 && at < len(l.list.items) {
		chosen = l.list.items[at].ID
	}
	l.ghosts, l.list.items, l.list.at = 0, items, -1
	for i := range items {
		if items[i].ID == chosen {
			l.list.at = i
		}
	}
	if l.list.at < 0 && l.focused && len(items) > 0 {
		l.list.at = 0
	}
	l.Refresh()
}

// Len is how many members it lists.
func (l *MemberList) Len() int { return len(l.list.items) }

// SetLoading shows n lines without names, for members that are being asked for.
func (l *MemberList) SetLoading(n int) {
	const most = 8
	l.ghosts, l.list.items, l.list.at = min(max(n, 0), most), nil, -1
	l.Refresh()
}

// SetOnline shows who is connected now.
func (l *MemberList) SetOnline(online func(id string) bool) {
	for i := range l.list.items {
		l.list.items[i].Online = online(l.list.items[i].ID)
	}
	l.list.update()
}

// inSight is which part of the list the panel shows.
func (l *MemberList) inSight() (top, height float32) {
	return l.panel.body.Offset.Y - l.Position().Y, l.panel.body.Size().Height
}

// FocusGained implements fyne.Focusable.
func (l *MemberList) FocusGained() {
	l.focused = true
	if l.list.at < 0 && len(l.list.items) > 0 {
		l.choose(0)
		return
	}
	l.choose(l.list.at)
}

// FocusLost implements fyne.Focusable.
func (l *MemberList) FocusLost() {
	l.focused = false
	l.Refresh()
}

// TypedRune implements fyne.Focusable.
func (l *MemberList) TypedRune(rune) {}

// TypedShortcut implements fyne.Shortcutable.
func (l *MemberList) TypedShortcut(s fyne.Shortcut) { passShortcut(l, s) }

// KeyDown implements desktop.Keyable.
func (l *MemberList) KeyDown(key *fyne.KeyEvent) { passKeyDown(l, key) }

// KeyUp implements desktop.Keyable.
func (l *MemberList) KeyUp(*fyne.KeyEvent) {}

// TypedKey moves through the lines and opens the menu of one.
func (l *MemberList) TypedKey(key *fyne.KeyEvent) {
	page := max(int(l.panel.body.Size().Height/l.list.step)-1, 1)
	switch key.Name {
	case fyne.KeyUp:
		l.choose(l.list.at - 1)
	case fyne.KeyDown:
		l.choose(l.list.at + 1)
	case fyne.KeyPageUp:
		l.choose(l.list.at - page)
	case fyne.KeyPageDown:
		l.choose(l.list.at + page)
	case fyne.KeyHome:
		l.choose(0)
	case fyne.KeyEnd:
		l.choose(len(l.list.items) - 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, keyboard.Menu:
		l.press(l.list.at, nil)
	default:
		passKey(l, key)
	}
}

// choose goes to a line, which is scrolled into sight.
func (l *MemberList) choose(to int) {
	if n := len(l.list.items); n > 0 {
		l.list.at = min(max(to, 0), n-1)
		y := l.Position().Y + float32(l.list.at)*l.list.step
		l.panel.reveal(y, l.list.step)
	}
	l.Refresh()
}

// press opens the menu of a line where the pointer is, or below its name.
func (l *MemberList) press(i int, at *fyne.Position) {
	if i < 0 || i >= len(l.list.items) || l.OnMenu == nil {
		return
	}
	l.list.at = i
	l.list.update()
	if at == nil {
		p := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
		p = p.AddXY(theme.AvatarSmall+personPad, float32(i+1)*l.list.step-theme.Grid)
		at = &p
	}
	l.OnMenu(l.list.items[i].ID, *at)
}

// HeightFor is how tall the list is, whatever its width.
func (l *MemberList) HeightFor(float32) float32 {
	return max(float32(l.ghosts)*l.list.step, l.list.height())
}

// CreateRenderer implements fyne.Widget.
func (l *MemberList) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject { return append([]fyne.CanvasObject{l.list}, l.shades...) },
		layout:  l.layout,
		min:     func() fyne.Size { return fyne.NewSize(160, l.HeightFor(0)) },
		refresh: func() {
			l.list.ringed = l.focused
			l.list.repaint()
			l.layout(l.Size())
			canvas.Refresh(l)
		},
	}
}

// layout lets the lines stand out at both sides, so that what is in them begins
// where everything else of the panel does.
func (l *MemberList) layout(size fyne.Size) {
	l.list.Move(fyne.NewPos(-personPad, 0)) // whole units as it is
	l.list.Resize(fyne.NewSize(size.Width+2*personPad, l.list.height()))
	l.list.update()
	for len(l.shades) < 2*l.ghosts {
		l.shades = append(l.shades, box(theme.AvatarSmallRadius), box(theme.Grid))
	}
	l.shades = l.shades[:2*l.ghosts]
	widths := [...]float32{0.5, 0.35, 0.6, 0.42}
	for i := range l.ghosts {
		y := float32(i) * l.list.step
		place(l.shades[2*i], 0, y+(l.list.step-theme.AvatarSmall)/2, theme.AvatarSmall, theme.AvatarSmall)
		place(l.shades[2*i+1], theme.AvatarSmall+10, y+(l.list.step-ghostLine)/2, size.Width*widths[i%len(widths)], ghostLine)
	}
	for _, o := range l.shades {
		o.(*canvas.Rectangle).FillColor = theme.Color(theme.Hover)
	}
}

// ghostLine is how tall what stands for a line of text is.
const ghostLine = float32(12)

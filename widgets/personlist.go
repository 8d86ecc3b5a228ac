package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Suggestion is one line of [Suggestions].
type Suggestion struct {
	// ID names the person for the app.
	ID string
	// Name is what is shown, Detail a word at the right end ("Owner"); it may be
	// empty.
	Name, Detail string
	// Avatar chooses the colour of the avatar, Picture, if not nil, goes over it.
	Avatar  string
	Picture fyne.Resource
	Online  bool
	Muted   bool // may not speak now
}

// same reports whether a line looks alike for both.
func (p Suggestion) same(q Suggestion) bool {
	if !samePicture(p.Picture, q.Picture) {
		return false
	}
	p.Picture, q.Picture = nil, nil
	return p == q
}

// samePicture compares by name, as everything here does.
func samePicture(p, q fyne.Resource) bool {
	return p == nil && q == nil || p != nil && q != nil && p.Name() == q.Name()
}

// personList is as tall as all its lines and draws those in sight: a group may
// have thousands of members.
type personList struct {
	widget.BaseWidget
	items []Suggestion
	at    int // the line that is chosen, -1 for none
	// ringed: the chosen line has a ring around it, as the list has the keyboard.
	ringed bool
	step   float32
	// window says which part of the list is in sight, from its upper edge.
	window func() (top, height float32)
	tapped func(i int)
	idle   func() bool                   // whether a tap does nothing; nil for never
	menu   func(i int, at fyne.Position) // nil for none

	lines        map[int]*personLine // by index
	spare        []*personLine
	visible      []fyne.CanvasObject
	name, detail *textlayout.Face
}

func newPersonList(step float32, window func() (top, height float32), tapped func(int)) *personList {
	c := &personList{
		at: -1, step: step, window: window, tapped: tapped,
		lines:  map[int]*personLine{},
		name:   newFace(theme.TextSize, false),
		detail: newFace(theme.MetaSize, false),
	}
	c.ExtendBaseWidget(c)
	return c
}

// rests reports whether a tap on a line does nothing.
func (c *personList) rests() bool { return c.idle != nil && c.idle() }

func (c *personList) height() float32 { return float32(len(c.items)) * c.step }

func (c *personList) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject { return c.visible },
		layout:  func(fyne.Size) { c.update() },
		min:     func() fyne.Size { return fyne.NewSize(1, c.height()) },
		refresh: func() { c.repaint(); canvas.Refresh(c) },
	}
}

// repaint draws every line anew, as after a change of theme.
func (c *personList) repaint() {
	for _, l := range c.lines {
		l.stale = true
	}
	c.update()
}

// update gives each line in sight a widget, from those that went out of sight
// first.
func (c *personList) update() {
	top, height := c.window()
	first := max(int(top/c.step), 0)
	last := min(int((top+height)/c.step), len(c.items)-1)
	if top+height <= 0 {
		last = first - 1
	}
	for i, l := range c.lines {
		if i < first || i > last {
			delete(c.lines, i)
			c.spare = append(c.spare, l)
		}
	}
	c.visible = c.visible[:0]
	for i := first; i <= last; i++ {
		l := c.lines[i]
		if l == nil {
			l = c.line()
			c.lines[i] = l
		}
		l.index = i
		l.Move(fyne.NewPos(0, float32(i)*c.step))
		l.Resize(fyne.NewSize(c.Size().Width, c.step))
		l.show(c.items[i], i == c.at)
		c.visible = append(c.visible, l)
	}
	canvas.Refresh(c)
}

func (c *personList) line() *personLine {
	if n := len(c.spare); n > 0 {
		l := c.spare[n-1]
		c.spare = c.spare[:n-1]
		l.hovered, l.stale = false, true
		return l
	}
	return newPersonLine(c)
}

// personLine is an avatar, a name and a word at the right end.
type personLine struct {
	widget.BaseWidget
	list          *personList
	index         int
	shown         Suggestion
	chosen, stale bool
	hovered       bool
	back          *canvas.Rectangle
	avatar        *avatarParts
	name          *inlineLabel
	describe      *label
	muted         *canvas.Image
}

var (
	_ fyne.Tappable          = (*personLine)(nil)
	_ fyne.SecondaryTappable = (*personLine)(nil)
	_ desktop.Hoverable      = (*personLine)(nil)
	_ desktop.Cursorable     = (*personLine)(nil)
)

func newPersonLine(c *personList) *personLine {
	l := &personLine{
		list: c, stale: true,
		back:     box(theme.RadiusButton),
		avatar:   newAvatarParts(theme.AvatarSmall),
		name:     newInlineLabel(c.name, &emojiPictures, theme.TextSize, false),
		describe: newLabelIn(c.detail, theme.MetaSize, false),
		muted:    drawing("mute", theme.Ink3, theme.IconSmall),
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *personLine) show(p Suggestion, chosen bool) {
	if l.stale || l.chosen != chosen || !l.shown.same(p) {
		l.shown, l.chosen, l.stale = p, chosen, false
		l.Refresh()
	}
}

func (l *personLine) CreateRenderer() fyne.WidgetRenderer {
	l.paint()
	objects := append([]fyne.CanvasObject{l.back}, l.avatar.objects()...)
	return &flat{
		objects: with(append(objects, l.describe.line, l.muted), l.name),
		layout:  l.layout,
		min:     fixed(120, l.list.step),
		refresh: func() { l.paint(); l.layout(l.Size()); canvas.Refresh(l) },
	}
}

func (l *personLine) paint() {
	on := theme.Panel
	l.back.FillColor = color.Transparent
	switch {
	case l.chosen:
		on = theme.Selected
	case l.hovered && !l.list.rests():
		on = theme.Hover
	}
	if on != theme.Panel {
		l.back.FillColor = theme.Color(on)
	}
	l.avatar.show(l.shown.Avatar, l.shown.Name, l.shown.Online, on)
	l.avatar.setPicture(l.shown.Picture)
	l.name.set(l.shown.Name)
	l.name.ink(theme.Ink)
	l.describe.set(l.shown.Detail)
	l.describe.ink(theme.Ink3)
	ring(l.back, l.chosen && l.list.ringed, theme.Link)
	l.muted.Hidden = !l.shown.Muted
	if l.shown.Muted {
		recolour(l.muted, "mute", theme.Ink3)
	}
}

// personPad is free at both sides of a line, inside its ground.
const personPad = float32(6)

func (l *personLine) layout(size fyne.Size) {
	const gap = float32(10)
	place(l.back, 0, 0, size.Width, size.Height)
	l.avatar.place(personPad, (size.Height-theme.AvatarSmall)/2)
	x := personPad + theme.AvatarSmall + gap
	used := l.describe.placeRight(size.Width-personPad, 0, size.Height, (size.Width-x)/2)
	if used > 0 {
		used += gap
	}
	if l.shown.Muted {
		place(l.muted, size.Width-personPad-used-theme.IconSmall, (size.Height-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
		used += theme.IconSmall + gap
	}
	l.name.place(l, x, 0, size.Height, size.Width-personPad-x-used)
}

func (l *personLine) Tapped(*fyne.PointEvent) { l.list.tapped(l.index) }

func (l *personLine) TappedSecondary(at *fyne.PointEvent) {
	if l.list.menu != nil {
		l.list.menu(l.index, at.AbsolutePosition)
	}
}

func (l *personLine) MouseIn(*desktop.MouseEvent)    { l.hovered = true; l.Refresh() }
func (l *personLine) MouseMoved(*desktop.MouseEvent) {}
func (l *personLine) MouseOut()                      { l.hovered = false; l.Refresh() }

func (l *personLine) Cursor() desktop.Cursor {
	if l.list.rests() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

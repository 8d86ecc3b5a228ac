package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// SideHeader is what stands above the conversation list: the own avatar, the
// button that looks like a search field, and "new".
type SideHeader struct {
	widget.BaseWidget

	// OnProfile, OnSearch and OnNew are called when a person asks for them.
	OnProfile, OnSearch, OnNew func()

	me     *avatarButton
	search *searchButton
	add    *IconButton
}

// NewSideHeader makes the header. newLabel says what the plus does.
func NewSideHeader(searchWords, newLabel string) *SideHeader {
	h := &SideHeader{}
	h.me = newAvatarButton(func() { call(h.OnProfile) })
	h.search = newSearchButton(searchWords, func() { call(h.OnSearch) })
	h.add = NewIconButton("plus", newLabel, func() { call(h.OnNew) })
	h.ExtendBaseWidget(h)
	return h
}

// call calls f if there is one.
func call(f func()) {
	if f != nil {
		f()
	}
}

// SetMe sets whose window it is; online is whether the server is reached.
func (h *SideHeader) SetMe(id, name string, online bool) { h.me.set(id, name, online) }

// SetPicture sets the picture of the own avatar, nil for its initial.
func (h *SideHeader) SetPicture(picture fyne.Resource) {
	h.me.picture = picture
	h.me.Refresh()
}

// SetQuiet shows, or takes away, the sign that nobody is to disturb.
func (h *SideHeader) SetQuiet(yes bool) {
	if h.me.quiet != yes {
		h.me.quiet = yes
		h.me.Refresh()
	}
}

// SetWords changes the words after a change of language.
func (h *SideHeader) SetWords(searchWords, newLabel string) {
	h.search.words.set(searchWords)
	h.add.SetLabel(newLabel)
	h.Refresh()
}

// SetTips sets what the avatar does in words, and the key that does what the plus does.
func (h *SideHeader) SetTips(me, newKeys string) {
	h.me.tip = newTip(h.me, func() string { return me })
	h.add.SetKeys(newKeys)
}

// NewButton returns the plus, to place a menu beside it.
func (h *SideHeader) NewButton() fyne.CanvasObject { return h.add }

// CreateRenderer implements fyne.Widget.
func (h *SideHeader) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: these(h.me, h.search, h.add),
		layout: func(size fyne.Size) {
			const pad, gap = float32(12), float32(8)
			place(h.me, pad, pad+1, theme.AvatarSmall, theme.AvatarSmall)
			x := pad + theme.AvatarSmall + gap
			end := size.Width - pad - theme.IconButtonSize
			place(h.search, x, pad, end-gap-x, theme.SearchHeight)
			place(h.add, end, pad, theme.IconButtonSize, theme.IconButtonSize)
		},
		min: fixed(200, theme.SideHeadHeight),
		refresh: func() {
			h.search.Refresh()
			canvas.Refresh(h)
		},
	}
}

// avatarButton is a small avatar that can be pressed.
type avatarButton struct {
	press
	parts    *avatarParts
	frame    *canvas.Rectangle
	id, name string
	online   bool
	picture  fyne.Resource
	// quiet shows a struck out bell on a disc at the upper right.
	quiet bool
	disc  *canvas.Circle
	bell  *canvas.Image
}

// Sizes of the sign on the avatar.
const (
	quietDisc = float32(16)
	quietBell = float32(12)
)

func newAvatarButton(tapped func()) *avatarButton {
	a := &avatarButton{
		parts: newAvatarParts(theme.AvatarSmall), frame: box(theme.AvatarSmallRadius),
		disc: canvas.NewCircle(theme.Color(theme.Panel)), bell: drawing("bell-off", theme.Ink2, quietBell),
	}
	a.onTapped = tapped
	a.extend(a)
	return a
}

func (a *avatarButton) set(id, name string, online bool) {
	a.id, a.name, a.online = id, name, online
	a.Refresh()
}

func (a *avatarButton) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		a.parts.show(a.id, a.name, a.online, theme.Panel)
		a.parts.setPicture(a.picture)
		a.frame.FillColor = theme.Color(theme.Panel)
		a.frame.Hidden = !a.focused
		ring(a.frame, a.focused, theme.Link)
		a.disc.FillColor = theme.Color(theme.Panel)
		a.disc.Hidden, a.bell.Hidden = !a.quiet, !a.quiet
		recolour(a.bell, "bell-off", theme.Ink2)
	}
	layout := func(fyne.Size) {
		place(a.frame, -4, -4, theme.AvatarSmall+8, theme.AvatarSmall+8)
		a.parts.place(0, 0)
		at := theme.AvatarSmall - quietDisc + 5
		place(a.disc, at, -5, quietDisc, quietDisc)
		place(a.bell, at+(quietDisc-quietBell)/2, -5+(quietDisc-quietBell)/2, quietBell, quietBell)
	}
	paint()
	return &flat{
		objects: these(append(append([]fyne.CanvasObject{a.frame}, a.parts.objects()...), a.disc, a.bell)...),
		layout:  layout,
		min:     fixed(theme.AvatarSmall, theme.AvatarSmall),
		refresh: func() { paint(); layout(a.Size()); canvas.Refresh(a) },
	}
}

// searchButton looks like a field and opens the search.
type searchButton struct {
	press
	back  *canvas.Rectangle
	glass *canvas.Image
	words *label
}

func newSearchButton(words string, tapped func()) *searchButton {
	s := &searchButton{
		back:  box(theme.RadiusButton),
		glass: drawing("search", theme.Faint, theme.IconSmall),
		words: newLabel(theme.TextSize, false),
	}
	s.words.set(words)
	s.onTapped = tapped
	s.extend(s)
	return s
}

func (s *searchButton) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	return &flat{
		objects: these(s.back, s.glass, s.words.line),
		layout:  s.layout,
		min:     fixed(80, theme.SearchHeight),
		refresh: func() { s.paint(); s.layout(s.Size()); canvas.Refresh(s) },
	}
}

func (s *searchButton) paint() {
	fill := theme.Field
	if s.hovered {
		fill = theme.Selected
	}
	s.back.FillColor = theme.Color(fill)
	ring(s.back, s.focused, theme.Link)
	s.words.ink(theme.Ink3)
	recolour(s.glass, "search", theme.Faint)
}

func (s *searchButton) layout(size fyne.Size) {
	place(s.back, 0, 0, size.Width, size.Height)
	place(s.glass, 10, (size.Height-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
	s.words.place(32, 0, size.Height, size.Width-42)
}

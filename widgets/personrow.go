package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/keyboard"
	"magpie/widgets/theme"
)

// Person is what a [PersonRow] shows.
type Person struct {
	// ID chooses the colour of the avatar.
	ID, Name string
	Picture  fyne.Resource // instead of the initial, nil for none
	Online   bool
	// Note stands at the right end, as a role does. Action is a link there
	// instead.
	Note, Action string
	Muted        bool // may not speak now
}

// PersonRow is a line with an avatar and a name: a member of a group, somebody
// who is blocked.
type PersonRow struct {
	press

	// OnMenu is called on a click, a secondary click, or Enter, with the place for
	// a menu in the canvas.
	OnMenu func(at fyne.Position)
	// OnAction is called by the link.
	OnAction func()

	person Person
	back   *canvas.Rectangle
	avatar *avatarParts
	name   *inlineLabel
	note   *label
	muted  *canvas.Image
	link   *Link
}

var _ fyne.SecondaryTappable = (*PersonRow)(nil)

// NewPersonRow makes a line; without a menu it does nothing when pressed.
func NewPersonRow(p Person, menu func(at fyne.Position)) *PersonRow {
	r := &PersonRow{
		OnMenu: menu,
		person: p,
		back:   box(theme.RadiusButton),
		avatar: newAvatarParts(theme.AvatarSmall),
		name:   newName(theme.TextSize, false),
		note:   newLabel(theme.MetaSize, false),
		muted:  drawing("mute", theme.Ink3, theme.IconSmall),
	}
	r.link = NewLink(p.Action, theme.Link, theme.SecondarySize, func() { call(r.OnAction) })
	r.name.set(p.Name)
	r.note.set(p.Note)
	r.extend(r)
	if menu == nil {
		r.Disable() // nothing to press but the link
	}
	return r
}

// Tapped opens the menu where the pointer is, or below the name.
func (r *PersonRow) Tapped(at *fyne.PointEvent) {
	if r.OnMenu == nil {
		return
	}
	if at != nil {
		r.OnMenu(at.AbsolutePosition)
		return
	}
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject(r)
	r.OnMenu(place.AddXY(theme.AvatarSmall+10, r.Size().Height-8))
}

// TappedSecondary implements fyne.SecondaryTappable.
func (r *PersonRow) TappedSecondary(at *fyne.PointEvent) { r.Tapped(at) }

// TypedKey opens the menu at Enter, Space and the menu key.
func (r *PersonRow) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, keyboard.Menu:
		r.Tapped(nil)
	default:
		passKey(r, key)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *PersonRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	objects := append([]fyne.CanvasObject{r.back}, r.avatar.objects()...)
	return &flat{
		objects: with(append(objects, r.note.line, r.muted, r.link), r.name),
		layout:  r.layout,
		min:     fixed(160, theme.PersonRowHeight),
		refresh: func() { r.paint(); r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *PersonRow) paint() {
	p := r.person
	r.back.FillColor = color.Transparent
	on := theme.Panel
	if r.hovered && r.OnMenu != nil {
		on = theme.Hover
		r.back.FillColor = theme.Color(on)
	}
	ring(r.back, r.focused && r.OnMenu != nil, theme.Link)
	r.avatar.show(p.ID, p.Name, p.Online, on)
	r.avatar.setPicture(p.Picture)
	r.name.ink(theme.Ink)
	r.note.ink(theme.Ink3)
	r.link.Hidden = p.Action == ""
	r.muted.Hidden = !p.Muted
	if p.Muted {
		recolour(r.muted, "mute", theme.Ink3)
	}
}

func (r *PersonRow) layout(size fyne.Size) {
	const gap = float32(10)
	place(r.back, -panelRowOver, 0, size.Width+2*panelRowOver, size.Height)
	r.avatar.place(0, (size.Height-theme.AvatarSmall)/2)
	end := size.Width
	if r.person.Action != "" {
		w := r.link.MinSize().Width
		place(r.link, end-w, (size.Height-theme.LineHeight)/2, w, theme.LineHeight)
		end -= w + gap
	} else if used := r.note.placeRight(end, 0, size.Height, size.Width/2); used > 0 {
		end -= used + gap
	}
	if r.person.Muted {
		place(r.muted, end-theme.IconSmall, (size.Height-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
		end -= theme.IconSmall + gap
	}
	x := theme.AvatarSmall + gap
	r.name.place(r, x, 0, size.Height, end-x)
}

// SetOnline shows whether the person is connected.
func (r *PersonRow) SetOnline(online bool) {
	if r.person.Online != online {
		r.person.Online = online
		r.Refresh()
	}
}

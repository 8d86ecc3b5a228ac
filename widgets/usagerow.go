package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// UsageRow says what one conversation takes, with a button for it and a line below.
type UsageRow struct {
	widget.BaseWidget
	avatar     *avatarParts
	name       *inlineLabel
	note, size *label
	button     *Button
	line       *canvas.Rectangle
}

// Usage is what a [UsageRow] shows.
type Usage struct {
	Avatar  string // chooses the colour
	Initial string // what the avatar shows, empty for that of Name
	Picture fyne.Resource
	Name    string
	Note    string
	Size    string
}

const (
	usageRowHeight = float32(57)
	usageRowGap    = float32(24) // between the size and the button
	usageRowName   = float32(150)
)

// NewUsageRow makes a row; tapped is called by its button.
func NewUsageRow(u Usage, button string, tapped func()) *UsageRow {
	r := &UsageRow{
		avatar: newAvatarParts(theme.AvatarSmall),
		name:   newName(theme.TextSize, false),
		note:   newLabel(theme.MetaSize, false),
		size:   newLabel(theme.TextSize, true),
		button: NewSmallButton(Secondary, button, tapped),
		line:   box(0),
	}
	initial := u.Initial
	if initial == "" {
		initial = u.Name
	}
	r.avatar.show(u.Avatar, initial, false, theme.Panel)
	r.avatar.setPicture(u.Picture)
	r.name.set(u.Name)
	r.note.set(u.Note)
	r.size.set(u.Size)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *UsageRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return &flat{
		objects: with(append(r.avatar.objects(), r.note.line, r.size.line, r.button, r.line), r.name),
		layout:  r.layout,
		min:     fixed(200, usageRowHeight),
		refresh: func() { r.paint(); r.button.Refresh(); r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *UsageRow) paint() {
	r.line.FillColor = theme.Color(theme.Line)
	r.name.ink(theme.Ink)
	r.note.ink(theme.Ink2)
	r.size.ink(theme.Ink)
}

func (r *UsageRow) layout(size fyne.Size) {
	const text, gap = theme.AvatarSmall + 10, float32(12)
	h := size.Height - theme.LineThickness
	r.avatar.place(0, (h-theme.AvatarSmall)/2)
	w := r.button.MinSize().Width
	place(r.button, size.Width-w, (h-theme.SmallButtonHeight)/2, w, theme.SmallButtonHeight)
	right := size.Width - w - usageRowGap
	const line1, line2 = float32(8), float32(28)
	if right-r.size.width()-gap-text >= usageRowName {
		end := right - r.size.placeRight(right, 0, h, right-text) - gap
		r.name.place(r, text, line1, theme.LineHeight, end-text)
		r.note.place(text, line2, theme.LineHeight, end-text)
	} else { // the size goes before the note
		end := size.Width - w - gap
		r.name.place(r, text, line1, theme.LineHeight, end-text)
		used := r.size.place(text, line2, theme.LineHeight, end-text)
		r.note.place(text+used+8, line2, theme.LineHeight, end-text-used-8)
	}
	place(r.line, 0, h, size.Width, theme.LineThickness)
}

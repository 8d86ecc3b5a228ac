package widgets

import (
	"cmp"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// ChatHeader stands above the messages: whose conversation it is, a line about
// it, and buttons. In a narrow window it has an arrow back to the list.
type ChatHeader struct {
	widget.BaseWidget

	// OnBack is called by the arrow, OnTitle by a tap on the name or avatar.
	OnBack, OnTitle func()

	line       *canvas.Rectangle
	arrow      *IconButton
	title      *titleButton
	buttons    []*IconButton
	narrow     bool
	hasContent bool
}

// NewChatHeader makes an empty header; backLabel says what the arrow does.
func NewChatHeader(backLabel string) *ChatHeader {
	h := &ChatHeader{line: box(0)}
	h.arrow = NewIconButton("back", backLabel, func() { call(h.OnBack) })
	h.title = newTitleButton(func() { call(h.OnTitle) })
	h.ExtendBaseWidget(h)
	return h
}

// SetChat sets whose conversation it is: the id that chooses the avatar's
// colour, the name, and the line below it ("8 members", "typing…"), which may
// be empty.
func (h *ChatHeader) SetChat(avatar, name, subtitle string, online bool) {
	h.hasContent = true
	h.title.set(avatar, name, subtitle, online)
	h.Refresh()
}

// SetInitial sets what the avatar shows instead of the initial of the name.
func (h *ChatHeader) SetInitial(initial string) {
	h.title.initial = initial
	h.title.Refresh()
}

// SetPicture sets the picture of the avatar, nil for its initial.
func (h *ChatHeader) SetPicture(picture fyne.Resource) {
	h.title.picture = picture
	h.title.Refresh()
}

// SetSubtitle changes the line below the name.
func (h *ChatHeader) SetSubtitle(subtitle string) {
	h.title.subtitle.set(subtitle)
	h.title.Refresh()
}

// SetNarrow shows or hides the arrow.
func (h *ChatHeader) SetNarrow(narrow bool) {
	h.narrow = narrow
	h.Refresh()
}

// SetBackLabel changes the words for the arrow.
func (h *ChatHeader) SetBackLabel(label string) { h.arrow.SetLabel(label) }

// SetButtons sets the buttons at the right end.
func (h *ChatHeader) SetButtons(buttons ...*IconButton) {
	h.buttons = buttons
	h.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (h *ChatHeader) CreateRenderer() fyne.WidgetRenderer {
	h.paint()
	return &flat{
		objects: func() []fyne.CanvasObject {
			all := []fyne.CanvasObject{h.line, h.arrow, h.title}
			for _, b := range h.buttons {
				all = append(all, b)
			}
			return all
		},
		layout:  h.layout,
		min:     fixed(240, theme.HeaderHeight),
		refresh: func() { h.paint(); h.layout(h.Size()); canvas.Refresh(h) },
	}
}

func (h *ChatHeader) paint() {
	h.line.FillColor = theme.Color(theme.Line)
	h.arrow.Hidden = !h.narrow
	h.title.Hidden = !h.hasContent
	for _, b := range h.buttons {
		b.Hidden = !h.hasContent
	}
}

func (h *ChatHeader) layout(size fyne.Size) {
	const pad = float32(16)
	place(h.line, 0, size.Height-theme.LineThickness, size.Width, theme.LineThickness)
	middle := (size.Height - theme.LineThickness) / 2
	side := theme.IconButtonSize
	x := pad
	if h.narrow {
		place(h.arrow, 6, middle-side/2, side, side)
		x = 6 + side
	}
	end := size.Width - pad
	for i := len(h.buttons) - 1; i >= 0; i-- {
		end -= side
		place(h.buttons[i], end, middle-side/2, side, side)
		end -= 10
	}
	place(h.title, x, 0, max(end-x, 0), size.Height-theme.LineThickness)
}

// titleButton is avatar, name and subtitle.
type titleButton struct {
	press
	avatar         *avatarParts
	frame          *canvas.Rectangle
	name, subtitle *inlineLabel
	id             string
	online         bool
	initial        string
	picture        fyne.Resource
}

func newTitleButton(tapped func()) *titleButton {
	t := &titleButton{
		avatar:   newAvatarParts(theme.AvatarSmall),
		frame:    box(theme.RadiusRow),
		name:     newName(theme.TitleSize, true),
		subtitle: newName(theme.MetaSize, false),
	}
	t.onTapped = tapped
	t.extend(t)
	return t
}

func (t *titleButton) set(id, name, subtitle string, online bool) {
	t.id, t.online = id, online
	t.name.set(name)
	t.subtitle.set(subtitle)
	t.Refresh()
}

func (t *titleButton) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	objects := append([]fyne.CanvasObject{t.frame}, t.avatar.objects()...)
	return &flat{
		objects: with(objects, t.name, t.subtitle),
		layout:  t.layout,
		min:     fixed(120, theme.HeaderHeight-theme.LineThickness),
		refresh: func() { t.paint(); t.layout(t.Size()); canvas.Refresh(t) },
	}
}

func (t *titleButton) paint() {
	t.avatar.show(t.id, cmp.Or(t.initial, t.name.full), t.online, theme.Panel)
	t.avatar.setPicture(t.picture)
	t.name.ink(theme.Ink)
	t.subtitle.ink(theme.Ink2)
	t.frame.FillColor = color.Transparent
	ring(t.frame, t.focused, theme.Link)
}

func (t *titleButton) layout(size fyne.Size) {
	const gap = float32(10)
	place(t.frame, -6, 6, size.Width+6, size.Height-12)
	t.avatar.place(0, (size.Height-theme.AvatarSmall)/2)
	x := theme.AvatarSmall + gap
	w := size.Width - x
	if t.subtitle.full == "" {
		t.subtitle.place(t, 0, 0, 0, 0)
		t.name.place(t, x, 0, size.Height, w)
		return
	}
	// Lines of 20 and 16, centred together.
	y := (size.Height - 36) / 2
	t.name.place(t, x, y-1, 20, w)
	t.subtitle.place(t, x, y+20, 16, w)
}

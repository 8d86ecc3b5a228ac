package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// PanelHead is at the top of a [SidePanel]: an avatar, a name and a line about it,
// all in the middle.
type PanelHead struct {
	widget.BaseWidget

	avatar  *avatarParts
	id      string
	picture fyne.Resource
	online  bool
	name    *Paragraph
	about   *Paragraph
}

// NewPanelHead makes an empty head.
func NewPanelHead() *PanelHead {
	h := &PanelHead{
		avatar: newAvatarParts(theme.AvatarLarge),
		name:   NewHeading("", theme.TitleSize, fyne.TextAlignCenter),
		about:  NewParagraph("", theme.Ink2, theme.MetaSize, fyne.TextAlignCenter),
	}
	h.ExtendBaseWidget(h)
	return h
}

// Set sets whose head it is: the id that chooses the avatar's colour, its picture
// or nil, the name, and a line about it, which may be empty. Both wrap.
func (h *PanelHead) Set(id string, picture fyne.Resource, name, about string, online bool) {
	h.id, h.picture, h.online = id, picture, online
	h.name.SetText(oneLine(name))
	h.about.SetText(oneLine(about))
	h.Refresh()
}

const panelHeadTop = float32(10)

// HeightFor is how tall it is at a width.
func (h *PanelHead) HeightFor(width float32) float32 {
	y := panelHeadTop + theme.AvatarLarge + 6 + h.name.HeightFor(width-2*panelInset)
	if h.about.words != "" {
		y += h.about.HeightFor(width - 2*panelInset)
	}
	return y
}

// CreateRenderer implements fyne.Widget.
func (h *PanelHead) CreateRenderer() fyne.WidgetRenderer {
	h.paint()
	return &flat{
		objects: these(append(h.avatar.objects(), h.name, h.about)...),
		layout:  h.layout,
		min:     func() fyne.Size { return fyne.NewSize(120, h.HeightFor(max(h.Size().Width, 120))) },
		refresh: func() { h.paint(); h.layout(h.Size()); canvas.Refresh(h) },
	}
}

func (h *PanelHead) paint() {
	h.avatar.show(h.id, h.name.words, h.online, theme.Panel)
	h.avatar.setPicture(h.picture)
	h.about.Hidden = h.about.words == ""
}

func (h *PanelHead) layout(size fyne.Size) {
	h.avatar.place(round((size.Width-theme.AvatarLarge)/2), panelHeadTop)
	w := size.Width - 2*panelInset
	y := panelHeadTop + theme.AvatarLarge + 6
	place(h.name, panelInset, y, w, h.name.HeightFor(w))
	y += h.name.HeightFor(w)
	place(h.about, panelInset, y, w, h.about.HeightFor(w))
}

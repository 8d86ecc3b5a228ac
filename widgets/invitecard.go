package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// InviteCard is the content of the sheet that lets others join: the QR code and the
// link with what can be done with it, or words in their place; the switch; and the
// fingerprint to compare. In a narrow window one thing goes below the other.
type InviteCard struct {
	widget.BaseWidget

	code        *QRCode
	label       *Paragraph
	back        *canvas.Rectangle
	link        *Paragraph
	words       *Paragraph
	buttons     fyne.CanvasObject
	row         *SettingRow
	fingerprint *SettingRow
	hint        *Paragraph
}

const (
	inviteGap   = float32(22)  // between the code and what is beside it
	inviteLabel = float32(20)  // of the link
	invitePad   = float32(8)   // of the link's box above and below
	inviteLeast = float32(220) // what is beside the code needs this width
)

// NewInviteCard makes a card. The buttons stand below the link, row has the switch.
func NewInviteCard(row, fingerprint *SettingRow, buttons ...fyne.CanvasObject) *InviteCard {
	c := &InviteCard{
		code:        NewQRCode(),
		label:       NewParagraph("", theme.Ink2, theme.MetaSize, fyne.TextAlignLeading),
		back:        box(theme.RadiusRow),
		link:        NewParagraph("", theme.Ink, theme.MetaSize, fyne.TextAlignLeading),
		words:       NewParagraph("", theme.Ink2, theme.TextSize, fyne.TextAlignLeading),
		buttons:     NewFlow(buttons...),
		row:         row,
		fingerprint: fingerprint,
		hint:        NewParagraph("", theme.Ink2, theme.MetaSize, fyne.TextAlignLeading),
	}
	c.ExtendBaseWidget(c)
	c.SetLink("", nil)
	c.SetWords("")
	c.SetHint("")
	return c
}

// SetLink shows a link and its code; without one they are not there, nor is what is
// done with them.
func (c *InviteCard) SetLink(link string, code Modules) {
	c.link.SetText(link)
	c.code.SetModules(code)
	for _, o := range []fyne.CanvasObject{c.code, c.label, c.back, c.link} {
		show(o, link != "")
	}
	c.Refresh()
}

// SetWords shows words in place of a link, "" for none.
func (c *InviteCard) SetWords(words string) {
	c.words.SetText(words)
	show(c.words, words != "")
	c.Refresh()
}

// SetLabel changes what stands above the link.
func (c *InviteCard) SetLabel(label string) {
	c.label.SetText(label)
	c.Refresh()
}

// SetHint shows a few words at the end, "" for none.
func (c *InviteCard) SetHint(words string) {
	c.hint.SetText(words)
	show(c.hint, words != "")
	c.Refresh()
}

// ShowButtons shows the buttons or not.
func (c *InviteCard) ShowButtons(yes bool) {
	show(c.buttons, yes)
	c.Refresh()
}

// ShowFingerprint shows its row or not.
func (c *InviteCard) ShowFingerprint(yes bool) {
	show(c.fingerprint, yes)
	c.Refresh()
}

func show(o fyne.CanvasObject, yes bool) {
	if yes {
		o.Show()
	} else {
		o.Hide()
	}
}

// arrange says where everything goes at a width, and returns how tall that is.
func (c *InviteCard) arrange(width float32, put func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	x, y, w := float32(0), float32(0), width
	bottom := float32(0) // of the code beside everything else
	if c.code.Visible() {
		if width >= qrSide+inviteGap+inviteLeast {
			put(c.code, 0, 0, qrSide, qrSide)
			x, w, bottom = qrSide+inviteGap, width-qrSide-inviteGap, qrSide
		} else {
			put(c.code, (width-qrSide)/2, 0, qrSide, qrSide)
			y = qrSide + 12
		}
	}
	if c.link.Visible() {
		put(c.label, x, y, w, inviteLabel)
		y += inviteLabel
		h := c.link.HeightFor(w - 24)
		put(c.back, x, y, w, h+2*invitePad)
		put(c.link, x+12, y+invitePad, w-24, h)
		y += h + 2*invitePad + 10
	}
	if c.words.Visible() {
		h := c.words.HeightFor(w)
		put(c.words, x, y, w, h)
		y += h + 12
	}
	if c.buttons.Visible() {
		h := heightFor(c.buttons, w)
		put(c.buttons, x, y, w, h)
		y += h + 10
	}
	h := c.row.HeightFor(w)
	put(c.row, x, y, w, h)
	y = max(y+h, bottom)
	if c.fingerprint.Visible() {
		h := c.fingerprint.HeightFor(width)
		put(c.fingerprint, 0, y, width, h)
		y += h
	}
	if c.hint.Visible() {
		h := c.hint.HeightFor(width)
		put(c.hint, 0, y+10, width, h)
		y += h + 10
	}
	return y
}

// HeightFor is how tall the card is at a width.
func (c *InviteCard) HeightFor(width float32) float32 {
	return c.arrange(width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
}

// CreateRenderer implements fyne.Widget.
func (c *InviteCard) CreateRenderer() fyne.WidgetRenderer {
	layout := func(size fyne.Size) {
		c.arrange(size.Width, func(o fyne.CanvasObject, x, y, w, h float32) { place(o, x, y, w, h) })
	}
	paint := func() { c.back.FillColor = theme.Color(theme.Field) }
	paint()
	all := []fyne.CanvasObject{c.code, c.label, c.back, c.link, c.words, c.buttons, c.row, c.fingerprint, c.hint}
	return &flat{
		objects: these(all...),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(qrSide, c.HeightFor(max(c.Size().Width, qrSide))) },
		refresh: func() {
			paint()
			for _, o := range all {
				o.Refresh()
			}
			layout(c.Size())
			canvas.Refresh(c)
		},
	}
}

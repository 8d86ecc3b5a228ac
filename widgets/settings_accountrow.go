package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// AccountRow shows an account of this computer: its avatar, who it is, a few words about
// it, and at the right what can be done, with a line below. Where that leaves the words
// too little room it goes below them.
type AccountRow struct {
	widget.BaseWidget
	avatar  *Avatar
	name    *inlineLabel
	note    *Paragraph
	control fyne.CanvasObject
	line    *canvas.Rectangle
}

// Account is what an [AccountRow] shows.
type Account struct {
	ID      string // chooses the colour of the avatar
	Name    string
	Note    string
	Picture fyne.Resource // nil for the first character of the name
	Online  bool
}

const accountText = theme.AvatarLarge + 12 // where the words begin

// NewAccountRow makes a row; the control may be nil.
func NewAccountRow(a Account, control fyne.CanvasObject) *AccountRow {
	r := &AccountRow{
		avatar:  NewAvatar(theme.AvatarLarge),
		name:    newName(theme.TitleSize, true),
		note:    NewParagraph(a.Note, theme.Ink2, theme.SecondarySize, fyne.TextAlignLeading),
		control: control,
		line:    box(0),
	}
	r.avatar.SetPerson(a.ID, a.Name, a.Online)
	r.avatar.SetPicture(a.Picture)
	r.name.set(a.Name)
	r.ExtendBaseWidget(r)
	return r
}

// below reports whether the control goes below the words.
func (r *AccountRow) below(width float32) bool {
	return r.control != nil && width-accountText-r.control.MinSize().Width-settingGap < settingWords
}

func (r *AccountRow) wordsWidth(width float32) float32 {
	if r.control == nil || r.below(width) {
		return width - accountText
	}
	return width - accountText - r.control.MinSize().Width - settingGap
}

func (r *AccountRow) wordsHeight(width float32) float32 {
	h := theme.LineHeight
	if r.note.words != "" {
		h += r.note.HeightFor(width)
	}
	return h
}

// HeightFor is how tall the row is at a width, at which words may wrap.
func (r *AccountRow) HeightFor(width float32) float32 {
	h := max(r.wordsHeight(r.wordsWidth(width)), theme.AvatarLarge)
	if r.below(width) {
		h += 8 + r.control.MinSize().Height
	}
	return h + 2*settingPad + theme.LineThickness
}

// CreateRenderer implements fyne.Widget.
func (r *AccountRow) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{r.avatar, r.note, r.line}
	if r.control != nil {
		objects = append(objects, r.control)
	}
	paint := func() {
		r.name.ink(theme.Ink)
		r.line.FillColor = theme.Color(theme.Line)
		r.note.Hidden = r.note.words == ""
	}
	paint()
	return &flat{
		objects: with(objects, r.name),
		layout:  r.layout,
		min:     func() fyne.Size { return fyne.NewSize(200, r.HeightFor(max(r.Size().Width, 200))) },
		refresh: func() {
			paint()
			r.avatar.Refresh()
			r.note.Refresh()
			if r.control != nil {
				r.control.Refresh()
			}
			r.layout(r.Size())
			canvas.Refresh(r)
		},
	}
}

func (r *AccountRow) layout(size fyne.Size) {
	w := r.wordsWidth(size.Width)
	h := r.wordsHeight(w)
	inner := max(h, theme.AvatarLarge)
	y := settingPad + (inner-h)/2
	place(r.avatar, 0, settingPad+(inner-theme.AvatarLarge)/2, theme.AvatarLarge, theme.AvatarLarge)
	r.name.place(r, accountText, y, theme.LineHeight, w)
	place(r.note, accountText, y+theme.LineHeight, w, h-theme.LineHeight)
	if r.control != nil {
		least := r.control.MinSize()
		if r.below(size.Width) {
			place(r.control, accountText, settingPad+inner+8, min(least.Width, size.Width-accountText), least.Height)
		} else {
			place(r.control, size.Width-least.Width, settingPad+(inner-least.Height)/2, least.Width, least.Height)
		}
	}
	place(r.line, 0, size.Height-theme.LineThickness, size.Width, theme.LineThickness)
}

package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// SettingRow is one setting of a [SettingsPage]: what it is, a few words about it, and
// at the right end what changes it, with a line below. Where that leaves the words too
// little room it goes below them.
type SettingRow struct {
	widget.BaseWidget
	title   *Paragraph
	note    *Paragraph
	control fyne.CanvasObject
	line    *canvas.Rectangle
}

const (
	settingPad   = float32(11)  // above and below
	settingGap   = float32(16)  // between the words and the control
	settingWords = float32(170) // what the words need beside the control
)

// NewSettingRow makes a row; the note may be empty and the control nil.
func NewSettingRow(title, note string, control fyne.CanvasObject) *SettingRow {
	r := &SettingRow{
		title:   NewParagraph(title, theme.Ink, theme.TextSize, fyne.TextAlignLeading),
		note:    NewParagraph(note, theme.Ink2, theme.MetaSize, fyne.TextAlignLeading),
		control: control,
		line:    box(0),
	}
	r.ExtendBaseWidget(r)
	return r
}

// Tapped implements fyne.Tappable: the words of a switch turn it, too.
func (r *SettingRow) Tapped(e *fyne.PointEvent) {
	if s, ok := r.control.(*Switch); ok {
		s.Tapped(e)
	}
}

// Cursor implements desktop.Cursorable.
func (r *SettingRow) Cursor() desktop.Cursor {
	if s, ok := r.control.(*Switch); ok {
		return s.Cursor()
	}
	return desktop.DefaultCursor
}

// SetNote changes the few words.
func (r *SettingRow) SetNote(note string) {
	r.note.SetText(note)
	r.Refresh()
}

// below reports whether the control goes below the words.
func (r *SettingRow) below(width float32) bool {
	return r.control != nil && width-r.control.MinSize().Width-settingGap < settingWords
}

func (r *SettingRow) wordsWidth(width float32) float32 {
	if r.control == nil || r.below(width) {
		return width
	}
	return width - r.control.MinSize().Width - settingGap
}

func (r *SettingRow) wordsHeight(width float32) float32 {
	h := r.title.HeightFor(width)
	if r.note.words != "" {
		h += r.note.HeightFor(width)
	}
	return h
}

// HeightFor is how tall the row is at a width, at which words may wrap.
func (r *SettingRow) HeightFor(width float32) float32 {
	h := r.wordsHeight(r.wordsWidth(width))
	if r.control != nil {
		least := r.control.MinSize().Height
		if r.below(width) {
			h += 6 + least
		} else {
			h = max(h, least)
		}
	}
	return h + 2*settingPad + theme.LineThickness
}

// CreateRenderer implements fyne.Widget.
func (r *SettingRow) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{r.title, r.note, r.line}
	if r.control != nil {
		objects = append(objects, r.control)
	}
	paint := func() {
		r.line.FillColor = theme.Color(theme.Line)
		r.note.Hidden = r.note.words == ""
	}
	paint()
	return &flat{
		objects: these(objects...),
		layout:  r.layout,
		min:     func() fyne.Size { return fyne.NewSize(160, r.HeightFor(max(r.Size().Width, 160))) },
		refresh: func() {
			paint()
			r.title.Refresh()
			r.note.Refresh()
			if r.control != nil {
				r.control.Refresh()
			}
			r.layout(r.Size())
			canvas.Refresh(r)
		},
	}
}

func (r *SettingRow) layout(size fyne.Size) {
	w := r.wordsWidth(size.Width)
	h := r.wordsHeight(w)
	inner := size.Height - 2*settingPad - theme.LineThickness
	y := settingPad
	if r.control != nil {
		least := r.control.MinSize()
		if r.below(size.Width) {
			place(r.control, 0, y+h+6, min(least.Width, size.Width), least.Height)
		} else {
			place(r.control, size.Width-least.Width, y+(inner-least.Height)/2, least.Width, least.Height)
			y += (inner - h) / 2
		}
	}
	top := r.title.HeightFor(w)
	place(r.title, 0, y, w, top)
	place(r.note, 0, y+top, w, h-top)
	place(r.line, 0, size.Height-theme.LineThickness, size.Width, theme.LineThickness)
}

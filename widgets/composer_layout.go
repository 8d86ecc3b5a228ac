package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// CreateRenderer implements fyne.Widget.
func (c *Composer) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	return &flat{
		objects: c.objects,
		layout:  c.layout,
		min:     c.minSize,
		refresh: func() { c.paint(); c.layout(c.Size()); canvas.Refresh(c) },
	}
}

func (c *Composer) objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{c.line, c.field, c.area, c.note, c.send}
	for _, b := range c.left {
		all = append(all, b)
	}
	for _, b := range c.right {
		all = append(all, b)
	}
	if r := c.recorder; r != nil {
		all = append(all, r.bar, r.mic)
	}
	if c.tray != nil {
		all = append(all, c.tray)
	}
	if c.quote != nil {
		all = append(all, c.quote)
	}
	return all
}

func (c *Composer) paint() {
	c.line.FillColor = theme.Color(theme.Line)
	c.field.FillColor = theme.Color(theme.Field)
	words, colour := c.noteWords()
	c.note.colour = colour
	c.note.SetText(words)
	c.note.Hidden = words == ""
	c.paintRecorder()
}

// paintSend shows whether there is anything that can be sent.
func (c *Composer) paintSend() {
	if c.Disabled() || c.overLimit() {
		c.send.Disable()
	} else {
		c.send.Enable()
	}
}

// noteWords is the line above the field: what went wrong, or how much of the
// limit is used once that matters.
func (c *Composer) noteWords() (words string, colour fyne.ThemeColorName) {
	if c.problem != "" {
		return c.problem, theme.Danger
	}
	used := len(strings.TrimSpace(c.Text())) // what would be sent
	if c.limit == 0 || c.limitWords == nil || used*10 < c.limit*9 {
		return c.remark, theme.Ink3
	}
	if c.overLimit() {
		return c.limitWords(used, c.limit), theme.Danger
	}
	return c.limitWords(used, c.limit), theme.Ink3
}

// fieldHeight is the height of the box for the rows that the text has.
func (c *Composer) fieldHeight() float32 {
	if c.recording() {
		return theme.FieldHeight
	}
	return max(theme.FieldHeight, theme.LineHeight*float32(c.rows)+2*areaPadY)
}

func (c *Composer) noteHeight() float32 {
	if c.note.words == "" {
		return 0
	}
	_, w := c.fieldSpan(max(c.Size().Width, 240))
	return c.note.HeightFor(w-composerNoteAt) + composerNote
}

func (c *Composer) minSize() fyne.Size {
	c.paint() // whether there is a note decides the height
	buttons := float32(len(c.left)+c.steps()) * (theme.IconButtonSize + composerGap)
	return fyne.NewSize(2*composerPadX+buttons+120, c.quoteHeight()+c.trayHeight()+c.noteHeight()+c.fieldHeight()+2*composerPadY+theme.LineThickness)
}

// fieldSpan returns where the field begins and how wide it is in a composer of
// the given width.
func (c *Composer) fieldSpan(width float32) (x, w float32) {
	step := theme.IconButtonSize + composerGap
	x = composerPadX + float32(len(c.left))*step
	w = width - composerPadX - float32(c.steps())*step - x
	return x, w
}

func (c *Composer) layout(size fyne.Size) {
	c.grow()
	place(c.line, 0, 0, size.Width, theme.LineThickness)
	top := theme.LineThickness + composerPadY
	top += c.layoutQuote(size.Width, theme.LineThickness)
	top += c.layoutTray(size.Width, theme.LineThickness+c.quoteHeight())
	x, w := c.fieldSpan(size.Width)
	if h := c.noteHeight(); h > 0 {
		place(c.note, x+composerNoteAt, top-theme.Grid+1, w-composerNoteAt, h-composerNote)
	}
	top += c.noteHeight()
	h := c.fieldHeight()
	place(c.field, x, top, w, h)
	place(c.area, x, top, w, h)
	// Buttons stay beside the last line of text.
	y := top + h - (theme.FieldHeight+theme.IconButtonSize)/2
	step := theme.IconButtonSize + composerGap
	for i, b := range c.left {
		place(b, composerPadX+float32(i)*step, y, theme.IconButtonSize, theme.IconButtonSize)
	}
	for i, b := range c.right {
		place(b, x+w+composerGap+float32(i)*step, y, theme.IconButtonSize, theme.IconButtonSize)
	}
	c.layoutRecorder(size, x+w+composerGap+float32(len(c.right))*step, y)
	place(c.send, size.Width-composerPadX-theme.IconButtonSize, y, theme.IconButtonSize, theme.IconButtonSize)
}

// grow counts the rows that the text has at the width that there is.
func (c *Composer) grow() {
	_, w := c.fieldSpan(c.Size().Width)
	rows := 1
	if w > 0 {
		rows = c.area.rowsFor(w)
	}
	c.rows = min(max(rows, 1), theme.ComposerMaxRows)
}

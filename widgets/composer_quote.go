package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Measures of the quote above the field, from the pictures.
const (
	quoteTop    = float32(8) // below the composer's line
	quoteHeight = float32(45)
	quoteBelow  = float32(0)
	quoteBar    = float32(3)
	quoteIndent = float32(13) // of the text, from the left of the bar
	quoteLine   = float32(20)
	quoteText   = float32(22) // where the second line begins
)

// quotePane shows the message that is being answered.
type quotePane struct {
	widget.BaseWidget
	bar        *canvas.Rectangle
	name, text *inlineLabel
	close      *IconButton
}

func newQuotePane(closeLabel string, closed func()) *quotePane {
	p := &quotePane{
		bar:   box(quoteBar / 2),
		name:  newName(theme.SecondarySize, true),
		text:  newName(theme.SecondarySize, false),
		close: NewIconButton("close", closeLabel, closed),
	}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *quotePane) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return &flat{
		objects: with([]fyne.CanvasObject{p.bar, p.close}, p.name, p.text),
		layout:  p.layout,
		min:     fixed(120, quoteHeight),
		refresh: func() { p.paint(); p.layout(p.Size()); canvas.Refresh(p) },
	}
}

func (p *quotePane) paint() {
	p.bar.FillColor = theme.Color(theme.Accent)
	p.name.ink(theme.Link)
	p.text.ink(theme.Ink2)
}

func (p *quotePane) layout(size fyne.Size) {
	w := size.Width - quoteIndent - theme.IconButtonSize - theme.Grid
	place(p.bar, 0, 0, quoteBar, size.Height)
	p.name.place(p, quoteIndent, 3, quoteLine, w)
	p.text.place(p, quoteIndent, quoteText, quoteLine, w)
	place(p.close, size.Width-theme.IconButtonSize, (size.Height-theme.IconButtonSize)/2, theme.IconButtonSize, theme.IconButtonSize)
}

// SetQuote shows above the field that a message of name is being answered, and
// what it says; text "" takes that away. closeLabel says in words what the cross
// does, which OnQuoteClosed is told of.
func (c *Composer) SetQuote(name, text, closeLabel string) {
	before := c.quoteHeight()
	switch text {
	case "":
		if c.quote != nil {
			c.quote.Hide()
		}
	default:
		if c.quote == nil {
			c.quote = newQuotePane(closeLabel, func() { call(c.OnQuoteClosed) })
		}
		c.quote.close.SetLabel(closeLabel)
		c.quote.name.set(oneLine(name))
		c.quote.text.set(oneLine(text))
		c.quote.Show()
		c.quote.Refresh()
	}
	if c.quoteHeight() != before {
		c.Refresh()
	}
}

// quoteHeight is what the quote adds to the composer's height.
func (c *Composer) quoteHeight() float32 {
	if c.quote == nil || c.quote.Hidden {
		return 0
	}
	return quoteTop + quoteHeight + quoteBelow
}

// layoutQuote places the quote below the composer's line and returns its height.
func (c *Composer) layoutQuote(width, top float32) float32 {
	h := c.quoteHeight()
	if h > 0 {
		place(c.quote, trayPadX, top+quoteTop, max(0, width-trayPadX-composerPadX), quoteHeight)
	}
	return h
}

// Quote returns what is shown to be answered, "" for nothing.
func (c *Composer) Quote() string {
	if c.quote == nil || c.quote.Hidden {
		return ""
	}
	return c.quote.text.full
}

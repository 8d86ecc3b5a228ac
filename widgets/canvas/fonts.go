package canvas

import (
	"fyne.io/fyne/v2"

	"magpie/widgets/baseline"
	"magpie/widgets/picture"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// font is one face at one size, with what it takes to put it on a line.
type font struct {
	*textlayout.Face
	size   float32
	style  fyne.TextStyle
	height float32 // of what is drawn
	base   float32 // from its upper edge to the baseline
}

// fonts are those that the canvas draws with. They are made anew when the theme
// changes.
type fonts struct {
	text    font // messages
	name    font // senders, the count on the pill
	small   font // notices, days, dividers, failures
	meta    font // times in bubbles
	initial font // letters on avatars, buttons of cards
	detail  font // second lines of cards
	title   font // names of files
	tag     font // what their tiles say
}

func newFonts() *fonts {
	bold := fyne.TextStyle{Bold: true}
	return &fonts{
		text:    newFont(theme.TextSize, fyne.TextStyle{}),
		name:    newFont(theme.MetaSize, bold),
		small:   newFont(theme.MetaSize, fyne.TextStyle{}),
		meta:    newFont(theme.SmallSize, fyne.TextStyle{}),
		initial: newFont(theme.SecondarySize, bold),
		detail:  newFont(theme.SecondarySize, fyne.TextStyle{}),
		title:   newFont(theme.TextSize, bold),
		tag:     newFont(theme.SmallSize, bold),
	}
}

func newFont(size float32, style fyne.TextStyle) font {
	s, base := theme.MeasureText("x", size, style)
	face := textlayout.NewFace(picture.Measure(size, style))
	face.SetDrop(baseline.Look(size, style))
	return font{Face: face, size: size, style: style, height: s.Height, base: base}
}

// remeasure forgets every layout and every advance: the font, the scale or the
// words have changed.
func (c *Canvas) remeasure() {
	c.fonts = nil
	for _, e := range c.window.entries {
		e.layout = nil
	}
	for _, r := range c.shown {
		r.stale = true
	}
}

// face returns the fonts, made when they are first needed.
func (c *Canvas) face() *fonts {
	if c.fonts == nil {
		c.fonts = newFonts()
	}
	return c.fonts
}

// pixels is how many device pixels a length covers.
func (c *Canvas) pixels(length float32) int { return int(length*c.scale + 0.5) }

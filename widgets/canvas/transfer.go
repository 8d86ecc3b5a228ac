package canvas

import (
	"image/color"
	"strconv"

	"magpie/widgets/theme"
)

// leastRing is the least part of a ring that is drawn, so that there is something
// to see from the beginning on.
const leastRing = 0.03

// ring draws how far a transfer has come.
func (r *row) ring(a area, t Transfer, ink color.Color) {
	r.arc(a, ringWidth, 1, quarter(ink))
	r.arc(a, ringWidth, max(t.part(), leastRing), ink)
}

// part is how far it has come, 0 to 1.
func (t Transfer) part() float32 {
	if t.Total <= 0 {
		return 0
	}
	return float32(min(max(float64(t.Done)/float64(t.Total), 0), 1))
}

// percent is part in figures.
func (t Transfer) percent() string { return strconv.Itoa(int(t.part()*100)) + "%" }

// resume is the icon that goes on with a transfer that waits for a person.
func (t Transfer) resume() string {
	if t.Download {
		return "download"
	}
	return "send"
}

// quarter is a colour for what lies under one of the same.
func quarter(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A /= 4
	return n
}

// transferOf returns the transfer of an entry, nil for none.
func (c *Canvas) transferOf(e *entry) *Transfer {
	if t, ok := c.transfers[e.Key]; ok {
		return &t
	}
	return nil
}

// onGlass draws text on a dark pill whose upper left corner is at x, y.
func (r *row) onGlass(c *Canvas, text string, x, y float32) {
	f := &c.face().meta
	r.rect(area{c.snap(x), c.snap(y), c.snapUp(f.Width(text)) + 2*glassPadX, glassHeight}, theme.Color(theme.Glass), glassHeight/2)
	r.text(label{text: text, x: c.snap(x + glassPadX), y: c.centred(f, y, glassHeight)}, f, theme.Color(theme.OnGlass))
}

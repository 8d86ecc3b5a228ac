package canvas

// Reading is where somebody is in a conversation: at the message with a sequence,
// whose lower edge is Above the lower edge of the canvas, in units; below it if that
// is negative. The zero Reading is nowhere.
type Reading struct {
	Sequence uint64
	Above    float32
}

// Reading returns where the canvas is, for [Opening.Reading]: at the lowest message
// on the screen that has a sequence, or where it was opened if that is still to come.
// ok is false while there is neither, as when nothing has been loaded yet.
func (c *Canvas) Reading() (at Reading, ok bool) {
	if g := c.pos.want; g.kind == goReading {
		return Reading{g.sequence, g.above}, true
	}
	height := c.Size().Height
	for i := len(c.shown) - 1; i >= 0; i-- {
		if r := c.shown[i]; r.entry.Sequence > 0 && r.entry.Kind != KindHole {
			return Reading{r.entry.Sequence, height - (r.y + r.layout.body)}, true
		}
	}
	return Reading{}, false
}

package canvas

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// flash lights up the message that somebody came for, for a moment: the eye finds
// it among those around.
type flash struct {
	sequence  uint64  // 0 for none
	light     float32 // 1 at first, 0 at the end
	begun     bool    // it is on the screen
	animation *fyne.Animation
}

// flashTime is how long it takes; the light stays full for flashFull of it.
const (
	flashTime = 1800 * time.Millisecond
	flashFull = float32(0.45)
)

// JumpToHit goes to a message as [Canvas.JumpTo] does and lights it up when it is
// there.
func (c *Canvas) JumpToHit(sequence uint64) {
	if c.open {
		c.light(sequence)
		c.JumpTo(sequence)
	}
}

// light has the message with a sequence lit up as soon as it is on the screen; 0
// for none.
func (c *Canvas) light(sequence uint64) {
	was := c.flash
	c.flash = flash{sequence: sequence, light: 1}
	if was.animation != nil {
		was.animation.Stop()
	}
	if was.sequence != 0 && was.begun {
		c.relight(was.sequence)
	}
}

// beginFlash begins once the message is among the rows on the screen.
func (c *Canvas) beginFlash() {
	f := &c.flash
	if f.sequence == 0 || f.begun || c.litRow(f.sequence) == nil {
		return
	}
	f.begun = true
	c.relight(f.sequence)
	if c.still || !theme.Moves() {
		sequence := f.sequence
		c.after(flashTime, func() {
			if c.flash.sequence == sequence {
				c.light(0)
			}
		})
		return
	}
	a := fyne.NewAnimation(flashTime, nil)
	a.Curve = fyne.AnimationLinear
	a.Tick = func(at float32) {
		if c.flash.animation != a {
			return
		}
		light := min((1-at)/(1-flashFull), 1)
		if light == c.flash.light {
			return
		}
		c.flash.light = light
		c.relight(c.flash.sequence)
		if at >= 1 {
			c.flash = flash{}
		}
	}
	f.animation = a
	a.Start()
}

func (c *Canvas) litRow(sequence uint64) *row {
	for _, r := range c.shown {
		if r.entry.Sequence == sequence && r.entry.Kind != KindHole {
			return r
		}
	}
	return nil
}

// relight draws the row of a message anew.
func (c *Canvas) relight(sequence uint64) {
	if r := c.litRow(sequence); r != nil && r.entry.layout != nil {
		r.bind(c, r.entry, r.y, c.Size().Height)
		c.refreshAll()
	}
}

// lit draws the light behind the row of an entry that has it.
func (r *row) lit(c *Canvas, e *entry, l *rowLayout) {
	f := &c.flash
	if f.sequence == 0 || f.sequence != e.Sequence || e.Kind == KindHole || f.light <= 0 {
		return
	}
	const side, over = float32(6), float32(3)
	top := float32(0)
	if l.day.w > 0 {
		top = l.day.y + l.day.h
	}
	if l.divider.left > 0 {
		top = max(top, l.divider.y+theme.LineHeight/2)
	}
	n := color.NRGBAModel.Convert(theme.Color(theme.HitMark)).(color.NRGBA)
	n.A = uint8(f.light * 0.8 * 255)
	r.rect(area{side, top + 1, l.width - 2*side, l.height - top + over}, n, theme.RadiusRow)
}

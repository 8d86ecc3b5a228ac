package widgets

import (
	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// recorder is what the composer has of voice notes: the microphone beside the
// field, and the bar that stands in the field's place while there is a recording.
type recorder struct {
	mic   *micButton
	bar   *recorderBar
	shown *Recording
}

// AddRecorder puts a microphone left of the send button. do is told what a person
// wants; what comes of it is shown by SetRecording. menu is asked for by a
// secondary click on the microphone, or the menu key on it, with the place for the
// lower edge of a menu, in the canvas.
func (c *Composer) AddRecorder(words RecorderWords, do func(RecordAction), menu func(at fyne.Position)) {
	r := &recorder{mic: newMicButton(words.Record), bar: newRecorderBar(words, do)}
	r.mic.act = do
	r.mic.menu = func(at fyne.Position) { menu(at.SubtractXY(0, theme.Grid)) }
	r.mic.slid = func(cancels bool) {
		r.bar.cancels = cancels
		r.bar.Refresh()
	}
	r.mic.byKey = func(key fyne.KeyName) { r.bar.heldKey = key }
	r.bar.Hide()
	c.recorder = r
	c.Refresh()
}

// SetRecording shows a recording instead of the field, nil the field again with
// what was typed. The keyboard goes along from one to the other; while the button
// is held nothing has it.
func (c *Composer) SetRecording(r *Recording) {
	rec := c.recorder
	if rec == nil || r == nil && rec.shown == nil {
		return
	}
	before, had := rec.shown, c.hasKeyboard()
	rec.shown = r
	if rec.mic.holds && (r == nil || r.State != RecorderHeld) {
		rec.mic.abandon()
	}
	if r == nil {
		rec.bar.shown = Recording{}
		c.Refresh()
		if had {
			c.Focus()
		}
		return
	}
	rec.bar.shown, rec.bar.cancels = *r, rec.mic.left
	if before != nil && (before.State == RecorderHeld) == (r.State == RecorderHeld) {
		rec.bar.Refresh()
		return
	}
	rec.bar.Refresh()
	rec.mic.Refresh()
	key := rec.bar.heldKey
	c.Refresh()
	if r.State == RecorderHeld {
		unfocus(c)
	} else if had {
		focus(rec.bar)
	}
	rec.bar.heldKey = key // the change of focus forgot it
}

// hasKeyboard reports whether the keyboard is in the composer, or nowhere.
func (c *Composer) hasKeyboard() bool {
	switch f := canvasFocus(c); f {
	case nil, c.area, c.recorder.mic, c.recorder.bar:
		return true
	default:
		for _, b := range c.recorder.bar.buttons() {
			if f == b {
				return true
			}
		}
	}
	return false
}

// Recording returns what is shown of a recording, nil for nothing.
func (c *Composer) Recording() *Recording {
	if c.recorder == nil {
		return nil
	}
	return c.recorder.shown
}

// recording reports whether the bar is shown instead of the field.
func (c *Composer) recording() bool { return c.recorder != nil && c.recorder.shown != nil }

// steps is how many buttons stand between the field and the right end.
func (c *Composer) steps() int {
	n := len(c.right) + 1
	if c.recorder != nil {
		n++
	}
	return n
}

// paintRecorder hides what the bar takes the place of.
func (c *Composer) paintRecorder() {
	r := c.recorder
	if r == nil {
		return
	}
	shown := r.shown != nil
	c.field.Hidden, c.area.Hidden, c.send.Hidden = shown, shown, shown
	for _, b := range append(append([]*IconButton{}, c.left...), c.right...) {
		b.Hidden = shown
	}
	r.bar.Hidden = !shown
	r.mic.Hidden = shown && r.shown.State != RecorderHeld
}

// layoutRecorder places the microphone at x, and the bar over the row of buttons
// that begins at y.
func (c *Composer) layoutRecorder(size fyne.Size, x, y float32) {
	r := c.recorder
	if r == nil {
		return
	}
	side := theme.IconButtonSize
	if r.shown != nil && r.shown.State == RecorderHeld {
		// The button is larger and further right; the pointer stays on it.
		over := (micCircle - side) / 2
		place(r.mic, x, y-over, size.Width-composerPadX-x, micCircle)
	} else {
		place(r.mic, x, y, side, side)
	}
	place(r.bar, composerPadX, y-(theme.FieldHeight-side)/2, size.Width-2*composerPadX, theme.FieldHeight)
}

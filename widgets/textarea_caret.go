package widgets

import (
	"time"

	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// blinkFor is how long the cursor blinks after the last key or click, blinkBeat
// how long it is shown and how long not. Each change paints the whole window, which
// costs 30 to 50 ms of a core without a graphics card, so a window that nobody
// touches would otherwise never rest.
const (
	blinkFor  = 6 * time.Second
	blinkBeat = 750 * time.Millisecond
)

// blink is the cursor's coming and going.
type blink struct {
	since time.Time // of the last key or click
	stop  func() bool
}

// wake shows the cursor and lets it blink for a while.
func (a *textArea) wake() {
	a.sleep()
	if !a.focused || a.Disabled() {
		return
	}
	a.caret.Show()
	if !theme.Moves() {
		return
	}
	a.blink.since = a.now()
	a.blink.stop = a.after(blinkBeat, a.beat)
}

// sleep hides it.
func (a *textArea) sleep() {
	if a.blink.stop != nil {
		a.blink.stop()
		a.blink.stop = nil
	}
	a.caret.Hide()
}

// beat is one change of what is shown of it. In the end it stands still.
func (a *textArea) beat() {
	if a.blink.stop == nil {
		return // stopped while it was on its way
	}
	if past := a.now().Sub(a.blink.since); past >= blinkFor || past < 0 {
		a.blink.stop = nil
		if a.caret.Hidden {
			a.caret.Show()
			canvas.Refresh(a.caret)
		}
		return
	}
	a.caret.Hidden = !a.caret.Hidden
	canvas.Refresh(a.caret)
	a.blink.stop = a.after(blinkBeat, a.beat)
}

// resting reports whether the cursor has stopped blinking.
func (a *textArea) resting() bool { return a.focused && a.blink.stop == nil }

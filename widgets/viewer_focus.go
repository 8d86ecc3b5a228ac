package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

// Tab goes from the picture to the buttons and back. A viewer that was just opened
// has the keyboard without a ring: nobody came to it with Tab, and the picture is to be
// seen as it is.

var (
	_ fyne.Focusable    = (*viewerButton)(nil)
	_ fyne.Shortcutable = (*viewerButton)(nil)
	_ desktop.Keyable   = (*viewerButton)(nil)
)

// buttons are those of the viewer, in the order of Tab.
func (v *Viewer) buttons() []*viewerButton {
	return []*viewerButton{v.play, v.zoom, v.save, v.copy, v.forward, v.cross, v.older, v.newer}
}

// FocusGained implements fyne.Focusable.
func (v *Viewer) FocusGained() {
	v.focused = true
	v.showFocus()
}

// FocusLost implements fyne.Focusable.
func (v *Viewer) FocusLost() {
	v.focused = false
	v.showFocus()
}

// showFocus draws the ring around the picture, or takes it away.
func (v *Viewer) showFocus() {
	v.frame.Hidden = !v.focused || !v.walked
	v.frame.StrokeColor, v.frame.StrokeWidth = theme.Color(theme.ViewerMark), theme.RingWidth
	canvas.Refresh(v.frame)
}

// placeFrame puts the ring around what is seen of the picture.
func (v *Viewer) placeFrame(area, at rect) {
	const room = theme.RingWidth + 2
	x, y := max(at.x, area.x), max(at.y, area.y)
	w, h := min(at.x+at.w, area.x+area.w)-x, min(at.y+at.h, area.y+area.h)-y
	place(v.frame, x-room, y-room, w+2*room, h+2*room)
}

// regain takes the keyboard back from a button that is not shown any more.
func (v *Viewer) regain() {
	if v.canvas == nil {
		return
	}
	if b, is := v.canvas.Focused().(*viewerButton); is && b.viewer == v && b.Hidden {
		v.canvas.Focus(v)
	}
}

// FocusGained implements fyne.Focusable.
func (b *viewerButton) FocusGained() {
	b.viewer.walked = true
	b.focused = true
	b.Refresh()
}

// FocusLost implements fyne.Focusable.
func (b *viewerButton) FocusLost() {
	b.focused = false
	b.Refresh()
}

// TypedKey implements fyne.Focusable.
func (b *viewerButton) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		call(b.tapped)
	default:
		b.viewer.TypedKey(key)
	}
}

// TypedRune implements fyne.Focusable.
func (b *viewerButton) TypedRune(r rune) { b.viewer.TypedRune(r) }

// TypedShortcut implements fyne.Shortcutable.
func (b *viewerButton) TypedShortcut(s fyne.Shortcut) { b.viewer.TypedShortcut(s) }

// KeyDown implements desktop.Keyable.
func (b *viewerButton) KeyDown(key *fyne.KeyEvent) { b.viewer.KeyDown(key) }

// KeyUp implements desktop.Keyable.
func (b *viewerButton) KeyUp(*fyne.KeyEvent) {}

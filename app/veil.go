package app

import (
	"slices"

	"fyne.io/fyne/v2"
)

// veil is the canvas of the window for everything that opens over it. While it is
// down the window shows another screen, and what opens, closes or takes the keyboard
// does so behind it: lifting it brings back what is there by then.
type veil struct {
	fyne.Canvas
	window fyne.Window
	stir   func()

	down    bool
	content fyne.CanvasObject
	focus   fyne.Focusable // of the content
	over    []veiled       // from the bottom to the top
	key     func(*fyne.KeyEvent)
	letter  func(rune)
}

// veiled is one thing over the content, and what in it had the keyboard.
type veiled struct {
	object fyne.CanvasObject
	focus  fyne.Focusable
}

// Stir implements widgets.Stirred.
func (v *veil) Stir() { v.stir() }

// drop shows a screen instead of everything else.
func (v *veil) drop(screen fyne.CanvasObject) {
	if v.down {
		v.window.SetContent(screen)
		return
	}
	for top := v.Canvas.Overlays().Top(); top != nil; top = v.Canvas.Overlays().Top() {
		v.over = append(v.over, veiled{top, v.Canvas.Focused()})
		v.Canvas.Overlays().Remove(top)
	}
	slices.Reverse(v.over)
	v.focus = v.Canvas.Focused()
	v.key, v.letter = v.Canvas.OnTypedKey(), v.Canvas.OnTypedRune()
	v.Canvas.SetOnTypedKey(nil)
	v.Canvas.SetOnTypedRune(nil)
	v.content = v.window.Content()
	v.window.SetContent(screen)
	v.down = true
}

// lift brings back what is behind the veil.
func (v *veil) lift() {
	if !v.down {
		return
	}
	v.down = false
	v.window.SetContent(v.content)
	v.Canvas.SetOnTypedKey(v.key)
	v.Canvas.SetOnTypedRune(v.letter)
	if v.focus != nil {
		v.Canvas.Focus(v.focus)
	}
	for _, o := range v.over {
		if below := v.Canvas.Focused(); below != nil {
			below.FocusLost() // as it was when this opened
		}
		v.Canvas.Overlays().Add(o.object)
		if o.focus != nil {
			v.Canvas.Focus(o.focus)
		}
	}
	v.content, v.focus, v.over, v.key, v.letter = nil, nil, nil, nil, nil
}

// setContent is the window's SetContent.
func (v *veil) setContent(o fyne.CanvasObject) {
	if v.down {
		v.content, v.focus = o, nil
		return
	}
	v.window.SetContent(o)
}

// Overlays implements fyne.Canvas.
func (v *veil) Overlays() fyne.OverlayStack {
	if v.down {
		return (*behind)(v)
	}
	return v.Canvas.Overlays()
}

// Focus implements fyne.Canvas.
func (v *veil) Focus(o fyne.Focusable) {
	switch n := len(v.over); {
	case !v.down:
		v.Canvas.Focus(o)
	case n > 0:
		v.over[n-1].focus = o
	default:
		v.focus = o
	}
}

// Focused implements fyne.Canvas. Behind the veil nothing has the keyboard.
func (v *veil) Focused() fyne.Focusable {
	if v.down {
		return nil
	}
	return v.Canvas.Focused()
}

// Unfocus implements fyne.Canvas.
func (v *veil) Unfocus() {
	if v.down {
		v.Focus(nil)
		return
	}
	v.Canvas.Unfocus()
}

// OnTypedKey implements fyne.Canvas.
func (v *veil) OnTypedKey() func(*fyne.KeyEvent) {
	if v.down {
		return v.key
	}
	return v.Canvas.OnTypedKey()
}

// SetOnTypedKey implements fyne.Canvas.
func (v *veil) SetOnTypedKey(f func(*fyne.KeyEvent)) {
	if v.down {
		v.key = f
		return
	}
	v.Canvas.SetOnTypedKey(f)
}

// OnTypedRune implements fyne.Canvas.
func (v *veil) OnTypedRune() func(rune) {
	if v.down {
		return v.letter
	}
	return v.Canvas.OnTypedRune()
}

// SetOnTypedRune implements fyne.Canvas.
func (v *veil) SetOnTypedRune(f func(rune)) {
	if v.down {
		v.letter = f
		return
	}
	v.Canvas.SetOnTypedRune(f)
}

// behind is the stack of what lies over the content, behind the veil.
type behind veil

// Add implements fyne.OverlayStack.
func (b *behind) Add(o fyne.CanvasObject) {
	o.Resize(b.Size())
	b.over = append(b.over, veiled{object: o})
}

// List implements fyne.OverlayStack.
func (b *behind) List() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, o := range b.over {
		all = append(all, o.object)
	}
	return all
}

// Remove implements fyne.OverlayStack: what lies above goes too.
func (b *behind) Remove(o fyne.CanvasObject) {
	if i := slices.IndexFunc(b.over, func(v veiled) bool { return v.object == o }); i >= 0 {
		b.over = b.over[:i]
	}
}

// Top implements fyne.OverlayStack.
func (b *behind) Top() fyne.CanvasObject {
	if n := len(b.over); n > 0 {
		return b.over[n-1].object
	}
	return nil
}

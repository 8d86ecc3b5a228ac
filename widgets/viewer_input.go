package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/keyboard"
)

var (
	_ fyne.Focusable         = (*Viewer)(nil)
	_ fyne.Shortcutable      = (*Viewer)(nil)
	_ fyne.Scrollable        = (*Viewer)(nil)
	_ fyne.Draggable         = (*Viewer)(nil)
	_ fyne.DoubleTappable    = (*Viewer)(nil)
	_ fyne.SecondaryTappable = (*Viewer)(nil)
	_ desktop.Cursorable     = (*Viewer)(nil)
)

// zoomStep is by how much a key or a notch of the wheel changes the size.
const zoomStep = 1.25

// wheelNotch is what a notch of the wheel scrolls, in units.
const wheelNotch = 25

func (v *Viewer) zoomBy(factor float32, at fyne.Position) {
	if len(v.image) == 0 || v.page.Film {
		return
	}
	area := v.area(v.Size())
	z := v.pose.zoomIn(area, v.natural(), v.scale()) * factor
	v.pose.zoomTo(z, at, area, v.natural(), v.scale())
	v.Refresh()
}

// middle is that of the picture's area.
func (v *Viewer) middle() fyne.Position {
	a := v.area(v.Size())
	return fyne.NewPos(a.x+a.w/2, a.y+a.h/2)
}

// toggle changes between all of the picture and its own size.
func (v *Viewer) toggle() { v.toggleAt(v.middle()) }

func (v *Viewer) toggleAt(at fyne.Position) {
	if len(v.image) == 0 || v.page.Film {
		return
	}
	area, n, s := v.area(v.Size()), v.natural(), v.scale()
	if !v.pose.fitted {
		v.pose = viewerPose{fitted: true}
	} else if least := fit(area, n, s); least < 1 {
		v.pose.zoomTo(1, at, area, n, s)
	} else { // it is shown in its own size already
		v.pose.zoomTo(2, at, area, n, s)
	}
	v.Refresh()
}

// Scrolled makes the picture larger or smaller at the pointer.
func (v *Viewer) Scrolled(e *fyne.ScrollEvent) {
	v.zoomBy(float32(math.Pow(zoomStep, float64(e.Scrolled.DY/wheelNotch))), e.Position)
}

// Dragged moves the picture.
func (v *Viewer) Dragged(e *fyne.DragEvent) {
	v.pose.move(e.Dragged.DX, e.Dragged.DY, v.area(v.Size()), v.natural(), v.scale())
	v.Refresh()
}

// DragEnd implements fyne.Draggable.
func (v *Viewer) DragEnd() {}

// DoubleTapped changes between all of the picture and its own size at the pointer.
func (v *Viewer) DoubleTapped(e *fyne.PointEvent) { v.toggleAt(e.Position) }

// Tapped is for nobody below.
func (v *Viewer) Tapped(*fyne.PointEvent) {}

// TappedSecondary implements fyne.SecondaryTappable.
func (v *Viewer) TappedSecondary(e *fyne.PointEvent) { v.menu(e.AbsolutePosition) }

func (v *Viewer) menu(at fyne.Position) {
	if v.OnMenu != nil {
		v.OnMenu(at)
	}
}

// TypedKey implements fyne.Focusable.
func (v *Viewer) TypedKey(key *fyne.KeyEvent) {
	if keyboard.AsksMenu(key) {
		v.menu(v.middle())
		return
	}
	switch key.Name {
	case fyne.KeyEscape:
		v.Close()
	case fyne.KeyLeft, fyne.KeyUp, fyne.KeyPageUp:
		v.step(-1)
	case fyne.KeyRight, fyne.KeyDown, fyne.KeyPageDown:
		v.step(1)
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if v.page.Film {
			call(v.OnPlay)
		}
	}
}

// TypedRune implements fyne.Focusable.
func (v *Viewer) TypedRune(r rune) {
	switch r {
	case '+', '=':
		v.zoomBy(zoomStep, v.middle())
	case '-', '_':
		v.zoomBy(1/zoomStep, v.middle())
	case '0':
		v.pose = viewerPose{fitted: true}
		v.Refresh()
	case '1':
		area, n, s := v.area(v.Size()), v.natural(), v.scale()
		v.pose.zoomTo(1, v.middle(), area, n, s)
		v.Refresh()
	case '<', ',':
		v.step(-1)
	case '>', '.':
		v.step(1)
	}
}

// TypedShortcut copies and saves; what else there is stays with the window.
func (v *Viewer) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		if v.page.Picture {
			call(v.OnCopy)
		}
		return
	}
	if c, ok := s.(*desktop.CustomShortcut); ok && c.KeyName == fyne.KeyS && c.Modifier == fyne.KeyModifierShortcutDefault {
		if v.page.File {
			call(v.OnSave)
		}
		return
	}
	passShortcut(v, s)
}

// KeyDown implements desktop.Keyable.
func (v *Viewer) KeyDown(key *fyne.KeyEvent) { passKeyDown(v, key) }

// KeyUp implements desktop.Keyable.
func (v *Viewer) KeyUp(*fyne.KeyEvent) {}

// Cursor implements desktop.Cursorable.
func (v *Viewer) Cursor() desktop.Cursor {
	stir(v.canvas)
	if v.pose.fitted {
		return desktop.DefaultCursor
	}
	return desktop.CrosshairCursor
}

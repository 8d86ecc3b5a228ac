package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Revealer is a screen, or a part of one, that scrolls what has got the keyboard
// into sight. Fyne leaves that to the application.
type Revealer interface {
	// Reveal scrolls to o if that is something in it.
	Reveal(o fyne.CanvasObject)
}

// reveal brings o, which has got the keyboard, into sight.
func reveal(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	root := c.Overlays().Top()
	if root == nil {
		root = c.Content()
	}
	askReveal(root, o)
}

func askReveal(root, o fyne.CanvasObject) {
	switch r := root.(type) {
	case Revealer:
		r.Reveal(o)
	case *fyne.Container:
		for _, child := range r.Objects {
			askReveal(child, o)
		}
	}
}

// Reveal implements Revealer.
func (g *Ground) Reveal(o fyne.CanvasObject) { askReveal(g.content, o) }

// revealIn scrolls s so that o is seen, with room for the frame around it; hidden is
// how much of s is out of sight at its lower end.
func revealIn(s *container.Scroll, o fyne.CanvasObject, hidden float32) {
	if !s.Visible() || !holds(s.Content, o) {
		return
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(s.Content).Y - frameRoom
	bottom := top + o.Size().Height + 2*frameRoom
	view := s.Size().Height - hidden
	switch at := s.Offset.Y; {
	case top < at:
		s.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > at+view:
		s.ScrollToOffset(fyne.NewPos(0, bottom-view))
	}
}

// holds reports whether o is root or somewhere in it. It looks into the widgets of
// this package, whose renderers are light and own nothing.
func holds(root, o fyne.CanvasObject) bool {
	if root == o {
		return true
	}
	switch r := root.(type) {
	case *fyne.Container:
		for _, child := range r.Objects {
			if holds(child, o) {
				return true
			}
		}
	case *entry:
		return false
	case fyne.Widget:
		f, is := r.CreateRenderer().(*flat)
		if !is {
			return false
		}
		for _, child := range f.objects() {
			if child.Visible() && holds(child, o) {
				return true
			}
		}
	}
	return false
}

// Reveal implements Revealer.
func (p *SidePanel) Reveal(o fyne.CanvasObject) { revealIn(p.body, o, underEdge) }

// Reveal implements Revealer.
func (s *Sheet) Reveal(o fyne.CanvasObject) { revealIn(s.body, o, 0) }

// Reveal implements Revealer.
func (p *SettingsPage) Reveal(o fyne.CanvasObject) { revealIn(p.body, o, underEdge) }

// Reveal implements Revealer.
func (c *Card) Reveal(o fyne.CanvasObject) { revealIn(c.body, o, 0) }

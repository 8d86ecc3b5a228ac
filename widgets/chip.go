package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// Chip is a small button in a row of such: a page to choose, or a filter that is
// open to be set and, once it is, can be taken away.
type Chip struct {
	press

	// OnClear is called when a person takes away what was set, by the cross, or by
	// Delete or Backspace while the chip has the keyboard. The cross is there while
	// it is not nil.
	OnClear func()
	// OnStep is called by the arrows left and right, with -1 and 1; nil for never.
	OnStep func(by int)

	on, opens   bool
	words       *inlineLabel
	back        *canvas.Rectangle
	cross, down *canvas.Image
}

// Measures of a chip, from the pictures.
const (
	chipHeight = float32(28)
	chipPad    = float32(12)
	chipRadius = float32(9)
	chipIcon   = float32(12)
	chipGap    = float32(6) // between the words and the icon behind them
	chipMost   = float32(220)
)

// NewChip makes a chip for a page.
func NewChip(label string, tapped func()) *Chip {
	c := &Chip{
		back:  box(chipRadius),
		words: newName(theme.SecondarySize, true),
		cross: drawing("close", theme.Link, chipIcon),
		down:  drawing("chevron-down", theme.Ink2, chipIcon),
	}
	c.words.set(label)
	c.onTapped = tapped
	c.extend(c)
	return c
}

// NewFilterChip makes a chip for a filter: it says by an arrow that it opens
// something.
func NewFilterChip(label string, tapped func()) *Chip {
	c := NewChip(label, tapped)
	c.opens = true
	return c
}

// SetText changes the words.
func (c *Chip) SetText(label string) {
	if c.words.full != oneLine(label) {
		c.words.set(label)
		c.Refresh()
	}
}

// Text returns the words.
func (c *Chip) Text() string { return c.words.full }

// SetOn shows the chip as that of the page that is shown.
func (c *Chip) SetOn(on bool) { c.set(&c.on, on) }

// SetClear sets OnClear and shows the cross, or not.
func (c *Chip) SetClear(f func()) {
	c.OnClear = f
	c.Refresh()
}

// Tapped on the cross takes away what is set.
func (c *Chip) Tapped(at *fyne.PointEvent) {
	if at != nil && c.OnClear != nil && at.Position.X > c.Size().Width-chipPad-chipIcon-chipGap/2 {
		c.OnClear()
		return
	}
	c.press.Tapped(at)
}

// TypedKey is that of a button, with the keys that clear and step.
func (c *Chip) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyDelete, fyne.KeyBackspace:
		call(c.OnClear)
	case fyne.KeyLeft, fyne.KeyRight:
		if c.OnStep != nil {
			c.OnStep(map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1}[key.Name])
		}
	default:
		c.press.TypedKey(key)
	}
}

// Focus gives the chip the keyboard.
func (c *Chip) Focus() { focus(c) }

func (c *Chip) hasIcon() bool { return c.OnClear != nil || c.opens }

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	return &flat{
		objects: with([]fyne.CanvasObject{c.back, c.cross, c.down}, c.words),
		layout:  c.layout,
		min: func() fyne.Size {
			w := c.words.width() + 2*chipPad
			if c.hasIcon() {
				w += chipGap + chipIcon
			}
			return fyne.NewSize(min(round(w), chipMost), chipHeight)
		},
		refresh: func() { c.paint(); c.layout(c.Size()); canvas.Refresh(c) },
	}
}

func (c *Chip) paint() {
	fill, ink, frame := theme.Field, theme.Ink, theme.Link
	switch {
	case c.on:
		fill, ink, frame = theme.Accent, theme.OnAccent, theme.Ink
		if c.hovered {
			fill = theme.AccentHover
		}
	case c.OnClear != nil:
		fill, ink = theme.Selected, theme.Link
	case c.hovered || c.pressed:
		fill = theme.Selected
	}
	c.back.FillColor = theme.Color(fill)
	ring(c.back, c.focused, frame)
	c.words.ink(ink)
	c.cross.Hidden = c.OnClear == nil
	c.down.Hidden = !c.opens || c.OnClear != nil
	icon := ink
	if icon == theme.Ink {
		icon = theme.Ink2
	}
	if !c.cross.Hidden {
		recolour(c.cross, "close", icon)
	}
	if !c.down.Hidden {
		recolour(c.down, "chevron-down", icon)
	}
}

func (c *Chip) layout(size fyne.Size) {
	place(c.back, 0, 0, size.Width, size.Height)
	end := size.Width - chipPad
	if c.hasIcon() {
		end -= chipIcon
		for _, icon := range []fyne.CanvasObject{c.cross, c.down} {
			place(icon, end, (size.Height-chipIcon)/2, chipIcon, chipIcon)
		}
		end -= chipGap
	}
	c.words.place(c, chipPad, 0, size.Height, end-chipPad+1)
}

// chipRows lays chips out in rows: a new one where it is asked for, and where
// there is no room.
type chipRows struct {
	groups [][]*Chip
}

// chipSpace is free between chips.
const chipSpace = float32(8)

// place puts the chips at x, y and returns how tall all rows are; with show false
// it only measures.
func (r *chipRows) place(x, y, width float32, show bool) float32 {
	top := y
	for _, group := range r.groups {
		left := x
		for _, c := range group {
			if !c.Visible() {
				continue
			}
			w := min(c.MinSize().Width, width)
			if left > x && left+w > x+width {
				left, y = x, y+chipHeight+chipSpace
			}
			if show {
				place(c, left, y, w, chipHeight)
			}
			left += w + chipSpace
		}
		if left > x {
			y += chipHeight + chipSpace
		}
	}
	return max(y-top-chipSpace, 0)
}

func (r *chipRows) all() (objects []fyne.CanvasObject) {
	for _, group := range r.groups {
		for _, c := range group {
			objects = append(objects, c)
		}
	}
	return objects
}

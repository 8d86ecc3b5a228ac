package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// SettingsPage covers the window: the list of sections at the left, the chosen one
// beside it. In a window narrower than [theme.NarrowBelow] there is one of the two,
// with a way back. Esc closes it, from a section in a narrow window to the list
// first. While it is open, keys that nothing in it uses go to it.
type SettingsPage struct {
	widget.BaseWidget

	// OnSection is called when a section is to be shown, with its index.
	OnSection func(i int)
	// OnClosed is called once whenever the page goes, however that happens.
	OnClosed func()

	back, line *canvas.Rectangle
	title      *label // of the page
	heading    *label // of the section
	list       *sectionList
	inner      *pageColumn
	body       *container.Scroll
	cross      *IconButton // closes the page
	leave      *IconButton // goes back to the list, or closes the page, where it is narrow
	toasts     *Toasts

	narrow bool
	inside bool // a narrow page shows the section

	canvas    fyne.Canvas
	keyBefore func(*fyne.KeyEvent)
	runBefore func(rune)
}

// Measures of the page, from the pictures.
const (
	pageSide    = float32(220) // the list with its line
	pagePad     = float32(34)  // left and right of a section
	pagePadThin = float32(16)  // the same where it is narrow
	pageHead    = float32(56)
	pageFoot    = float32(28) // free below a section
	pageWidest  = float32(880)
)

// NewSettingsPage makes the page, its sections shown by name. Nothing is chosen yet.
func NewSettingsPage(title, back, closeLabel string, sections ...string) *SettingsPage {
	p := &SettingsPage{
		back:    box(0),
		line:    box(0),
		title:   newLabel(theme.HeadingSize, true),
		heading: newLabel(theme.HeadingSize, true),
		inner:   newPageColumn(),
		toasts:  NewToasts(),
	}
	p.title.set(title)
	p.list = newSectionList(p, sections)
	p.body = container.NewVScroll(p.inner)
	p.inner.grown = func() { p.body.Refresh() }
	p.cross = NewIconButton("close", closeLabel, p.Close)
	p.leave = NewIconButton("back", back, p.stepBack)
	p.ExtendBaseWidget(p)
	return p
}

// Choose shows section i as chosen; what is in it is set by [SettingsPage.SetContent].
// A narrow page goes to the section.
func (p *SettingsPage) Choose(i int) {
	p.list.at = i
	p.inside = true
	p.heading.set(p.list.names[i])
	p.body.ScrollToTop()
	p.Refresh()
}

// ShowList shows a narrow page's list instead of the section.
func (p *SettingsPage) ShowList() {
	p.inside = false
	p.Refresh()
	p.list.point()
}

// SetContent sets what the section holds. What is seen of it stays in place.
func (p *SettingsPage) SetContent(content fyne.CanvasObject) {
	p.inner.set(content)
	p.Refresh()
}

// Regrow lays the section out again after something in it became taller or lower.
func (p *SettingsPage) Regrow() { p.inner.Refresh(); p.body.Refresh() }

// Say shows a short notice; the words of an action, and what it does, may be empty.
func (p *SettingsPage) Say(words, action string, run func()) { p.toasts.Say(words, action, run) }

// Open shows the page over the window of c; the keyboard goes to the list.
func (p *SettingsPage) Open(c fyne.Canvas) {
	if p.canvas != nil {
		return
	}
	p.canvas = c
	p.keyBefore, p.runBefore = c.OnTypedKey(), c.OnTypedRune()
	c.SetOnTypedKey(p.typedKey)
	c.SetOnTypedRune(func(rune) {})
	if f := c.Focused(); f != nil {
		f.FocusLost() // as for a [Sheet]
	}
	p.narrow = c.Size().Width < theme.NarrowBelow
	c.Overlays().Add(p)
	p.Resize(c.Size())
	c.Focus(p.list)
}

// IsOpen reports whether the page is shown.
func (p *SettingsPage) IsOpen() bool { return p.canvas != nil }

// Close takes the page away; the keyboard goes back to what had it.
func (p *SettingsPage) Close() {
	c := p.canvas
	if c == nil {
		return
	}
	p.canvas = nil
	p.toasts.Clear()
	c.Overlays().Remove(p)
	c.SetOnTypedKey(p.keyBefore)
	c.SetOnTypedRune(p.runBefore)
	if f := c.Focused(); f != nil {
		f.FocusGained()
	}
	call(p.OnClosed)
}

func (p *SettingsPage) typedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyEscape:
		p.stepBack()
	case fyne.KeyPageUp:
		p.scrollBy(-0.9 * p.body.Size().Height)
	case fyne.KeyPageDown:
		p.scrollBy(0.9 * p.body.Size().Height)
	}
}

func (p *SettingsPage) scrollBy(dy float32) {
	p.body.ScrollToOffset(fyne.NewPos(0, max(0, p.body.Offset.Y+dy)))
}

// stepBack leaves the section of a narrow page, else the page.
func (p *SettingsPage) stepBack() {
	if p.narrow && p.inside {
		p.ShowList()
		return
	}
	p.Close()
}

// choose is a person choosing in the list; enter goes to the section.
func (p *SettingsPage) choose(i int, enter bool) {
	if p.narrow && !enter {
		p.list.at = i
		p.list.Refresh()
		return
	}
	if p.OnSection != nil {
		p.OnSection(i)
	}
}

// Cursor implements desktop.Cursorable.
func (p *SettingsPage) Cursor() desktop.Cursor {
	stir(p.canvas)
	return desktop.DefaultCursor
}

// Tapped is for nobody below.
func (p *SettingsPage) Tapped(*fyne.PointEvent) {}

// CreateRenderer implements fyne.Widget.
func (p *SettingsPage) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return &flat{
		objects: these(p.back, p.line, p.title.line, p.heading.line, p.list, p.body, p.cross, p.leave, p.toasts),
		layout:  p.layout,
		min:     fixed(280, 200),
		refresh: func() {
			p.paint()
			p.layout(p.Size())
			p.list.Refresh()
			p.inner.Refresh()
			p.body.Refresh()
			p.toasts.Refresh()
			canvas.Refresh(p)
		},
	}
}

func (p *SettingsPage) paint() {
	p.back.FillColor = theme.Color(theme.Panel)
	p.line.FillColor = theme.Color(theme.Line)
	p.title.ink(theme.Ink)
	p.heading.ink(theme.Ink)
}

func (p *SettingsPage) layout(size fyne.Size) {
	p.narrow = size.Width < theme.NarrowBelow
	list, section := !p.narrow || !p.inside, !p.narrow || p.inside
	setVisible(p.list, list)
	setVisible(p.body, section)
	p.leave.Hidden, p.cross.Hidden = !p.narrow, p.narrow
	p.line.Hidden = p.narrow
	place(p.back, 0, 0, size.Width, size.Height)
	place(p.line, pageSide-theme.LineThickness, 0, theme.LineThickness, size.Height)
	place(p.leave, 8, (pageHead-theme.IconButtonSize)/2, theme.IconButtonSize, theme.IconButtonSize)
	place(p.cross, size.Width-8-theme.IconButtonSize-8, (pageHead-theme.IconButtonSize)/2+8, theme.IconButtonSize, theme.IconButtonSize)

	x, pad, y := pageSide, pagePad, pageHead
	titleX, titleY, listWidth, listY := float32(16), float32(0), pageSide-theme.LineThickness, float32(50)
	headX := x + pad
	if p.narrow {
		x, pad = 0, pagePadThin
		titleX, listWidth, listY = 8+theme.IconButtonSize+8, size.Width, pageHead
		headX = titleX
	}
	p.title.line.Hidden = true
	if list {
		p.title.place(titleX, titleY, pageHead, listWidth-titleX-8)
	}
	p.heading.line.Hidden = true
	if section {
		headY := float32(0)
		if !p.narrow {
			headY = 8
		}
		p.heading.place(headX, headY, pageHead, size.Width-headX-2*theme.IconButtonSize)
	}
	place(p.list, 0, listY, listWidth, max(size.Height-listY, 0))
	p.inner.pad = pad
	place(p.body, x, y, size.Width-x, max(size.Height-y+underEdge, 0))
	place(p.toasts, 0, 0, size.Width, size.Height)
}

func setVisible(o fyne.CanvasObject, yes bool) {
	switch {
	case yes && !o.Visible():
		o.Show()
	case !yes && o.Visible():
		o.Hide()
	}
}

// pageColumn is what scrolls: the content with the free space around it.
type pageColumn struct {
	widget.BaseWidget
	content fyne.CanvasObject
	pad     float32
	tall    float32
	grown   func()
}

func newPageColumn() *pageColumn {
	c := &pageColumn{pad: pagePad}
	c.ExtendBaseWidget(c)
	return c
}

func (c *pageColumn) set(content fyne.CanvasObject) {
	if s, ok := content.(*stack); ok {
		s.grown = func() { c.layout(c.Size()) }
	}
	c.content = content
	c.Refresh()
}

func (c *pageColumn) width(of float32) float32 { return min(of-2*c.pad, pageWidest) }

func (c *pageColumn) HeightFor(width float32) float32 {
	if c.content == nil {
		return 0
	}
	return frameRoom + heightFor(c.content, c.width(width)) + pageFoot
}

func (c *pageColumn) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject {
			if c.content == nil {
				return nil
			}
			return []fyne.CanvasObject{c.content}
		},
		layout: c.layout,
		min: func() fyne.Size {
			return fyne.NewSize(120, c.HeightFor(max(c.Size().Width, 280)))
		},
		refresh: func() {
			if c.content != nil {
				c.content.Refresh()
			}
			c.layout(c.Size())
			canvas.Refresh(c)
		},
	}
}

func (c *pageColumn) layout(size fyne.Size) {
	if c.content == nil || size.Width <= 0 {
		return
	}
	w := c.width(size.Width)
	place(c.content, c.pad, frameRoom, w, heightFor(c.content, w))
	if tall := c.HeightFor(size.Width); tall != c.tall {
		c.tall = tall
		call(c.grown)
	}
}

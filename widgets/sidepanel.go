package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// SidePanel is the column at the right of a conversation: a line at its left
// edge, and whatever was put into it below each other, which scrolls. It is made
// for [PanelHead], [PanelRow], [PanelTitle], [Divider] and [MemberList].
type SidePanel struct {
	widget.BaseWidget
	back   *canvas.Rectangle
	line   *canvas.Rectangle
	scroll *container.Scroll
	inner  *stack
}

// Measures of the panel, from the pictures. What is in it draws 6 units further
// in, so that the ground of a row under the pointer has room.
const (
	sidePanelWidth = float32(264)
	sidePanelPad   = float32(8)
	panelInset     = personPad
)

// NewSidePanel makes an empty panel.
func NewSidePanel() *SidePanel {
	p := &SidePanel{back: box(0), line: box(0), inner: newStack()}
	p.inner.pad = sidePanelPad
	p.scroll = container.NewVScroll(p.inner)
	p.scroll.OnScrolled = func(fyne.Position) { p.seen() }
	p.inner.grown = func() { p.scroll.Refresh() }
	p.ExtendBaseWidget(p)
	return p
}

// SetItems replaces what is in the panel. It stays where it was scrolled to, as
// far as there is as much.
func (p *SidePanel) SetItems(items ...Item) {
	p.inner.items = items
	for _, i := range items {
		if l, ok := i.Object.(*MemberList); ok {
			l.panel = p
		}
	}
	p.inner.Refresh()
	p.scroll.Refresh()
	p.seen()
}

// ScrollToTop goes back to the beginning, as for another conversation.
func (p *SidePanel) ScrollToTop() {
	p.scroll.ScrollToTop()
	p.seen()
}

// seen has lists draw what has come into sight.
func (p *SidePanel) seen() {
	for _, i := range p.inner.items {
		if l, ok := i.Object.(*MemberList); ok {
			l.list.update()
		}
	}
}

// reveal scrolls as little as is needed for y to y+h of the column to be seen.
func (p *SidePanel) reveal(y, h float32) {
	offset, view := p.scroll.Offset, p.scroll.Size().Height
	switch {
	case y < offset.Y:
		offset.Y = y
	case y+h > offset.Y+view:
		offset.Y = y + h - view
	default:
		return
	}
	p.scroll.ScrollToOffset(offset)
	p.seen()
}

// CreateRenderer implements fyne.Widget.
func (p *SidePanel) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		p.back.FillColor = theme.Color(theme.Panel)
		p.line.FillColor = theme.Color(theme.Line)
	}
	layout := func(size fyne.Size) {
		place(p.back, 0, 0, size.Width, size.Height)
		place(p.line, 0, 0, theme.LineThickness, size.Height)
		place(p.scroll, theme.LineThickness, 0, size.Width-theme.LineThickness, size.Height)
		p.seen()
	}
	paint()
	return &flat{
		objects: these(p.back, p.line, p.scroll),
		layout:  layout,
		min:     fixed(sidePanelWidth, 2*theme.RowHeight),
		refresh: func() {
			paint()
			p.inner.Refresh()
			layout(p.Size())
			canvas.Refresh(p)
		},
	}
}

// Divider is a line between parts of a panel.
type Divider struct {
	widget.BaseWidget
	line *canvas.Rectangle
}

// NewDivider makes a line.
func NewDivider() *Divider {
	d := &Divider{line: box(0)}
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer implements fyne.Widget.
func (d *Divider) CreateRenderer() fyne.WidgetRenderer {
	paint := func() { d.line.FillColor = theme.Color(theme.Line) }
	layout := func(size fyne.Size) {
		place(d.line, panelInset, 0, size.Width-2*panelInset, theme.LineThickness)
	}
	paint()
	return &flat{
		objects: these(d.line),
		layout:  layout,
		min:     fixed(1, theme.LineThickness),
		refresh: func() { paint(); layout(d.Size()); canvas.Refresh(d) },
	}
}

// PanelTitle is a small heading with an action behind it: "8 members · Invite".
type PanelTitle struct {
	widget.BaseWidget
	words  *label
	action *Link
}

// NewPanelTitle makes a heading; without an action tapped is not used.
func NewPanelTitle(words, action string, tapped func()) *PanelTitle {
	t := &PanelTitle{words: newLabel(theme.MetaSize, false), action: NewLink(action, theme.Link, theme.MetaSize, tapped)}
	t.words.set(words)
	t.ExtendBaseWidget(t)
	return t
}

// SetWords changes both texts.
func (t *PanelTitle) SetWords(words, action string) {
	t.words.set(words)
	t.action.SetText(action)
	t.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (t *PanelTitle) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		t.words.ink(theme.Ink2)
		t.action.Hidden = t.action.words.full == ""
	}
	layout := func(size fyne.Size) {
		least := float32(0)
		if !t.action.Hidden {
			least = min(t.action.MinSize().Width, size.Width/2)
		}
		w := t.words.place(panelInset, 0, size.Height, size.Width-2*panelInset-least-10)
		place(t.action, panelInset+w+10, (size.Height-theme.LineHeight)/2, least, theme.LineHeight)
	}
	paint()
	return &flat{
		objects: these(t.words.line, t.action),
		layout:  layout,
		min:     fixed(120, theme.LineHeight+theme.Grid),
		refresh: func() { paint(); layout(t.Size()); canvas.Refresh(t) },
	}
}

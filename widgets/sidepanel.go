package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// SidePanel is the column at the right that says what a conversation is: widgets
// below each other, which scroll. Where it lies over the conversation it has a
// cross to close it.
type SidePanel struct {
	widget.BaseWidget

	// OnClose is called by the cross.
	OnClose func()

	back, line *canvas.Rectangle
	inner      *stack
	body       *container.Scroll
	cross      *IconButton
	over       bool
	members    *MemberList // that is in it, nil for none
}

const (
	panelPadX = float32(14)
	panelPadY = float32(18)
	// panelBarGap is free between the scroll bar and the edge of the window.
	panelBarGap = float32(2)
)

// underEdge is how far what scrolls at the lower edge of the window reaches below it:
// Fyne draws a shadow at the end of what scrolls, which would look like dirt there.
const underEdge = float32(8)

// NewSidePanel makes an empty panel; closeLabel says what the cross does.
func NewSidePanel(closeLabel string) *SidePanel {
	p := &SidePanel{back: box(0), line: box(0), inner: newStack()}
	p.inner.pad = frameRoom
	p.inner.padRight = panelPadX - panelBarGap
	p.inner.padBottom = panelPadY + underEdge
	p.inner.grown = func() { p.body.Refresh() }
	p.body = container.NewVScroll(p.inner)
	p.body.OnScrolled = func(fyne.Position) { p.scrolled() }
	p.cross = NewIconButton("close", closeLabel, func() { call(p.OnClose) })
	p.ExtendBaseWidget(p)
	return p
}

// SetItems replaces what the panel holds; what is seen of it stays in place.
func (p *SidePanel) SetItems(items ...Item) {
	p.inner.items = items
	p.inner.Refresh()
	p.Refresh()
	p.scrolled()
}

// scrolled lets the members draw those that came into sight.
func (p *SidePanel) scrolled() {
	if p.members != nil {
		p.members.list.update()
	}
}

// reveal scrolls so that height units from y on of what the panel holds are seen.
func (p *SidePanel) reveal(y, height float32) {
	at, view := p.body.Offset.Y, p.body.Size().Height-underEdge
	switch {
	case y < at:
		p.body.ScrollToOffset(fyne.NewPos(0, y))
	case y+height > at+view:
		p.body.ScrollToOffset(fyne.NewPos(0, y+height-view))
	}
}

// ScrollToTop shows the beginning.
func (p *SidePanel) ScrollToTop() { p.body.ScrollToTop() }

// SetOver tells whether the panel lies over the conversation.
func (p *SidePanel) SetOver(over bool) {
	if p.over != over {
		p.over = over
		p.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *SidePanel) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return &flat{
		objects: these(p.back, p.line, p.body, p.cross),
		layout:  p.layout,
		min:     fixed(200, 120),
		refresh: func() {
			p.paint()
			p.layout(p.Size())
			p.body.Refresh()
			canvas.Refresh(p)
		},
	}
}

func (p *SidePanel) paint() {
	p.back.FillColor = theme.Color(theme.Panel)
	p.line.FillColor = theme.Color(theme.Line)
	p.cross.Hidden = !p.over
	p.line.Hidden = p.over
}

func (p *SidePanel) layout(size fyne.Size) {
	place(p.back, 0, 0, size.Width, size.Height)
	place(p.line, 0, 0, theme.LineThickness, size.Height)
	const x, y = panelPadX - frameRoom, panelPadY - frameRoom
	place(p.body, x, y, size.Width-x-panelBarGap, max(size.Height-y+underEdge, 0))
	p.scrolled()
	place(p.cross, size.Width-theme.IconButtonSize-8, 10, theme.IconButtonSize, theme.IconButtonSize)
}

// Separator is a thin line between the parts of a panel.
type Separator struct {
	widget.BaseWidget
	line *canvas.Rectangle
}

// NewSeparator makes a line as wide as what it is put into.
func NewSeparator() *Separator {
	s := &Separator{line: box(0)}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *Separator) CreateRenderer() fyne.WidgetRenderer {
	paint := func() { s.line.FillColor = theme.Color(theme.Line) }
	paint()
	return &flat{
		objects: these(s.line),
		layout:  func(size fyne.Size) { place(s.line, 0, 0, size.Width, theme.LineThickness) },
		min:     fixed(1, theme.LineThickness),
		refresh: func() { paint(); canvas.Refresh(s) },
	}
}

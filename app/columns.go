package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// column is what a narrow window shows.
type column int

const (
	columnList column = iota
	columnChat
)

// columns lays the main screen out: the list beside the conversation, or, in a
// window narrower than [theme.NarrowBelow], one of the two.
type columns struct {
	widget.BaseWidget
	m      *mainScreen
	toasts *widgets.Toasts
	// people are those whom a mention may name, peopleX where the '@' is.
	people  *widgets.Suggestions
	peopleX float32
	// leads says where the link under the pointer leads.
	leads *widgets.LinkLabel
	// none stands where the conversation would be while none is open.
	none   *widgets.Paragraph
	line   *canvas.Rectangle
	back   *canvas.Rectangle
	column column
	narrow bool
	// panelOver: the panel at the right has no room beside the conversation.
	panelOver bool
}

func newColumns(m *mainScreen) *columns {
	c := &columns{
		m:      m,
		toasts: widgets.NewToasts(),
		people: widgets.NewSuggestions(),
		leads:  widgets.NewLinkLabel(),
		none:   widgets.NewParagraph(m.tr.T("chat.none"), theme.Ink2, theme.TextSize, fyne.TextAlignCenter),
		line:   canvas.NewRectangle(theme.Color(theme.Line)),
		back:   canvas.NewRectangle(theme.Color(theme.Canvas)),
	}
	c.people.Hide()
	c.ExtendBaseWidget(c)
	return c
}

// covered reports whether the conversation is not on the screen.
func (c *columns) covered() bool {
	return c.m.settings != nil || c.narrow && c.column == columnList || c.m.panel.shows() && c.panelOver
}

// foot is what stands below the messages, nil for nothing.
func (c *columns) foot() fyne.CanvasObject {
	switch {
	case c.m.conversation().Type() == im.ConvSystem:
		return nil
	case c.m.canvas.Choosing():
		return c.m.choose
	case c.m.closedWords != "":
		return c.m.closed
	}
	return c.m.composer
}

// Reveal implements widgets.Revealer.
func (c *columns) Reveal(o fyne.CanvasObject) { c.m.panel.view.Reveal(o) }

// CreateRenderer implements fyne.Widget.
func (c *columns) CreateRenderer() fyne.WidgetRenderer { return &columnsRenderer{c} }

type columnsRenderer struct{ c *columns }

func (r *columnsRenderer) Destroy() {}

func (r *columnsRenderer) Objects() []fyne.CanvasObject {
	c, m := r.c, r.c.m
	// Tab goes through them in this order, in which one reads them. What lies over
	// others comes after them.
	return []fyne.CanvasObject{c.back, c.none, m.side, m.filter, m.list, c.line, m.header, m.banner, m.nowPlaying,
		m.canvas, m.composer, m.closed, m.choose, m.panel.view, c.people, c.leads, c.toasts}
}

func (r *columnsRenderer) MinSize() fyne.Size { return r.c.m.app.fyne.leastSize() }

func (r *columnsRenderer) Refresh() {
	c := r.c
	c.line.FillColor = theme.Color(theme.Line)
	c.back.FillColor = theme.Color(theme.Canvas)
	r.Layout(c.Size())
	canvas.Refresh(c)
}

func (r *columnsRenderer) Layout(size fyne.Size) {
	c, m := r.c, r.c.m
	if narrow := size.Width < theme.NarrowBelow; narrow != c.narrow {
		c.narrow = narrow
		m.fitAttachButtons(narrow)
		m.side.SetWords(m.searchWords(narrow), m.tr.T("list.new"))
	}
	m.header.SetNarrow(c.narrow)
	listWidth := theme.ListWidth
	chatX := theme.ListWidth + theme.LineThickness
	if c.narrow {
		listWidth, chatX = size.Width, 0
	}
	listShown := !c.narrow || c.column == columnList
	chatShown := !c.narrow || c.column == columnChat

	show(listShown, m.side, m.filter, m.list)
	show(listShown && !c.narrow, c.line)
	put(m.side, 0, 0, listWidth, theme.SideHeadHeight)
	put(m.filter, 0, theme.SideHeadHeight-theme.Grid, listWidth, widgets.FilterHeight)
	listY := theme.SideHeadHeight + widgets.FilterHeight + theme.Grid
	if !chatShown {
		listY += c.putBanner(0, listY, listWidth)
	}
	put(m.list, 0, listY, listWidth, size.Height-listY)
	put(c.line, theme.ListWidth, 0, theme.LineThickness, size.Height)

	open := m.chat != nil
	width := size.Width - chatX
	foot := c.foot()
	panel := c.placePanel(chatX, &width, size.Height, chatShown && open)
	seen := chatShown && open && (!panel || !c.panelOver)
	show(seen, m.header, m.canvas)
	show(seen && foot == m.composer, m.composer)
	show(seen && foot == m.closed, m.closed)
	show(seen && foot == m.choose, m.choose)
	show(chatShown && !open, c.none, c.back)
	put(c.back, chatX, 0, width, size.Height)
	put(c.none, chatX+24, size.Height/2-theme.LineHeight, width-48, 2*theme.LineHeight)

	y := float32(0)
	if open {
		put(m.header, chatX, 0, width, theme.HeaderHeight)
		y = theme.HeaderHeight
	}
	if chatShown {
		y += c.putBanner(chatX, y, width)
	}
	show(seen && m.plays(), m.nowPlaying)
	if m.nowPlaying.Visible() {
		h := m.nowPlaying.MinSize().Height
		put(m.nowPlaying, chatX, y, width, h)
		y += h
	}
	// So does that of the composer, or of what stands there.
	below := float32(0)
	if foot != nil {
		put(foot, chatX, size.Height-foot.Size().Height, width, foot.Size().Height)
		below = foot.MinSize().Height
		put(foot, chatX, size.Height-below, width, below)
	}
	put(m.canvas, chatX, y, width, max(0, size.Height-below-y))
	c.layOver(chatX, y, width, size.Height-below-y)
	toasts := size.Height
	if open && chatShown { // they lie above what is written, however much that is
		toasts -= max(0, below-theme.FieldHeight-4*theme.Grid)
	}
	put(c.toasts, 0, 0, size.Width, toasts)
	m.emoji.follow()
	m.activate()
}

// putBanner puts the banner into the column that is shown, and returns what height it
// takes, 0 while there is none.
func (c *columns) putBanner(x, y, width float32) float32 {
	b := c.m.banner
	if !b.Visible() {
		return 0
	}
	put(b, x, y, width, b.MinSize().Height)
	// It wraps, so its height follows from its width.
	h := b.MinSize().Height
	put(b, x, y, width, h)
	return h
}

// placePanel puts the panel at the right end of the conversation, which gets
// narrower, or, where that leaves it too little, over it. It reports whether the
// panel is shown.
func (c *columns) placePanel(x float32, width *float32, height float32, chatShown bool) bool {
	m := c.m
	shown := m.panel.shows() && chatShown
	c.panelOver = *width-theme.PanelWidth < leastChatWidth
	show(shown, m.panel.view)
	m.panel.view.SetOver(c.panelOver)
	if !shown {
		return false
	}
	if c.panelOver {
		put(m.panel.view, x, 0, *width, height)
		return true
	}
	*width -= theme.PanelWidth
	put(m.panel.view, x+*width, 0, theme.PanelWidth, height)
	return true
}

// leastChatWidth is what a conversation needs beside the panel.
const leastChatWidth = float32(380)

func show(yes bool, objects ...fyne.CanvasObject) {
	for _, o := range objects {
		switch {
		case yes && !o.Visible():
			o.Show()
		case !yes && o.Visible():
			o.Hide()
		}
	}
}

func put(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// showColumn chooses what a narrow window shows.
func (m *mainScreen) showColumn(c column) {
	if c == columnList {
		m.lookAway()
	}
	m.content.column = c
	m.content.Refresh()
}

// showChat and showNoChat follow whether a conversation is open.
func (m *mainScreen) showChat() {
	m.header.SetButtons(m.headerButtons()...)
	m.showHeader()
	m.content.Refresh()
}

func (m *mainScreen) showNoChat() {
	m.content.column = columnList
	m.content.Refresh()
}

package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// EmojiPanel is where emoji, stickers and the die are chosen: a field to search
// in, a grid of which only what is in sight exists, and tabs. The keyboard stays
// in the field: letters search, Down and the other arrows move in the grid, Enter
// takes, Esc closes, Tab goes to the tabs and back from the one that is chosen.
// Choosing does not close it.
type EmojiPanel struct {
	widget.BaseWidget

	// OnEmoji, OnSticker and OnDice are told what a person chose.
	OnEmoji   func(sequence string)
	OnSticker func(index int, data string)
	OnDice    func()
	// OnClose is called by Esc.
	OnClose func()

	words    EmojiWords
	groups   []EmojiGroup
	recent   []Emoji
	stickers []StickerTab
	die      fyne.Resource
	find     func(query string) []Emoji

	tab    int // 0 for emoji, then the sets, then the die
	back   *canvas.Rectangle
	field  *canvas.Rectangle
	glass  *canvas.Image
	entry  *entry
	grid   *pictureGrid
	scroll *container.Scroll
	name   *inlineLabel
	none   *Paragraph
	tabs   []*tabButton
}

// Measures of the panel, from the pictures.
const (
	panelWidth   = float32(352)
	panelHeight  = float32(330)
	panelPad     = float32(10)
	panelField   = float32(32)
	panelTabs    = float32(32)
	panelTabGap  = float32(6)
	panelFoot    = float32(18) // the name of what is under the pointer
	emojiCell    = float32(36)
	emojiPicture = float32(24)
	stickerCell  = float32(80)
	stickerShow  = float32(68)
	dieCell      = float32(120)
	dieShow      = float32(96)
)

// NewEmojiPanel makes a panel without emoji.
func NewEmojiPanel(words EmojiWords) *EmojiPanel {
	p := &EmojiPanel{
		words: words,
		back:  box(theme.RadiusRow + theme.Grid),
		field: box(theme.RadiusButton),
		glass: drawing("search", theme.Faint, theme.IconSmall),
		entry: newEntry(),
		name:  newName(theme.MetaSize, false),
		none:  NewParagraph(words.NoMatch, theme.Ink2, theme.SecondarySize, fyne.TextAlignCenter),
	}
	p.grid = newPictureGrid(p.take, func(name string) {
		p.name.set(name)
		p.layout(p.Size())
		canvas.Refresh(p)
	})
	p.scroll = container.NewVScroll(p.grid)
	p.grid.scroll = p.scroll
	p.scroll.OnScrolled = func(fyne.Position) { p.grid.update() }
	p.entry.SetPlaceHolder(words.Search)
	p.entry.OnChanged = func(string) { p.show(0) }
	p.entry.focusChanged = func(bool) { p.Refresh() }
	p.entry.taken = p.key
	p.ExtendBaseWidget(p)
	p.retab()
	return p
}

// SetEmoji sets the groups and what finds emoji by name; find is asked on the UI
// goroutine at each change of the field and must answer at once.
func (p *EmojiPanel) SetEmoji(groups []EmojiGroup, find func(query string) []Emoji) {
	p.groups, p.find = groups, find
	p.show(p.tab)
}

// SetRecent sets what is shown before the groups, the latest first.
func (p *EmojiPanel) SetRecent(recent []Emoji) {
	p.recent = recent
	if p.tab == 0 {
		p.show(0)
	}
}

// SetStickers sets the sets of stickers, one tab each.
func (p *EmojiPanel) SetStickers(sets []StickerTab) {
	p.stickers = sets
	p.retab()
}

// SetDie sets the picture of the die; nil for no die and no tab for it.
func (p *EmojiPanel) SetDie(die fyne.Resource) {
	p.die = die
	p.retab()
}

// Focus gives the field the keyboard.
func (p *EmojiPanel) Focus() { focus(p.entry) }

// Reset empties the field and goes back to the emoji, as when the panel is opened
// again.
func (p *EmojiPanel) Reset() {
	p.entry.SetText("")
	p.show(0)
}

// ShowTab turns to a tab: 0 for the emoji, then the sets of stickers, then the die.
func (p *EmojiPanel) ShowTab(i int) { p.show(min(max(i, 0), len(p.tabs)-1)) }

// Tapped takes clicks between the cells, which else would go to what is below.
func (p *EmojiPanel) Tapped(*fyne.PointEvent) {}

func (p *EmojiPanel) retab() {
	p.tabs = nil
	add := func(label, emoji string) {
		i := len(p.tabs)
		p.tabs = append(p.tabs, newTabButton(label, emoji, &p.grid.pictures, func() { p.show(i); p.Focus() }))
	}
	add("", "😀")
	for _, s := range p.stickers {
		add(s.Label, "")
	}
	if p.die != nil {
		add(p.words.Dice, "🎲")
	}
	p.show(min(p.tab, len(p.tabs)-1))
}

// show fills the grid with what a tab holds, or with what the field asks for.
func (p *EmojiPanel) show(tab int) {
	p.tab = tab
	var page gridPage
	query := oneLine(p.entry.Text)
	switch {
	case tab == 0 && query != "" && p.find != nil:
		page = gridPage{side: emojiCell, picture: emojiPicture}
		page.add("", emojiCells(p.find(query)))
	case tab == 0:
		page = gridPage{side: emojiCell, picture: emojiPicture}
		page.add(p.words.Recent, emojiCells(p.recent))
		for _, g := range p.groups {
			page.add(g.Label, emojiCells(g.Emoji))
		}
	case tab <= len(p.stickers):
		page = gridPage{side: stickerCell, picture: stickerShow}
		set := p.stickers[tab-1]
		cells := make([]gridCell, len(set.Stickers))
		for i, s := range set.Stickers {
			cells[i] = gridCell{name: s.Name, resource: s.Picture, number: i}
		}
		page.add("", cells)
	default:
		page = gridPage{side: dieCell, picture: dieShow}
		page.add(p.words.Roll, []gridCell{{name: p.words.Dice, resource: p.die}})
	}
	p.none.Hidden = len(page.cells) > 0 || query == ""
	for i, t := range p.tabs {
		t.setOn(i == tab)
	}
	p.grid.show(page)
	p.Refresh()
}

func emojiCells(all []Emoji) []gridCell {
	cells := make([]gridCell, len(all))
	for i, e := range all {
		cells[i] = gridCell{name: e.Name, sequence: e.Sequence}
	}
	return cells
}

// take reports that a cell was chosen.
func (p *EmojiPanel) take(c gridCell) {
	switch {
	case c.sequence != "":
		if p.OnEmoji != nil {
			p.OnEmoji(c.sequence)
		}
		p.Focus() // a click took it away, and more may be wanted
	case p.tab <= len(p.stickers):
		s := p.stickers[p.tab-1].Stickers[c.number]
		if p.OnSticker != nil {
			p.OnSticker(s.Index, s.Data)
		}
	default:
		call(p.OnDice)
	}
}

// key has the arrows move in the grid, once Down has gone there.
func (p *EmojiPanel) key(key *fyne.KeyEvent) bool {
	in := p.grid.at >= 0
	switch key.Name {
	case fyne.KeyEscape:
		call(p.OnClose)
	case fyne.KeyDown:
		p.grid.moveDown()
	case fyne.KeyUp:
		p.grid.moveUp()
	case fyne.KeyLeft, fyne.KeyRight:
		if !in {
			return false
		}
		if key.Name == fyne.KeyLeft {
			p.grid.move(p.grid.at - 1)
		} else {
			p.grid.move(p.grid.at + 1)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		// Without a place in the grid the first that was found is meant.
		if !in && p.entry.Text != "" {
			p.grid.move(0)
		}
		p.grid.takeAt()
	default:
		return false
	}
	return true
}

// CreateRenderer implements fyne.Widget.
func (p *EmojiPanel) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return &flat{
		objects: func() []fyne.CanvasObject {
			all := []fyne.CanvasObject{p.back, p.field, p.glass, p.entry, p.entry.caret, p.scroll, p.none}
			all = append(all, p.name.shown...)
			for _, t := range p.tabs {
				all = append(all, t)
			}
			return all
		},
		layout:  p.layout,
		min:     fixed(panelWidth, panelHeight),
		refresh: func() { p.paint(); p.grid.repaint(); p.layout(p.Size()); canvas.Refresh(p) },
	}
}

func (p *EmojiPanel) paint() {
	p.back.FillColor = theme.Color(theme.Panel)
	p.back.StrokeColor, p.back.StrokeWidth = theme.Color(theme.Line), theme.LineThickness
	p.field.FillColor = theme.Color(theme.Field)
	ring(p.field, p.entry.focused, theme.Accent)
	p.name.ink(theme.Ink3)
	recolour(p.glass, "search", theme.Faint)
}

func (p *EmojiPanel) layout(size fyne.Size) {
	inner := size.Width - 2*panelPad
	place(p.back, 0, 0, size.Width, size.Height)
	place(p.field, panelPad, panelPad, inner, panelField)
	place(p.glass, panelPad+10, panelPad+(panelField-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
	placeEntry(p.entry, panelPad+theme.IconSmall+8, panelPad, inner-theme.IconSmall-8, panelField)
	top := panelPad + panelField + theme.Grid
	foot := size.Height - panelPad - panelTabs
	height := max(foot-panelFoot-top, 0)
	place(p.scroll, panelPad, top, inner, height)
	place(p.none, panelPad, top+height/3, inner, theme.LineHeight)
	says := min(p.name.width()+0.5, inner-2*theme.Grid)
	p.name.place(p, size.Width-panelPad-theme.Grid-says, foot-panelFoot, panelFoot, says)
	p.layoutTabs(foot, inner)
}

func (p *EmojiPanel) layoutTabs(y, width float32) {
	total := -panelTabGap
	for _, t := range p.tabs {
		total += t.MinSize().Width + panelTabGap
	}
	x := panelPad
	for _, t := range p.tabs {
		w := t.MinSize().Width
		if total > width { // equal shares
			w = (width+panelTabGap)/float32(len(p.tabs)) - panelTabGap
		}
		place(t, x, y, w, panelTabs)
		x += w + panelTabGap
	}
}

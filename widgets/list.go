package widgets

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/im"
	"magpie/widgets/keyboard"
	"magpie/widgets/picture"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Conversation is what one row of the list shows. Values are compared to find
// out whether a row changed, so it holds no pointers but that of the picture,
// which is compared by its name.
type Conversation struct {
	ID   im.ConversationID
	Name string
	// Avatar chooses the colour of the avatar: the peer's or the group's id.
	Avatar string
	// Initial is what the avatar shows; empty for that of Name.
	Initial string
	// Picture is shown instead of the initial, nil for none.
	Picture fyne.Resource
	Online  bool
	// Time says when the last message came, in words.
	Time string
	// Preview is what the last message says. Draft, if not empty, goes before
	// it in the colour of danger: "[Draft]" with a draft behind it.
	Preview, Draft string
	// Mention, if not empty, goes before both in the colour of danger:
	// "[@me]".
	Mention       string
	Unread        uint64
	Muted, Pinned bool
	// MarkedUnread shows a dot where there is no count.
	MarkedUnread bool
	// Pending and Failed mark an own last message that waits or did not go.
	Pending, Failed bool
	// Where stands behind Name, less loud: the conversation of a message that was
	// found. Marks are the parts of Preview that were searched for, in order; what
	// is empty marks nothing.
	Where string
	Marks [MaxMarks]Span
	// NameMark is the part of Name that was searched for.
	NameMark Span
	// Icon, or Sign with a few letters ("PDF"), stands on a quiet ground where the
	// avatar would be. Such a row may have no second line.
	Icon, Sign string
	// Checked marks what is chosen now among what could be.
	Checked bool
}

// Span is a part of a text: its bytes From up to To.
type Span struct{ From, To int }

// MaxMarks is how many parts of a preview may be marked.
const MaxMarks = 6

// same reports whether a row looks alike for both.
func (c Conversation) same(d Conversation) bool {
	if !samePicture(c.Picture, d.Picture) {
		return false
	}
	c.Picture, d.Picture = nil, nil
	return c == d
}

// Conversations is where the list takes its rows from. It is asked on the UI
// goroutine while drawing, only for rows on the screen, and must answer at once.
type Conversations interface {
	Len() int
	// At returns row i, 0 <= i < Len(), the uppermost first.
	At(i int) Conversation
}

// finder is what conversations may be besides, so that a row is found without
// asking for every one.
type finder interface {
	// Index is the row of a conversation, -1 if it has none.
	Index(id im.ConversationID) int
}

// ConversationList is the list of conversations: rows of fixed height, of which
// only those on the screen exist. After the data changed the app calls Refresh.
//
// The arrows, Home, End and the page keys move a mark, Enter chooses what is
// marked: whoever looks through the list opens nothing by that.
type ConversationList struct {
	widget.BaseWidget

	// OnSelected is called when a person chooses a conversation with the pointer
	// or the keyboard, also the one that is chosen already.
	OnSelected func(im.ConversationID)
	// OnMenu is called on a secondary click or the menu key with the place for a
	// menu, in the canvas.
	OnMenu func(id im.ConversationID, at fyne.Position)
	// OnTyped is given what is typed while the list has the keyboard, nil for nobody.
	OnTyped func(rune)
	// OnUp is the key that leaves the list at its upper end, nil for none.
	OnUp func()

	data     Conversations
	selected im.ConversationID
	// marked is where the keys are, "" for where the chosen one is. It follows its
	// conversation when the list changes.
	marked  im.ConversationID
	focused bool
	// rowHeight is that of each row.
	rowHeight float32
	// results: what the keys mark is shown as chosen.
	results bool
	// under is how far the list reaches below the window, see underEdge.
	under float32

	scroll  *container.Scroll
	content *listContent
	empty   *Paragraph
	loading bool
	shades  *listShades
	rows    map[int]*listRow // by index, on the screen
	spare   []*listRow
	faces   listFaces
	// pictures are those of emoji in previews.
	pictures picture.Cache
}

// listFaces are shared by all rows.
type listFaces struct{ name, preview, time, badge *textlayout.Face }

var (
	_ fyne.Focusable    = (*ConversationList)(nil)
	_ fyne.Shortcutable = (*ConversationList)(nil)
)

// listMargin is what is free left and right of the rows.
const listMargin = float32(8)

// NewConversationList makes a list over data.
func NewConversationList(data Conversations) *ConversationList {
	l := &ConversationList{
		data:      data,
		rowHeight: theme.RowHeight,
		rows:      map[int]*listRow{},
		faces: listFaces{
			name:    newFace(theme.TextSize, true),
			preview: newFace(theme.SecondarySize, false),
			time:    newFace(theme.MetaSize, false),
			badge:   newFace(theme.SmallSize, true),
		},
		empty: NewParagraph("", theme.Ink3, theme.SecondarySize, fyne.TextAlignCenter),
	}
	l.under = underEdge
	l.shades = newListShades(l.rowHeight)
	l.content = &listContent{list: l}
	l.content.ExtendBaseWidget(l.content)
	l.scroll = container.NewVScroll(l.content)
	l.scroll.OnScrolled = func(fyne.Position) { l.content.update() }
	l.ExtendBaseWidget(l)
	return l
}

// NewResultList makes a list of what was found: its rows are a little taller, and
// what the keys mark is shown as chosen, as it has the keyboard's Enter from afar.
func NewResultList(data Conversations) *ConversationList {
	l := NewConversationList(data)
	l.rowHeight, l.results, l.under = theme.ResultHeight, true, 0
	return l
}

// SetData replaces where the rows come from.
func (l *ConversationList) SetData(data Conversations) {
	l.data = data
	l.Refresh()
}

// SetEmpty sets what the list says when there is no conversation.
func (l *ConversationList) SetEmpty(words string) { l.empty.SetText(words) }

// SetLoading says that the list is being read: shades stand where its rows will be.
func (l *ConversationList) SetLoading(loading bool) {
	if l.loading != loading {
		l.loading = loading
		l.Refresh()
	}
}

// Select shows id as chosen without calling OnSelected; "" chooses none.
func (l *ConversationList) Select(id im.ConversationID) {
	l.selected, l.marked = id, id
	l.content.update()
	l.content.Refresh()
}

// Selected returns the chosen conversation, "" for none.
func (l *ConversationList) Selected() im.ConversationID { return l.selected }

// Step chooses the conversation by rows further down (up if negative) than the
// chosen one, scrolls to it and calls OnSelected. At the ends nothing happens.
func (l *ConversationList) Step(by int) {
	at := l.index(l.selected)
	switch {
	case at < 0 && by < 0:
		return
	case at < 0:
		at = by - 1
	default:
		at += by
	}
	l.choose(at)
}

// choose is a person choosing row i.
func (l *ConversationList) choose(i int) {
	if i < 0 || i >= l.data.Len() {
		return
	}
	c := l.data.At(i)
	l.ScrollTo(i)
	l.Select(c.ID)
	if l.OnSelected != nil {
		l.OnSelected(c.ID)
	}
}

// move is a key that goes to row i; nowhere says that there is none to go from.
func (l *ConversationList) move(i int, nowhere bool) {
	if nowhere || i < 0 || i >= l.data.Len() {
		return
	}
	id := l.data.At(i).ID
	l.ScrollTo(i)
	if l.results {
		l.Select(id)
		return
	}
	l.marked = id
	l.content.update()
}

// at is the row where the keys are, -1 for none.
func (l *ConversationList) at() int {
	if i := l.index(l.marked); i >= 0 || l.results {
		return i
	}
	return l.index(l.selected)
}

// index finds the row of id, -1 if it has none.
func (l *ConversationList) index(id im.ConversationID) int {
	if id == "" {
		return -1
	}
	for i, r := range l.rows {
		if r.shown.ID == id && i < l.data.Len() && l.data.At(i).ID == id {
			return i
		}
	}
	if f, ok := l.data.(finder); ok {
		return f.Index(id)
	}
	for i := range l.data.Len() {
		if l.data.At(i).ID == id {
			return i
		}
	}
	return -1
}

// step is from the upper edge of a row to that of the next.
func (l *ConversationList) step() float32 { return l.rowHeight + theme.RowGap }

// Page is how many rows a turn of a page moves by.
func (l *ConversationList) Page() int { return max(1, int(l.scroll.Size().Height/l.step())-1) }

// ScrollToTop shows the first rows.
func (l *ConversationList) ScrollToTop() {
	l.scroll.ScrollToTop()
	l.content.update()
}

// ScrollTo scrolls as little as is needed for row i to be seen.
func (l *ConversationList) ScrollTo(i int) {
	top, view := float32(i)*l.step(), l.scroll.Size().Height-l.under
	offset := l.scroll.Offset
	switch {
	case top < offset.Y:
		offset.Y = top
	case top+l.rowHeight > offset.Y+view:
		offset.Y = top + l.rowHeight - view
	default:
		return
	}
	l.scroll.ScrollToOffset(offset)
	l.content.update()
}

// CreateRenderer implements fyne.Widget.
func (l *ConversationList) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: these(l.scroll, l.empty, l.shades),
		layout: func(size fyne.Size) {
			place(l.scroll, 0, 0, size.Width, size.Height+l.under)
			place(l.shades, 0, 0, size.Width, size.Height)
			place(l.empty, 24, size.Height/3, max(size.Width-48, 0), size.Height/2)
			l.content.update()
		},
		min: fixed(200, 2*l.rowHeight),
		refresh: func() {
			l.shades.Hidden = !l.loading || l.data.Len() > 0
			l.empty.Hidden = l.loading || l.data.Len() > 0
			l.shades.Refresh()
			l.empty.Refresh()
			l.scroll.Refresh()
			l.content.update()
			canvas.Refresh(l)
		},
	}
}

// FocusGained implements fyne.Focusable. Whoever comes with the keyboard sees where
// it is.
func (l *ConversationList) FocusGained() {
	l.focused = true
	switch i := l.at(); {
	case l.results:
	case i >= 0:
		l.ScrollTo(i)
		l.marked = l.data.At(i).ID
	case l.data.Len() > 0:
		l.marked = l.data.At(min(int(l.scroll.Offset.Y/l.step()+0.5), l.data.Len()-1)).ID
	}
	l.content.update()
}

// FocusLost implements fyne.Focusable.
func (l *ConversationList) FocusLost() { l.focused = false; l.content.update() }

// Focus gives the list the keyboard.
func (l *ConversationList) Focus() { focus(l) }

// TypedRune implements fyne.Focusable.
func (l *ConversationList) TypedRune(r rune) {
	if l.OnTyped != nil && unicode.IsGraphic(r) && !unicode.IsSpace(r) { // Space is a key here
		l.OnTyped(r)
	}
}

// KeyDown implements desktop.Keyable.
func (l *ConversationList) KeyDown(key *fyne.KeyEvent) { passKeyDown(l, key) }

// KeyUp implements desktop.Keyable.
func (l *ConversationList) KeyUp(*fyne.KeyEvent) {}

// TypedShortcut hands shortcuts to the window.
func (l *ConversationList) TypedShortcut(s fyne.Shortcut) { passShortcut(l, s) }

// TypedKey moves the mark: Up, Down, PageUp, PageDown, Home, End; Enter and Space
// choose what is marked, and Menu or Shift+F10 ask for its menu.
func (l *ConversationList) TypedKey(key *fyne.KeyEvent) {
	page := l.Page()
	last := l.data.Len() - 1
	at := l.at()
	if keyboard.AsksMenu(key) {
		l.menu(at)
		return
	}
	switch key.Name {
	case fyne.KeyUp:
		if at <= 0 {
			call(l.OnUp)
		}
		l.move(at-1, at < 0)
	case fyne.KeyDown:
		l.move(at+1, false)
	case fyne.KeyPageUp:
		l.move(max(at-page, 0), false)
	case fyne.KeyPageDown:
		l.move(min(at+page, last), false)
	case fyne.KeyHome:
		l.move(0, false)
	case fyne.KeyEnd:
		l.move(last, false)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		l.choose(at)
	default:
		passKey(l, key)
	}
}

// menu asks for the menu of row i, if there is one, on which it is scrolled to.
func (l *ConversationList) menu(i int) {
	if i < 0 || l.OnMenu == nil {
		return
	}
	l.ScrollTo(i)
	if row := l.rows[i]; row != nil {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(row)
		l.OnMenu(row.shown.ID, at.Add(fyne.NewPos(rowText, row.Size().Height-2*rowPad)))
	}
}

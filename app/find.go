package app

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets"
)

// find opens the search over everything that is on this disk: messages, people,
// chats and files, while somebody types.
func (m *mainScreen) find() { m.findIn("") }

// findHere searches the conversation that is open.
func (m *mainScreen) findHere() { m.findIn(m.conversation()) }

// findTyped opens the search with a first letter in it, as for somebody who types
// while the list has the keyboard.
func (m *mainScreen) findTyped(r rune) {
	m.find()
	m.finding.sheet.SetText(string(r))
}

func (m *mainScreen) findIn(conv im.ConversationID) {
	f := newFinder(m)
	f.filters.conv = conv
	m.finding = f
	f.sheet.Open(m.app.canvas)
	f.learnPeople()
	f.look()
}

// findTab is what is looked for.
type findTab int

const (
	tabMessages findTab = iota
	tabPeople
	tabChats
	tabFiles
	findTabs
)

// finder is the search while it is open.
type finder struct {
	m     *mainScreen
	sheet *widgets.SearchSheet
	list  *widgets.ConversationList
	tabs  [findTabs]*widgets.Chip
	chips filterChips

	tab     findTab
	text    string // what is typed, without space around it
	filters filters
	pick    *picking // what is chosen for a filter just now, nil for nothing

	all    []im.Conversation
	people []im.Profile // everybody who is known, once that was read
	// byName are those of people and all whose names fit. Rows are made of them when
	// they are on the screen.
	byName struct {
		people []fit[im.Profile]
		chats  []fit[im.Conversation]
	}

	found searching
	// pending: Enter was pressed before it was known what it opens.
	pending bool
}

func newFinder(m *mainScreen) *finder {
	f := &finder{m: m, all: slices.Clone(m.rows)}
	f.list = widgets.NewResultList(f)
	f.list.OnSelected = f.open
	var tabs []*widgets.Chip
	for t := range findTabs {
		f.tabs[t] = widgets.NewChip("", func() { f.choose(t); f.sheet.FocusField() })
		f.tabs[t].OnStep = func(by int) {
			next := min(max(t+findTab(by), 0), findTabs-1)
			f.choose(next)
			f.tabs[next].Focus()
		}
		tabs = append(tabs, f.tabs[t])
	}
	f.sheet = widgets.NewSearchSheet(m.tr.T("find.hint"), f.list, tabs, f.newFilterChips())
	f.sheet.OnClosed = f.closed
	f.sheet.OnChanged = func(string) { f.typed() }
	f.sheet.OnKey = f.key
	f.sheet.OnSubmitted = f.enter
	f.sheet.OnEscape = func() bool {
		if f.pick == nil {
			return false
		}
		f.endPick()
		return true
	}
	return f
}

func (f *finder) closed() {
	f.stopSearch()
	f.found.stop()
	f.m.finding = nil
}

// learnPeople reads who is known on this disk.
func (f *finder) learnPeople() {
	client := f.m.s.client
	beside(f.m.ctx, func(ctx context.Context) ([]im.Profile, error) { return client.KnownPeople(ctx) }, func(people []im.Profile, err error) {
		if err != nil || !f.sheet.IsOpen() {
			f.m.reportQuietly(err)
			return
		}
		f.people = people
		if f.pick != nil {
			f.pick.narrow()
			return
		}
		f.fitNames()
		f.arrange()
	})
}

// typed is each change of the field.
func (f *finder) typed() {
	if f.pick != nil {
		f.pick.narrow()
		return
	}
	f.text = strings.TrimSpace(f.sheet.Text())
	f.pending = false
	f.fitNames()
	f.searchSoon()
	f.arrange()
}

// look searches anew, at once.
func (f *finder) look() {
	f.text = strings.TrimSpace(f.sheet.Text())
	f.fitNames()
	f.search()
	f.list.ScrollToTop()
	f.arrange()
}

// choose shows another tab.
func (f *finder) choose(t findTab) {
	if f.pick != nil {
		f.endPick()
	}
	if f.tab == t {
		return
	}
	f.tab = t
	f.list.Select("")
	f.list.ScrollToTop()
	f.arrange()
}

// Len and At make the finder the data of the list.
func (f *finder) Len() int {
	switch {
	case f.pick != nil:
		return len(f.pick.rows)
	case f.tab == tabPeople:
		return len(f.byName.people)
	case f.tab == tabChats:
		return len(f.byName.chats)
	}
	return len(f.leading()) + len(f.hits().list)
}

// At implements widgets.Conversations.
func (f *finder) At(i int) widgets.Conversation {
	switch {
	case f.pick != nil:
		return f.pick.rows[i].row
	case f.tab == tabPeople:
		return f.personRow(&f.byName.people[i])
	case f.tab == tabChats:
		return f.chatRow(&f.byName.chats[i])
	}
	lead := f.leading()
	if i < len(lead) {
		return f.chatRow(&lead[i])
	}
	h := f.hits()
	f.more(h, i-len(lead))
	if f.tab == tabFiles {
		return f.fileRow(&h.list[i-len(lead)])
	}
	return f.messageRow(&h.list[i-len(lead)])
}

// hits are those of the tab that is shown.
func (f *finder) hits() *hits {
	if f.tab == tabFiles {
		return &f.found.files
	}
	return &f.found.messages
}

// leadingChats is how many chats stand above the messages.
const leadingChats = 3

// leading are chats above the messages: all of them while nothing is looked for,
// and those whose names begin like what is typed. So Enter goes to somebody by a
// few letters.
func (f *finder) leading() []fit[im.Conversation] {
	switch {
	case f.tab != tabMessages || f.filters.any():
		return nil
	case f.text == "":
		return f.byName.chats
	}
	return f.byName.chats[:min(len(f.byName.chats), leadingChats)]
}

// open goes to what a row stands for.
func (f *finder) open(id im.ConversationID) {
	kind, rest, _ := strings.Cut(string(id), "/")
	switch kind {
	case pickPrefix:
		f.pick.take(rest)
	case personPrefix:
		f.sheet.Close()
		f.m.writeTo(im.UserID(rest))
	case hitPrefix:
		for i := range f.hits().list {
			if msg := &f.hits().list[i].Message; string(msg.ID) == rest {
				f.sheet.Close()
				f.m.openAt(msg.ConversationID, msg.Sequence)
				return
			}
		}
	default:
		f.sheet.Close()
		f.m.openChat(id)
	}
}

// enter opens what is marked. What is typed may not have been looked for yet.
func (f *finder) enter() {
	if f.pick == nil && f.tab != tabPeople && f.tab != tabChats && f.found.busy() && f.index() >= len(f.leading()) || f.Len() == 0 {
		f.pending = f.found.busy()
		return
	}
	if id := f.list.Selected(); id != "" {
		f.open(id)
	}
}

// key moves the mark while the keyboard is in the field.
func (f *finder) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyDown:
		f.mark(f.index() + 1)
	case fyne.KeyUp:
		f.mark(f.index() - 1)
	case fyne.KeyPageDown:
		f.mark(f.index() + f.list.Page())
	case fyne.KeyPageUp:
		f.mark(f.index() - f.list.Page())
	case fyne.KeyBackspace:
		if f.sheet.Text() != "" {
			return false
		}
		if f.pick != nil {
			f.endPick()
		} else {
			f.clearLast()
		}
	default:
		return false
	}
	return true
}

// arrange shows what is found by now; what was marked stays so if it is there.
func (f *finder) arrange() {
	f.showChips()
	f.say()
	f.list.Refresh()
	if f.list.Selected() == "" || f.index() < 0 {
		f.mark(0)
	}
	f.sheet.Rearrange()
}

// index is the row that is marked, -1 for none.
func (f *finder) index() int {
	id := f.list.Selected()
	for i := range f.Len() {
		if f.id(i) == id {
			return i
		}
	}
	return -1
}

// id is that of a row, without drawing it.
func (f *finder) id(i int) im.ConversationID {
	switch {
	case f.pick != nil:
		return f.pick.rows[i].row.ID
	case f.tab == tabPeople:
		return personID(f.byName.people[i].of.UserID)
	case f.tab == tabChats:
		return f.byName.chats[i].of.ConversationID
	}
	lead := f.leading()
	if i < len(lead) {
		return lead[i].of.ConversationID
	}
	return hitID(&f.hits().list[i-len(lead)])
}

// mark shows what Enter opens, the nearest to the row at.
func (f *finder) mark(at int) {
	if f.Len() == 0 {
		f.list.Select("")
		return
	}
	at = min(max(at, 0), f.Len()-1)
	f.list.ScrollTo(at)
	f.list.Select(f.id(at))
}

// openAt shows a conversation at one of its messages.
func (m *mainScreen) openAt(conv im.ConversationID, sequence uint64) {
	if m.chat != nil && m.chat.conv == conv {
		m.openChat(conv)
		m.canvas.JumpToHit(sequence)
		return
	}
	m.openingAt = sequence
	m.openChat(conv)
	m.openingAt = 0
}

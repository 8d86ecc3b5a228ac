package app

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// find goes to a conversation by a part of its name, or to a message by what it
// says: all of the history on this disk is searched while somebody types.
func (m *mainScreen) find() {
	f := &finder{m: m}
	f.list = widgets.NewConversationList(f)
	f.list.SetEmpty(m.tr.T("find.none"))
	field := widgets.NewTextField(m.tr.T("find.label"), m.tr.T("find.hint"))
	f.words = widgets.NewParagraph("", theme.Ink3, theme.MetaSize, fyne.TextAlignLeading)
	content := container.New(&finderLayout{}, field, f.list, f.words)
	f.sheet = widgets.NewSheet(m.tr.T("find.title"), "", content)
	f.sheet.OnClosed = f.stopSearch
	f.list.OnSelected = f.open
	field.OnChanged = f.look
	field.OnKey = f.key
	field.OnSubmitted = func() {
		if id := f.list.Selected(); id != "" {
			f.open(id)
		}
	}
	f.all = slices.Clone(m.rows)
	f.look("")
	f.sheet.OpenField(m.app.canvas, field)
}

// finder holds what fits what is typed: conversations by name, then messages.
type finder struct {
	m     *mainScreen
	sheet *widgets.Sheet
	list  *widgets.ConversationList
	words *widgets.Paragraph
	all   []im.Conversation
	chats []widgets.Conversation
	found searching
}

func (f *finder) Len() int { return len(f.chats) + len(f.found.hits) }

func (f *finder) At(i int) widgets.Conversation {
	if i < len(f.chats) {
		return f.chats[i]
	}
	i -= len(f.chats)
	f.more(i)
	return f.hit(&f.found.hits[i])
}

// open goes to the conversation or message of a row.
func (f *finder) open(id im.ConversationID) {
	if !strings.HasPrefix(string(id), hitPrefix) {
		f.sheet.Close()
		f.m.openChat(id)
		return
	}
	for i := range f.found.hits {
		if msg := &f.found.hits[i].Message; hitPrefix+string(msg.ID) == string(id) {
			f.sheet.Close()
			f.m.openAt(msg.ConversationID, msg.Sequence)
			return
		}
	}
}

func (f *finder) look(typed string) {
	typed = strings.TrimSpace(typed)
	part := strings.ToLower(typed)
	f.chats = f.chats[:0]
	for i := range f.all {
		row := f.m.present(&f.all[i])
		if strings.Contains(strings.ToLower(row.Name), part) || strings.Contains(strings.ToLower(row.Avatar), part) {
			f.chats = append(f.chats, row)
		}
	}
	f.searchMessages(typed)
	f.arrange()
	f.mark(0)
}

// arrange shows what was found by now; what was marked stays so if it is there.
func (f *finder) arrange() {
	f.words.SetText(f.totals())
	f.list.Refresh()
	if f.list.Selected() == "" || f.index() < 0 {
		f.mark(0)
	}
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

// id is that of a row.
func (f *finder) id(i int) im.ConversationID {
	if i < len(f.chats) {
		return f.chats[i].ID
	}
	return im.ConversationID(hitPrefix + f.found.hits[i-len(f.chats)].Message.ID)
}

// key moves the mark while the keyboard is in the field.
func (f *finder) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyDown:
		f.mark(f.index() + 1)
	case fyne.KeyUp:
		f.mark(f.index() - 1)
	default:
		return false
	}
	return true
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

// finderLayout puts the field over a list of six rows, and the count below.
type finderLayout struct{}

const finderWords = 20 // height of the count

func (finderLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	const rows = 6 * 62
	return fyne.NewSize(240, o[0].MinSize().Height+8+rows+finderWords)
}

func (finderLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	h := o[0].MinSize().Height
	put(o[0], 0, 0, size.Width, h)
	put(o[1], 0, h+8, size.Width, size.Height-h-8-finderWords)
	put(o[2], 0, size.Height-finderWords+4, size.Width, finderWords-4)
}

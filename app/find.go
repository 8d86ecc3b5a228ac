package app

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/im"
	"magpie/widgets"
)

// findChat goes to a conversation by a part of its name.
func (m *mainScreen) findChat() {
	f := &finder{m: m}
	f.list = widgets.NewConversationList(f)
	f.list.SetEmpty(m.tr.T("find.none"))
	field := widgets.NewTextField(m.tr.T("find.label"), m.tr.T("find.hint"))
	content := container.New(&finderLayout{}, field, f.list)
	sheet := widgets.NewSheet(m.tr.T("find.title"), "", content)
	open := func(conv im.ConversationID) {
		sheet.Close()
		m.openChat(conv)
	}
	f.list.OnSelected = open
	field.OnChanged = f.look
	field.OnKey = f.key
	field.OnSubmitted = func() {
		if conv := f.list.Selected(); conv != "" {
			open(conv)
		}
	}
	f.all = slices.Clone(m.rows)
	f.look("")
	sheet.OpenField(m.app.window.Canvas(), field)
}

// finder holds the conversations that fit what is typed.
type finder struct {
	m     *mainScreen
	list  *widgets.ConversationList
	all   []im.Conversation
	found []widgets.Conversation
}

func (f *finder) Len() int                      { return len(f.found) }
func (f *finder) At(i int) widgets.Conversation { return f.found[i] }

func (f *finder) look(part string) {
	part = strings.ToLower(strings.TrimSpace(part))
	f.found = f.found[:0]
	for i := range f.all {
		row := f.m.present(&f.all[i])
		if strings.Contains(strings.ToLower(row.Name), part) || strings.Contains(strings.ToLower(row.Avatar), part) {
			f.found = append(f.found, row)
		}
	}
	f.list.Refresh()
	f.mark(0)
}

// key moves the mark while the keyboard is in the field.
func (f *finder) key(e *fyne.KeyEvent) bool {
	at := slices.IndexFunc(f.found, func(c widgets.Conversation) bool { return c.ID == f.list.Selected() })
	switch e.Name {
	case fyne.KeyDown:
		f.mark(at + 1)
	case fyne.KeyUp:
		f.mark(at - 1)
	default:
		return false
	}
	return true
}

// mark shows which conversation Enter opens, the nearest to the row at.
func (f *finder) mark(at int) {
	if len(f.found) == 0 {
		f.list.Select("")
		return
	}
	at = min(max(at, 0), len(f.found)-1)
	f.list.ScrollTo(at)
	f.list.Select(f.found[at].ID)
}

// finderLayout puts the field over a list of five rows.
type finderLayout struct{}

func (finderLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	const rows = 5 * 62
	return fyne.NewSize(240, o[0].MinSize().Height+8+rows)
}

func (finderLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	h := o[0].MinSize().Height
	put(o[0], 0, 0, size.Width, h)
	put(o[1], 0, h+8, size.Width, size.Height-h-8)
}

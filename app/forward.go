package app

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
)

// maxForwarded is how many messages are sent on one by one at once.
const maxForwarded = 100

// forwarder asks to whom messages are to be sent on.
type forwarder struct {
	m      *mainScreen
	from   *chat
	list   []im.Message
	merged bool

	sheet  *widgets.SearchSheet
	view   *widgets.ConversationList
	send   *widgets.Chip
	all    []im.Conversation
	rows   []widgets.Conversation
	chosen map[im.ConversationID]bool
}

// forward sends messages of a conversation on, one by one or as one.
func (m *mainScreen) forward(from *chat, list []im.Message, merged bool) {
	f := &forwarder{m: m, from: from, list: list, merged: merged, chosen: map[im.ConversationID]bool{}}
	for i := range m.rows {
		if m.rows[i].ConversationID.Type() != im.ConvSystem {
			f.all = append(f.all, m.rows[i])
		}
	}
	f.view = widgets.NewResultList(f)
	f.view.OnSelected = f.toggle
	f.send = widgets.NewChip("", f.submit)
	f.sheet = widgets.NewSearchSheet(m.tr.T("forward.hint"), f.view, []*widgets.Chip{f.send})
	f.sheet.OnChanged = func(string) { f.narrow() }
	f.sheet.OnKey = f.key
	f.sheet.OnShortcut = f.shortcut
	f.sheet.OnSubmitted = func() { f.toggle(f.view.Selected()) }
	f.sheet.OnClosed = func() { m.forwarding = nil }
	m.forwarding = f
	f.sheet.Open(m.app.canvas)
	f.narrow()
}

// learn takes in what the list says meanwhile, the name of somebody that has come or a
// chat that is new. Rows stay where a person has seen them.
func (f *forwarder) learn() {
	now := make(map[im.ConversationID]*im.Conversation, len(f.m.rows))
	for i := range f.m.rows {
		now[f.m.rows[i].ConversationID] = &f.m.rows[i]
	}
	for i := range f.all {
		if conv := now[f.all[i].ConversationID]; conv != nil {
			f.all[i] = *conv
			delete(now, conv.ConversationID)
		}
	}
	for i := range f.m.rows {
		if id := f.m.rows[i].ConversationID; now[id] != nil && id.Type() != im.ConvSystem {
			f.all = append(f.all, f.m.rows[i])
		}
	}
	f.narrow()
}

// Len and At make it the data of its list.
func (f *forwarder) Len() int { return len(f.rows) }

// At implements widgets.Conversations.
func (f *forwarder) At(i int) widgets.Conversation { return f.rows[i] }

// narrow shows the conversations whose names, or the ids below them, fit what is typed.
func (f *forwarder) narrow() {
	tr := f.m.tr
	part := strings.ToLower(strings.TrimSpace(f.sheet.Text()))
	f.rows = f.rows[:0]
	for _, fit := range fitting(part, f.all, func(conv *im.Conversation) (name, id string) {
		return f.m.name(conv), conv.ConversationID.To()
	}) {
		conv := &fit.of
		shown := f.m.present(conv)
		f.rows = append(f.rows, widgets.Conversation{
			ID: conv.ConversationID, Name: f.m.name(conv), NameMark: fit.at, Avatar: shown.Avatar, Initial: shown.Initial, Picture: shown.Picture, Online: shown.Online,
			Preview: f.below(conv), Checked: f.chosen[conv.ConversationID],
		})
	}
	f.send.SetText(tr.T("forward.choose"))
	if n := len(f.chosen); n > 0 {
		f.send.SetText(tr.N("forward.send", n, nil))
	}
	f.send.SetOn(len(f.chosen) > 0)
	f.sheet.SetFoot(tr.N("forward.what", len(f.list), i18n.Args{"Keys": keyWords(sendForwarded)}))
	f.sheet.SetSaying(tr.T("forward.none"), "", "", nil)
	f.view.Refresh()
	if f.index() < 0 && len(f.rows) > 0 {
		f.view.Select(f.rows[0].ID)
	}
	f.sheet.Rearrange()
}

// below is the second line of a row: what tells two of one name apart.
func (f *forwarder) below(conv *im.Conversation) string {
	if conv.ConversationID.Type() == im.ConvGroup {
		kind := im.GroupWork
		if conv.GroupProfile != nil {
			kind = conv.GroupProfile.Type
		}
		return f.m.tr.T("groupType."+string(kind)) + " · " + conv.ConversationID.To()
	}
	return conv.ConversationID.To()
}

func (f *forwarder) index() int {
	return slices.IndexFunc(f.rows, func(r widgets.Conversation) bool { return r.ID == f.view.Selected() })
}

// key moves the mark while the keyboard is in the field.
func (f *forwarder) key(e *fyne.KeyEvent) bool {
	var by int
	switch e.Name {
	case fyne.KeyDown:
		by = 1
	case fyne.KeyUp:
		by = -1
	case fyne.KeyPageDown:
		by = f.view.Page()
	case fyne.KeyPageUp:
		by = -f.view.Page()
	default:
		return false
	}
	if n := len(f.rows); n > 0 {
		at := min(max(f.index()+by, 0), n-1)
		f.view.ScrollTo(at)
		f.view.Select(f.rows[at].ID)
	}
	return true
}

// sendForwarded sends from the keyboard: Enter alone chooses.
var sendForwarded = ctrl(fyne.KeyReturn)

func (f *forwarder) shortcut(s fyne.Shortcut) bool {
	c, is := s.(*desktop.CustomShortcut)
	if is = is && c.Modifier == sendForwarded.mod && (c.KeyName == sendForwarded.key || c.KeyName == fyne.KeyEnter); is {
		f.submit()
	}
	return is
}

// toggle chooses a conversation, or chooses it no more.
func (f *forwarder) toggle(conv im.ConversationID) {
	if conv == "" {
		return
	}
	if f.chosen[conv] {
		delete(f.chosen, conv)
	} else {
		f.chosen[conv] = true
	}
	f.view.Select(conv)
	f.narrow()
	f.sheet.FocusField()
}

// submit sends the messages to all that are chosen.
func (f *forwarder) submit() {
	if len(f.chosen) == 0 {
		f.sheet.FocusField()
		return
	}
	var to []im.ConversationID
	for i := range f.all {
		if id := f.all[i].ConversationID; f.chosen[id] {
			to = append(to, id)
		}
	}
	f.sheet.Close()
	m := f.m
	if m.chat == f.from {
		f.from.endChoosing()
	}
	title, lines, compatible := f.from.mergerOf(f.list)
	client, list := m.s.client, f.list
	beside(m.s.ctx, func(ctx context.Context) (done forwarded, err error) {
		for _, conv := range to {
			batch := client.NewBatch()
			if f.merged {
				msg, err := client.CreateMergerMessage(ctx, conv.Type(), conv.To(), core.Merger{
					Messages: list, Title: title, Lines: lines, CompatibleText: compatible,
				})
				done.count(ctx, batch, msg, err)
				continue
			}
			for i := range list {
				msg, err := client.CreateForwardMessage(conv.Type(), conv.To(), list[i])
				done.count(ctx, batch, msg, err)
			}
		}
		return done, nil
	}, func(done forwarded, _ error) { m.reportForwarded(done, len(to)) })
}

// forwarded counts what was handed over and what was not, with the reason of the
// first.
type forwarded struct {
	sent, refused int
	why           error
}

func (d *forwarded) count(ctx context.Context, batch *core.Batch, msg im.Message, err error) {
	if err == nil {
		_, err = batch.SendMessage(ctx, msg, im.SendOptions{})
	}
	if err == nil {
		d.sent++
		return
	}
	if d.refused++; d.why == nil {
		d.why = err
	}
}

func (m *mainScreen) reportForwarded(d forwarded, chats int) {
	if d.refused > 0 {
		m.app.tell(m.tr.N("forward.failed", d.refused, nil), m.tr.Error(d.why))
		return
	}
	m.app.say(m.tr.N("forward.done", chats, i18n.Args{"Messages": d.sent}))
}

// forwardItem is the menu's item to send a message on.
func (c *chat) forwardItem(msg *im.Message) *fyne.MenuItem {
	return fyne.NewMenuItem(c.m.tr.T("menu.forward"), func() { c.m.forward(c, []im.Message{*msg}, false) })
}

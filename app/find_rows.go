package app

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/textlayout"
)

// Prefixes tell the rows of the search from those of conversations, whose ids
// never have a slash behind such a word.
const (
	hitPrefix    = "message"
	personPrefix = "person"
	pickPrefix   = "pick"
)

func hitID(h *core.SearchHit) im.ConversationID {
	return im.ConversationID(hitPrefix + "/" + string(h.Message.ID))
}

// messageRow is a message that was found.
func (f *finder) messageRow(h *core.SearchHit) widgets.Conversation {
	msg := &h.Message
	row := widgets.Conversation{
		ID:      hitID(h),
		Name:    f.author(msg),
		Where:   f.where(msg),
		Avatar:  string(msg.From),
		Initial: f.ownName(msg.From),
		Picture: f.m.pictures.avatar(msg.Avatar),
		Time:    f.m.times.list(time.UnixMilli(msg.Time)),
	}
	row.Preview, row.Marks = snippet(h.Text, h.Highlights)
	if row.Preview == "" {
		row.Preview = im.MessageForShow(msg.Payload, f.m.tr.Language())
	}
	return row
}

// fileRow is a file that was found, by its name.
func (f *finder) fileRow(h *core.SearchHit) widgets.Conversation {
	msg := &h.Message
	p, _ := msg.Payload.(im.FilePayload)
	row := widgets.Conversation{
		ID:   hitID(h),
		Name: oneLineName(p.FileName),
		Sign: fileSign(p.FileName),
		Time: f.m.times.list(time.UnixMilli(msg.Time)),
		Preview: f.m.tr.F("find.file", i18n.Args{
			"Size": mediaWords{f.m.tr}.bytes(p.FileSize), "Name": f.author(msg), "Chat": f.chatName(msg.ConversationID),
		}),
	}
	if len(h.Highlights) > 0 && row.Name == h.Text {
		row.NameMark = widgets.Span{From: h.Highlights[0].Start, To: h.Highlights[0].End}
	}
	return row
}

func oneLineName(name string) string { return textlayout.Clean(name) }

// fileSign is what the tile of a file says: the ending of its name, if it is short.
func fileSign(name string) string {
	end := strings.ToUpper(strings.TrimPrefix(filepath.Ext(name), "."))
	for _, r := range end {
		if r < '0' || r > '9' && r < 'A' || r > 'Z' {
			return "·"
		}
	}
	if end == "" || len(end) > 4 {
		return "·"
	}
	return end
}

func (f *finder) author(msg *im.Message) string {
	if msg.From == f.m.me {
		return f.m.tr.T("list.you")
	}
	return first(msg.NameCard, msg.Nick, string(msg.From))
}

// ownName is what the own avatar has its letter from, although rows call oneself
// "You"; "" for others.
func (f *finder) ownName(user im.UserID) string {
	if user != f.m.me {
		return ""
	}
	return f.m.myName
}

// where says in which conversation a message is, unless all of them are.
func (f *finder) where(msg *im.Message) string {
	if f.filters.conv != "" {
		return ""
	}
	return f.m.tr.F("find.in", i18n.Args{"Name": f.chatName(msg.ConversationID)})
}

func (f *finder) chatName(conv im.ConversationID) string {
	row, _ := f.m.row(conv)
	return f.m.name(&row)
}

// fitNames finds the people and chats whose names fit what is typed: those that
// begin with it first, else in the order that they had.
func (f *finder) fitNames() {
	part := strings.ToLower(f.text)
	f.byName.chats = fitting(part, f.all, f.chatNames)
	f.byName.people = fitting(part, f.people, f.personNames)
}

func (f *finder) chatNames(c *im.Conversation) (name, id string) {
	return f.m.name(c), c.ConversationID.To()
}

// chatRow is a chat with what was searched for in its name.
func (f *finder) chatRow(c *fit[im.Conversation]) widgets.Conversation {
	row := f.m.present(&c.of)
	row.NameMark = c.at
	return row
}

func personID(user im.UserID) im.ConversationID {
	return im.ConversationID(personPrefix + "/" + string(user))
}

func (f *finder) personNames(p *im.Profile) (name, id string) {
	if p.UserID == f.m.me {
		return f.m.tr.T("find.me"), string(p.UserID)
	}
	conv := im.C2C(p.UserID)
	if row, ok := f.m.row(conv); ok {
		return f.m.name(&row), string(p.UserID)
	}
	return p.Name(), string(p.UserID)
}

// personRow is somebody, with their id below the name.
func (f *finder) personRow(fit *fit[im.Profile]) widgets.Conversation {
	p := &fit.of
	name, _ := f.personNames(p)
	return widgets.Conversation{
		ID:       personID(p.UserID),
		Name:     name,
		NameMark: fit.at,
		Avatar:   string(p.UserID),
		Initial:  f.ownName(p.UserID),
		Picture:  f.m.pictures.avatar(p.Avatar),
		Online:   f.m.isOnline(p.UserID),
		Preview:  string(p.UserID),
	}
}

// fit is something whose name fits, and where what is typed is in the name.
type fit[T any] struct {
	of   T
	at   widgets.Span
	rank int
}

// fitting are those of list that have part, in small letters, in their name or id;
// with a name that begins with it first, then with a word that does.
func fitting[T any](part string, list []T, names func(*T) (name, id string)) []fit[T] {
	var all []fit[T]
	for i := range list {
		name, id := names(&list[i])
		lower := strings.ToLower(name)
		at := strings.Index(lower, part)
		f := fit[T]{of: list[i]}
		switch {
		case at == 0:
		case at > 0 && lower[at-1] == ' ':
			f.rank = 1
		case at > 0:
			f.rank = 2
		case strings.Contains(strings.ToLower(id), part):
			f.rank = 3
		default:
			continue
		}
		if at >= 0 && len(lower) == len(name) { // the letters are where they were
			f.at = widgets.Span{From: at, To: at + len(part)}
		}
		all = append(all, f)
	}
	slices.SortStableFunc(all, func(a, b fit[T]) int { return cmp.Compare(a.rank, b.rank) })
	return all
}

// snippetBefore is how much of a text stands before what was searched for, in bytes.
const snippetBefore = 36

// snippet is the part of a text around what was searched for, on one line, and
// where that is in it.
func snippet(text string, highlights []core.Highlight) (string, [widgets.MaxMarks]widgets.Span) {
	var marks [widgets.MaxMarks]widgets.Span
	var b strings.Builder
	at := 0
	if len(highlights) > 0 && highlights[0].Start > snippetBefore {
		at = highlights[0].Start - snippetBefore*2/3
		for at > 0 && text[at]&0xc0 == 0x80 {
			at--
		}
		b.WriteString("…")
	}
	clean := func(s string) string {
		return strings.NewReplacer("\n", " ", "\t", " ").Replace(textlayout.Clean(s))
	}
	n := 0
	for _, h := range highlights {
		if n == len(marks) || h.Start < at || h.End > len(text) {
			break
		}
		b.WriteString(clean(text[at:h.Start]))
		marks[n].From = b.Len()
		b.WriteString(clean(text[h.Start:h.End]))
		marks[n].To = b.Len()
		at = h.End
		n++
	}
	const rest = 400 // more than fits
	end := min(len(text), at+rest)
	for end < len(text) && text[end]&0xc0 == 0x80 {
		end++
	}
	b.WriteString(clean(text[at:end]))
	return b.String(), marks
}

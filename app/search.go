package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/textlayout"
)

// searchPage is how many messages are asked for at once; the next ones come when
// the list gets near them.
const searchPage = 50

// searching is what has been found of the messages while somebody types.
type searching struct {
	text   string
	hits   []core.SearchHit
	total  int
	partly bool // the index is still being made
	cancel context.CancelFunc
	asking bool
}

// searchMessages looks for what is typed now; what was found before stays until
// that is known.
func (f *finder) searchMessages(text string) {
	f.stopSearch()
	f.found.text = text
	if text == "" {
		f.found.hits, f.found.total, f.found.partly = nil, 0, false
		return
	}
	f.ask(0)
}

func (f *finder) stopSearch() {
	if f.found.cancel != nil {
		f.found.cancel()
	}
	f.found.cancel, f.found.asking = nil, false
}

// ask brings the page of hits that begins at an offset.
func (f *finder) ask(offset int) {
	ctx, cancel := context.WithCancel(f.m.ctx)
	f.found.cancel, f.found.asking = cancel, true
	client, text := f.m.s.client, f.found.text
	beside(ctx, func(ctx context.Context) (core.SearchPage, error) {
		return client.Search(ctx, core.SearchQuery{Text: text, Offset: offset, Limit: searchPage})
	}, func(p core.SearchPage, err error) {
		if ctx.Err() != nil { // something else is typed by now
			return
		}
		cancel()
		f.found.cancel, f.found.asking = nil, false
		if err != nil && !errors.Is(err, context.Canceled) {
			f.sheet.SetProblem(f.m.tr.Error(err))
			p = core.SearchPage{Total: uint64(offset)} // what was found before stays, and no more is asked for
		} else {
			f.sheet.SetProblem("")
		}
		if offset == 0 {
			f.found.hits = nil
		}
		f.found.hits = append(f.found.hits, p.Hits...)
		f.found.total, f.found.partly = int(min(p.Total, 1<<30)), p.Indexing
		f.arrange()
	})
}

// more asks for the next page when row i of the hits is drawn and few follow.
func (f *finder) more(i int) {
	if n := len(f.found.hits); n < f.found.total && i >= n-searchPage/5 && !f.found.asking && n > 0 {
		f.ask(n)
	}
}

// totals says how much was found.
func (f *finder) totals() string {
	if f.found.text == "" {
		return ""
	}
	words := f.m.tr.N("find.messages", f.found.total, nil)
	if f.found.partly {
		words += " · " + f.m.tr.T("find.indexing")
	}
	return words
}

// hit is a message that was found, as a row of the list.
func (f *finder) hit(h *core.SearchHit) widgets.Conversation {
	msg := &h.Message
	conv, _ := f.m.row(msg.ConversationID)
	who := first(msg.NameCard, msg.Nick, string(msg.From))
	if msg.From == f.m.me {
		who = f.m.tr.T("list.you")
	}
	row := widgets.Conversation{
		ID:      im.ConversationID(hitPrefix + msg.ID),
		Name:    who,
		Where:   f.m.tr.F("find.in", i18n.Args{"Name": f.m.name(&conv)}),
		Avatar:  string(msg.From),
		Picture: f.m.pictures.avatar(msg.Avatar),
		Time:    f.m.times.list(time.UnixMilli(msg.Time)),
	}
	row.Preview, row.Marks = snippet(h.Text, h.Highlights)
	return row
}

// hitPrefix tells the rows of messages from those of conversations, whose ids never
// begin so.
const hitPrefix = "message/"

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

// openAt shows a conversation at one of its messages.
func (m *mainScreen) openAt(conv im.ConversationID, sequence uint64) {
	if m.chat != nil && m.chat.conv == conv {
		m.openChat(conv)
		m.canvas.JumpTo(sequence)
		return
	}
	m.openingAt = sequence
	m.openChat(conv)
	m.openingAt = 0
}

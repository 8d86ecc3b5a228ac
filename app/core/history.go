package core

import (
	"context"
	"slices"

	"magpie/im"
)

// MessageList is a page of [Client.GetMessageList].
type MessageList struct {
	// Messages are acknowledged ones, oldest first, at most 15.
	Messages []im.Message `json:"messageList"`
	// NextReqMessageID asks for the page before this one: the id of its oldest
	// message, empty if there is none.
	NextReqMessageID im.MessageID `json:"nextReqMessageID"`
	// IsCompleted: there is nothing older that this user may read.
	IsCompleted bool `json:"isCompleted"`
	// Offline: the server has messages in or before this page that are not on
	// disk and could not be fetched now.
	Offline bool `json:"offline,omitempty"`
}

// GetMessageList returns the newest messages of a conversation, or with
// nextReqMessageID those before an earlier page. count is 1 to 15; 0 and more
// mean 15. What is on disk is used first, what is missing is fetched if the
// client is connected; if it is not, or the server does not answer, the list
// is what is on disk, with Offline set and no error. Code 2503 for a malformed
// conversation, 6017 for a nextReqMessageID that is not known; the server's
// refusal if it does not let this account read and nothing is on disk. Of a live
// room the list is always empty: what is said there is kept nowhere, and
// [Client.History] has what was said while this process was in it.
func (c *Client) GetMessageList(ctx context.Context, conv im.ConversationID, nextReqMessageID im.MessageID, count int) (MessageList, error) {
	var out MessageList
	if err := conv.Validate(); err != nil {
		return out, err
	}
	if count <= 0 || count > im.PageSize {
		count = im.PageSize
	}
	var before uint64
	if nextReqMessageID != "" {
		m, found, err := c.db.Message(nextReqMessageID)
		if err != nil {
			return out, err
		}
		if !found || m.Sequence == 0 || m.ConversationID != conv {
			return out, im.Errorf(im.CodeInvalidParameter, "no message %.96q in %.64q", nextReqMessageID, conv)
		}
		before = m.Sequence
	}
	if c.inLive(conv) {
		return MessageList{IsCompleted: true}, nil
	}
	f := c.feed(conv)
	v, refusal, err := f.view(ctx)
	if err != nil {
		return out, err
	}
	out.Offline = !v.known
	for len(out.Messages) < count {
		page, err := c.db.Page(conv, before, count-len(out.Messages))
		if err != nil {
			return out, err
		}
		lo, hi := v.first, v.last
		if len(page) > 0 {
			lo = page[0].Sequence
		}
		if before > 0 {
			hi = min(hi, before-1)
		}
		if _, hole := v.spans.lastHole(lo, hi); hole && !out.Offline {
			if out.Offline, refusal, err = f.fillFor(ctx, hi+1); err != nil {
				return out, err
			}
			if v, err = f.look(); err != nil {
				return out, err
			}
			continue
		}
		if len(page) == 0 {
			break
		}
		before = page[0].Sequence
		page = slices.DeleteFunc(page, func(m im.Message) bool { return m.IsPlaceMessage })
		out.Messages = append(page, out.Messages...)
	}
	if len(out.Messages) == 0 && refusal != nil {
		return out, refusal
	}
	marks := c.marks(conv)
	for i := range out.Messages {
		marks.set(&out.Messages[i])
	}
	oldest := v.last + 1
	if len(out.Messages) > 0 {
		oldest = out.Messages[0].Sequence
		out.NextReqMessageID = out.Messages[0].ID
	}
	older, err := c.db.Page(conv, oldest, 1)
	if err != nil {
		return out, err
	}
	hidden := oldest > v.first && v.spans.missing(v.first, oldest-1) > 0
	out.IsCompleted = v.known && len(older) == 0 && !hidden
	return out, nil
}

// fillFor fetches what is missing below a sequence for a caller that can do
// without; offline says that it has to, refusal that the server does not allow it.
func (f *feed) fillFor(ctx context.Context, before uint64) (offline bool, refusal, err error) {
	n, err := f.c.FillHistory(ctx, f.id, before)
	switch {
	case err == nil && n > 0:
		return false, nil, nil
	case err == nil: // somebody else has filled it, or the server has nothing for it
		v, err := f.look()
		_, hole := v.spans.lastHole(v.first, min(v.last, before-1))
		return hole, nil, err
	case ctx.Err() != nil:
		return true, nil, ctx.Err()
	case passing(err):
		return true, nil, nil
	case denied(err):
		return true, err, nil
	}
	return true, nil, err
}

// view is what is known about a conversation at one moment. first is at least 1.
type view struct {
	spans       spans
	first, last uint64
	known       bool // the server's range is known
}

// view looks at the conversation; one that is not known here is asked for if
// there is a connection. Without an answer it stays unknown, which the view
// says; refusal is the server's, if it gave one.
func (f *feed) view(ctx context.Context) (v view, refusal, err error) {
	v, err = f.look()
	if err != nil || v.known {
		return v, nil, err
	}
	if l := f.c.current(); l != nil {
		if err := f.refresh(ctx, l); err != nil && !passing(err) {
			refusal = err
		}
		v, err = f.look()
	}
	return v, refusal, err
}

// look is view without the network.
func (f *feed) look() (view, error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return view{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return view{
		spans: slices.Clone(f.spans),
		first: max(f.first, 1),
		last:  max(f.target, f.spans.top()),
		known: f.introduced || f.target > 0,
	}, nil
}

// marks say up to where messages of a conversation were read.
type marks struct {
	user           im.UserID
	read, peerRead uint64
	heard          im.SequenceSet
}

// marks reads the marks; without a row nothing was read.
func (c *Client) marks(conv im.ConversationID) marks {
	row, _, err := c.db.Conversation(conv)
	if err != nil {
		return marks{user: c.o.User}
	}
	return marks{c.o.User, row.Read, row.PeerRead, row.Heard}
}

func (k marks) set(m *im.Message) {
	if m.From == k.user {
		m.IsRead = true
		m.IsPeerRead = m.Sequence > 0 && m.Sequence <= k.peerRead
		m.IsHeard = m.Type == im.MsgAudio
		return
	}
	m.IsRead = m.Sequence <= k.read
	m.IsHeard = m.Type == im.MsgAudio && k.heard.Has(m.Sequence)
}

// HistoryQuery chooses a page of [Client.History]. At most one of Before,
// After and Around is set; none means the newest messages.
type HistoryQuery struct {
	Before uint64 // the newest with a smaller sequence
	After  uint64 // the oldest with a larger sequence
	Around uint64 // half before, half from it on
	Limit  int    // 1 to 1000; 0 means 64
}

// Hole is a range of sequences, both ends included, that the server has and
// the disk has not.
type Hole struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// HistoryPage is a page of what is on disk.
type HistoryPage struct {
	// Messages are acknowledged ones, oldest first.
	Messages []im.Message `json:"messages"`
	// Pending are the unacknowledged own ones, if the page reaches the end.
	Pending []im.Message `json:"pending,omitempty"`
	// HasOlder and HasNewer: there is more on disk or on the server.
	HasOlder bool `json:"hasOlder"`
	HasNewer bool `json:"hasNewer"`
	// Holes are those within the page and the ones that touch its ends, newest
	// last. FillHistory(ctx, conv, hole.To+1) fetches from the upper end of one.
	Holes []Hole `json:"holes,omitempty"`
	// First and Last are the range that this user may read on the server, as
	// far as is known here; 0 if nothing is.
	First uint64 `json:"first,omitempty"`
	Last  uint64 `json:"last,omitempty"`
}

// History returns a page of what is on disk. It never waits for the network
// and costs the same in a conversation of any length.
func (c *Client) History(ctx context.Context, conv im.ConversationID, q HistoryQuery) (HistoryPage, error) {
	var p HistoryPage
	if err := conv.Validate(); err != nil {
		return p, err
	}
	if err := ctx.Err(); err != nil {
		return p, err
	}
	if q.Limit <= 0 {
		q.Limit = 64
	}
	q.Limit = min(q.Limit, 1000)
	if c.inLive(conv) {
		p = c.live.page(conv, q)
		if !p.HasNewer {
			p.Pending = c.out.of(conv)
		}
		return p, nil
	}
	v, err := c.feed(conv).look()
	if err != nil {
		return p, err
	}
	switch {
	case q.After > 0:
		p.Messages, err = c.db.PageAfter(conv, q.After, q.Limit)
	case q.Around > 0:
		if p.Messages, err = c.db.Page(conv, q.Around, q.Limit/2); err != nil {
			return p, err
		}
		var from []im.Message
		from, err = c.db.PageAfter(conv, q.Around-1, q.Limit-len(p.Messages))
		p.Messages = append(p.Messages, from...)
	default:
		p.Messages, err = c.db.Page(conv, q.Before, q.Limit)
	}
	if err != nil {
		return p, err
	}
	marks := c.marks(conv)
	for i := range p.Messages {
		marks.set(&p.Messages[i])
	}
	if v.known {
		p.First, p.Last = v.first, v.last
	}
	return p, c.frame(conv, q, v, &p)
}

// frame fills in what lies around the messages of a page.
func (c *Client) frame(conv im.ConversationID, q HistoryQuery, v view, p *HistoryPage) error {
	// oldest and newest are the page's ends; of an empty page the place where
	// messages would be.
	oldest, newest := v.last+1, v.last
	switch {
	case len(p.Messages) > 0:
		oldest, newest = p.Messages[0].Sequence, p.Messages[len(p.Messages)-1].Sequence
	case q.Before > 0:
		oldest, newest = min(q.Before, oldest), min(q.Before-1, newest)
	case q.After > 0:
		oldest, newest = min(q.After+1, oldest), min(q.After, newest)
	}
	older, err := c.db.Page(conv, oldest, 1)
	if err != nil {
		return err
	}
	newer, err := c.db.PageAfter(conv, newest, 1)
	if err != nil {
		return err
	}
	p.HasOlder, p.HasNewer = len(older) > 0, len(newer) > 0
	if oldest > v.first {
		if h, ok := v.spans.lastHole(v.first, oldest-1); ok {
			p.HasOlder = true
			if h.To == oldest-1 {
				p.Holes = append(p.Holes, h)
			}
		}
	}
	p.Holes = append(p.Holes, v.spans.holes(max(oldest, v.first), newest)...)
	if h, ok := v.spans.firstHole(newest+1, v.last); ok {
		p.HasNewer = true
		if h.From == newest+1 {
			p.Holes = append(p.Holes, h)
		}
	}
	if len(newer) == 0 {
		p.Pending = c.out.of(conv)
	}
	return nil
}

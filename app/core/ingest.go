package core

import (
	"context"
	"slices"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// absorb stores the held pushes that follow on what is here, and returns the
// first hole below target, if any is left.
func (f *feed) absorb(ctx context.Context, held map[uint64]wire.Message) (hole Hole, open bool, err error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return hole, false, err
	}
	for {
		f.mu.Lock()
		target := f.target
		f.mu.Unlock()
		for n, m := range held {
			if f.spans.has(n) || n < f.low() {
				if err := f.same(&m.Message); err != nil {
					return hole, false, err
				}
				// The message came with a pull before its push did; the count comes
				// with the push only.
				if err := f.count(ctx, n, m.Unread); err != nil {
					return hole, false, err
				}
				delete(held, n)
			}
		}
		hole, open = f.spans.firstHole(f.low(), target)
		if !open {
			return hole, false, nil
		}
		var run []im.Message
		var unread uint64
		for n := hole.From; n <= hole.To && len(run) < backlogLimit; n++ {
			m, ok := held[n]
			if !ok {
				break
			}
			run, unread = append(run, m.Message), m.Unread
		}
		if len(run) == 0 {
			return hole, true, nil
		}
		if err := f.bring(ctx, run, unread); err != nil {
			return hole, false, err
		}
	}
}

// bring stores pushed messages and the unread count that came with the last
// one; with work held. Mostly the count is the server's and known before, and
// both go to the disk in one transaction.
func (f *feed) bring(ctx context.Context, run []im.Message, unread uint64) error {
	from, to := run[0].Sequence, run[len(run)-1].Sequence
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil {
		return err
	}
	if !found || to < f.unreadAt || row.Read > f.serverRead {
		if err := f.ingest(ctx, run, from, to, nil); err != nil {
			return err
		}
		return f.count(ctx, to, unread)
	}
	if row.Read >= to {
		unread = 0
	}
	err = f.ingest(ctx, run, from, to, func(r *store.Conversation) { r.UnreadCount = unread })
	if err == nil {
		f.unreadAt = to
	}
	return err
}

// same checks a push whose sequence is here already: another message there
// means that this history is not the server's.
func (f *feed) same(m *im.Message) error {
	list, err := f.c.db.Page(f.id, m.Sequence+1, 1)
	if err != nil || len(list) == 0 || list[0].Sequence != m.Sequence || list[0].ID == "" || list[0].ID == m.ID {
		return err
	}
	return im.Errorf(im.CodeDiverged, "sequence %d of %.64q is another message here", m.Sequence, f.id)
}

// ingest writes messages that the server gave, with everything known from..to,
// and announces them; with work held. Those above the floor that this device
// did not send are news, and bring a conversation that was deleted back to the
// list. What row changes (it may be nil) goes to the disk in the same
// transaction: who hears of the messages finds it there.
func (f *feed) ingest(ctx context.Context, list []im.Message, from, to uint64, row func(*store.Conversation)) error {
	list = f.withoutRecalled(f.withoutUnwanted(list))
	tombs, err := f.tombs(list)
	if err != nil {
		return err
	}
	var mine []im.Message // waited for in the outbox
	kinds := make([]tidings, len(list))
	for i := range list {
		m := &list[i]
		here := f.c.fromHere(m)
		switch {
		case m.Revokes != nil:
			kinds[i] = tidingsRecall
		case m.IsDeleted:
		case here && f.c.out.has(m.ID):
			kinds[i] = tidingsOwn
			mine = append(mine, *m)
		case m.Sequence > f.floor && !here && !m.IsPlaceMessage && !f.spans.has(m.Sequence):
			kinds[i] = tidingsNews
		}
	}
	for _, t := range tombs {
		if f.c.fromHere(&t) && f.c.out.has(t.ID) && !slices.ContainsFunc(mine, func(m im.Message) bool { return m.ID == t.ID }) {
			mine = append(mine, t)
		}
	}
	a := f.announcement(list, kinds, tombs)
	change := func(r *store.Conversation) {
		r.Hidden = r.Hidden && !a.news
		if row != nil {
			row(r)
		}
	}
	if err := f.c.db.Ingest(ctx, store.Batch{Conversation: f.id, Messages: list, From: from, To: to, Row: change}); err != nil {
		return err
	}
	f.spans.add(from, to)
	if err := f.arrivedUnwanted(ctx, list); err != nil {
		return err
	}
	for _, m := range mine {
		f.c.out.arrived(f.c, m)
	}
	for _, e := range a.events {
		f.c.hub.emit(e)
	}
	if a.older || !a.news && !a.recalls {
		f.c.hub.emit(HistoryChanged{ConversationID: f.id, From: from, To: to})
	}
	f.c.list.touch(f.c, f.id)
	return f.recalled(list)
}

// tidings is what a message that is stored means to those who watch.
type tidings int

const (
	tidingsOlder  tidings = iota // history that was not here, or holes in it
	tidingsNews                  // a new message
	tidingsOwn                   // an own one whose acknowledgement was lost
	tidingsRecall                // the place of a recall
)

// announcement is what is to be told of messages once they are stored.
type announcement struct {
	events               []Event
	news, recalls, older bool // there are such
}

// announcement puts what happened in the order of the sequences: what was
// received, and what was recalled at the place of the recall, or of what is left
// of its message where that came first.
func (f *feed) announcement(list []im.Message, kinds []tidings, tombs map[uint64]im.Message) announcement {
	var a announcement
	var received, gone []im.Message
	flush := func() {
		if len(received) > 0 {
			a.events = append(a.events, MessageReceived{Messages: received})
		}
		if len(gone) > 0 {
			a.events = append(a.events, MessageRevoked{Messages: gone})
		}
		received, gone = nil, nil
	}
	for i := range list {
		m := list[i]
		target := m.Sequence
		switch kinds[i] {
		case tidingsOlder:
			a.older = true
		case tidingsRecall:
			a.recalls, target = true, m.Revokes.Sequence
		case tidingsNews:
			a.news = true
			if e, typed := f.c.typed(&m); typed {
				// Somebody else's client stored it; it is no message for all that.
				flush()
				if m.From != f.c.o.User {
					a.events = append(a.events, e)
				}
				break
			}
			if len(gone) > 0 {
				flush()
			}
			if _, notice := m.Payload.(im.GroupNoticePayload); notice {
				a.events = append(a.events, GroupNoticeReceived{Message: m})
			}
			received = append(received, m)
		}
		if t, ok := tombs[target]; ok {
			gone = append(gone, t)
			delete(tombs, target)
		}
	}
	flush()
	return a
}

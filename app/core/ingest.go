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
	row.UnreadCount, row.Hidden = unread, false
	if row.Read >= to {
		row.UnreadCount = 0
	}
	err = f.ingest(ctx, run, from, to, func() error { return f.c.db.PutConversations(ctx, []store.Conversation{row}) })
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
// did not send are news. What beside writes (it may be nil) goes to the disk at
// the same time and is there when they are announced: who hears of them reads it.
func (f *feed) ingest(ctx context.Context, list []im.Message, from, to uint64, beside func() error) error {
	var mine []im.Message // waited for in the outbox
	for i := range list {
		m := &list[i]
		if f.c.fromHere(m) && f.c.out.has(m.ID) {
			mine = append(mine, *m)
		}
	}
	wrote := make(chan error, 1)
	if beside == nil {
		wrote <- nil
	} else {
		go func() { wrote <- beside() }()
	}
	err := f.c.db.Ingest(ctx, store.Batch{Conversation: f.id, Messages: list, From: from, To: to})
	besideErr := <-wrote
	if err != nil {
		return err
	}
	var news []im.Message
	for _, m := range list {
		if m.Sequence > f.floor && !f.c.fromHere(&m) && !m.IsPlaceMessage && !f.spans.has(m.Sequence) {
			news = append(news, m)
		}
	}
	f.spans.add(from, to)
	for _, m := range mine {
		f.c.out.arrived(f.c, m)
	}
	if len(news) > 0 {
		if err := f.show(ctx); err != nil {
			return err
		}
		f.c.hub.emit(MessageReceived{Messages: slices.Clone(news)})
	}
	if len(news) == 0 || len(news)+len(mine) < len(list) {
		f.c.hub.emit(HistoryChanged{ConversationID: f.id, From: from, To: to})
	}
	f.c.list.touch(f.c, f.id)
	return besideErr
}

// show brings a conversation that was deleted back to the list; with work held.
func (f *feed) show(ctx context.Context) error {
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || !found || !row.Hidden {
		return err
	}
	return f.c.db.UpdateConversation(ctx, f.id, func(r *store.Conversation) error {
		r.Hidden = false
		return nil
	})
}

package core

import (
	"context"
	"sync"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// SetMessageRead says that everything in a conversation was read. See SetMessageReadUpTo.
func (c *Client) SetMessageRead(ctx context.Context, conv im.ConversationID) error {
	return c.SetMessageReadUpTo(ctx, conv, maxSequence)
}

// SetMessageReadUpTo says that everything up to a sequence was read, that is,
// was on the screen. It never goes back. The unread count falls at once, the
// server and the other devices hear of it within half a second, or when there
// is a connection again.
func (c *Client) SetMessageReadUpTo(ctx context.Context, conv im.ConversationID, sequence uint64) error {
	if err := conv.Validate(); err != nil {
		return err
	}
	f := c.feed(conv)
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	row, found, err := c.db.Conversation(conv)
	if err != nil || !found {
		return err
	}
	last := max(row.Last, f.spans.top())
	sequence = min(sequence, last)
	if sequence, err = f.overDeleted(sequence); err != nil {
		return err
	}
	if sequence > row.Read || row.MarkedUnread || sequence == last && row.UnreadCount > 0 {
		if err := f.read(ctx, sequence); err != nil {
			return err
		}
	}
	// The report depends on what the server knows, never on the count shown; it
	// also takes the mark away there.
	if read := max(sequence, row.Read); read > f.serverRead || row.MarkedUnread {
		c.reads.want(c, conv, read)
	}
	return nil
}

// read moves the read mark of the stored row and lowers its count; with work held.
func (f *feed) read(ctx context.Context, sequence uint64) error {
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || !found {
		return err
	}
	left, err := f.countable(sequence, max(row.Last, f.spans.top()))
	if err != nil {
		return err
	}
	err = f.c.db.UpdateConversation(ctx, f.id, func(r *store.Conversation) error {
		r.Read = max(r.Read, sequence)
		r.UnreadCount = min(r.UnreadCount, left)
		r.MarkedUnread = false
		var at []im.AtInfo
		for _, a := range r.GroupAtInfoList {
			if a.MessageSequence > r.Read {
				at = append(at, a)
			}
		}
		r.GroupAtInfoList = at
		return nil
	})
	if err != nil {
		return err
	}
	f.c.list.touch(f.c, f.id)
	return nil
}

// readElsewhere applies that the account read on another device.
func (f *feed) readElsewhere(ctx context.Context, sequence, unread uint64) error {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	f.serverRead = max(f.serverRead, sequence)
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || !found {
		return err
	}
	if sequence < row.Read {
		return nil // this device knows better and reports it
	}
	if err := f.read(ctx, sequence); err != nil {
		return err
	}
	err = f.c.db.UpdateConversation(ctx, f.id, func(r *store.Conversation) error {
		if r.UnreadCount > unread && sequence >= r.Read {
			r.UnreadCount = unread
		}
		return nil
	})
	f.c.list.touch(f.c, f.id)
	return err
}

// readByPeer applies that the other side read up to a sequence.
func (f *feed) readByPeer(ctx context.Context, sequence uint64) error {
	f.work.Lock()
	defer f.work.Unlock()
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || !found || sequence <= row.PeerRead {
		return err
	}
	row.PeerRead = min(sequence, maxSequence)
	if err := f.c.db.PutConversations(ctx, []store.Conversation{row}); err != nil {
		return err
	}
	f.c.hub.emit(MessageReadByPeer{ConversationID: f.id, Sequence: sequence})
	f.c.list.touch(f.c, f.id)
	return nil
}

// reads holds what the server has yet to hear: read marks, deletions, and voice
// notes that were listened to. All are on disk in the conversation's row; what is lost here is found again when
// the next list is compared.
type reads struct {
	mu      sync.Mutex
	marks   map[im.ConversationID]uint64
	deleted map[im.ConversationID]uint64 // as far as it was deleted
	heard   map[im.ConversationID]im.SequenceSet
	running bool

	reporting sync.Mutex // held while what waits is being reported
}

func (r *reads) want(c *Client, conv im.ConversationID, sequence uint64) {
	r.keep(func() { keepOf(&r.marks, conv, max(r.marks[conv], sequence)) })
	r.start(c)
}

func (r *reads) wantDeleted(c *Client, conv im.ConversationID, upTo uint64) {
	r.keep(func() { keepOf(&r.deleted, conv, max(r.deleted[conv], upTo)) })
	r.start(c)
}

func (r *reads) wantHeard(c *Client, conv im.ConversationID, set im.SequenceSet) {
	r.keep(func() { keepOf(&r.heard, conv, r.heard[conv].Union(set)) })
	r.start(c)
}

func (r *reads) keep(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

func keepOf[V any](m *map[im.ConversationID]V, conv im.ConversationID, v V) {
	if *m == nil {
		*m = make(map[im.ConversationID]V)
	}
	(*m)[conv] = v
}

// waiting reports whether there is anything to report; with mu held.
func (r *reads) waiting() bool { return len(r.marks)+len(r.deleted)+len(r.heard) > 0 }

// start lets a report follow after the delay, if one does not already.
func (r *reads) start(c *Client) {
	if c.current() == nil {
		return // the next connection starts it
	}
	r.mu.Lock()
	idle := !r.running && r.waiting()
	r.running = r.running || idle
	r.mu.Unlock()
	if idle && !c.spawn(func() { r.run(c) }) {
		r.mu.Lock()
		r.running = false
		r.mu.Unlock()
	}
}

func (r *reads) run(c *Client) {
	trouble := 0
	for {
		l := c.current()
		ok := l != nil && c.pause(c.o.ReadDelay<<trouble, l)
		if ok {
			if c.flushReads(c.ctx, l) {
				trouble = 0
			} else {
				trouble = min(trouble+1, 6)
			}
		}
		r.mu.Lock()
		if !ok || !r.waiting() {
			r.running = false
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
	}
}

// flushReads reports everything that waits; false if something still does.
func (c *Client) flushReads(ctx context.Context, l *link) bool {
	r := &c.reads
	r.reporting.Lock()
	defer r.reporting.Unlock()
	r.mu.Lock()
	marks, deleted, heard := r.marks, r.deleted, r.heard
	r.marks, r.deleted, r.heard = nil, nil, nil
	r.mu.Unlock()
	ok := reportAll(ctx, c, marks, func(conv im.ConversationID, n uint64) error {
		h := l.head(wire.TRead)
		_, err := ask[wire.OK](ctx, l, h, wire.Read{Head: h, Conversation: conv, Sequence: n})
		if err == nil {
			f := c.feed(conv)
			f.work.Lock()
			f.serverRead = max(f.serverRead, n)
			f.work.Unlock()
		}
		return err
	}, func(conv im.ConversationID, n uint64) { keepOf(&r.marks, conv, max(r.marks[conv], n)) })
	ok = reportAll(ctx, c, deleted, func(conv im.ConversationID, upTo uint64) error {
		h := l.head(wire.TDeleteConv)
		_, err := ask[wire.OK](ctx, l, h, wire.DeleteConversation{Head: h, Conversation: conv, Sequence: upTo})
		return err
	}, func(conv im.ConversationID, upTo uint64) { keepOf(&r.deleted, conv, max(r.deleted[conv], upTo)) }) && ok
	return reportAll(ctx, c, heard, func(conv im.ConversationID, set im.SequenceSet) error {
		h := l.head(wire.TConvSet)
		_, err := ask[wire.OK](ctx, l, h, wire.ConvSet{Head: h, Conversation: conv, Heard: set})
		return err
	}, func(conv im.ConversationID, set im.SequenceSet) { keepOf(&r.heard, conv, r.heard[conv].Union(set)) }) && ok
}

// reportAll reports what waits of each conversation; what failed for now is kept
// again. False if anything was.
func reportAll[V any](ctx context.Context, c *Client, waiting map[im.ConversationID]V,
	report func(im.ConversationID, V) error, keep func(im.ConversationID, V),
) bool {
	ok := true
	for conv, v := range waiting {
		err := report(conv, v)
		switch {
		case err == nil || denied(err):
		case passing(err) || ctx.Err() != nil:
			c.reads.keep(func() { keep(conv, v) })
			ok = false
		default:
			c.report(err)
		}
	}
	return ok
}

package core

import (
	"context"
	"encoding/json"
	"sync"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// push takes a frame that answers nothing, in the reader's goroutine: it sorts
// and never waits. What it cannot read it leaves to the log, which has it.
func (c *Client) push(l *link, h wire.Head, line []byte) {
	switch h.T {
	case wire.TMessage:
		f, err := wire.Decode[wire.Message](line)
		if err == nil {
			m := &f.Message
			if err = m.ConversationID.Validate(); err == nil {
				err = c.inbound(m.ConversationID, m)
			}
		}
		if err != nil {
			c.unreadable(line, err)
			return
		}
		if f.Message.Sequence == 0 {
			c.passed(f.Message)
			return
		}
		c.feed(f.Message.ConversationID).push(f)
	case wire.TEvent:
		f, err := wire.Decode[wire.Event](line)
		if err == nil && f.Conversation != "" {
			err = f.Conversation.Validate()
		}
		if err != nil {
			c.report(err)
			poke(c.resync)
			return
		}
		c.events.add(c, f)
	case wire.TKick:
		f, err := wire.Decode[wire.Kick](line)
		if err != nil || f.Reason == "" {
			f.Reason = im.KickREST
		}
		l.fail(&kicked{f.Reason})
	case wire.TResync:
		poke(c.resync)
	}
	// Other frames are of a newer protocol.
}

// passed takes a message that is stored nowhere: of a live room, of somebody who
// types, or for online users only.
func (c *Client) passed(m im.Message) {
	if c.fromHere(&m) {
		return
	}
	if c.inLive(m.ConversationID) {
		c.live.said(c, m, func(m im.Message) Event { return MessageReceived{Messages: []im.Message{m}} })
		return
	}
	m.OnlineUserOnly = true
	if e, is := c.typed(&m); is {
		if m.From != c.o.User { // what this account types elsewhere tells nothing
			c.hub.emit(e)
		}
		return
	}
	c.hub.emit(MessageReceived{Messages: []im.Message{m}})
}

// unreadable deals with a pushed message that makes no sense: the conversation
// is pulled if its name can be read, else everything is compared again.
func (c *Client) unreadable(line []byte, err error) {
	c.report(err)
	var f struct {
		M struct {
			ConversationID im.ConversationID `json:"conversationID"`
			Sequence       uint64            `json:"sequence"`
		} `json:"m"`
	}
	if json.Unmarshal(line, &f) != nil || f.M.ConversationID.Validate() != nil || f.M.Sequence == 0 || f.M.Sequence > maxSequence {
		poke(c.resync)
		return
	}
	feed := c.feed(f.M.ConversationID)
	feed.aim(f.M.Sequence, true)
	feed.wake()
}

// eventQueue holds pushed events until the disk has them, in order.
type eventQueue struct {
	mu      sync.Mutex
	queue   []wire.Event
	running bool
}

// maxEvents bounds the queue. What is beyond it comes with the next list.
const maxEvents = 2000

func (q *eventQueue) add(c *Client, e wire.Event) {
	q.mu.Lock()
	if len(q.queue) >= maxEvents {
		q.mu.Unlock()
		poke(c.resync)
		return
	}
	q.queue = append(q.queue, e)
	start := !q.running
	q.running = true
	q.mu.Unlock()
	if start && !c.spawn(func() { q.run(c) }) {
		q.mu.Lock()
		q.running = false
		q.mu.Unlock()
	}
}

func (q *eventQueue) run(c *Client) {
	for {
		q.mu.Lock()
		if len(q.queue) == 0 || c.ctx.Err() != nil {
			q.queue, q.running = nil, false
			q.mu.Unlock()
			return
		}
		e := q.queue[0]
		q.queue = q.queue[1:]
		q.mu.Unlock()
		if err := c.apply(c.ctx, e); err != nil && c.ctx.Err() == nil && !onNetwork(err) && !denied(err) {
			c.report(err)
			poke(c.resync)
		}
	}
}

// apply does what a pushed event says.
func (c *Client) apply(ctx context.Context, e wire.Event) error {
	switch e.K {
	case wire.EvRead:
		return c.feed(e.Conversation).readElsewhere(ctx, min(e.Sequence, maxSequence), e.Unread)
	case wire.EvPeerRead:
		return c.feed(e.Conversation).readByPeer(ctx, e.Sequence)
	case wire.EvConvDeleted:
		return c.feed(e.Conversation).deletedElsewhere(ctx, e.Sequence)
	case wire.EvConvChanged:
		return c.conversationChanged(ctx, e.Conversation)
	case wire.EvConvGone:
		return c.feed(e.Conversation).gone(ctx)
	case wire.EvBlocked:
		if l := c.current(); l != nil {
			_, err := c.askBlacklist(ctx, l)
			return err
		}
	case wire.EvProfile:
		if e.Profile != nil && e.Profile.UserID.Validate() == nil {
			return c.learnProfiles(ctx, []im.Profile{*e.Profile})
		}
	case wire.EvPresence:
		c.hub.emit(UserStatusUpdated{Users: []im.UserPresence{{UserID: e.User, StatusType: e.Status}}})
	}
	return nil
}

// conversationChanged asks again for what an event said has changed.
func (c *Client) conversationChanged(ctx context.Context, conv im.ConversationID) error {
	l := c.current()
	if l == nil {
		return nil // the next list has it
	}
	if g := conv.Group(); g != "" {
		if _, err := c.askGroup(ctx, l, g); err != nil {
			return err
		}
	}
	f := c.feed(conv)
	if err := f.refresh(ctx, l); err != nil {
		return err
	}
	f.wake()
	return nil
}

// deletedElsewhere takes the conversation from the list because another device
// did, which had seen it up to sequence upTo (0: all of it).
func (f *feed) deletedElsewhere(ctx context.Context, upTo uint64) error {
	f.work.Lock()
	defer f.work.Unlock()
	if f.c.out.any(f.id) {
		return nil // it comes back with the message that waits here
	}
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || !found || upTo > 0 && row.LastMessage != nil && row.LastMessage.LastSequence > upTo {
		return err // something came that the other device had not seen
	}
	return f.conceal(ctx, false)
}

// gone applies that the account is no longer a member of the group: the
// conversation leaves the list, the history stays on disk.
func (f *feed) gone(ctx context.Context) error {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.conceal(ctx, true); err != nil {
		return err
	}
	f.c.live.leave(f.id)
	g, err := f.c.forgetMembership(ctx, f.id.Group())
	if err != nil {
		return err
	}
	f.c.hub.emit(GroupListUpdated{Group: g, Left: true})
	return nil
}

// conceal hides the row and clears its count; with work held. gone: the server
// has nothing for this account there any more, so that a row which comes later
// is a new beginning and not one that was deleted here.
func (f *feed) conceal(ctx context.Context, gone bool) error {
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || !found || row.Hidden {
		return err
	}
	err = f.c.db.UpdateConversation(ctx, f.id, func(r *store.Conversation) error {
		r.Hidden, r.UnreadCount = true, 0
		if gone {
			r.Last = 0
		}
		return nil
	})
	if err == nil {
		f.c.list.touch(f.c, f.id)
	}
	return err
}

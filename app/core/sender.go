package core

import (
	"errors"
	"time"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// Pauses before a message is tried again on a connection that stands.
const (
	resendMin = 500 * time.Millisecond
	resendMax = 30 * time.Second
)

// baseSlack is how far the conversation may have moved on before the base of a
// message that was never tried is raised: the server looks through what is
// above the base, and raising it costs a write to disk.
const baseSlack = 200

// sendLane sends what waits in one conversation, one after the other, until
// nothing is left or there is no connection.
func (c *Client) sendLane(conv im.ConversationID) {
	trouble := 0
	var limited tooFast
	for {
		row, fresh, l := c.out.next(c, conv)
		if l == nil {
			// A connection or message that came after next looked wakes the lane itself.
			return
		}
		err := c.sendRow(l, row, fresh)
		if limited.tooOften(row.Message.ID, err) {
			err = c.feed(conv).refused(row, coded(err, im.CodeRateLimited))
		}
		c.out.back(conv)
		switch {
		case err == nil:
			trouble = 0
		case c.ctx.Err() != nil:
		case l.reason() != nil:
			if !c.waitUnlinked(l) {
				return
			}
		default:
			// Busy, no answer, or no room on the disk here: the same id goes again.
			if !onNetwork(err) && !passing(err) {
				c.report(err)
			}
			c.pause(c.backOff(trouble, resendMin, resendMax), l)
			trouble++
		}
	}
}

// maxTooFast is how often a message that came too fast for the server is tried
// again by itself; then a person decides.
const maxTooFast = 3

// tooFast counts for one message after the other how often it came too fast.
type tooFast struct {
	id im.MessageID
	n  int
}

func (t *tooFast) tooOften(id im.MessageID, err error) bool {
	if im.CodeOf(err) != im.CodeRateLimited {
		return false
	}
	if t.id != id {
		*t = tooFast{id: id}
	}
	t.n++
	return t.n > maxTooFast
}

// waitUnlinked waits until a connection that ended is no longer the client's,
// so that a sender does not try it again and again.
func (c *Client) waitUnlinked(l *link) bool {
	for {
		c.mu.Lock()
		same, changed := c.link == l, c.changed
		c.mu.Unlock()
		if !same {
			return true
		}
		select {
		case <-changed:
		case <-c.ctx.Done():
			return true
		}
	}
}

// sendRow makes one attempt. Its error means that the row is to be tried again.
func (c *Client) sendRow(l *link, row store.OutboxRow, fresh bool) error {
	f := c.feed(row.Message.ConversationID)
	if fresh {
		if err := f.raiseBase(&row); err != nil {
			return err
		}
	}
	h := l.head(wire.TSend)
	sent, err := ask[wire.Sent](c.ctx, l, h, wire.Send{Head: h, Message: row.Message, Base: row.Base, SendOptions: row.Options})
	switch {
	case err == nil && sent.Sequence == 0 && c.inLive(f.id):
		return f.passedOn(row.Message.ID, sent)
	case err == nil && (sent.Sequence == 0 || sent.Sequence > maxSequence):
		return im.Errorf(im.CodeInvalidRequest, "message %.96q was acknowledged without a sequence", row.Message.ID)
	case err == nil:
		return f.acknowledged(row.Message.ID, sent)
	case passing(err) || c.ctx.Err() != nil:
		return err
	}
	return f.refused(row, coded(err, im.CodeServerInternal))
}

// raiseBase moves the base of a message that was never tried.
func (f *feed) raiseBase(row *store.OutboxRow) error {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	top := f.spans.top()
	if top <= row.Base+baseSlack {
		return nil
	}
	row.Base = top
	return f.c.db.UpdateOutbox(f.c.ctx, row.Message.ID, func(r *store.OutboxRow) error {
		r.Base = top
		return nil
	})
}

// acknowledged makes the row history.
func (f *feed) acknowledged(id im.MessageID, sent wire.Sent) error {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	m, err := f.c.db.Acknowledge(f.c.ctx, id, sent.Sequence, sent.Time)
	if errors.Is(err, store.ErrNotFound) {
		f.c.out.drop(id)
		return nil
	}
	if err != nil {
		return err
	}
	f.spans.add(sent.Sequence, sent.Sequence)
	f.aim(sent.Sequence, false)
	if f.c.out.drop(id) {
		f.c.hub.emit(MessageUpdated{Message: m})
		f.c.list.touch(f.c, f.id)
	}
	if f.c.unwanted.has(id) { // it was deleted on its way
		if err := f.deleteStored(f.c.ctx, []im.MessageID{id}); err != nil {
			return err
		}
		if err := f.c.unwanted.remove(f.c.ctx, f.c.db, id); err != nil {
			return err
		}
	}
	if f.spans.missing(f.low(), sent.Sequence) > 0 {
		f.wake()
	}
	return nil
}

// passedOn takes a message to a live room out of the outbox: nobody stores it.
func (f *feed) passedOn(id im.MessageID, sent wire.Sent) error {
	f.work.Lock()
	defer f.work.Unlock()
	m, err := f.c.db.Acknowledge(f.c.ctx, id, 0, sent.Time)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil {
		f.c.live.said(f.c, m, func(m im.Message) Event { return MessageUpdated{Message: m} })
	}
	f.c.out.drop(id)
	return nil
}

// refused marks the row failed; it stays until a person decides.
func (f *feed) refused(row store.OutboxRow, why *im.Error) error {
	f.work.Lock()
	defer f.work.Unlock()
	row.Message.Status, row.Message.Error = im.StatusFail, why
	err := f.c.db.UpdateOutbox(f.c.ctx, row.Message.ID, func(r *store.OutboxRow) error {
		r.Message.Status, r.Message.Error = im.StatusFail, why
		row.Order, row.Base, row.Tries = r.Order, r.Base, r.Tries
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		f.c.out.drop(row.Message.ID)
		return nil
	}
	if err != nil {
		return err
	}
	f.c.out.failed(row)
	f.c.hub.emit(MessageUpdated{Message: row.Message})
	f.c.list.touch(f.c, f.id)
	return nil
}

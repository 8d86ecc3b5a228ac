package core

import (
	"context"
	"encoding/json"
	"maps"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// reconcile compares the stored history of a conversation with the server's
// and drops what the server has otherwise: everything after the last message
// that both have. Own messages among that are put into the outbox again with
// their ids, so that the restored server gets them back.
func (f *feed) reconcile(ctx context.Context, l *link) error {
	common, same, err := f.common(ctx, l)
	if err != nil || same {
		return err
	}
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	if err := f.lowerBases(ctx, common); err != nil {
		return err
	}
	own, err := f.ownAfter(common)
	if err != nil {
		return err
	}
	// Between the two writes that follow the messages are in the meta value
	// only; New finds them there after a crash.
	if len(own) > 0 {
		if err := f.c.saveRescue(ctx, own); err != nil {
			return err
		}
	}
	deleted, err := f.deletedAfter(common)
	if err != nil {
		return err
	}
	if err := f.c.unwanted.add(ctx, f.c.db, deleted...); err != nil {
		return err
	}
	if err := f.c.db.Truncate(ctx, f.id, common); err != nil {
		return err
	}
	f.spans.cut(common)
	maps.DeleteFunc(f.awaited, func(n uint64, _ im.Message) bool { return n > common })
	f.unreadAt = 0
	f.mu.Lock()
	f.target, f.pushes = common, nil
	f.mu.Unlock()
	if f.floor > common {
		if err := f.c.floors.set(ctx, f.c.db, f.id, common); err != nil {
			return err
		}
		f.floor = common
	}
	f.c.hub.emit(HistoryChanged{ConversationID: f.id, From: common, Truncated: true})
	f.c.list.touch(f.c, f.id)
	for _, m := range own {
		row, err := f.c.db.Enqueue(ctx, store.OutboxRow{Message: m, Base: common})
		if err != nil {
			return err
		}
		f.c.hub.emit(MessageUpdated{Message: row.Message})
		f.c.out.put(row, false)
	}
	if len(own) > 0 {
		if err := f.c.db.SetMeta(ctx, metaRescue, ""); err != nil {
			return err
		}
		f.c.out.wake(f.c, f.id)
	}
	return nil
}

// lowerBases lets the server look for messages that wait here in all of what
// is new to this device; with work held.
func (f *feed) lowerBases(ctx context.Context, common uint64) error {
	for _, r := range f.c.out.above(f.id, common) {
		err := f.c.db.UpdateOutbox(ctx, r.Message.ID, func(r *store.OutboxRow) error {
			r.Base = common
			return nil
		})
		if err != nil {
			return err
		}
		f.c.out.rebased(r.Message.ID, common)
	}
	return nil
}

// common finds the highest stored sequence whose message the server has, too.
// same says that it is the newest one here: nothing diverged. What is common
// is a beginning of both logs, so it is found by halving.
func (f *feed) common(ctx context.Context, l *link) (n uint64, same bool, err error) {
	list, err := f.c.db.Page(f.id, 0, 1)
	if err != nil || len(list) == 0 {
		return 0, err == nil, err
	}
	if same, err := f.shared(ctx, l, list[0]); err != nil || same {
		return list[0].Sequence, same, err
	}
	lo, hi := uint64(0), list[0].Sequence // lo is common, hi is not
	for lo+1 < hi {
		mid := lo + (hi-lo)/2
		list, err := f.c.db.Page(f.id, mid+1, 1)
		if err != nil {
			return 0, false, err
		}
		if len(list) == 0 || list[0].Sequence <= lo {
			// Nothing is stored in lo+1..mid; look above.
			if list, err = f.c.db.PageAfter(f.id, mid, 1); err != nil {
				return 0, false, err
			}
			if len(list) == 0 || list[0].Sequence >= hi {
				break
			}
		}
		at := list[0].Sequence
		same, err := f.shared(ctx, l, list[0])
		if err != nil {
			return 0, false, err
		}
		if same {
			lo = at
		} else {
			hi = at
		}
	}
	return lo, false, nil
}

// shared asks whether the server has this message at its sequence.
func (f *feed) shared(ctx context.Context, l *link, m im.Message) (bool, error) {
	_, err := f.fetch(ctx, l, wire.Pull{After: m.Sequence, AfterID: m.ID, Limit: 1})
	if im.CodeOf(err) == im.CodeDiverged {
		return false, nil
	}
	return err == nil, err
}

// ownAfter returns the account's own messages after a sequence, as they were
// before they were sent; with work held.
func (f *feed) ownAfter(after uint64) ([]im.Message, error) {
	var own []im.Message
	for {
		list, err := f.c.db.PageAfter(f.id, after, 500)
		if err != nil || len(list) == 0 {
			return own, err
		}
		for _, m := range list {
			after = m.Sequence
			m.Status, m.Sequence, m.IsResend, m.Error = im.StatusUnsent, 0, true, nil
			if m.From == f.c.o.User && m.ID.MadeBy(f.c.o.User) && !m.IsRevoked && m.Validate() == nil {
				own = append(own, m)
			}
		}
	}
}

// deletedAfter returns the ids of what was deleted here after a sequence: who has them
// may send them to the server again. With work held.
func (f *feed) deletedAfter(after uint64) (ids []im.MessageID, err error) {
	for n, m := range f.awaited {
		if n > after && m.IsDeleted {
			ids = append(ids, m.ID)
		}
	}
	for {
		list, err := f.c.db.PageAfter(f.id, after, 500)
		if err != nil || len(list) == 0 {
			return ids, err
		}
		for i := range list {
			if after = list[i].Sequence; list[i].IsDeleted {
				ids = append(ids, list[i].ID)
			}
		}
	}
}

// saveRescue keeps messages that are about to lose their place.
func (c *Client) saveRescue(ctx context.Context, own []im.Message) error {
	text, err := json.Marshal(own)
	if err != nil {
		return err
	}
	return c.db.SetMeta(ctx, metaRescue, string(text))
}

// rescue puts into the outbox what a crash in the middle of reconcile left in
// neither place. The base of such a message is 0: the server looks for it
// everywhere.
func (c *Client) rescue(ctx context.Context) error {
	text, err := c.db.Meta(metaRescue)
	if err != nil || text == "" {
		return err
	}
	var own []im.Message
	if err := json.Unmarshal([]byte(text), &own); err != nil {
		return im.Errorf(im.CodeStoreDamaged, "messages that were to be sent again cannot be read: %v", err)
	}
	for _, m := range own {
		// One that is still history stays what it is.
		if _, err := c.db.Enqueue(ctx, store.OutboxRow{Message: m}); err != nil {
			return err
		}
	}
	return c.db.SetMeta(ctx, metaRescue, "")
}

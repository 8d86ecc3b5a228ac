package core

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"magpie/im"
)

// ForgetMessages deletes single messages from this disk, for good: their content, what
// the search and the list of shared media know of them, and the files that no other
// message names. Others keep them, and so do the account's other devices; here they do
// not come back, whoever sends them again. [MessagesDeleted] tells of those that were
// stored. One that waits to be sent is cancelled, as by [Client.CancelMessage]; one
// that is on its way to the server is awaited first. Ids that are not known are passed
// over: what should be gone is gone.
func (c *Client) ForgetMessages(ctx context.Context, ids ...im.MessageID) error {
	var stored []im.Message
	for _, id := range ids {
		if m, found := c.live.remove(id); found {
			c.hub.emit(MessagesDeleted{ConversationID: m.ConversationID, Messages: []im.Message{m.Deleted()}})
			c.list.touch(c, m.ConversationID)
			continue
		}
		if err := c.forgetUnsent(ctx, id); err != nil {
			return err
		}
		m, found, err := c.db.Message(id)
		if err != nil {
			return err
		}
		if found && m.Sequence > 0 && !m.IsPlaceMessage {
			stored = append(stored, m)
		}
	}
	byConversation := make(map[im.ConversationID][]im.MessageID)
	for i := range stored {
		conv := stored[i].ConversationID
		byConversation[conv] = append(byConversation[conv], stored[i].ID)
	}
	for _, conv := range slices.Sorted(maps.Keys(byConversation)) {
		if err := c.feed(conv).forgetMessages(ctx, byConversation[conv]); err != nil {
			return err
		}
	}
	return c.eraseFilesOf(ctx, stored)
}

// forgetMessages deletes messages of the history.
func (f *feed) forgetMessages(ctx context.Context, ids []im.MessageID) error {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	return f.deleteStored(ctx, ids)
}

// deleteStored is forgetMessages with work held.
func (f *feed) deleteStored(ctx context.Context, ids []im.MessageID) error {
	gone, err := f.c.db.Delete(ctx, f.id, ids)
	if err != nil || len(gone) == 0 {
		return err
	}
	f.c.hub.emit(MessagesDeleted{ConversationID: f.id, Messages: gone})
	f.c.list.touch(f.c, f.id)
	return f.readDeleted(ctx)
}

// readDeleted moves the read mark over what was deleted unread: nobody can read it any
// more. With work held.
func (f *feed) readDeleted(ctx context.Context) error {
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || !found {
		return err
	}
	to, err := f.overDeleted(row.Read)
	if err != nil || to == row.Read {
		return err
	}
	if err := f.read(ctx, to); err != nil {
		return err
	}
	f.c.reads.want(f.c, f.id, to)
	return nil
}

// overDeleted is the sequence up to which everything above n was deleted here; n if the
// next one was not. With work held.
func (f *feed) overDeleted(n uint64) (uint64, error) {
	const page = 8
	for {
		list, err := f.c.db.PageAfter(f.id, n, page)
		if err != nil {
			return n, err
		}
		for i := range list {
			if !list[i].IsDeleted || list[i].Sequence != n+1 {
				return n, nil
			}
			n++
		}
		if len(list) < page {
			return n, nil
		}
	}
}

// forgetUnsent takes a message out of the outbox, if it is there. It may have arrived
// all the same, so that it is unwanted is on the disk before.
func (c *Client) forgetUnsent(ctx context.Context, id im.MessageID) error {
	for {
		_, changed, waiting := c.out.get(id)
		if !waiting {
			return nil // it was sent, or never was here
		}
		if err := c.unwanted.add(ctx, c.db, id); err != nil {
			return err
		}
		switch err := c.CancelMessage(ctx, id); im.CodeOf(err) {
		case im.CodeInvalidMessage: // it was acknowledged in this moment
			return nil
		case im.CodeBusy: // it is at the server: wait for what comes of it
		default:
			return err
		}
		select {
		case <-changed:
		case <-c.ctx.Done():
			return im.Errorf(im.CodeLoggedOut, "the client was closed")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// eraseFilesOf removes from the disk the files of messages that are gone, but for those
// that another message names or that were not sent yet.
func (c *Client) eraseFilesOf(ctx context.Context, messages []im.Message) error {
	unnamed := make(map[string]bool)
	for i := range messages {
		for _, use := range usesOf(messages[i].Payload) {
			unnamed[use.hash] = true
		}
	}
	if len(unnamed) == 0 {
		return nil
	}
	kept, err := c.unsentFiles()
	if err != nil {
		return err
	}
	histories, err := c.histories()
	if err != nil {
		return err
	}
	for _, conv := range histories {
		err := c.walkFiles(ctx, conv, func(m *im.Message) {
			for _, use := range usesOf(m.Payload) {
				delete(unnamed, use.hash)
			}
		}, nil)
		if err != nil {
			return err
		}
	}
	var gone []string
	defer func() { c.tellRemoved(gone) }()
	for hash := range unnamed {
		if slices.ContainsFunc(c.files.places(hash), func(path string) bool { return kept[path] }) {
			continue
		}
		c.downloads.stop(hash)
		if err := c.files.erase(hash); err != nil {
			return err
		}
		gone = append(gone, hash)
	}
	return nil
}

// unwanted are ids of messages that were deleted here while nobody knew under which
// sequence they are, or whether anybody has them: own ones that were being sent, and
// those of a history that the server has otherwise. They are deleted when they come.
type unwanted struct {
	mu  sync.Mutex
	ids []im.MessageID
}

// maxUnwanted bounds them; the oldest are forgotten first.
const maxUnwanted = 1000

func (u *unwanted) load(db storage) error {
	text, err := db.Meta(metaUnwanted)
	if err != nil || text == "" {
		return err
	}
	_ = json.Unmarshal([]byte(text), &u.ids) // what cannot be read is none
	return nil
}

func (u *unwanted) has(id im.MessageID) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Contains(u.ids, id)
}

func (u *unwanted) add(ctx context.Context, db storage, ids ...im.MessageID) error {
	return u.change(ctx, db, func(all []im.MessageID) []im.MessageID {
		for _, id := range ids {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
		return all[max(0, len(all)-maxUnwanted):]
	})
}

func (u *unwanted) remove(ctx context.Context, db storage, id im.MessageID) error {
	return u.change(ctx, db, func(all []im.MessageID) []im.MessageID {
		return slices.DeleteFunc(all, func(one im.MessageID) bool { return one == id })
	})
}

func (u *unwanted) change(ctx context.Context, db storage, f func([]im.MessageID) []im.MessageID) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := f(slices.Clone(u.ids))
	if slices.Equal(all, u.ids) {
		return nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := db.SetMeta(ctx, metaUnwanted, string(text)); err != nil {
		return err
	}
	u.ids = all
	return nil
}

// withoutUnwanted puts into a list from the server what is kept of messages that were
// deleted here before they came.
func (f *feed) withoutUnwanted(list []im.Message) []im.Message {
	cloned := false
	for i := range list {
		if !f.c.unwanted.has(list[i].ID) {
			continue
		}
		if !cloned {
			list, cloned = slices.Clone(list), true
		}
		list[i] = list[i].Deleted()
	}
	return list
}

// finishForgetting does what a process that was killed left of ForgetMessages.
func (c *Client) finishForgetting(ctx context.Context) error {
	for _, id := range slices.Clone(c.unwanted.ids) {
		m, found, err := c.db.Message(id)
		switch {
		case err != nil:
			return err
		case !found:
			continue
		case m.Sequence == 0:
			err = c.db.RemoveOutbox(ctx, id)
		default:
			if _, err = c.db.Delete(ctx, m.ConversationID, []im.MessageID{id}); err == nil {
				err = c.unwanted.remove(ctx, c.db, id)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// arrivedUnwanted follows what the store took of a list: what was unwanted has its
// place now, and so has an outbox row of it that is gone.
func (f *feed) arrivedUnwanted(ctx context.Context, list []im.Message) error {
	for i := range list {
		if m := &list[i]; m.IsDeleted {
			if f.c.out.drop(m.ID) {
				f.c.hub.emit(MessageRemoved{ConversationID: f.id, ID: m.ID})
			}
			if err := f.c.unwanted.remove(ctx, f.c.db, m.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// stop ends the download of a content that nobody wants any more.
func (ds *downloads) stop(hash string) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if d := ds.open[hash]; d != nil {
		d.cancel()
	}
}

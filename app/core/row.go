package core

import (
	"cmp"
	"context"
	"slices"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// introduce asks the server for the row of a conversation that is not known
// here, so that its first message comes with its name. It may fail: the
// message then makes a bare row and the next list completes it.
func (f *feed) introduce(ctx context.Context, l *link) {
	f.work.Lock()
	known := f.introduced
	if !known {
		row, found, err := f.c.db.Conversation(f.id)
		known = err == nil && found && row.Last > 0
		f.introduced = known
	}
	f.work.Unlock()
	if !known {
		_ = f.refresh(ctx, l) // see above
	}
}

// refresh asks for the row and applies it.
func (f *feed) refresh(ctx context.Context, l *link) error {
	h := l.head(wire.TConversation)
	info, err := ask[wire.ConversationInfo](ctx, l, h, wire.ConversationGet{Head: h, Conversation: f.id})
	if err != nil {
		return err
	}
	if info.Row.ConversationID != f.id {
		return im.Errorf(im.CodeInvalidRequest, "asked for %.64q, got %.64q", f.id, info.Row.ConversationID)
	}
	return f.apply(ctx, info.Row)
}

// apply merges the server's row into the stored one: what the server counts is
// the server's, what was read or deleted here and not reported yet stays.
func (f *feed) apply(ctx context.Context, row wire.ConversationRow) error {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	old, found, err := f.c.db.Conversation(f.id)
	if err != nil {
		return err
	}
	row.Last = min(row.Last, maxSequence)
	if !found && row.Last == 0 && f.id.Group() == "" {
		// Never spoken in: it is no row of the list.
		f.introduced = true
		return f.c.learn(ctx, &row.Conversation)
	}
	f.floor = f.c.floors.get(f.id)
	if g := row.GroupProfile; !found && g != nil && g.Type.HistoryFromStart() && row.Last > f.floor {
		// What was said before this account came is history, though it may be read.
		if err := f.c.floors.set(ctx, f.c.db, f.id, row.Last); err != nil {
			return err
		}
		f.floor = row.Last
		poke(f.c.backfill)
	}
	r := store.Conversation{Conversation: row.Conversation, First: row.First, Last: row.Last}
	r.Type = f.id.Type()
	f.serverRead = min(row.Read, row.Last)
	r.Read = max(f.serverRead, min(old.Read, row.Last))
	r.PeerRead = max(row.PeerRead, min(old.PeerRead, row.Last))
	if row.Last >= f.unreadAt {
		f.unreadAt = row.Last
		if r.UnreadCount, err = f.unread(r.Read, row.UnreadCount, row.Last); err != nil {
			return err
		}
	} else {
		r.UnreadCount = old.UnreadCount
	}
	r.GroupAtInfoList = mentions(r.Read, row.GroupAtInfoList, old.GroupAtInfoList)
	if row.Heard.Validate() != nil {
		row.Heard = "" // of no use, and must not be stored
	}
	r.Heard = row.Heard.Union(old.Heard)
	f.hide(&r, &old, row.Deleted)
	if l := r.LastMessage; l != nil && l.LastSequence <= f.forgotten && !f.spans.has(l.LastSequence) {
		r.LastMessage = store.Hollow(l) // the content was deleted here
	}
	// Names are kept once, with the profiles.
	r.UserProfile, r.GroupProfile = nil, nil
	if !found || old.Hidden != r.Hidden || !sameRow(&old, &r) {
		if err := f.c.db.PutConversations(ctx, []store.Conversation{r}); err != nil {
			return err
		}
		f.c.list.touch(f.c, f.id)
	}
	f.compareHeard(row.Heard, old.Heard)
	f.first = row.First
	f.introduced = true
	f.aim(row.Last, true)
	if r.Read > f.serverRead {
		f.c.reads.want(f.c, f.id, r.Read)
	}
	return f.c.learn(ctx, &row.Conversation)
}

// hide decides whether the row stays in the list.
func (f *feed) hide(r, old *store.Conversation, deleted bool) {
	switch {
	case deleted:
		// Something of ours waits to be sent there: it belongs into the list.
		r.Hidden = old.Hidden || !f.c.out.any(f.id)
	case old.Hidden && r.Last <= old.Last && old.Last > 0:
		r.Hidden = true // deleted here, and the server has not heard of it
		f.c.reads.wantDeleted(f.c, f.id, old.Last)
	}
}

func sameMention(a, b im.AtInfo) bool {
	return a.MessageSequence == b.MessageSequence && slices.Equal(a.AtTypeArray, b.AtTypeArray)
}

// mentions joins the unread mentions that the server lists with those that were
// found here: the server may not have listed what came since.
func mentions(read uint64, server, here []im.AtInfo) []im.AtInfo {
	var list []im.AtInfo
	for _, a := range slices.Concat(server, here) {
		known := slices.ContainsFunc(list, func(b im.AtInfo) bool { return b.MessageSequence == a.MessageSequence })
		if a.MessageSequence > read && !known {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b im.AtInfo) int { return cmp.Compare(a.MessageSequence, b.MessageSequence) })
	return list
}

// sameRow reports whether storing b over a would change nothing that shows.
func sameRow(a, b *store.Conversation) bool {
	if a.First != b.First || a.Last != b.Last || a.Read != b.Read || a.PeerRead != b.PeerRead || a.UnreadCount != b.UnreadCount ||
		a.IsPinned != b.IsPinned || a.MessageRemindType != b.MessageRemindType || a.MarkedUnread != b.MarkedUnread || a.Remark != b.Remark || a.Heard != b.Heard {
		return false
	}
	if !slices.EqualFunc(a.GroupAtInfoList, b.GroupAtInfoList, sameMention) || a.SubType != b.SubType {
		return false
	}
	if a.LastMessage == nil || b.LastMessage == nil {
		return a.LastMessage == b.LastMessage
	}
	return a.LastMessage.ID == b.LastMessage.ID && a.LastMessage.IsRevoked == b.LastMessage.IsRevoked
}

// unread is the count to show when the server counts the given number at
// sequence at, and this account has read up to read: the server's own, unless
// it does not know of reading that was done here. With work held.
func (f *feed) unread(read, server, at uint64) (uint64, error) {
	switch {
	case read >= at:
		return 0, nil
	case read <= f.serverRead:
		return server, nil
	}
	here, err := f.countable(read, at)
	return min(server, here), err
}

// maxCounted bounds how many messages are looked at to count unread ones.
const maxCounted = 1000

// countable counts what is unread in (after, to] as far as the disk tells, at
// most what the numbers allow; with work held.
func (f *feed) countable(after, to uint64) (uint64, error) {
	if to <= after {
		return 0, nil
	}
	n := to - after
	if n > maxCounted || f.spans.missing(after+1, to) > 0 {
		return n, nil
	}
	list, err := f.c.db.PageAfter(f.id, after, int(n))
	if err != nil {
		return 0, err
	}
	n = 0
	for i := range list {
		if m := &list[i]; m.Sequence <= to && m.From != f.c.o.User && m.Countable() {
			n++
		}
	}
	return n, nil
}

// count takes over the unread count that came with the message at sequence at;
// with work held.
func (f *feed) count(ctx context.Context, at, server uint64) error {
	if at < f.unreadAt {
		return nil
	}
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || !found {
		return err
	}
	n, err := f.unread(row.Read, server, at)
	if err != nil {
		return err
	}
	f.unreadAt = at
	if n == row.UnreadCount {
		return nil
	}
	row.UnreadCount = n
	if err := f.c.db.PutConversations(ctx, []store.Conversation{row}); err != nil {
		return err
	}
	f.c.list.touch(f.c, f.id)
	return nil
}

// behind reports whether more is stored here than the server says it has.
func (f *feed) behind(last uint64) bool {
	f.work.Lock()
	defer f.work.Unlock()
	return f.load() == nil && f.spans.top() > last
}

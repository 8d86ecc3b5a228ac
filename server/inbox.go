package server

import (
	"context"
	"errors"
	"fmt"

	"magpie/im"
)

// inboxes holds for each user and conversation what is the user's own: how far
// it has read, whether it took the conversation from its list, from where it
// may read. It is written when one of these changes, never for a message.
type inboxes struct {
	table *table
}

// inboxEntry is one user's view of one conversation.
type inboxEntry struct {
	// Read is the highest number read; ReadCount is how many countable messages
	// the conversation had there and ReadOwn how many of them were the user's.
	Read      uint64 `json:"r,omitempty"`
	ReadCount uint64 `json:"ru,omitempty"`
	ReadOwn   uint64 `json:"ro,omitempty"`
	// Deleted hides the conversation while its last number is not higher.
	Deleted uint64 `json:"d,omitempty"`
	// First is the lowest number the user may read; 0 is 1.
	First uint64 `json:"f,omitempty"`
	Since int64  `json:"t,omitempty"` // ms since 1970
	// What the user wants of it; no remind type is that of the kind of conversation.
	Pinned       bool           `json:"p,omitempty"`
	Remind       im.RemindType  `json:"m,omitempty"`
	MarkedUnread bool           `json:"mu,omitempty"`
	Remark       string         `json:"k,omitempty"`
	Heard        im.SequenceSet `json:"h,omitempty"`
	// Oldest is when message First of the system conversation was stored, ms
	// since 1970; 0 if that is not known.
	Oldest int64 `json:"ot,omitempty"`
}

// first is the lowest number the user may read.
func (e inboxEntry) first() uint64 { return max(e.First, 1) }

// unread is how many countable messages of others lie above what was read,
// where count and own are those of the conversation's end.
func (e inboxEntry) unread(count, own uint64) uint64 {
	all := count - min(count, e.ReadCount)
	return all - min(all, own-min(own, e.ReadOwn))
}

func newInboxes(b *bus) *inboxes { return &inboxes{newTable(b, tableInbox)} }

func inboxKey(u im.UserID, k convKey) string { return encodeID(string(u)) + "." + string(k) }

// get returns the entry, the zero entry and false if there is none.
func (x *inboxes) get(ctx context.Context, u im.UserID, k convKey) (inboxEntry, bool, error) {
	var e inboxEntry
	_, err := x.table.get(ctx, inboxKey(u, k), &e)
	if errors.Is(err, errNoMessage) {
		return inboxEntry{}, false, nil
	}
	return e, err == nil, err
}

// ensure makes the entry if there is none.
func (x *inboxes) ensure(ctx context.Context, u im.UserID, k convKey, fresh inboxEntry) error {
	var e inboxEntry
	revision, err := x.table.get(ctx, inboxKey(u, k), &e)
	if !errors.Is(err, errNoMessage) {
		return err
	}
	_, err = x.table.update(ctx, inboxKey(u, k), fresh, revision)
	if errors.Is(err, errConflict) { // somebody else made it
		return nil
	}
	return err
}

// change applies f to the entry until no one else has come in between. f
// returns false if there is nothing to write. ok is false if there is no entry.
func (x *inboxes) change(ctx context.Context, u im.UserID, k convKey, f func(*inboxEntry) bool) (e inboxEntry, ok bool, err error) {
	for range 100 {
		e = inboxEntry{}
		revision, err := x.table.get(ctx, inboxKey(u, k), &e)
		if errors.Is(err, errNoMessage) {
			return e, false, nil
		}
		if err != nil {
			return e, false, err
		}
		if !f(&e) {
			return e, true, nil
		}
		_, err = x.table.update(ctx, inboxKey(u, k), e, revision)
		if err == nil {
			return e, true, nil
		}
		if !errors.Is(err, errConflict) {
			return e, false, err
		}
	}
	return e, false, fmt.Errorf("server: inbox entry of %s is changed all the time", k)
}

func (x *inboxes) remove(ctx context.Context, u im.UserID, k convKey) error {
	return x.table.remove(ctx, inboxKey(u, k))
}

// many returns those entries of a user that there are.
func (x *inboxes) many(ctx context.Context, u im.UserID, keys []convKey) (map[convKey]inboxEntry, error) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = inboxKey(u, k)
	}
	all := make(map[convKey]inboxEntry, len(keys))
	if len(names) == 0 {
		return all, nil
	}
	found, err := x.table.many(ctx, names)
	if err != nil {
		return nil, err
	}
	for i, k := range keys {
		if e, ok := found[names[i]]; ok {
			if all[k], err = decodeEntry[inboxEntry](e); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// list returns all entries of a user.
func (x *inboxes) list(ctx context.Context, u im.UserID) (map[convKey]inboxEntry, error) {
	all := map[convKey]inboxEntry{}
	prefix := encodeID(string(u)) + "."
	err := x.table.list(ctx, prefix+"*", func(e entry) error {
		v, err := decodeEntry[inboxEntry](e)
		if err == nil {
			all[convKey(e.key[len(prefix):])] = v
		}
		return err
	})
	return all, err
}

// unread is how many countable messages of others in k lie above what u has
// read, where head is its head and own counts u's own messages in it.
func (s *Server) unread(ctx context.Context, u im.UserID, k convKey, e inboxEntry, head headEntry, own uint64) (uint64, error) {
	all := e.unread(head.U, own)
	if all == 0 {
		return 0, nil
	}
	recalls, whole := head.recalls(u, e.Read, head.N)
	if !whole {
		list, err := s.log.recallsAfter(ctx, k, e.Read)
		if err != nil {
			return 0, err
		}
		recalls = countRecalls(list, u, e.Read, head.N)
	}
	return all - min(all, recalls), nil
}

// markRead moves a user's read mark of k up to number n, never back, and takes
// away the mark that it is to be read. It returns the entry as it then is, and
// what of it was changed.
func (s *Server) markRead(ctx context.Context, u im.UserID, k convKey, n uint64) (e inboxEntry, moved, unmarked bool, err error) {
	e, ok, err := s.inboxes.get(ctx, u, k)
	if err != nil || !ok {
		return e, false, false, err
	}
	head, err := s.heads.get(ctx, k)
	if err != nil {
		return e, false, false, err
	}
	n = min(n, head.N)
	if n <= e.Read && !e.MarkedUnread {
		return e, false, false, nil
	}
	var count, own uint64
	if n > e.Read {
		if count, own, err = s.countsAt(ctx, u, k, head, e.first(), n); err != nil {
			return e, false, false, err
		}
	}
	e, _, err = s.inboxes.change(ctx, u, k, func(e *inboxEntry) bool {
		moved, unmarked = e.Read < n, e.MarkedUnread
		if moved {
			e.Read, e.ReadCount, e.ReadOwn = n, count, own
		}
		e.MarkedUnread = false
		return moved || unmarked
	})
	return e, moved, unmarked, err
}

// countsAt returns how many countable messages k has up to number n, and how
// many of them are u's.
func (s *Server) countsAt(ctx context.Context, u im.UserID, k convKey, head headEntry, first, n uint64) (count, own uint64, err error) {
	mine, err := s.heads.own(ctx, k, u)
	if err != nil {
		return 0, 0, err
	}
	if n >= head.N {
		return head.U, mine.Count, nil
	}
	release, err := s.log.acquire(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer release()
	row, err := s.log.rowAt(ctx, k, head.position(), first, n)
	if err != nil || row == nil {
		return 0, 0, err
	}
	own = mine.Count
	if mine.N > n {
		// The first of u's messages above n says how many came before it.
		next, err := s.log.find(ctx, k, head.position(), n, min(mine.N, head.N), func(r *record) bool { return r.from == u && r.countable() })
		if err != nil {
			return 0, 0, err
		}
		if next != nil {
			own = next.own - 1
		}
	}
	return row.u, own, nil
}

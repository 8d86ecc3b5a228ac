package server

import (
	"context"
	"errors"
	"slices"

	"magpie/im"
)

// heads holds, for each conversation, where it ends, its last message in short,
// which of its messages were recalled and whom it mentions, and for each sender
// how many countable messages it has there. All of it follows from the log and
// is written without fsync; [Server.repairHeads] makes up for what a crash took.
type heads struct {
	table    *table
	log      *messageLog
	previews *previews
}

// headEntry is the end of a conversation.
type headEntry struct {
	N    uint64 `json:"n"`
	Seq  uint64 `json:"s"`
	U    uint64 `json:"u"`
	A    uint64 `json:"a,omitempty"`
	B    uint64 `json:"b,omitempty"`
	Time int64  `json:"t"`
	// Shown is the number of the last message that is shown in lists, which a
	// recall never is, and ShownTime when it was stored (ms since 1970).
	Shown     uint64 `json:"sn"`
	ShownTime int64  `json:"st"`
	// Sealed is that message in short, as [previews] seals it; Last is it opened
	// ([heads.open]).
	Sealed []byte          `json:"x,omitempty"`
	Last   *im.LastMessage `json:"-"`
	// Recalled are the latest recalls; Dropped is the highest number recalled of
	// those that were dropped from it.
	Recalled []recalledNumber `json:"rv,omitempty"`
	Dropped  uint64           `json:"rd,omitempty"`
	// Mentions are the latest messages that mention somebody.
	Mentions []mention `json:"at,omitempty"`
}

// recalledNumber is a number that counts no more, and whose message it was.
type recalledNumber struct {
	N    uint64    `json:"n"`
	From im.UserID `json:"f"`
}

// recalledMax is how many recalls a head keeps; who has not read for longer is
// counted from the table of recalls.
const recalledMax = 64

func (h headEntry) position() position {
	return position{n: h.N, seq: h.Seq, u: h.U, time: h.Time, a: h.A, b: h.B}
}

// after is the head once r was appended; t is what is left of the message that
// r recalls, nil if it recalls none.
func (h headEntry) after(r *record, t *tombstone) headEntry {
	h.N, h.Seq, h.U, h.A, h.B, h.Time = r.n, r.seq, r.u, r.a, r.b, r.time
	if t == nil {
		h.show(r)
		h.Mentions = addMention(h.Mentions, r)
		return h
	}
	h.Recalled = append(slices.Clone(h.Recalled), recalledNumber{t.Sequence, t.From})
	if over := len(h.Recalled) - recalledMax; over > 0 {
		for _, old := range h.Recalled[:over] {
			h.Dropped = max(h.Dropped, old.N)
		}
		h.Recalled = h.Recalled[over:]
	}
	h.Mentions = slices.DeleteFunc(slices.Clone(h.Mentions), func(m mention) bool { return m.N == t.Sequence })
	if t.Sequence >= h.Shown {
		h.show(t.record(r.key))
	}
	return h
}

// show makes r the last message of the list.
func (h *headEntry) show(r *record) {
	h.Shown, h.ShownTime, h.Last = r.n, r.time, shorten(r)
}

// recalls reports how many messages of others than u with numbers in (after,
// upto] were recalled; whole is false if there may be more than the head knows.
func (h headEntry) recalls(u im.UserID, after, upto uint64) (n uint64, whole bool) {
	return countRecalls(h.Recalled, u, after, upto), h.Dropped <= after
}

func countRecalls(all []recalledNumber, u im.UserID, after, upto uint64) (n uint64) {
	for _, r := range all {
		if r.From != u && r.N > after && r.N <= upto {
			n++
		}
	}
	return n
}

// ownEntry is how many countable messages a user has in a conversation, and
// the number of the last of them.
type ownEntry struct {
	Count uint64 `json:"c"`
	N     uint64 `json:"n"`
}

// checkpointKey holds the stream sequence of each partition up to which heads
// and counters are right. No conversation has this key: it has no '/'.
const checkpointKey = "checkpoint"

type checkpointEntry struct {
	Sequences []uint64 `json:"seqs"`
}

func newHeads(b *bus, l *messageLog) *heads {
	return &heads{newTable(b, tableHeads), l, newPreviews(b)}
}

func ownKey(k convKey, u im.UserID) string { return string(k) + "." + encodeID(string(u)) }

// get returns the head of k, the zero head if it has none. Its last message is
// sealed.
func (h *heads) get(ctx context.Context, k convKey) (headEntry, error) {
	var e headEntry
	_, err := h.table.get(ctx, string(k), &e)
	if errors.Is(err, errNoMessage) {
		return headEntry{}, nil
	}
	return e, err
}

// open opens the last message of e, the head of k. One that cannot be opened,
// because a recall renewed the key meanwhile or a crash took the head that was
// sealed anew, is read from the log.
func (h *heads) open(ctx context.Context, k convKey, e *headEntry) error {
	if e.Shown == 0 || e.Last != nil {
		return nil
	}
	last, err := h.previews.open(ctx, k, e.Sealed)
	if errors.Is(err, errSealed) {
		var row *record
		if row, err = h.log.rowAt(ctx, k, e.position(), e.Shown, e.Shown); row != nil {
			last = shorten(row)
		}
	}
	e.Last = last
	return err
}

func (h *heads) own(ctx context.Context, k convKey, u im.UserID) (ownEntry, error) {
	var e ownEntry
	_, err := h.table.get(ctx, ownKey(k, u), &e)
	if errors.Is(err, errNoMessage) {
		return ownEntry{}, nil
	}
	return e, err
}

// put takes in r, after which the head is e: first its sender's counter, then
// the head, so that a head says that all counters up to it are written.
func (h *heads) put(ctx context.Context, r *record, e headEntry) error {
	if r.countable() {
		if _, err := h.table.put(ctx, ownKey(r.key, r.from), ownEntry{r.own, r.n}); err != nil {
			return err
		}
	}
	return h.write(ctx, r.key, e)
}

// write seals the last message of e and writes the head.
func (h *heads) write(ctx context.Context, k convKey, e headEntry) (err error) {
	e.Sealed = nil
	if e.Last != nil {
		if e.Sealed, err = h.previews.seal(ctx, k, e.Last); err != nil {
			return err
		}
	}
	_, err = h.table.put(ctx, string(k), e)
	return err
}

// shorten makes the last message of a list of r.
func shorten(r *record) *im.LastMessage {
	m := r.seenBy(r.from)
	last := im.NewLastMessage(&m)
	im.TrimPreview(last)
	return last
}

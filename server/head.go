package server

import (
	"context"
	"errors"

	"magpie/im"
)

// heads holds, for each conversation, where it ends and its last message in
// short, and for each sender how many countable messages it has there. All of
// it follows from the log and is written without fsync; [Server.repairHeads]
// makes up for what a crash took.
type heads struct {
	table *table
}

// headEntry is the end of a conversation.
type headEntry struct {
	N    uint64          `json:"n"`
	Seq  uint64          `json:"s"`
	U    uint64          `json:"u"`
	A    uint64          `json:"a,omitempty"`
	B    uint64          `json:"b,omitempty"`
	Time int64           `json:"t"`
	Last *im.LastMessage `json:"last,omitempty"`
}

func (h headEntry) position() position {
	return position{n: h.N, seq: h.Seq, u: h.U, time: h.Time, a: h.A, b: h.B}
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

func newHeads(b *bus) *heads { return &heads{newTable(b, tableHeads)} }

func ownKey(k convKey, u im.UserID) string { return string(k) + "." + encodeID(string(u)) }

// get returns the head of k, the zero head if it has none.
func (h *heads) get(ctx context.Context, k convKey) (headEntry, error) {
	var e headEntry
	_, err := h.table.get(ctx, string(k), &e)
	if errors.Is(err, errNoMessage) {
		return headEntry{}, nil
	}
	return e, err
}

func (h *heads) own(ctx context.Context, k convKey, u im.UserID) (ownEntry, error) {
	var e ownEntry
	_, err := h.table.get(ctx, ownKey(k, u), &e)
	if errors.Is(err, errNoMessage) {
		return ownEntry{}, nil
	}
	return e, err
}

// put takes in r: first its sender's counter, then the head, so that a head
// says that all counters up to it are written.
func (h *heads) put(ctx context.Context, r *record) error {
	if r.countable() {
		if _, err := h.table.put(ctx, ownKey(r.key, r.from), ownEntry{r.own, r.n}); err != nil {
			return err
		}
	}
	_, err := h.table.put(ctx, string(r.key), headOf(r))
	return err
}

func headOf(r *record) headEntry {
	return headEntry{N: r.n, Seq: r.seq, U: r.u, A: r.a, B: r.b, Time: r.time, Last: shorten(r)}
}

// shorten makes the last message of a list of r.
func shorten(r *record) *im.LastMessage {
	m := r.seenBy(r.from)
	last := im.NewLastMessage(&m)
	im.TrimPreview(last)
	return last
}

package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"

	"magpie/im"
)

// kindRecall is the type of the records that recall another. No client sends it
// and none sees it: they get a place message with Revokes.
const kindRecall im.MessageType = "recall"

// revocation is the part of a stored recall that says what it recalls and who
// did it.
type revocation struct {
	im.Revocation
	Revoker im.UserID `json:"by"`
	// RevokerNick is what the revoker was called then: its name card, else its nick.
	RevokerNick string `json:"byNick,omitempty"`
}

// tombstone is what the table of recalls keeps of a message whose record was
// erased from the log: where it stood, for those who count and page, and what
// all may see of it. Nothing of its content.
type tombstone struct {
	revocation
	// Recall is the number of the recall.
	Recall uint64 `json:"rn"`
	Seq    uint64 `json:"s"`
	U      uint64 `json:"u"`
	Own    uint64 `json:"o"`
	A      uint64 `json:"a,omitempty"`
	B      uint64 `json:"b,omitempty"`
}

func tombstoneKey(k convKey, n uint64) string { return string(k) + "." + strconv.FormatUint(n, 10) }

// newRecall makes the record that recalls target. Its id follows from the
// target's, so that a message recalled twice at once is recalled once.
func newRecall(target *record, revoker im.UserID, nick string) *record {
	sum := sha256.Sum256([]byte(string(target.key) + " " + dedupeID(target.from, target.id)))
	return &record{
		key: target.key, from: im.SystemUser, kind: kindRecall,
		id: im.MessageID(string(im.SystemUser) + "-recall-" + lower32(sum[:20])),
		body: body{Revokes: &revocation{
			Revocation: im.Revocation{
				Sequence: target.n, ID: target.id, Type: target.kind, From: target.from,
				Nick: target.body.Nick, NameCard: target.body.NameCard, Time: target.time,
			},
			Revoker: revoker, RevokerNick: nick,
		}},
	}
}

// record is the tombstone in the place of the record that was erased.
func (t *tombstone) record(k convKey) *record {
	r := &record{
		key: k, own: t.Own, from: t.From, id: t.ID, kind: t.Type, erased: true,
		body: body{Nick: t.Nick, NameCard: t.NameCard, Revokes: &t.revocation},
	}
	r.n, r.seq, r.u, r.time, r.a, r.b = t.Sequence, t.Seq, t.U, t.Time, t.A, t.B
	return r
}

// finishRecall does what a recall that is in the log entails, each step once
// however often it is called: the tombstone is written, the target's files are
// released, it is erased from the log, and the key thrown away under which the conversation's earlier heads
// are sealed, which hold what the target said. It returns the tombstone.
func (s *Server) finishRecall(ctx context.Context, recall *record) (*tombstone, error) {
	rv := recall.body.Revokes
	t := &tombstone{}
	_, err := s.log.recalls.get(ctx, tombstoneKey(recall.key, rv.Sequence), t)
	switch {
	case errors.Is(err, errNoMessage):
		if t, err = s.makeTombstone(ctx, recall); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	}
	target, err := s.log.at(ctx, recall.key, t.Seq)
	if err == nil {
		err = s.blobs.release(ctx, target)
	}
	if err != nil && !errors.Is(err, errNoMessage) { // erased already, so released before
		return nil, err
	}
	if err := s.log.bus.erase(ctx, s.log.stream(recall.key), t.Seq); err != nil {
		return nil, err
	}
	return t, s.heads.previews.renew(ctx, recall.key, recall.n)
}

// makeTombstone writes the tombstone of what recall recalls, which is still in
// the log.
func (s *Server) makeTombstone(ctx context.Context, recall *record) (*tombstone, error) {
	rv := recall.body.Revokes
	target, err := s.log.rowAt(ctx, recall.key, recall.position, rv.Sequence, rv.Sequence)
	if err != nil {
		return nil, err
	}
	if target == nil || target.id != rv.ID {
		return nil, fmt.Errorf("server: message %d of %s, recalled by %d, is not in the log", rv.Sequence, recall.key, recall.n)
	}
	t := &tombstone{
		revocation: *rv, Recall: recall.n, Seq: target.seq, U: target.u, Own: target.own, A: target.a, B: target.b,
	}
	_, err = s.log.recalls.put(ctx, tombstoneKey(recall.key, rv.Sequence), t)
	return t, err
}

// recalled returns the tombstones of k among the numbers [from, to], oldest
// first.
func (l *messageLog) recalled(ctx context.Context, k convKey, from, to uint64) ([]*record, error) {
	var rows []*record
	for from <= to {
		upto := min(to, from+lastForMax-1)
		keys := make([]string, 0, upto-from+1)
		for n := from; n <= upto; n++ {
			keys = append(keys, tombstoneKey(k, n))
		}
		found, err := l.recalls.many(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			e, ok := found[key]
			if !ok {
				continue
			}
			t, err := decodeEntry[tombstone](e)
			if err != nil {
				return nil, err
			}
			rows = append(rows, t.record(k))
		}
		from = upto + 1
	}
	return rows, nil
}

// recallsAfter returns which messages of k above number after were recalled,
// however many.
func (l *messageLog) recallsAfter(ctx context.Context, k convKey, after uint64) (all []recalledNumber, err error) {
	err = l.recalls.list(ctx, string(k)+".*", func(e entry) error {
		t, err := decodeEntry[tombstone](e)
		if err == nil && t.Sequence > after {
			all = append(all, recalledNumber{t.Sequence, t.From})
		}
		return err
	})
	return all, err
}

// recalledAt returns the tombstone of the record that was at stream sequence
// seq, nil if it was none of k's.
func (l *messageLog) recalledAt(ctx context.Context, k convKey, head position, seq uint64) (*record, error) {
	upper := head.n
	if _, err := l.fetch(ctx, k, seq, 1, func(r *record) bool { upper = r.n - 1; return false }); err != nil {
		return nil, err
	}
	for n := upper; n > 0; n-- {
		row, err := l.rowAt(ctx, k, head, n, n)
		if err != nil || row == nil || row.seq < seq {
			return nil, err
		}
		if row.seq == seq {
			return row, nil
		}
	}
	return nil, nil
}

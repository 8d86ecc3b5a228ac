package server

import (
	"context"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
)

// fetch reads up to max records of k from stream sequence seq on, in order. A
// record that cannot be read is a hole: history goes on behind it.
func (l *messageLog) fetch(ctx context.Context, k convKey, seq uint64, max int, each func(*record) (more bool)) (got int, err error) {
	err = l.bus.batch(ctx, l.stream(k), l.subject(k), seq, max, func(m *jetstream.RawStreamMsg) bool {
		got++
		r, err := readRecord(m)
		if err != nil {
			l.opt.Logf("log: %v", err)
			return true
		}
		return each(r)
	})
	return got, err
}

// walk reads the records of k with numbers in [from, to], in order, from
// stream sequence seq on, which must not lie behind the first of them. In the
// place of records that were recalled come their tombstones; to is not above the
// conversation's last number.
func (l *messageLog) walk(ctx context.Context, k convKey, seq, from, to uint64, batch int, each func(*record) (more bool)) error {
	for from <= to {
		var rows []*record
		next, ended := seq, false
		got, err := l.fetch(ctx, k, seq, batch, func(r *record) bool {
			next, ended = r.seq+1, r.n >= to
			if r.n >= from && r.n <= to {
				rows = append(rows, r)
			}
			return !ended
		})
		if err != nil {
			return err
		}
		// Nothing lies behind a short batch, or one of which nothing could be read.
		ended = ended || got < batch || next == seq
		for _, r := range rows {
			more, err := l.fill(ctx, k, from, r.n, each)
			if err != nil || !more || !each(r) {
				return err
			}
			from = r.n + 1
		}
		if ended {
			_, err := l.fill(ctx, k, from, to+1, each)
			return err
		}
		seq = next
	}
	return nil
}

// fill hands over the tombstones of the numbers [from, before).
func (l *messageLog) fill(ctx context.Context, k convKey, from, before uint64, each func(*record) (more bool)) (more bool, err error) {
	if from >= before {
		return true, nil
	}
	rows, err := l.recalled(ctx, k, from, before-1)
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		if !each(r) {
			return false, nil
		}
	}
	return true, nil
}

// around is a point of the conversation that seek knows: the record with
// number n is at stream sequence seq.
type around struct{ n, seq uint64 }

// seek returns a stream sequence at or before the first record of k with a
// number of at least n, with at most about two pages of records between. head
// is the last record. It probes between known points by interpolation; every
// probe also tells where two pages begin.
func (l *messageLog) seek(ctx context.Context, k convKey, head position, n uint64) (uint64, error) {
	low, high := around{0, 0}, around{head.n, head.seq}
	// learn takes in what a record says of itself and of its anchors.
	learn := func(p position) {
		points := []around{{p.n, p.seq}, {pageNumber(p.n), p.pageStart()}}
		if p.b != 0 {
			points = append(points, around{pageNumber(p.n) - anchorPage, p.b})
		}
		for _, q := range points {
			if q.n <= n && q.n > low.n {
				low = q
			}
			if q.n > n && q.n < high.n {
				high = q
			}
		}
	}
	learn(head)
	for probe := 0; n > low.n+2*anchorPage && low.seq+1 < high.seq; probe++ {
		span := high.seq - low.seq
		guess := low.seq + 1
		if probe%3 == 2 { // an uneven spread defeats interpolation; halving always ends
			guess = low.seq + span/2
		} else if high.n > low.n {
			share := float64(n-low.n) / float64(high.n-low.n)
			guess = low.seq + uint64(share*float64(span))
		}
		guess = min(max(guess, low.seq+1), high.seq-1)
		var hit *record
		if _, err := l.fetch(ctx, k, guess, 1, func(r *record) bool { hit = r; return false }); err != nil {
			return 0, err
		}
		switch {
		case hit == nil || hit.seq >= high.seq:
			// Nothing of k lies in [guess, high): look below.
			high.seq = guess
		case hit.n > n:
			learn(hit.position)
			high.seq = min(high.seq, guess)
		default:
			learn(hit.position)
		}
	}
	return max(low.seq, 1), nil
}

// pageBack returns up to limit records with numbers in [first, before), the
// newest, oldest first. anchor is a stream sequence to read them from, 0 if
// unknown. Holes are passed over; the result is empty only if there is nothing.
func (l *messageLog) pageBack(ctx context.Context, k convKey, head position, first, before uint64, limit int, anchor uint64) ([]*record, error) {
	before = min(before, head.n+1)
	first = max(first, 1)
	var rows []*record
	for before > first && len(rows) < limit {
		from := max(first, before-min(before-1, anchorPage))
		if anchor == 0 {
			var err error
			if anchor, err = l.seek(ctx, k, head, from); err != nil {
				return nil, err
			}
		}
		var part []*record
		err := l.walk(ctx, k, anchor, from, before-1, 2*anchorPage, func(r *record) bool {
			part = append(part, r)
			return true
		})
		if err != nil {
			return nil, err
		}
		rows = append(part, rows...)
		// A record tells where the 16 before it begin; behind a hole it would not
		// reach far enough.
		anchor = 0
		if len(part) > 0 && part[0].n == from {
			anchor = part[0].before()
		}
		before = from
	}
	return rows[len(rows)-min(len(rows), limit):], nil
}

// pageForward returns up to limit records with numbers in (after, head], the
// oldest, in order.
func (l *messageLog) pageForward(ctx context.Context, k convKey, head position, after uint64, limit int) ([]*record, error) {
	if after >= head.n {
		return nil, nil
	}
	seq, err := l.seek(ctx, k, head, after+1)
	if err != nil {
		return nil, err
	}
	rows := make([]*record, 0, min(uint64(limit), head.n-after))
	err = l.walk(ctx, k, seq, after+1, head.n, min(limit+2*anchorPage, readBatch), func(r *record) bool {
		rows = append(rows, r)
		return len(rows) < limit
	})
	return rows, err
}

// find looks for a message of k by sender and id among the numbers (base,
// to], nil if it is not there.
func (l *messageLog) find(ctx context.Context, k convKey, head position, base, to uint64, match func(*record) bool) (*record, error) {
	if base >= to {
		return nil, nil
	}
	seq, err := l.seek(ctx, k, head, base+1)
	if err != nil {
		return nil, err
	}
	var hit *record
	err = l.walk(ctx, k, seq, base+1, to, readBatch, func(r *record) bool {
		if match(r) {
			hit = r
		}
		return hit == nil
	})
	return hit, err
}

// rowAt returns the record with number n, or the one before it where n is a
// hole; nil if there is none in [first, n].
func (l *messageLog) rowAt(ctx context.Context, k convKey, head position, first, n uint64) (*record, error) {
	rows, err := l.pageBack(ctx, k, head, first, n+1, 1, 0)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return slices.MaxFunc(rows, func(a, b *record) int { return int(a.n) - int(b.n) }), nil
}

package core

import (
	"slices"
	"time"
)

// fillQueue is what the background has to do: the hole nearest to the end of each
// conversation that has one.
type fillQueue struct {
	wants []*fillWant
	here  uint64 // messages of the account that are here, about
}

// fillWant is a conversation with a hole.
type fillWant struct {
	feed *feed
	hole Hole
	// edge is when the message above the hole was said, ms since 1970.
	edge    int64
	missing uint64
	forgets int       // see feed.keep
	tries   int       // errors in a row that concern this conversation alone
	after   time.Time // not before; zero for at once
}

// look reads from memory and disk what is missing.
func (q *fillQueue) look(c *Client) error {
	rows, err := c.db.Conversations(0, 0)
	if err != nil {
		return err
	}
	old := make(map[*feed]*fillWant, len(q.wants))
	for _, w := range q.wants {
		old[w.feed] = w
	}
	q.wants, q.here = q.wants[:0], 0
	for i := range rows {
		f := c.feed(rows[i].ConversationID)
		w := &fillWant{feed: f}
		if o := old[f]; o != nil {
			w.tries, w.after = o.tries, o.after
		}
		if err := w.look(c); err != nil {
			return err
		}
		q.here += f.stored()
		if w.missing > 0 {
			q.wants = append(q.wants, w)
		}
	}
	return nil
}

// look finds the hole anew after something has changed; missing is 0 if there is
// none.
func (w *fillWant) look(c *Client) error {
	f := w.feed
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	w.forgets = f.forgets
	// What is above the floor is the feed's own to fetch and to announce.
	var err error
	if w.hole, w.missing = f.earlier(min(f.top(), f.floor)); w.missing > 0 {
		w.edge, err = f.edge(w.hole)
	}
	return err
}

// top is the highest sequence that is known to exist; with work held, loaded.
func (f *feed) top() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return max(f.target, f.spans.top())
}

// earlier is the newest hole in the history up to a sequence, and how much is missing of
// that history; with work held, loaded. What was forgotten nobody misses.
func (f *feed) earlier(hi uint64) (hole Hole, missing uint64) {
	lo := max(f.first, f.forgotten+1)
	hole, ok := f.spans.lastHole(lo, hi)
	if !ok {
		return Hole{}, 0
	}
	return hole, f.spans.missing(lo, hi)
}

// edge is when the message above a hole was said, ms since 1970; 0 if nobody knows.
func (f *feed) edge(hole Hole) (int64, error) {
	above, err := f.c.db.PageAfter(f.id, hole.To, 1)
	if err != nil {
		return 0, err
	}
	if len(above) > 0 {
		return above[0].Time, nil
	}
	row, found, err := f.c.db.Conversation(f.id)
	if err == nil && found && row.LastMessage != nil {
		return row.LastMessage.LastTime, nil
	}
	return 0, err
}

// stored counts the sequences that are here.
func (f *feed) stored() (n uint64) {
	f.work.Lock()
	defer f.work.Unlock()
	for _, r := range f.spans {
		n += r.To - r.From + 1
	}
	return n
}

// newest returns the conversation whose hole is the newest of those that may be
// filled now; nil if there is none. stopped says that there are some, but all
// beyond the bound.
func (q *fillQueue) newest(bound Backfill, now time.Time) (best *fillWant, stopped bool) {
	q.wants = slices.DeleteFunc(q.wants, func(w *fillWant) bool { return w.missing == 0 })
	left := false
	for _, w := range q.wants {
		if !bound.allows(w.edge, q.here, now) {
			left = true
			continue
		}
		if w.after.After(time.Now()) {
			continue
		}
		if best == nil || w.edge > best.edge {
			best = w
		}
	}
	return best, left && best == nil
}

// deferred is when the first conversation that made trouble is to be tried again;
// zero if none is.
func (q *fillQueue) deferred() (at time.Time) {
	for _, w := range q.wants {
		if !w.after.IsZero() && (at.IsZero() || w.after.Before(at)) {
			at = w.after
		}
	}
	return at
}

func (q *fillQueue) drop(w *fillWant) {
	q.wants = slices.DeleteFunc(q.wants, func(o *fillWant) bool { return o == w })
}

// missing is how many messages are not here.
func (q *fillQueue) missing() (n uint64) {
	for _, w := range q.wants {
		n += w.missing
	}
	return n
}

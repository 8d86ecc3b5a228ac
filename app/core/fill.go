package core

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

// fillPage is how many messages a call of FillHistory and its like fetches: more
// than the window shows at once, and what one pull may bring.
const fillPage = pageForward

// FillHistory fetches up to 100 missing messages of the nearest hole below
// sequence before (0: from the end) from the server, those at its upper end, and
// stores them; [HistoryChanged] tells. It returns how many it stored, 0 if
// nothing is missing there. Code 9508 without a connection.
func (c *Client) FillHistory(ctx context.Context, conv im.ConversationID, before uint64) (int, error) {
	if before == 0 {
		before = maxSequence
	}
	return c.fill(ctx, conv, before-1, func(s spans, lo, hi uint64) (Hole, bool) {
		h, ok := s.lastHole(lo, min(hi, before-1))
		return h.upper(fillPage), ok
	})
}

// FillHistoryAfter is FillHistory for the nearest hole above sequence after, at its
// lower end.
func (c *Client) FillHistoryAfter(ctx context.Context, conv im.ConversationID, after uint64) (int, error) {
	return c.fill(ctx, conv, maxSequence, func(s spans, lo, hi uint64) (Hole, bool) {
		h, ok := s.firstHole(max(lo, after+1), hi)
		return h.lower(fillPage), ok
	})
}

// FillHistoryAround fetches what is missing of the 100 messages around a sequence,
// and nothing between them and the rest of what is here. Otherwise it is like
// FillHistory.
func (c *Client) FillHistoryAround(ctx context.Context, conv im.ConversationID, sequence uint64) (int, error) {
	return c.fill(ctx, conv, sequence, func(s spans, lo, hi uint64) (Hole, bool) {
		w := around(sequence, fillPage, lo, hi)
		first, ok := s.firstHole(w.From, w.To)
		if !ok {
			return first, false
		}
		last, _ := s.lastHole(w.From, w.To)
		return Hole{first.From, last.To}, true
	})
}

// around is a window of n sequences within lo..hi with one of them in its middle.
func around(sequence, n, lo, hi uint64) Hole {
	from := max(lo, sequence-min(sequence, n/2))
	to := min(hi, from+n-1)
	return Hole{max(lo, to-min(to, n-1)), to}
}

// upper is the part of a hole at its upper end, lower at its lower end, of at most
// n sequences.
func (h Hole) upper(n uint64) Hole { return Hole{max(h.From, h.To-min(h.To, n-1)), h.To} }
func (h Hole) lower(n uint64) Hole { return Hole{h.From, min(h.To, h.From+n-1)} }

// chooser picks what to fetch of lo..hi, the range that may be read.
type chooser func(s spans, lo, hi uint64) (Hole, bool)

// fill fetches what choose picks until that brought a message or nothing is left.
// reach is the highest sequence that is wanted.
func (c *Client) fill(ctx context.Context, conv im.ConversationID, reach uint64, choose chooser) (int, error) {
	if err := conv.Validate(); err != nil {
		return 0, err
	}
	l, err := c.online()
	if err != nil {
		return 0, err
	}
	if c.inLive(conv) {
		return 0, nil
	}
	f := c.feed(conv)
	if v, _, err := f.view(ctx); err != nil || !v.known {
		return 0, err
	}
	if err := f.caughtUp(ctx, l, reach); err != nil {
		return 0, err
	}
	for {
		want, _, ok, err := f.choose(choose)
		if err != nil || !ok {
			return 0, err
		}
		// A page of large messages may hold fewer than were asked for, and one of
		// holes for good none.
		n, err := f.fillAll(ctx, l, want)
		if err != nil || n > 0 {
			return n, err
		}
	}
}

// caughtUp waits until the feed has what is new up to a sequence: that is its own to
// fetch and to announce in order.
func (f *feed) caughtUp(ctx context.Context, l *link, reach uint64) error {
	f.work.Lock()
	err := f.load()
	low := f.low()
	f.work.Unlock()
	if err != nil || reach < low {
		return err
	}
	if settled := f.settling(); settled != nil {
		select {
		case <-settled:
		case <-l.done:
			return lost(l.reason())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// choose looks at what is here; forgets is for [feed.keep].
func (f *feed) choose(choose chooser) (h Hole, forgets int, ok bool, err error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return Hole{}, 0, false, err
	}
	f.mu.Lock()
	hi := max(f.target, f.spans.top())
	f.mu.Unlock()
	h, ok = choose(f.spans, max(f.first, 1), hi)
	return h, f.forgets, ok, nil
}

// fillAll fetches a range and returns how many of its messages were not here.
func (f *feed) fillAll(ctx context.Context, l *link, want Hole) (n int, err error) {
	for {
		part, forgets, ok, err := f.choose(func(s spans, lo, hi uint64) (Hole, bool) {
			h, ok := s.firstHole(max(lo, want.From), min(hi, want.To))
			return Hole{h.From, min(want.To, hi)}, ok
		})
		if err != nil || !ok {
			return n, err
		}
		got, _, err := f.fillPart(ctx, l, part, forgets)
		n += got
		if err != nil {
			return n, err
		}
	}
}

// fillPart makes one pull for a range, which may bring its lower part only. What the
// server sends beyond the range was not asked for and is left alone. Besides the
// number of messages that were new here it returns how many bytes came. forgets is how
// often the conversation had been forgotten when the range was chosen.
func (f *feed) fillPart(ctx context.Context, l *link, want Hole, forgets int) (n, bytes int, err error) {
	got, err := f.fetch(ctx, l, wire.Pull{After: want.From - 1, Limit: int(min(want.To-want.From+1, pageForward))})
	if err != nil {
		return 0, 0, err
	}
	if got.completed && got.last < want.To {
		return 0, got.bytes, f.shortened(got.last)
	}
	if err := f.within(&got, want); err != nil {
		return 0, got.bytes, err
	}
	got.forgets = forgets
	n, err = f.keep(ctx, got)
	return n, got.bytes, err
}

// within cuts off of a page what lies beyond a range. It reaches there where numbers
// are gone for good; a page that skips messages that are here is refused.
func (f *feed) within(got *fetched, want Hole) error {
	n := len(got.list)
	for n > 0 && got.list[n-1].Sequence > want.To {
		n--
	}
	if n < len(got.list) {
		above, err := f.c.db.PageAfter(f.id, want.To, 1)
		if err != nil {
			return err
		}
		if next := got.list[n].Sequence; len(above) > 0 && above[0].Sequence < next {
			return im.Errorf(im.CodeInvalidRequest, "a page of %.64q goes on with %d, and %d is here", f.id, next, above[0].Sequence)
		}
	}
	got.list, got.to = got.list[:n], min(got.to, want.To)
	return nil
}

// shortened takes in that the server's log ends at a sequence, below what was
// promised. With messages above that here the two logs have diverged: code 130102.
func (f *feed) shortened(last uint64) error {
	f.work.Lock()
	defer f.work.Unlock()
	if f.spans.top() > last {
		return im.Errorf(im.CodeDiverged, "%.64q ends at %d, and there is more of it here", f.id, last)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.target = min(f.target, last)
	return nil
}

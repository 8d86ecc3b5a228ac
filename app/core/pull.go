package core

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

// pull fetches what is missing: hole is its beginning. Of a long backlog the
// newest page comes first, and the floor rises to it.
func (f *feed) pull(ctx context.Context, l *link, hole Hole) error {
	f.work.Lock()
	f.mu.Lock()
	target := f.target
	f.mu.Unlock()
	missing := f.spans.missing(hole.From, target)
	forgets := f.forgets
	f.work.Unlock()
	if missing > backlogLimit {
		return f.pullNewest(ctx, l, target)
	}
	q := wire.Pull{After: hole.From - 1, Limit: int(min(hole.To-hole.From+1, pageForward))}
	if q.After > 0 {
		list, err := f.c.db.Page(f.id, hole.From, 1)
		if err != nil {
			return err
		}
		if len(list) == 1 && list[0].Sequence == q.After {
			q.AfterID = list[0].ID
		}
	}
	got, err := f.fetch(ctx, l, q)
	if err != nil {
		return err
	}
	got.forgets = forgets
	_, err = f.keep(ctx, got)
	return err
}

// pullNewest fetches the last page before target and leaves what is missing
// below it to the background.
func (f *feed) pullNewest(ctx context.Context, l *link, target uint64) error {
	got, err := f.fetch(ctx, l, wire.Pull{After: target - pageForward, Limit: pageForward})
	if err != nil {
		return err
	}
	if got.completed && got.last < target {
		// The log ends before what was promised.
		f.mu.Lock()
		f.target = got.last
		f.mu.Unlock()
		return nil
	}
	if err := f.raiseFloor(ctx, got.after); err != nil {
		return err
	}
	_, err = f.keep(ctx, got)
	return err
}

// raiseFloor makes everything up to n history for the background.
func (f *feed) raiseFloor(ctx context.Context, n uint64) error {
	f.work.Lock()
	defer f.work.Unlock()
	if n <= f.floor {
		return nil
	}
	if err := f.c.floors.set(ctx, f.c.db, f.id, n); err != nil {
		return err
	}
	f.floor = n
	poke(f.c.backfill)
	return nil
}

// fetched is a page of a forward pull: after..to is known now.
type fetched struct {
	list      []im.Message
	after, to uint64
	first     uint64
	last      uint64
	completed bool
	bytes     int // about how much came over the line
	// forgets is how often the conversation was forgotten when it was asked for; what
	// was forgotten since is not kept.
	forgets int
}

// fetch makes one forward pull; of q the head and the conversation are filled in.
// An answer that contradicts itself or the question is refused: nothing is known
// by it. Code 20001.
func (f *feed) fetch(ctx context.Context, l *link, q wire.Pull) (fetched, error) {
	select {
	case f.c.pulls <- struct{}{}:
	case <-l.done:
		return fetched{}, lost(l.reason())
	case <-ctx.Done():
		return fetched{}, ctx.Err()
	}
	q.Head, q.Conversation, q.Forward = l.head(wire.TPull), f.id, true
	p, err := ask[page](ctx, l, q.Head, q)
	<-f.c.pulls
	if err != nil {
		return fetched{}, err
	}
	got := fetched{after: q.After, to: q.After, first: min(p.First, maxSequence), last: min(p.Last, maxSequence), completed: p.IsCompleted, bytes: p.bytes()}
	if p.Conversation != "" && p.Conversation != f.id {
		return fetched{}, im.Errorf(im.CodeInvalidRequest, "asked for a page of %.64q, got one of %.64q", f.id, p.Conversation)
	}
	if q.Limit > 0 && len(p.Messages) > q.Limit {
		return fetched{}, im.Errorf(im.CodeInvalidRequest, "asked for %d messages of %.64q, got %d", q.Limit, f.id, len(p.Messages))
	}
	if got.list, err = p.read(f.c, f.id, q.After); err != nil {
		return fetched{}, err
	}
	if n := len(got.list); n > 0 {
		got.to = got.list[n-1].Sequence
		got.last = max(got.last, got.to)
	}
	switch {
	case p.IsCompleted && got.to < got.last && got.last >= got.first:
		// The last message of a log is always one that can be read.
		return fetched{}, im.Errorf(im.CodeInvalidRequest, "a page of %.64q ends at %d, is said to be the last, and the conversation ends at %d", f.id, got.to, got.last)
	case p.IsCompleted:
		got.to = max(got.to, got.last)
	case len(got.list) == 0:
		return fetched{}, im.Errorf(im.CodeInvalidRequest, "an empty page of %.64q that is not the last", f.id)
	}
	return got, nil
}

// keep stores a fetched page and returns how many of its messages were not here.
func (f *feed) keep(ctx context.Context, got fetched) (int, error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return 0, err
	}
	if got.first > 0 {
		f.first = got.first
	}
	from := max(got.after+1, got.first) // what is below may not be read
	if got.to < from || got.forgets != f.forgets && got.after < f.forgotten {
		return 0, nil
	}
	n := 0
	for _, m := range got.list {
		if !f.spans.has(m.Sequence) {
			n++
		}
	}
	return n, f.ingest(ctx, got.list, from, got.to, nil)
}

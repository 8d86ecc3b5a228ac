package core

import (
	"context"
	"maps"
	"slices"
	"sync"

	"magpie/im"
	"magpie/im/wire"
)

// sync brings the disk up to what the server has: the whole list first, then
// what is missing of each conversation. When it returns nil nothing is missing
// but old history. Pushes that come meanwhile wait in the feeds.
func (c *Client) sync(l *link, w wire.Welcome) error {
	ctx := c.ctx
	epoch, err := c.db.Meta(metaEpoch)
	if err != nil {
		return err
	}
	before, err := c.db.Conversations(0, 0)
	if err != nil {
		return err
	}
	rows, err := c.listAll(ctx, l)
	if err != nil {
		return err
	}
	if err := c.beginFloors(ctx, rows); err != nil {
		return err
	}
	restored := epoch != "" && epoch != w.Epoch
	err = together(len(rows), 64, func(i int) error {
		f := c.feed(rows[i].ConversationID)
		if restored || f.behind(rows[i].Last) {
			if err := f.reconcile(ctx, l); err != nil && !denied(err) {
				return err
			}
		}
		return f.apply(ctx, rows[i])
	})
	if err != nil {
		return err
	}
	listed := make(map[im.ConversationID]bool, len(rows))
	for _, r := range rows {
		listed[r.ConversationID] = true
	}
	for _, old := range before {
		if listed[old.ConversationID] {
			continue
		}
		f := c.feed(old.ConversationID)
		switch {
		case old.ConversationID.Group() != "" && (old.Last > 0 || !c.out.any(old.ConversationID)):
			err = f.gone(ctx)
		case restored:
			if err = f.reconcile(ctx, l); denied(err) {
				err = nil
			}
		}
		if err != nil {
			return err
		}
	}
	if err := c.compareMemberships(ctx, listed); err != nil {
		return err
	}
	if epoch != w.Epoch {
		if err := c.db.SetMeta(ctx, metaEpoch, w.Epoch); err != nil {
			return err
		}
	}
	if !c.setListed(l) {
		return lost(l.reason())
	}
	c.catchUp(l, rows)
	poke(c.backfill)
	if r := l.reason(); r != nil {
		return lost(r)
	}
	return nil
}

// compareMemberships forgets those in groups that the server does not list: of a
// conversation that was deleted no row says that this account is in it no more.
func (c *Client) compareMemberships(ctx context.Context, listed map[im.ConversationID]bool) error {
	groups, err := c.memberships()
	if err != nil {
		return err
	}
	for _, g := range groups {
		if conv := im.GroupConversation(g.GroupID); !listed[conv] && !c.out.any(conv) {
			if err := c.feed(conv).gone(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// listAll asks for every page of the list.
func (c *Client) listAll(ctx context.Context, l *link) ([]wire.ConversationRow, error) {
	var rows []wire.ConversationRow
	seen := make(map[im.ConversationID]bool)
	cursor := ""
	for {
		h := l.head(wire.TConversations)
		p, err := ask[wire.ConversationList](ctx, l, h, wire.Conversations{Head: h, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		for _, r := range p.List {
			if r.ConversationID.Validate() == nil && !seen[r.ConversationID] {
				seen[r.ConversationID] = true
				rows = append(rows, r)
			}
		}
		if p.IsCompleted || p.Cursor == "" {
			return rows, nil
		}
		if p.Cursor == cursor {
			return nil, im.Errorf(im.CodeInvalidRequest, "the list does not end")
		}
		cursor = p.Cursor
	}
}

// beginFloors makes everything history that was there before this device.
func (c *Client) beginFloors(ctx context.Context, rows []wire.ConversationRow) error {
	last := make(map[im.ConversationID]uint64, len(rows))
	for _, r := range rows {
		last[r.ConversationID] = min(r.Last, maxSequence)
	}
	return c.floors.begin(ctx, c.db, last)
}

// catchUpAtOnce bounds how many conversations catch up side by side: more than
// pullsAtOnce, because most of them wait for the disk, which takes the pages of
// several in one go.
const catchUpAtOnce = 32

// setListed lets the feeds run on l.
func (c *Client) setListed(l *link) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listed = c.link == l
	return c.listed
}

// catchUp starts every feed that has something to do, the most recent
// conversations first, and waits until each caught up or met an error.
func (c *Client) catchUp(l *link, rows []wire.ConversationRow) {
	c.mu.Lock()
	feeds := make([]*feed, 0, len(c.feeds))
	rest := maps.Clone(c.feeds) // those with pushes but without a row come last
	for _, r := range rows {
		if f := rest[r.ConversationID]; f != nil {
			feeds = append(feeds, f)
			delete(rest, r.ConversationID)
		}
	}
	c.mu.Unlock()
	feeds = slices.AppendSeq(feeds, maps.Values(rest))
	var wg sync.WaitGroup
	slots := make(chan struct{}, catchUpAtOnce)
	for _, f := range feeds {
		if f.idle() {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			f.newestHistory(c.ctx, l)
			f.wake()
			if settled := f.settling(); settled != nil {
				select {
				case <-settled:
				case <-l.done:
				case <-c.ctx.Done():
				}
			}
		})
	}
	wg.Wait()
}

// idle reports whether the disk has the end of the conversation, and no push waits.
func (f *feed) idle() bool {
	f.work.Lock()
	defer f.work.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.pushes) == 0 && f.loaded && (f.target == 0 || f.spans.has(f.target) && f.spans.missing(f.low(), f.target) == 0)
}

// newestHistory fetches the last page of a conversation whose end is history
// from before this device, so that it can be read at once.
func (f *feed) newestHistory(ctx context.Context, l *link) {
	f.work.Lock()
	f.mu.Lock()
	target := f.target
	f.mu.Unlock()
	want := target > f.forgotten && target <= f.floor && !f.spans.has(target)
	forgets := f.forgets
	f.work.Unlock()
	if !want {
		return
	}
	got, err := f.fetch(ctx, l, pullBefore(target, firstPage))
	if err == nil {
		got.forgets = forgets
		_, err = f.keep(ctx, got)
	}
	if err != nil && !onNetwork(err) && !denied(err) {
		f.c.report(err)
	}
}

// firstPage is how much of a conversation's end is fetched before the client
// is ready for the first time: more than a screen.
const firstPage = 30

// pullBefore is a forward pull that ends with sequence to.
func pullBefore(to uint64, limit int) wire.Pull {
	q := wire.Pull{Limit: limit}
	if to > uint64(limit) {
		q.After = to - uint64(limit)
	}
	return q
}

// together runs f(0) to f(n-1), at most limit at once, and returns the first error.
func together(n, limit int, f func(int) error) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	slots := make(chan struct{}, limit)
	for i := range n {
		slots <- struct{}{}
		mu.Lock()
		stop := first != nil
		mu.Unlock()
		if stop {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := f(i); err != nil {
				mu.Lock()
				if first == nil {
					first = err
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return first
}

// afterReady does what the connection needs and nobody waits for.
func (c *Client) afterReady(l *link) {
	c.reads.start(c)
	c.names.want(c.o.User, true)
	c.names.start(c)
	c.mu.Lock()
	users := make([]im.UserID, 0, len(c.watched))
	for u := range c.watched {
		users = append(users, u)
	}
	c.mu.Unlock()
	if len(users) > 0 {
		c.spawn(func() {
			list, err := c.askPresence(c.ctx, l, users)
			if err != nil {
				if !onNetwork(err) {
					c.report(err)
				}
				return
			}
			c.hub.emit(UserStatusUpdated{Users: list})
		})
	}
	c.spawn(func() {
		_, err := c.askBlacklist(c.ctx, l)
		// A server without such a list has nothing to compare.
		if err != nil && !onNetwork(err) && im.CodeOf(err) != im.CodeInvalidRequest {
			c.report(err)
		}
	})
	if !c.o.NoBackfill {
		c.spawn(func() { c.fillBack(l) })
	}
}

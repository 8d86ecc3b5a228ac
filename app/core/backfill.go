package core

import (
	"context"
	"time"

	"magpie/im"
)

// backfillPause lies between two pages of the background, so that it takes a
// small share of the line and of the disk.
const backfillPause = 20 * time.Millisecond

// fillBack fetches older history, conversation after conversation, the most
// recent first, until nothing is missing; then it waits for more to do. It
// ends with the connection.
func (c *Client) fillBack(l *link) {
	trouble := 0
	for {
		done, err := c.fillBackOnce(l)
		switch {
		case l.reason() != nil || c.ctx.Err() != nil:
			return
		case err != nil:
			if !onNetwork(err) {
				c.report(err)
			}
			trouble++
			if !c.pause(c.backOff(trouble, c.o.RetryMin, time.Minute), l) {
				return
			}
			continue
		case !done:
			continue
		}
		trouble = 0
		select {
		case <-c.backfill:
		case <-l.done:
			return
		case <-c.ctx.Done():
			return
		}
	}
}

// fillBackOnce goes through the list once; done says that nothing was missing.
func (c *Client) fillBackOnce(l *link) (done bool, err error) {
	rows, err := c.db.Conversations(0, 0)
	if err != nil {
		return false, err
	}
	done = true
	for _, r := range rows {
		f := c.feed(r.ConversationID)
		for {
			n, err := f.fillBelow(c.ctx, l, 0)
			if denied(err) {
				break
			}
			if err != nil {
				return false, err
			}
			if n == nothingMissing {
				break
			}
			done = false
			if !c.pause(backfillPause, l) {
				return false, nil
			}
		}
	}
	return done, nil
}

// nothingMissing is what fillBelow returns when there is no hole.
const nothingMissing = -1

// fillBelow fetches a page that ends at the upper end of the nearest hole
// below sequence before (0: of all history). It returns how many messages
// were new here.
func (f *feed) fillBelow(ctx context.Context, l *link, before uint64) (int, error) {
	f.work.Lock()
	if err := f.load(); err != nil {
		f.work.Unlock()
		return 0, err
	}
	f.mu.Lock()
	hi := f.target
	f.mu.Unlock()
	lo := max(f.first, 1)
	if before == 0 {
		// What is above the floor is the feed's own to fetch and to announce, what was
		// forgotten nobody's.
		lo, hi = max(lo, f.forgotten+1), min(hi, f.floor)
	} else {
		hi = min(hi, before-1)
	}
	hole, ok := f.spans.lastHole(lo, hi)
	forgets := f.forgets
	f.work.Unlock()
	if !ok {
		return nothingMissing, nil
	}
	q := pullBefore(hole.To, pageForward)
	if q.After < hole.From-1 {
		q.After = hole.From - 1
	}
	q.Limit = int(hole.To - q.After)
	got, err := f.fetch(ctx, l, q)
	if err != nil {
		return 0, err
	}
	if got.to < hole.To && got.completed {
		// The log ends below what was listed: there is nothing there for good.
		got.to = hole.To
	}
	got.forgets = forgets
	return f.keep(ctx, got)
}

// FillHistory fetches up to 100 missing messages of the nearest hole below
// sequence before (0: from the end) from the server, newest first, and stores
// them; [HistoryChanged] tells. It returns how many it stored, 0 if nothing is
// missing there. Code 9508 without a connection.
func (c *Client) FillHistory(ctx context.Context, conv im.ConversationID, before uint64) (int, error) {
	if err := conv.Validate(); err != nil {
		return 0, err
	}
	l, err := c.online()
	if err != nil {
		return 0, err
	}
	f := c.feed(conv)
	if before == 0 {
		before = maxSequence
	}
	for {
		n, err := f.fillBelow(ctx, l, before)
		if err != nil || n > 0 {
			return n, err
		}
		if n == nothingMissing {
			return 0, nil
		}
		// A page of holes for good: the next one may have messages.
	}
}

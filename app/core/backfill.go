package core

import (
	"context"
	"time"

	"magpie/im"
)

// What the background takes at most, while nothing else goes over the connection.
const (
	// fillRest is the least time between two of its pulls. It rests as long as the
	// last one took, too, so that it has half of the line and of the server.
	fillRest = 10 * time.Millisecond
	// fillBytes bounds what comes in a second: some 1,000 to 1,500 short messages.
	fillBytes = 512 << 10
	// fillLeast is the smallest page.
	fillLeast = 10
	// Within fillTalk of anything else on the connection it takes a fifth at most, and
	// rests fillSlow: who talks feels a disk that is busy, too.
	fillTalk = 2 * time.Second
	fillSlow = 120 * time.Millisecond
	// fillQuiet is how long nothing must have gone or come for others before a pull;
	// fillPatience is after how long one is made all the same, so that an account
	// that is never quiet gets its history, too.
	fillQuiet    = 60 * time.Millisecond
	fillPatience = 2 * time.Second
)

// filler is the background of one connection: it fetches older history, the newest
// first over all conversations.
type filler struct {
	c     *Client
	l     *link
	ctx   context.Context
	queue fillQueue
	// size is how many messages the next pull asks for.
	size uint64
	// trouble is how often in a row the connection or the disk failed.
	trouble int
}

// fillBack fetches older history until nothing is missing that is wanted; then it
// waits for more to do. It ends with the connection.
func (c *Client) fillBack(l *link) {
	w := &filler{c: c, l: l, ctx: background(c.ctx), size: pageForward}
	defer c.filling.tell(c, FillOffline)
	for {
		err := w.work()
		if l.reason() != nil || c.ctx.Err() != nil {
			return
		}
		if err != nil {
			if !onNetwork(err) && w.trouble == 0 {
				c.report(err)
			}
			w.trouble++
			c.filling.tell(c, FillWaiting)
			if !c.pause(c.backOff(w.trouble, c.o.RetryMin, time.Minute), l) {
				return
			}
			continue
		}
		var again <-chan time.Time
		if at := w.queue.deferred(); !at.IsZero() {
			again = time.After(time.Until(at))
		}
		select {
		case <-c.backfill:
		case <-again:
		case <-l.done:
			return
		case <-c.ctx.Done():
			return
		}
	}
}

// work fills what it finds until nothing is left; nil also when the connection has
// ended.
func (w *filler) work() error {
	if err := w.queue.look(w.c); err != nil {
		return err
	}
	for {
		select {
		case <-w.c.backfill: // there is more, or another bound
			if err := w.queue.look(w.c); err != nil {
				return err
			}
		default:
		}
		policy := w.c.filling.bounds()
		next, stopped := w.queue.newest(policy, w.c.o.Now())
		w.c.filling.count(&w.queue)
		if next == nil {
			state := FillDone
			switch {
			case stopped:
				state = FillBounded
			case w.queue.missing() > 0:
				state = FillWaiting // for a conversation that made trouble
			}
			w.c.filling.tell(w.c, state)
			return nil
		}
		if !w.giveWay() {
			return nil
		}
		w.c.filling.tell(w.c, FillRunning)
		began := time.Now()
		bytes, err := w.step(next)
		if err != nil {
			return err
		}
		if !w.c.pause(w.rest(bytes, time.Since(began)), w.l) {
			return nil
		}
	}
}

// step makes one pull for a conversation. The error is one that concerns all of them.
func (w *filler) step(next *fillWant) (bytes int, err error) {
	part := next.hole.upper(w.size)
	n, bytes, err := next.feed.fillPart(w.ctx, w.l, part, next.forgets)
	if im.CodeOf(err) == im.CodeDiverged {
		if err = next.feed.reconcile(w.ctx, w.l); err == nil {
			err = next.feed.aimAnew(w.ctx, w.l)
		}
	}
	switch {
	case err == nil:
		w.trouble = 0
		w.queue.here += uint64(n)
		return bytes, next.look(w.c)
	case w.l.reason() != nil || w.c.ctx.Err() != nil || passing(err) || im.CodeOf(err) == im.CodeDiskFull:
		return bytes, err
	case denied(err):
		w.queue.drop(next)
		return bytes, nil
	}
	// Something is wrong with this conversation; the others go on.
	if next.tries == 0 {
		w.c.report(err)
	}
	next.tries++
	next.after = time.Now().Add(w.c.backOff(next.tries, w.c.o.RetryMin, time.Minute))
	return bytes, nil
}

// giveWay waits until nobody else needs the line; false if the connection ended.
func (w *filler) giveWay() bool {
	until := time.Now().Add(fillPatience)
	for {
		wait := fillQuiet - w.l.traffic.quietFor()
		if w.c.transferring() {
			wait = fillQuiet
		}
		if wait <= 0 || !time.Now().Before(until) {
			return w.l.reason() == nil && w.c.ctx.Err() == nil
		}
		w.c.filling.tell(w.c, FillWaiting)
		if !w.c.pause(wait, w.l) {
			return false
		}
	}
}

// rest is how long to do nothing after a pull, and adapts the size of the next.
func (w *filler) rest(bytes int, took time.Duration) time.Duration {
	switch {
	case took > w.c.o.fillTook:
		w.size = max(w.size/2, fillLeast)
	case took < w.c.o.fillTook/2:
		w.size = min(w.size*2, pageForward)
	}
	line := time.Duration(bytes) * time.Second / fillBytes
	if w.l.traffic.quietFor() < fillTalk {
		return max(fillSlow, 4*took, line-took)
	}
	return max(fillRest, took, line-took)
}

// transferring reports whether files of messages are on their way.
func (c *Client) transferring() bool {
	if len(c.transfers.turns) > 0 {
		return true
	}
	return len(c.downloads.turns) > 0
}

package core

import (
	"context"
	"sync"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// feed is the way of one conversation from the server to the disk. Pushes and
// pulled pages meet here; what is missing between them is found and fetched,
// and everything becomes history and events in order.
//
// Sequences up to floor are history that the background fetches and that is
// never announced; those above, up to target, are missed or new messages.
type feed struct {
	c  *Client
	id im.ConversationID

	// work is held over every write of this conversation to disk and the events
	// that follow it, never over the network. It guards what the disk holds:
	work   sync.Mutex
	loaded bool
	spans  spans
	floor  uint64
	first  uint64 // lowest readable sequence, 0 unknown
	// forgotten is up to where the history was deleted here: it is fetched for those
	// who look at it only. forgets counts how often that was.
	forgotten uint64
	forgets   int
	unreadAt  uint64 // sequence to which the stored unread count belongs
	// serverRead is how far the server knows this account to have read.
	serverRead uint64
	introduced bool // the server's row of it was seen
	// awaited are messages that were recalled and are not here, as what will be
	// left of them when they come.
	awaited map[uint64]im.Message

	mu      sync.Mutex // never held over disk or network; taken after work
	pushes  []wire.Message
	target  uint64 // highest sequence that is known to exist
	urgent  bool   // pull at once, do not wait for pushes
	running bool
	settled chan struct{} // closed when the run that is going on caught up or gave up
	signal  chan struct{} // capacity 1
}

// maxPushes bounds what waits in memory for one conversation. Beyond it pushes
// are dropped and pulled later: the log has them.
const maxPushes = 1000

// backlogLimit is how many missed messages of a conversation are fetched in
// order before it counts as ready; of more, the newest come first and the rest
// is left to the background. pageForward is the most of one forward pull.
const (
	backlogLimit = 300
	pageForward  = 100
)

// maxStalls is how often a hole is pulled again when the server's answer does
// not fill it: a push may be ahead of what can be read for a moment, but one
// that is never found was never stored.
const maxStalls = 3

// feed returns the feed of a conversation, making it if needed.
func (c *Client) feed(id im.ConversationID) *feed {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.feeds[id]
	if f == nil {
		f = &feed{c: c, id: id, signal: make(chan struct{}, 1)}
		c.feeds[id] = f
	}
	return f
}

// load reads what the disk holds; with work held.
func (f *feed) load() error {
	if f.loaded {
		return nil
	}
	ranges, err := f.c.db.Ranges(f.id)
	if err != nil {
		return err
	}
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil {
		return err
	}
	awaited, err := f.c.db.Recalls(f.id)
	if err != nil {
		return err
	}
	f.awaited = nil
	for _, t := range awaited {
		f.awaited = put(f.awaited, t)
	}
	f.spans = nil
	for _, r := range ranges {
		f.spans.add(r.From, r.To)
	}
	if found {
		f.first = row.First
		f.aim(max(row.Last, f.spans.top()), false)
	}
	f.floor = f.c.floors.get(f.id)
	f.forgotten = f.c.forgotten.get(f.id)
	f.loaded = true
	return nil
}

// low is the lowest sequence that is new rather than history; with work held.
func (f *feed) low() uint64 { return max(f.floor+1, f.first, 1) }

// push takes a pushed message; it never waits.
func (f *feed) push(m wire.Message) {
	f.mu.Lock()
	f.target = max(f.target, m.Message.Sequence)
	if len(f.pushes) < maxPushes {
		f.pushes = append(f.pushes, m)
	} else {
		f.urgent = true
	}
	f.mu.Unlock()
	f.wake()
}

// aim says that the conversation reaches to sequence n, and with urgent that
// no push will bring what is missing.
func (f *feed) aim(n uint64, urgent bool) {
	f.mu.Lock()
	f.target = max(f.target, n)
	f.urgent = f.urgent || urgent
	f.mu.Unlock()
}

func (f *feed) dropPushes() {
	f.mu.Lock()
	f.pushes = nil
	f.mu.Unlock()
}

// wake makes sure that somebody looks at what came in.
func (f *feed) wake() {
	f.mu.Lock()
	if f.running {
		f.mu.Unlock()
		poke(f.signal)
		return
	}
	f.running = true
	f.settled = make(chan struct{})
	f.mu.Unlock()
	if !f.c.spawn(f.run) {
		f.stop()
	}
}

// settling returns a channel that is closed once the present run has caught
// up or met an error, nil if nothing runs.
func (f *feed) settling() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.running {
		return nil
	}
	return f.settled
}

// settle closes the present run's channel once.
func (f *feed) settle() {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.settled:
	default:
		close(f.settled)
	}
}

func (f *feed) stop() {
	f.settle()
	f.mu.Lock()
	f.running = false
	f.mu.Unlock()
}

// run brings the disk up to target and ends when nothing is left to do, or
// without a connection.
func (f *feed) run() {
	held := make(map[uint64]wire.Message) // pushes that wait for those before them
	var waitingFor uint64                 // the hole that is being waited for
	var since time.Time
	trouble, stalled := 0, 0
	for {
		l, listed := f.c.listening()
		if l == nil || !listed || f.c.ctx.Err() != nil {
			// Pushes that came before the list wait in f.pushes; the list wakes us.
			if f.rest(held) {
				return
			}
			continue
		}
		f.take(held)
		if len(held) > 0 {
			f.introduce(f.c.ctx, l)
		}
		hole, open, err := f.absorb(f.c.ctx, held)
		if err == nil && !open {
			if f.rest(held) {
				return
			}
			trouble = 0
			continue
		}
		if err == nil {
			if hole.From != waitingFor {
				waitingFor, since, stalled = hole.From, time.Now(), 0
			}
			wait := f.c.o.HoleWait - time.Since(since)
			if wait > 0 && (stalled > 0 || !f.hurry()) {
				f.sleep(wait, l)
				continue
			}
			if stalled > maxStalls {
				f.giveUp()
				clear(held)
				continue
			}
			err = f.pull(f.c.ctx, l, hole)
		}
		switch {
		case err == nil:
			trouble = 0
			since = time.Now()
			stalled++ // back to 0 when the hole has moved
			f.mu.Lock()
			f.urgent = true // what else is missing was missing before, too
			f.mu.Unlock()
		case l.reason() != nil || f.c.ctx.Err() != nil:
		case im.CodeOf(err) == im.CodeDiverged:
			err := f.reconcile(f.c.ctx, l)
			if err == nil {
				err = f.aimAnew(f.c.ctx, l)
			}
			if err != nil && l.reason() == nil {
				f.c.report(err)
				f.settle()
				f.c.pause(f.c.backOff(trouble, f.c.o.RetryMin, f.c.o.RetryMax), l)
				trouble++
			}
		case denied(err):
			f.giveUp()
		default:
			f.c.report(err)
			f.settle()
			f.c.pause(f.c.backOff(trouble, f.c.o.RetryMin, f.c.o.RetryMax), l)
			trouble++
		}
	}
}

// aimAnew takes the end of the conversation from the server's row: what was
// aimed at may never have existed.
func (f *feed) aimAnew(ctx context.Context, l *link) error {
	f.mu.Lock()
	was := f.target
	f.target = 0
	f.mu.Unlock()
	if err := f.refresh(ctx, l); err != nil {
		f.aim(was, false)
		return err
	}
	return nil
}

// denied reports whether the server will not let this account read.
func denied(err error) bool {
	switch im.CodeOf(err) {
	case im.CodeGroupPermission, im.CodeGroupNotFound, im.CodeGroupIDUnknown, im.CodeConversationNotFound,
		im.CodeGroupUserNotFound, im.CodeC2CUserNotFound, im.CodeInvalidConversationID, im.CodeInvalidGroupID:
		return true
	}
	return false
}

// rest ends the run if nothing came in meanwhile; what was held goes back, to
// be looked at with the next wake, or pulled.
func (f *feed) rest(held map[uint64]wire.Message) bool {
	l, listed := f.c.listening()
	f.mu.Lock()
	defer f.mu.Unlock()
	if l != nil && listed && f.c.ctx.Err() == nil && len(f.pushes) > 0 {
		return false
	}
	if l != nil {
		for _, m := range held {
			f.pushes = append(f.pushes, m)
		}
	}
	clear(held)
	f.urgent = false
	f.running = false
	select {
	case <-f.settled:
	default:
		close(f.settled)
	}
	return true
}

// listening returns the connection and whether its list was applied.
func (c *Client) listening() (*link, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link, c.listed
}

// take moves what was pushed to held.
func (f *feed) take(held map[uint64]wire.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.pushes {
		held[m.Message.Sequence] = m
	}
	f.pushes = nil
	if len(held) > maxPushes {
		clear(held)
		f.urgent = true
	}
}

func (f *feed) hurry() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.urgent
}

// sleep waits for d, a push, or the end.
func (f *feed) sleep(d time.Duration, l *link) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-f.signal:
	case <-l.done:
	case <-f.c.ctx.Done():
	}
}

// giveUp stops looking for what the server will not give.
func (f *feed) giveUp() {
	f.work.Lock()
	defer f.work.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pushes = nil
	f.target = 0
	if h, ok := f.spans.firstHole(f.low(), maxSequence); ok {
		f.target = h.From - 1
	}
}

package server

import (
	"context"
	"slices"
	"sync"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// turns lets the messages of each group through at the group's rate. What comes
// faster waits: the higher priority goes first, among equals each sender in
// turn, of one sender the first. A sender that had half of the last second's
// messages waits behind all others, so that no priority lets one member keep
// out the rest. The wait and the number of those waiting are bounded; who gets
// no turn is told im.CodeRateLimited, and nothing of the message is kept.
type turns struct {
	perSecond int

	mu     sync.Mutex
	groups map[im.GroupID]*pace
}

const (
	// turnPatience is how long a message waits for its turn. A connection's
	// requests are answered one after the other, so the next one waits as well.
	turnPatience = time.Second
	// turnWindow is the time over which a sender's share is looked at.
	turnWindow = time.Second
)

// A group that was quiet may be ahead of its rate by half a second's messages:
// without such a margin the smallest delay would be handed on to all that follow.
func (t *turns) margin() int { return max(t.perSecond/2, 1) }

// pace is a group that something was sent to within the last second.
type pace struct {
	// due is when the last message let through would have been at an even rate.
	due time.Time
	// passed are the messages let through within the window, oldest first, and
	// share how many of them each sender has.
	passed []passage
	share  map[im.UserID]int
	// waiting are the senders that wait, in the order of their turns, per
	// priority from the highest.
	waiting [len(priorities)][]*line
	count   int
	timer   *time.Timer
}

type passage struct {
	at   time.Time
	user im.UserID
}

// line is what one sender has waiting at one priority, the first in front.
type line struct {
	user  im.UserID
	turns []*turn
}

// turn is one message that waits; result gets true when it may pass.
type turn struct{ result chan bool }

var priorities = [...]im.Priority{im.PriorityHigh, im.PriorityNormal, im.PriorityLow, im.PriorityLowest}

func newTurns(perSecond int) *turns {
	return &turns{perSecond: perSecond, groups: map[im.GroupID]*pace{}}
}

// takeTurn waits until the group has room for one more message of user, then
// looks once more whether user may send it. A hidden group is shown.
func (s *Server) takeTurn(ctx context.Context, user im.UserID, f *wire.Send, may grant) (grant, error) {
	g := may.group.doc.Group.GroupID
	waited, err := s.turns.wait(ctx, g, user, f.Message.Priority)
	if err != nil {
		return grant{}, err
	}
	if may.group.doc.Hidden && !f.OnlineUserOnly {
		if err := s.showGroup(ctx, user, g); err != nil {
			return grant{}, err
		}
		waited = true
	}
	if !waited {
		return may, nil
	}
	return s.authorise(ctx, user, opSend, f.Message.ConversationID)
}

// wait returns when it is the turn of a message; waited says that it was not at
// once. The error is im.CodeRateLimited or that of ctx.
func (t *turns) wait(ctx context.Context, g im.GroupID, u im.UserID, priority im.Priority) (waited bool, err error) {
	refused := error(im.Errorf(im.CodeRateLimited, "more than %d messages a second in the group", t.perSecond))
	t.mu.Lock()
	p := t.groups[g]
	if p == nil {
		p = &pace{share: map[im.UserID]int{}}
		t.groups[g] = p
		p.timer = time.AfterFunc(turnWindow, func() { t.tick(g, p) })
	}
	now := time.Now()
	p.forget(now)
	if p.count == 0 && t.next(p, now) <= 0 {
		t.pass(p, now, u)
		t.mu.Unlock()
		return false, nil
	}
	rank := max(slices.Index(priorities[:], priority), 0)
	if priority == "" {
		rank = slices.Index(priorities[:], im.PriorityNormal)
	}
	// No sender alone fills the queue.
	if p.of(u) >= (t.perSecond+1)/2 || p.count >= 2*t.perSecond && !p.evict(rank, u) {
		t.mu.Unlock()
		return false, refused
	}
	mine := p.enqueue(rank, u)
	if p.count == 1 {
		p.timer.Reset(t.next(p, now))
	}
	t.mu.Unlock()

	patience := time.NewTimer(turnPatience)
	defer patience.Stop()
	select {
	case passed := <-mine.result:
		return true, refusedUnless(passed, refused)
	case <-patience.C:
		err = refused
	case <-ctx.Done():
		err = ctx.Err()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if p.remove(mine) {
		return true, err
	}
	return true, refusedUnless(<-mine.result, refused) // decided this very moment
}

func refusedUnless(passed bool, refused error) error {
	if passed {
		return nil
	}
	return refused
}

// tick lets through what the rate allows by now. A group that was quiet for the
// length of the window is forgotten.
func (t *turns) tick(g im.GroupID, p *pace) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	p.forget(now)
	for p.count > 0 && t.next(p, now) <= 0 {
		u, first := p.take(t.perSecond)
		t.pass(p, now, u)
		first.result <- true
	}
	switch {
	case p.count > 0:
		p.timer.Reset(t.next(p, now))
	case len(p.passed) > 0:
		p.timer.Reset(turnWindow)
	default:
		delete(t.groups, g)
	}
}

// forget drops what is older than the window.
func (p *pace) forget(now time.Time) {
	n := 0
	for n < len(p.passed) && now.Sub(p.passed[n].at) >= turnWindow {
		u := p.passed[n].user
		if p.share[u]--; p.share[u] == 0 {
			delete(p.share, u)
		}
		n++
	}
	p.passed = slices.Delete(p.passed, 0, n)
}

// pass counts a message of u as let through.
func (t *turns) pass(p *pace, now time.Time, u im.UserID) {
	if p.due.Before(now) {
		p.due = now
	}
	p.due = p.due.Add(time.Second / time.Duration(t.perSecond))
	p.passed = append(p.passed, passage{now, u})
	p.share[u]++
}

// next is how long it takes until one more may pass, 0 or less for now.
func (t *turns) next(p *pace, now time.Time) time.Duration {
	ahead := time.Duration(t.margin()-1) * (time.Second / time.Duration(t.perSecond))
	return p.due.Add(-ahead).Sub(now)
}

func (p *pace) enqueue(rank int, u im.UserID) *turn {
	t := &turn{result: make(chan bool, 1)}
	p.count++
	for _, l := range p.waiting[rank] {
		if l.user == u {
			l.turns = append(l.turns, t)
			return t
		}
	}
	p.waiting[rank] = append(p.waiting[rank], &line{u, []*turn{t}})
	return t
}

// of is how many messages of u wait.
func (p *pace) of(u im.UserID) (n int) {
	for _, lines := range p.waiting {
		for _, l := range lines {
			if l.user == u {
				n += len(l.turns)
			}
		}
	}
	return n
}

// take removes the turn that comes first: of the highest priority whose senders
// did not have half of the last second, else of the highest at all. Its sender
// goes to the end of those that wait.
func (p *pace) take(perSecond int) (im.UserID, *turn) {
	for _, modest := range []bool{true, false} {
		for rank, lines := range p.waiting {
			for i, l := range lines {
				if modest && 2*p.share[l.user] >= perSecond {
					continue
				}
				first := l.turns[0]
				l.turns = slices.Delete(l.turns, 0, 1)
				lines = slices.Delete(lines, i, i+1)
				if len(l.turns) > 0 {
					lines = append(lines, l)
				}
				p.waiting[rank] = lines
				p.count--
				return l.user, first
			}
		}
	}
	panic("server: no turn waits") // count says otherwise
}

// evict makes room for a message of u: of the lowest priority the sender that
// has most waiting loses its last. It reports false if u's is that message.
func (p *pace) evict(rank int, u im.UserID) bool {
	for low := len(priorities) - 1; low >= rank; low-- {
		var most *line
		for _, l := range p.waiting[low] {
			if most == nil || len(l.turns) > len(most.turns) {
				most = l
			}
		}
		if most == nil {
			continue
		}
		if low == rank {
			own := 1
			for _, l := range p.waiting[low] {
				if l.user == u {
					own += len(l.turns)
				}
			}
			if own >= len(most.turns) {
				return false
			}
		}
		last := most.turns[len(most.turns)-1]
		p.remove(last)
		last.result <- false
		return true
	}
	return false
}

// remove takes a turn from those that wait; false if it does not wait any more.
func (p *pace) remove(t *turn) bool {
	for rank, lines := range p.waiting {
		for i, l := range lines {
			j := slices.Index(l.turns, t)
			if j < 0 {
				continue
			}
			if l.turns = slices.Delete(l.turns, j, j+1); len(l.turns) == 0 {
				p.waiting[rank] = slices.Delete(lines, i, i+1)
			}
			p.count--
			return true
		}
	}
	return false
}

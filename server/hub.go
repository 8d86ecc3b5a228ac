package server

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/nats-io/nats.go"

	"magpie/im"
	"magpie/im/wire"
)

// hub knows the connections of this gateway and hands them what concerns
// their users. All subscriptions share one channel; what is for one user is
// handled by one of a few goroutines, always the same, and so in order.
type hub struct {
	server  *Server
	inbound chan *nats.Msg
	stopped chan struct{}
	ended   sync.WaitGroup

	mu       sync.Mutex
	users    map[im.UserID]*hubUser
	watchers map[im.UserID]map[*conn]struct{} // who wants to know of a user's presence
}

// hubUser is a user with at least one connection here.
type hubUser struct {
	conns []*conn // oldest first
	sub   *nats.Subscription
	// counts is what is needed to say how much is unread, per conversation that
	// something was pushed for.
	counts map[convKey]*viewCounts
}

// viewCounts are a user's counters in one conversation.
type viewCounts struct {
	inbox  inboxEntry
	own    uint64
	silent bool // a kind of group that counts nothing
	// recalled are the recalls known here of others' messages.
	recalled []recalledNumber
}

const (
	// hubQueue is how many pushes may wait for the hub before some are lost and
	// all clients resync.
	hubQueue = 16 << 10
	// hubShards goroutines handle them; one may wait for the disk while the
	// others go on.
	hubShards     = 8
	hubShardQueue = 256
	// countsMax bounds the counters kept for one user.
	countsMax = 1000
)

func newHub(s *Server) (*hub, error) {
	h := &hub{
		server: s, inbound: make(chan *nats.Msg, hubQueue), stopped: make(chan struct{}),
		users: map[im.UserID]*hubUser{}, watchers: map[im.UserID]map[*conn]struct{}{},
	}
	s.bus.dropped = h.resync
	for _, subject := range []string{subjectGroup + "*", subjectPresence + "*"} {
		if _, err := s.bus.nc.ChanSubscribe(subject, h.inbound); err != nil {
			return nil, fmt.Errorf("server: subscribe: %w", err)
		}
	}
	var shards [hubShards]chan *nats.Msg
	for i := range shards {
		shards[i] = make(chan *nats.Msg, hubShardQueue)
		h.ended.Go(func() { h.run(shards[i]) })
	}
	h.ended.Go(func() { h.share(shards[:]) })
	return h, nil
}

func (h *hub) close() {
	close(h.stopped)
	h.ended.Wait()
}

// join adds a connection. It returns those it displaces: where one device is
// allowed, or one if the user has too many.
func (h *hub) join(c *conn) (displaced []*conn, err error) {
	h.mu.Lock()
	u := h.users[c.user]
	if u == nil {
		u = &hubUser{counts: map[convKey]*viewCounts{}}
		if u.sub, err = h.server.bus.nc.ChanSubscribe(subjectUser+encodeID(string(c.user)), h.inbound); err != nil {
			h.mu.Unlock()
			return nil, fmt.Errorf("server: subscribe: %w", err)
		}
		h.users[c.user] = u
	}
	first := len(u.conns) == 0
	displaced = h.displace(u, c)
	if len(u.conns) >= h.server.opt.MaxConnections {
		i := slices.IndexFunc(u.conns, func(o *conn) bool { return o.device == c.device })
		displaced = append(displaced, u.conns[max(i, 0)])
		u.conns = slices.Delete(u.conns, max(i, 0), max(i, 0)+1)
	}
	u.conns = append(u.conns, c)
	h.mu.Unlock()
	// The subscription stands before the client hears that it is signed in.
	if err := h.server.bus.nc.Flush(); err != nil {
		return displaced, fmt.Errorf("server: subscribe: %w", err)
	}
	if first {
		h.announce(c.user, im.StatusOnline)
	}
	return displaced, nil
}

// leave removes a connection and everything it watched.
func (h *hub) leave(c *conn) {
	h.mu.Lock()
	for u := range c.watching {
		delete(h.watchers[u], c)
		if len(h.watchers[u]) == 0 {
			delete(h.watchers, u)
		}
	}
	c.watching = nil
	last := false
	if u := h.users[c.user]; u != nil {
		if i := slices.Index(u.conns, c); i >= 0 {
			u.conns = slices.Delete(u.conns, i, i+1)
		}
		if last = len(u.conns) == 0; last {
			delete(h.users, c.user)
			if err := u.sub.Unsubscribe(); err != nil {
				h.server.opt.Logf("fan-out: %v", err)
			}
		}
	}
	h.mu.Unlock()
	if last {
		h.announce(c.user, im.StatusOffline)
	}
}

// push hands a frame to all connections of u but the session origin.
func (h *hub) push(u im.UserID, origin string, frame []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if user := h.users[u]; user != nil {
		for _, c := range user.conns {
			if origin == "" || c.session != origin {
				c.push(frame)
			}
		}
	}
}

// resync tells every client that pushes may have been lost.
func (h *hub) resync() {
	frame, err := wire.Encode(wire.Resync{Head: wire.Head{T: wire.TResync}})
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range h.users {
		clear(u.counts) // they went without what was lost
		for _, c := range u.conns {
			c.push(frame)
		}
	}
}

// unreadAfter returns how much is unread for u once r was stored, and whether u
// wants nothing of the conversation.
func (h *hub) unreadAfter(u im.UserID, r *record) (unread uint64, discard bool) {
	h.mu.Lock()
	user := h.users[u]
	var counts *viewCounts
	if user != nil {
		counts = user.counts[r.key]
	}
	h.mu.Unlock()
	if user == nil {
		return 0, false
	}
	if counts == nil {
		var err error
		if counts, err = h.readCounts(u, r); err != nil {
			h.server.opt.Logf("fan-out: %v", err)
			return 0, false
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if user := h.users[u]; user != nil {
		if len(user.counts) >= countsMax {
			clear(user.counts)
		}
		user.counts[r.key] = counts
	}
	if r.from == u && r.n > 0 {
		counts.own = max(counts.own, r.own)
	}
	if r.kind == kindRecall {
		counts.recall(u, r.body.Revokes.Sequence, r.body.Revokes.From)
	}
	return counts.unread(u, r), counts.inbox.Remind == im.RemindDiscard
}

// recall takes in that number n, a message of from, was recalled.
func (c *viewCounts) recall(u im.UserID, n uint64, from im.UserID) {
	c.recalled = slices.DeleteFunc(c.recalled, func(r recalledNumber) bool { return r.N <= c.inbox.Read || r.N == n })
	if from != u && n > c.inbox.Read {
		c.recalled = append(c.recalled, recalledNumber{n, from})
	}
}

// unread is how much u has not read once r was stored.
func (c *viewCounts) unread(u im.UserID, r *record) uint64 {
	if c.silent || c.inbox.Remind == im.RemindDiscard {
		return 0
	}
	upto := r.n
	if upto == 0 { // r is for who is online, and counts nothing itself
		upto = math.MaxUint64
	}
	all := c.inbox.unread(r.u, c.own)
	return all - min(all, countRecalls(c.recalled, u, c.inbox.Read, upto))
}

func (h *hub) readCounts(u im.UserID, r *record) (*viewCounts, error) {
	ctx := h.server.ctx
	counts := &viewCounts{}
	if _, err := h.server.inboxes.table.peek(ctx, inboxKey(u, r.key), &counts.inbox); err != nil {
		return nil, err
	}
	if g, ok := r.key.group(); ok {
		st, err := h.server.groups.get(ctx, g)
		if err != nil {
			return nil, err
		}
		if counts.silent = !st.hasUnread(); counts.silent {
			return counts, nil
		}
	}
	head, err := h.server.heads.get(ctx, r.key)
	if err != nil {
		return nil, err
	}
	counts.recalled = head.Recalled
	if _, whole := head.recalls(u, counts.inbox.Read, head.N); !whole {
		if counts.recalled, err = h.server.log.recallsAfter(ctx, r.key, counts.inbox.Read); err != nil {
			return nil, err
		}
	}
	counts.recalled = slices.DeleteFunc(slices.Clone(counts.recalled), func(n recalledNumber) bool {
		return n.From == u || n.N <= counts.inbox.Read
	})
	var own ownEntry
	if _, err := h.server.heads.table.peek(ctx, ownKey(r.key, u), &own); err != nil {
		return nil, err
	}
	counts.own = own.Count
	if r.n > 0 && own.N > r.n { // u has written since r was stored
		_, counts.own, err = h.server.countsAt(ctx, u, r.key, head, 1, r.n)
		if err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// learn takes in a user's new view of a conversation, or forgets it where it
// has to be read again.
func (h *hub) learn(u im.UserID, k convKey, inbox *inboxEntry, kind string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	user := h.users[u]
	if user == nil {
		return
	}
	counts := user.counts[k]
	switch {
	case counts == nil:
	case inbox != nil && inbox.Read >= counts.inbox.Read:
		counts.inbox = *inbox
	case kind == wire.EvConvChanged || kind == wire.EvConvGone:
		delete(user.counts, k)
	}
}

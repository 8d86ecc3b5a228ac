package core

import (
	"cmp"
	"slices"
	"sync"

	"magpie/im"
	"magpie/store"
)

// outbox mirrors the store's outbox in memory, so that senders need not read
// it again for each message. The store is always changed first.
type outbox struct {
	mu   sync.Mutex
	rows map[im.MessageID]store.OutboxRow // all, also those that failed
	lane map[im.ConversationID]*lane
	// waiting has a channel for each message that somebody waits for; it is
	// closed when the message changes.
	waiting map[im.MessageID]chan struct{}
	// hold takes messages in hand that cannot go out yet, and releases them.
	hold func(row store.OutboxRow, fresh bool) bool
}

// lane is what waits to be sent in one conversation, by Order. One goroutine
// at a time works on it.
type lane struct {
	queue    []im.MessageID
	running  bool
	onTheWay im.MessageID // in the hands of the server right now
	// fresh are messages written by this process and not tried yet, whose base
	// may still rise.
	fresh map[im.MessageID]bool
}

func (o *outbox) load(c *Client) error {
	o.rows = make(map[im.MessageID]store.OutboxRow)
	o.lane = make(map[im.ConversationID]*lane)
	o.waiting = make(map[im.MessageID]chan struct{})
	rows, err := c.db.Outbox()
	if err != nil {
		return err
	}
	for _, r := range rows {
		o.put(r, false)
	}
	return nil
}

// put takes in a row that the store has. fresh: it was never tried.
func (o *outbox) put(r store.OutboxRow, fresh bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	id := r.Message.ID
	r.Message.AtUserList = slices.Clone(r.Message.AtUserList) // the caller keeps its own
	o.rows[id] = r
	o.tellLocked(id)
	ln := o.laneLocked(r.Message.ConversationID)
	if r.Message.Status == im.StatusFail || slices.Contains(ln.queue, id) || o.hold(r, fresh) {
		return
	}
	o.queueLocked(ln, r, fresh)
}

// release lets a message go out that was held.
func (o *outbox) release(c *Client, id im.MessageID, fresh bool) {
	o.mu.Lock()
	r, ok := o.rows[id]
	if ok && r.Message.Status != im.StatusFail {
		ln := o.laneLocked(r.Message.ConversationID)
		if !slices.Contains(ln.queue, id) {
			o.queueLocked(ln, r, fresh)
		}
	}
	o.mu.Unlock()
	if ok {
		o.wake(c, r.Message.ConversationID)
	}
}

// queueLocked puts a message into its lane.
func (o *outbox) queueLocked(ln *lane, r store.OutboxRow, fresh bool) {
	id := r.Message.ID
	at, _ := slices.BinarySearchFunc(ln.queue, r.Order, func(id im.MessageID, order uint64) int {
		return cmp.Compare(o.rows[id].Order, order)
	})
	ln.queue = slices.Insert(ln.queue, at, id)
	if fresh {
		ln.fresh[id] = true
	}
}

// drop forgets a row that the store no longer has; false if it was not here.
func (o *outbox) drop(id im.MessageID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	r, ok := o.rows[id]
	if !ok {
		return false
	}
	delete(o.rows, id)
	o.unqueueLocked(r.Message.ConversationID, id)
	o.tellLocked(id)
	return true
}

// failed marks a row that the store has as failed. It is no longer on its way from
// then on: whoever hears of the failure may cancel it.
func (o *outbox) failed(r store.OutboxRow) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rows[r.Message.ID] = r
	if ln := o.laneLocked(r.Message.ConversationID); ln.onTheWay == r.Message.ID {
		ln.onTheWay = ""
	}
	o.unqueueLocked(r.Message.ConversationID, r.Message.ID)
	o.tellLocked(r.Message.ID)
}

func (o *outbox) laneLocked(conv im.ConversationID) *lane {
	ln := o.lane[conv]
	if ln == nil {
		ln = &lane{fresh: make(map[im.MessageID]bool)}
		o.lane[conv] = ln
	}
	return ln
}

func (o *outbox) unqueueLocked(conv im.ConversationID, id im.MessageID) {
	ln := o.laneLocked(conv)
	ln.queue = slices.DeleteFunc(ln.queue, func(q im.MessageID) bool { return q == id })
	delete(ln.fresh, id)
}

func (o *outbox) tellLocked(id im.MessageID) {
	if ch := o.waiting[id]; ch != nil {
		close(ch)
		delete(o.waiting, id)
	}
}

// get returns a row and a channel that is closed when it changes.
func (o *outbox) get(id im.MessageID) (r store.OutboxRow, changed <-chan struct{}, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r, ok = o.rows[id]; !ok {
		return r, nil, false
	}
	ch := o.waiting[id]
	if ch == nil {
		ch = make(chan struct{})
		o.waiting[id] = ch
	}
	return r, ch, true
}

func (o *outbox) has(id im.MessageID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, ok := o.rows[id]
	return ok
}

// of returns the unacknowledged messages of a conversation by Order.
func (o *outbox) of(conv im.ConversationID) []im.Message {
	o.mu.Lock()
	var rows []store.OutboxRow
	for _, r := range o.rows {
		if r.Message.ConversationID == conv {
			rows = append(rows, r)
		}
	}
	o.mu.Unlock()
	slices.SortFunc(rows, func(a, b store.OutboxRow) int { return cmp.Compare(a.Order, b.Order) })
	list := make([]im.Message, len(rows))
	for i, r := range rows {
		list[i] = r.Message
	}
	return list
}

// any reports whether a conversation has unacknowledged messages.
func (o *outbox) any(conv im.ConversationID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.rows {
		if r.Message.ConversationID == conv {
			return true
		}
	}
	return false
}

// above lists the messages of a conversation whose base is above n.
func (o *outbox) above(conv im.ConversationID, n uint64) []store.OutboxRow {
	o.mu.Lock()
	defer o.mu.Unlock()
	var rows []store.OutboxRow
	for _, r := range o.rows {
		if r.Message.ConversationID == conv && r.Base > n {
			rows = append(rows, r)
		}
	}
	return rows
}

// rebased takes over a base that the store has.
func (o *outbox) rebased(id im.MessageID, base uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r, ok := o.rows[id]; ok {
		r.Base = base
		o.rows[id] = r
	}
}

// newest returns the last unacknowledged message of each conversation that has one.
func (o *outbox) newest() map[im.ConversationID]im.Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.rows) == 0 {
		return nil
	}
	order := make(map[im.ConversationID]uint64)
	out := make(map[im.ConversationID]im.Message)
	for _, r := range o.rows {
		if conv := r.Message.ConversationID; r.Order > order[conv] {
			order[conv], out[conv] = r.Order, r.Message
		}
	}
	return out
}

// arrived is called when the server's log showed a message that was still in
// the outbox: its acknowledgement was lost. The store has moved it already.
func (o *outbox) arrived(c *Client, m im.Message) {
	if o.drop(m.ID) {
		c.hub.emit(MessageUpdated{Message: m})
	}
}

// wakeAll starts a sender for each conversation that has something to send.
func (o *outbox) wakeAll(c *Client) {
	o.mu.Lock()
	var convs []im.ConversationID
	for conv, ln := range o.lane {
		if len(ln.queue) > 0 {
			convs = append(convs, conv)
		}
	}
	o.mu.Unlock()
	for _, conv := range convs {
		o.wake(c, conv)
	}
}

// wake starts the sender of a conversation unless it runs or nothing is to be sent.
func (o *outbox) wake(c *Client, conv im.ConversationID) {
	o.mu.Lock()
	ln := o.laneLocked(conv)
	start := !ln.running && len(ln.queue) > 0
	ln.running = ln.running || start
	o.mu.Unlock()
	if start && !c.spawn(func() { c.sendLane(conv) }) {
		o.mu.Lock()
		ln.running = false
		o.mu.Unlock()
	}
}

// next takes the first message of a lane in hand; if there is none, or no
// connection, the lane is at rest when it returns.
func (o *outbox) next(c *Client, conv im.ConversationID) (r store.OutboxRow, fresh bool, l *link) {
	l = c.current()
	o.mu.Lock()
	defer o.mu.Unlock()
	ln := o.laneLocked(conv)
	if l == nil || len(ln.queue) == 0 || c.ctx.Err() != nil {
		ln.running = false
		return r, false, nil
	}
	id := ln.queue[0]
	ln.onTheWay = id
	fresh = ln.fresh[id]
	delete(ln.fresh, id)
	return o.rows[id], fresh, l
}

// back says that the message in hand is no longer at the server; who waits for it may
// want to take it out now.
func (o *outbox) back(conv im.ConversationID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	ln := o.laneLocked(conv)
	o.tellLocked(ln.onTheWay)
	ln.onTheWay = ""
}

// withhold takes a message out of its lane unless it is on its way.
func (o *outbox) withhold(id im.MessageID) (r store.OutboxRow, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r, ok := o.rows[id]
	if !ok {
		return r, im.Errorf(im.CodeInvalidMessage, "message %.96q is not in the outbox", id)
	}
	if o.laneLocked(r.Message.ConversationID).onTheWay == id {
		return r, im.Errorf(im.CodeBusy, "message %.96q is on its way", id)
	}
	o.unqueueLocked(r.Message.ConversationID, id)
	return r, nil
}

// hashes are the files that messages of the outbox name.
func (o *outbox) hashes() map[string]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := make(map[string]bool)
	for _, r := range o.rows {
		uses, err := im.BlobsOf(r.Message.Payload)
		if err != nil {
			continue // it names none
		}
		for _, u := range uses {
			all[u.Hash] = true
		}
	}
	return all
}

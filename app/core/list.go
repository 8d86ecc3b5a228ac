package core

import (
	"slices"
	"sync"
	"time"

	"magpie/im"
)

// listInterval is the least time between two ConversationListUpdated events.
const listInterval = 50 * time.Millisecond

// list gathers changes of conversations into few events.
type list struct {
	mu      sync.Mutex
	changed []im.ConversationID
	running bool
	unread  uint64
	counted bool // unread was told once
}

// touch notes that a conversation changed; an event follows.
func (n *list) touch(c *Client, id im.ConversationID) {
	n.mu.Lock()
	if !slices.Contains(n.changed, id) {
		n.changed = append(n.changed, id)
	}
	start := !n.running
	n.running = true
	n.mu.Unlock()
	if start && !c.spawn(func() { n.run(c) }) {
		n.mu.Lock()
		n.running = false
		n.mu.Unlock()
	}
}

func (n *list) run(c *Client) {
	for {
		n.mu.Lock()
		changed := n.changed
		n.changed = nil
		if len(changed) == 0 {
			n.running = false
			n.mu.Unlock()
			return
		}
		n.mu.Unlock()
		n.tell(c, changed)
		if !c.pause(listInterval, nil) {
			return
		}
	}
}

func (n *list) tell(c *Client, changed []im.ConversationID) {
	rows, err := c.conversations(0, im.ConversationPage)
	if err != nil {
		c.report(err)
		return
	}
	c.hub.emit(ConversationListUpdated{Conversations: rows, Changed: changed})
	unread, err := c.db.TotalUnread()
	if err != nil {
		c.report(err)
		return
	}
	n.mu.Lock()
	news := !n.counted || unread != n.unread
	n.counted, n.unread = true, unread
	n.mu.Unlock()
	if news {
		c.hub.emit(TotalUnreadUpdated{Unread: unread})
	}
}

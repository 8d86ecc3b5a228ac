package core

import (
	"slices"
	"sync"

	"magpie/im"
)

// live holds what was said in live rooms ([im.GroupAVChatRoom]) while this
// process was in them: it is stored nowhere, neither here nor on the server.
// Messages get ascending numbers of this process, so that they can be paged
// through like those of other conversations.
type live struct {
	mu    sync.Mutex
	rooms map[im.ConversationID]*room
}

type room struct {
	last     uint64
	messages []im.Message // by Sequence
}

// maxLive is how many messages of a room are kept; the oldest go first.
const maxLive = 500

// inLive reports whether a conversation is that of a live room.
func (c *Client) inLive(conv im.ConversationID) bool {
	g := conv.Group()
	if g == "" {
		return false
	}
	info, found, err := c.db.Group(g)
	return err == nil && found && !info.Type.Stored()
}

// said takes in a message of a live room, once, and announces it.
func (v *live) said(c *Client, m im.Message, event func(im.Message) Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.rooms[m.ConversationID]
	if r == nil {
		if v.rooms == nil {
			v.rooms = make(map[im.ConversationID]*room)
		}
		r = new(room)
		v.rooms[m.ConversationID] = r
	}
	if slices.ContainsFunc(r.messages, func(old im.Message) bool { return old.ID == m.ID }) {
		return
	}
	r.last++
	m.Sequence, m.OnlineUserOnly = r.last, true
	r.messages = append(r.messages, m)
	if over := len(r.messages) - maxLive; over > 0 {
		r.messages = slices.Delete(r.messages, 0, over)
	}
	c.hub.emit(event(m)) // with the lock, in the order of the numbers
	c.list.touch(c, m.ConversationID)
}

func (v *live) has(id im.MessageID) bool {
	_, found := v.message(id)
	return found
}

func (v *live) message(id im.MessageID) (im.Message, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.rooms {
		for i := range r.messages {
			if r.messages[i].ID == id {
				return r.messages[i], true
			}
		}
	}
	return im.Message{}, false
}

// remove takes a message out, and returns it.
func (v *live) remove(id im.MessageID) (m im.Message, found bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.rooms {
		i := slices.IndexFunc(r.messages, func(m im.Message) bool { return m.ID == id })
		if i < 0 {
			continue
		}
		m = r.messages[i]
		r.messages = slices.Delete(r.messages, i, i+1)
		return m, true
	}
	return m, false
}

// newest puts the last message of each room into last, where none is later.
func (v *live) newest(last map[im.ConversationID]im.Message) map[im.ConversationID]im.Message {
	v.mu.Lock()
	defer v.mu.Unlock()
	for conv, r := range v.rooms {
		if len(r.messages) == 0 {
			continue
		}
		m := r.messages[len(r.messages)-1]
		if last == nil {
			last = make(map[im.ConversationID]im.Message)
		}
		if old, ok := last[conv]; !ok || old.Time < m.Time {
			last[conv] = m
		}
	}
	return last
}

// leave forgets a room.
func (v *live) leave(conv im.ConversationID) {
	v.mu.Lock()
	delete(v.rooms, conv)
	v.mu.Unlock()
}

// page is [Client.History] of a room.
func (v *live) page(conv im.ConversationID, q HistoryQuery) HistoryPage {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.rooms[conv]
	if r == nil || len(r.messages) == 0 {
		return HistoryPage{}
	}
	all := r.messages
	from := func(n uint64) int { // where sequence n is, or would be
		i, _ := slices.BinarySearchFunc(all, n, func(m im.Message, n uint64) int {
			if m.Sequence < n {
				return -1
			}
			return 1
		})
		return i
	}
	lo, hi := max(0, len(all)-q.Limit), len(all)
	switch {
	case q.After > 0:
		lo = from(q.After + 1)
		hi = min(lo+q.Limit, len(all))
	case q.Around > 0:
		lo = max(0, from(q.Around)-q.Limit/2)
		hi = min(lo+q.Limit, len(all))
	case q.Before > 0:
		hi = from(q.Before)
		lo = max(0, hi-q.Limit)
	}
	return HistoryPage{
		Messages: slices.Clone(all[lo:hi]), HasOlder: lo > 0, HasNewer: hi < len(all),
		First: all[0].Sequence, Last: r.last,
	}
}

// find is the first message of a room that was not said before a moment, or its last.
func (v *live) find(conv im.ConversationID, at int64) (hit DateHit) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if r := v.rooms[conv]; r != nil {
		for _, m := range r.messages {
			hit = DateHit{Sequence: m.Sequence, Time: m.Time}
			if m.Time >= at {
				break
			}
		}
	}
	return hit
}

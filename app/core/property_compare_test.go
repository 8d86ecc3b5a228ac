package core

import (
	"fmt"
	"maps"
	"time"

	"pgregory.net/rapid"

	"magpie/im"
)

// compare brings everybody back and looks at what each device has.
func (r *rehearsal) compare(rt *rapid.T) {
	for _, name := range r.names {
		if p := r.devices[name]; p.client == nil {
			r.start(rt, p)
		}
	}
	for _, name := range r.names {
		p := r.devices[name]
		for _, peer := range []im.UserID{"ann", "bob", "carl"} {
			if len(r.said[r.place(p.user, im.C2C(peer))]) > 0 {
				r.same(rt, name, im.C2C(peer))
			}
		}
		if _, member := r.model.roles[p.user]; !member {
			if _, err := p.client.GroupMembers(r.ctx, r.group); im.CodeOf(err) != im.CodeGroupPermission {
				rt.Fatalf("%s is no member and asks for them: %v", name, err)
			}
			continue
		}
		r.same(rt, name, r.groupConv())
		members, err := p.client.GroupMembers(r.ctx, r.group)
		r.must(rt, "members", err)
		got := map[im.UserID]im.Role{}
		for _, m := range members {
			got[m.UserID] = m.Role
		}
		if !maps.Equal(got, r.model.roles) {
			rt.Fatalf("%s sees the members %v, the model %v", name, got, r.model.roles)
		}
	}
}

// same compares one conversation of a device with the model: order, recalls,
// read mark and unread count.
func (r *rehearsal) same(rt *rapid.T, name string, conv im.ConversationID) {
	p := r.devices[name]
	at := r.place(p.user, conv)
	all := r.said[at]
	if len(all) > 0 {
		r.caughtUp(rt, p, conv, all[len(all)-1].n)
	}
	var why string
	r.eventually(rt, name+" agrees on "+string(conv), func() bool {
		why = r.differs(p, conv, all)
		return why == ""
	}, &why)
}

func (r *rehearsal) differs(p *player, conv im.ConversationID, all []*saying) string {
	if _, err := p.client.FillHistory(r.ctx, conv, 0); err != nil {
		return err.Error()
	}
	page, err := p.client.History(r.ctx, conv, HistoryQuery{Limit: 1000})
	if err != nil {
		return err.Error()
	}
	here := map[im.MessageID]im.Message{}
	for i, m := range page.Messages {
		here[m.ID] = m
		if i > 0 && page.Messages[i-1].Sequence >= m.Sequence {
			return fmt.Sprintf("%d after %d", m.Sequence, page.Messages[i-1].Sequence)
		}
	}
	row, found, err := p.store.Conversation(conv)
	if err != nil || !found {
		return fmt.Sprintf("no row: %v", err)
	}
	for _, s := range all {
		m, has := here[s.id]
		if !has {
			if s.n >= page.First {
				return fmt.Sprintf("message %d is missing", s.n)
			}
			continue // from before it joined
		}
		if m.Sequence != s.n || m.From != s.from || m.IsRevoked != (m.Payload == nil) || m.IsRevoked != s.recalled && !s.unheard[p.user] {
			return fmt.Sprintf("message %d is %+v, the model has %+v", s.n, m, *s)
		}
	}
	read := r.reads[string(p.user)+" "+r.place(p.user, conv)]
	if row.Read < read {
		return fmt.Sprintf("read up to %d, the model has %d", row.Read, read)
	}
	unread := uint64(0)
	for _, m := range page.Messages {
		if m.Sequence > row.Read && m.From != p.user && m.Countable() {
			unread++
		}
	}
	if row.UnreadCount != unread {
		return fmt.Sprintf("%d unread, %d are above %d", row.UnreadCount, unread, row.Read)
	}
	// The account's devices agree on the mark.
	for _, name := range r.names {
		if o := r.devices[name]; o.user == p.user && o.client != nil {
			other, _, err := o.store.Conversation(conv)
			if err != nil || other.Read != row.Read || other.UnreadCount != row.UnreadCount {
				return fmt.Sprintf("another device has read %d and %d unread (%v), this one %d and %d", other.Read, other.UnreadCount, err, row.Read, row.UnreadCount)
			}
		}
	}
	return ""
}

func (r *rehearsal) eventually(rt *rapid.T, what string, f func() bool, why ...*string) {
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !f() {
		select {
		case <-tick.C:
		case <-deadline.C:
			reason := ""
			if len(why) > 0 {
				reason = *why[0]
			}
			rt.Fatalf("never: %s %s", what, reason)
		}
	}
}

package server

import (
	"context"

	"magpie/im"
)

// Notifier tells people who are not connected that a message came, by whatever
// way their devices can be reached. The server has none of its own.
type Notifier interface {
	// Notify is called for each stored message that somebody absent wants to hear
	// of, one call after the other; ctx ends with the server. What it does with an
	// error is its own affair. While it takes its time messages are stored and
	// pushed all the same, and if very many wait, notifications are left out.
	Notify(ctx context.Context, n Notification)
}

// Notification is what a notifier is told of one message.
type Notification struct {
	// Users are the receivers without a connection that want to be told.
	Users        []im.UserID
	Conversation im.ConversationID // as each of Users calls it
	MessageID    im.MessageID
	From         im.UserID
	// Title and Description are what the sender chose, or else who wrote (one-to-one)
	// or the group, and the message in words, in English.
	Title, Description string
	// Options is all that the sender chose about it.
	Options im.OfflinePushInfo
}

// notifyQueue is how many messages wait for the notifier before some are left out.
const notifyQueue = 4096

// notifications hands stored messages to the notifier, from a goroutine of its own.
type notifications struct {
	server *Server
	queue  chan *record
}

func startNotifications(s *Server) *notifications {
	x := &notifications{server: s, queue: make(chan *record, notifyQueue)}
	s.work.Go(x.run)
	return x
}

// stored is told of every message once; it never blocks.
func (x *notifications) stored(r *record) {
	if r.from == im.SystemUser || r.push != nil && r.push.DisablePush {
		return
	}
	select {
	case x.queue <- r:
	default:
		x.server.opt.Logf("notifier: %s is left out, %d wait", r.id, notifyQueue)
	}
}

func (x *notifications) run() {
	ctx := x.server.ctx
	for {
		select {
		case r := <-x.queue:
			n, err := x.notification(ctx, r)
			if err != nil {
				x.server.opt.Logf("notifier: %v", err)
			} else if len(n.Users) > 0 {
				x.server.opt.Notifier.Notify(ctx, n)
			}
		case <-ctx.Done():
			return
		}
	}
}

// notification says who is to be told what of r; without Users nobody is.
func (x *notifications) notification(ctx context.Context, r *record) (Notification, error) {
	s := x.server
	n := Notification{MessageID: r.id, From: r.from}
	var receivers []im.UserID
	var st *groupState
	if g, ok := r.key.group(); ok {
		var err error
		if st, err = s.groups.get(ctx, g); err != nil {
			return n, err
		}
		for u := range st.members {
			receivers = append(receivers, u)
		}
		n.Title = st.doc.Group.Name
	} else {
		receivers = []im.UserID{r.key.peerOf(r.from)}
		if n.Title = r.body.Nick; n.Title == "" {
			n.Title = string(r.from)
		}
	}
	absent := s.hub.absent(receivers, r.from)
	if len(absent) == 0 {
		return n, nil
	}
	for _, u := range absent {
		entry, found, err := s.inboxes.get(ctx, u, r.key)
		if err != nil {
			return n, err
		}
		if found && entry.remind(st) == im.RemindNotify && entry.Read < r.n {
			n.Users = append(n.Users, u)
		}
	}
	n.Conversation = r.key.seenBy(absent[0])
	m := r.seenBy(absent[0])
	n.Description = im.MessageForShow(m.Payload, im.English)
	if r.push != nil {
		n.Options = *r.push
		if r.push.Title != "" {
			n.Title = r.push.Title
		}
		if r.push.Description != "" {
			n.Description = r.push.Description
		}
	}
	return n, nil
}

// absent returns those of users, but for the sender, that have no connection.
func (h *hub) absent(users []im.UserID, sender im.UserID) []im.UserID {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []im.UserID
	for _, u := range users {
		if u != sender && h.status(u) != im.StatusOnline {
			list = append(list, u)
		}
	}
	return list
}

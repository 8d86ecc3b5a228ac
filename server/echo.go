package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"

	"magpie/im"
	"magpie/im/wire"
)

// echoUser is the account that answers with what it gets.
const echoUser im.UserID = "echo"

// echo answers texts sent to the account "echo". Its read mark says which are
// answered; an answer's id follows from the question's, so answering again
// after a crash stores nothing twice.
type echo struct {
	server *Server
	wake   chan struct{}

	mu   sync.Mutex
	todo map[convKey]struct{}
}

func startEcho(ctx context.Context, s *Server) (*echo, error) {
	if _, err := s.accounts.create(ctx, echoUser, "", "Echo"); err != nil {
		return nil, err
	}
	e := &echo{server: s, wake: make(chan struct{}, 1), todo: map[convKey]struct{}{}}
	all, err := s.inboxes.list(ctx, echoUser)
	if err != nil {
		return nil, err
	}
	for k, entry := range all {
		head, err := s.heads.get(ctx, k)
		if err != nil {
			return nil, err
		}
		if head.N > entry.Read {
			e.add(k)
		}
	}
	s.work.Go(e.run)
	return e, nil
}

// notice is told of every stored message; it never blocks.
func (e *echo) notice(r *record) {
	a, b, ok := r.key.users()
	if ok && r.from != echoUser && (a == echoUser || b == echoUser) {
		e.add(r.key)
	}
}

func (e *echo) add(k convKey) {
	e.mu.Lock()
	e.todo[k] = struct{}{}
	e.mu.Unlock()
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *echo) next() (convKey, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for k := range e.todo {
		delete(e.todo, k)
		return k, true
	}
	return "", false
}

func (e *echo) run() {
	for {
		select {
		case <-e.wake:
		case <-e.server.ctx.Done():
			return
		}
		for {
			k, ok := e.next()
			if !ok || e.server.ctx.Err() != nil {
				break
			}
			if err := e.answer(e.server.ctx, k); err != nil && !errors.Is(err, context.Canceled) {
				// The read mark stayed behind: the next message or start goes on here.
				e.server.opt.Logf("echo: %v", err)
			}
		}
	}
}

// answer works off what came in conversation k since the read mark.
func (e *echo) answer(ctx context.Context, k convKey) error {
	s := e.server
	entry, ok, err := s.inboxes.get(ctx, echoUser, k)
	if err != nil || !ok {
		return err
	}
	last, err := s.log.head(ctx, k)
	if err != nil || last == nil {
		return err
	}
	for after := entry.Read; after < last.n; {
		rows, err := s.log.pageForward(ctx, k, last.position, after, pageForwardMax)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		for _, q := range rows {
			after = q.n
			if q.from == echoUser || q.kind != im.MsgText || q.erased {
				continue
			}
			r := &record{key: k, from: echoUser, id: answerID(q), kind: im.MsgText, body: body{Payload: q.body.Payload, Nick: "Echo"}}
			if _, _, err := s.actors.append(ctx, r, q.n, ""); err != nil {
				return err
			}
		}
		if err := s.readBy(ctx, echoUser, k, after, ""); err != nil {
			return err
		}
	}
	return nil
}

// answerID is the id of the answer to q.
func answerID(q *record) im.MessageID {
	sum := sha256.Sum256([]byte(dedupeID(q.from, q.id)))
	return im.MessageID(string(echoUser) + "-answer-" + lower32(sum[:20]))
}

// readBy moves u's read mark and tells u's other devices and, one-to-one, the
// peer.
func (s *Server) readBy(ctx context.Context, u im.UserID, k convKey, n uint64, origin string) error {
	entry, moved, unmarked, err := s.markRead(ctx, u, k, n)
	if err != nil {
		return err
	}
	if !moved {
		if unmarked {
			s.hub.send(u, envelope{Origin: origin, Key: k, Inbox: &entry, Event: &wire.Event{K: wire.EvConvChanged, Conversation: k.seenBy(u)}})
		}
		return nil
	}
	unread, err := s.unreadNow(ctx, u, k, entry)
	if err != nil {
		return err
	}
	s.hub.send(u, envelope{Origin: origin, Key: k, Inbox: &entry, Event: &wire.Event{
		K: wire.EvRead, Conversation: k.seenBy(u), Sequence: entry.Read, Unread: unread,
	}})
	if peer := k.peerOf(u); peer != "" && peer != u {
		s.hub.send(peer, envelope{Event: &wire.Event{K: wire.EvPeerRead, Conversation: k.seenBy(peer), Sequence: entry.Read, User: u}})
	}
	return nil
}

// unreadNow is how much u has not read of k.
func (s *Server) unreadNow(ctx context.Context, u im.UserID, k convKey, entry inboxEntry) (uint64, error) {
	if entry.Remind == im.RemindDiscard {
		return 0, nil
	}
	if g, ok := k.group(); ok {
		st, err := s.groups.get(ctx, g)
		if err != nil || !st.hasUnread() {
			return 0, err
		}
	}
	head, err := s.heads.get(ctx, k)
	if err != nil {
		return 0, err
	}
	own, err := s.heads.own(ctx, k, u)
	if err != nil {
		return 0, err
	}
	return s.unread(ctx, u, k, entry, head, own.Count)
}

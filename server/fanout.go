package server

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"

	"magpie/im"
	"magpie/im/wire"
)

// envelope is what goes from the gateway where something happened to those
// where someone wants to know. It is lost without harm: the log is the truth.
type envelope struct {
	// Message is set for messages, Event for everything else.
	Message *envelopeMessage `json:"m,omitempty"`
	Event   *wire.Event      `json:"e,omitempty"`
	// Origin is the session that gets no push of it.
	Origin string `json:"o,omitempty"`
	// Key is the conversation, if it is about one.
	Key convKey `json:"k,omitempty"`
	// Kick ends the user's sessions.
	Kick im.KickReason `json:"kick,omitempty"`
	// Inbox is the user's new view of the conversation, if that changed.
	Inbox *inboxEntry `json:"x,omitempty"`
}

type envelopeMessage struct {
	N        uint64         `json:"n"`
	U        uint64         `json:"u"`
	Own      uint64         `json:"s"`
	Time     int64          `json:"t"`
	From     im.UserID      `json:"f"`
	ID       im.MessageID   `json:"id"`
	Kind     im.MessageType `json:"k"`
	Priority im.Priority    `json:"p,omitempty"`
	// Push is what the sender chose about notifications.
	Push *im.OfflinePushInfo `json:"q,omitempty"`
	Body json.RawMessage     `json:"b"`
}

// bigGroup is the number of members above which a group has a subject of its
// own instead of one publication for each member: what is said is then decoded
// and encoded once at each gateway.
const bigGroup = 32

// Subjects of fan-out; '*' stands for an encoded id.
const (
	subjectUser     = "u."
	subjectGroup    = "g."
	subjectPresence = "pres."
)

// deliver tells all devices of all members of r, but for the session origin.
func (h *hub) deliver(ctx context.Context, r *record, origin string) {
	body, err := marshalPlain(r.body)
	if err != nil {
		h.server.opt.Logf("fan-out: %v", err)
		return
	}
	data, err := json.Marshal(envelope{Origin: origin, Key: r.key, Message: &envelopeMessage{
		N: r.n, U: r.u, Own: r.own, Time: r.time, From: r.from, ID: r.id, Kind: r.kind, Priority: r.priority, Push: r.push, Body: body,
	}})
	if err != nil {
		h.server.opt.Logf("fan-out: %v", err)
		return
	}
	g, ok := r.key.group()
	if !ok {
		for _, u := range r.key.sides() {
			h.publish(subjectUser+encodeID(string(u)), data)
		}
		return
	}
	st, err := h.server.groups.get(ctx, g)
	if err != nil {
		h.server.opt.Logf("fan-out to group: %v", err)
		return
	}
	h.publishToGroup(st, data)
}

// publishToGroup hands data to the members who are shown the group.
func (h *hub) publishToGroup(st *groupState, data []byte) {
	if len(st.members) > bigGroup {
		h.publish(subjectGroup+encodeID(string(st.doc.Group.GroupID)), data)
		return
	}
	for u := range st.members {
		if st.sees(u) {
			h.publish(subjectUser+encodeID(string(u)), data)
		}
	}
}

// groupEvent tells all devices of all members.
func (h *hub) groupEvent(st *groupState, e wire.Event) {
	data, err := json.Marshal(envelope{Key: groupKey(st.doc.Group.GroupID), Event: &e})
	if err != nil {
		h.server.opt.Logf("fan-out: %v", err)
		return
	}
	h.publishToGroup(st, data)
}

// event tells all devices of u, but for the session origin.
func (h *hub) event(u im.UserID, origin string, k convKey, e wire.Event) {
	h.send(u, envelope{Origin: origin, Key: k, Event: &e})
}

func (h *hub) send(u im.UserID, e envelope) {
	data, err := json.Marshal(e)
	if err != nil {
		h.server.opt.Logf("fan-out: %v", err)
		return
	}
	h.publish(subjectUser+encodeID(string(u)), data)
}

func (h *hub) publish(subject string, data []byte) {
	if err := h.server.bus.nc.Publish(subject, data); err != nil {
		h.server.opt.Logf("fan-out: %v", err)
	}
}

// share hands what arrives from all subscriptions to the shards, by subject.
func (h *hub) share(shards []chan *nats.Msg) {
	for {
		select {
		case m := <-h.inbound:
			sum := fnv.New32a()
			sum.Write([]byte(m.Subject))
			select {
			case shards[sum.Sum32()%uint32(len(shards))] <- m:
			case <-h.stopped:
				return
			}
		case <-h.stopped:
			return
		}
	}
}

// run takes the share of one goroutine to the connections here.
func (h *hub) run(shard <-chan *nats.Msg) {
	for {
		select {
		case m := <-shard:
			h.take(m)
		case <-h.stopped:
			return
		}
	}
}

func (h *hub) take(m *nats.Msg) {
	kind, token, _ := strings.Cut(m.Subject, ".")
	id := decodeID(token)
	if kind+"." == subjectPresence {
		h.presenceChanged(im.UserID(id), m.Data)
		return
	}
	var e envelope
	if err := json.Unmarshal(m.Data, &e); err != nil {
		h.server.opt.Logf("fan-out: %v", err)
		return
	}
	viewers := []im.UserID{im.UserID(id)}
	if kind+"." == subjectGroup {
		viewers = h.present(im.GroupID(id))
	}
	if e.Message != nil {
		h.pushMessage(&e, viewers)
		return
	}
	for _, u := range viewers {
		if e.Kick != "" {
			h.kick(u, e.Kick)
			continue
		}
		h.pushEvent(&e, u)
	}
}

// present returns the members of g that are connected here.
func (h *hub) present(g im.GroupID) []im.UserID {
	st, err := h.server.groups.get(h.server.ctx, g)
	if err != nil {
		h.server.opt.Logf("fan-out to group: %v", err)
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var here []im.UserID
	if len(st.members) < len(h.users) {
		for u := range st.members {
			if h.users[u] != nil && st.sees(u) {
				here = append(here, u)
			}
		}
		return here
	}
	for u := range h.users {
		if st.sees(u) {
			here = append(here, u)
		}
	}
	return here
}

// pushMessage sends a message to each viewer as that viewer sees it. The
// message is encoded once for those who see it alike.
func (h *hub) pushMessage(e *envelope, viewers []im.UserID) {
	m := e.Message
	r := &record{key: e.Key, own: m.Own, from: m.From, id: m.ID, kind: m.Kind, priority: m.Priority, push: m.Push}
	r.n, r.u, r.time = m.N, m.U, m.Time
	if err := json.Unmarshal(m.Body, &r.body); err != nil {
		h.server.opt.Logf("fan-out: %v", err)
		return
	}
	type look struct {
		conversation im.ConversationID
		flow         im.Flow
	}
	encoded := map[look][]byte{}
	for _, u := range viewers {
		message := r.seenBy(u)
		as := look{message.ConversationID, message.Flow}
		frame := encoded[as]
		if frame == nil {
			var err error
			if frame, err = wire.Encode(wire.Message{Head: wire.Head{T: wire.TMessage}, Message: message}); err != nil {
				h.server.opt.Logf("fan-out: %v", err)
				return
			}
			encoded[as] = frame
		}
		unread, discard := h.unreadAfter(u, r)
		if discard && r.from != u { // the user's own devices still show what it said
			continue
		}
		h.push(u, e.Origin, withUnread(frame, unread))
	}
}

// withUnread puts the unread count into an encoded wire.Message, whose last
// field it is.
func withUnread(frame []byte, unread uint64) []byte {
	const zero = `"unread":0}`
	if unread == 0 || !strings.HasSuffix(string(frame[len(frame)-min(len(frame), len(zero)):]), zero) {
		return frame
	}
	out := make([]byte, 0, len(frame)+20)
	out = append(out, frame[:len(frame)-2]...)
	out = strconv.AppendUint(out, unread, 10)
	return append(out, '}')
}

func (h *hub) pushEvent(e *envelope, u im.UserID) {
	if e.Key != "" {
		h.learn(u, e.Key, e.Inbox, e.Event.K)
	}
	frame, err := wire.Encode(eventFrame(*e.Event))
	if err != nil {
		h.server.opt.Logf("fan-out: %v", err)
		return
	}
	h.push(u, e.Origin, frame)
}

func eventFrame(e wire.Event) wire.Event {
	e.Head = wire.Head{T: wire.TEvent}
	return e
}

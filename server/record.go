package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"magpie/im"
)

// Headers of a stored message, beside JetStream's own.
const (
	headerAnchor   = "C" // number and page anchors
	headerCount    = "U" // countable messages so far, and of them the sender's own
	headerFrom     = "F" // user id of the sender
	headerDevice   = "D" // device that sent it
	headerType     = "T" // message type
	headerPriority = "P" // priority, if not Normal
	headerPush     = "O" // what the notification of an absent receiver says, JSON
	headerTime     = "W" // ms since 1970
)

// record is a message as the log keeps it.
type record struct {
	key convKey
	position
	// own is how many countable messages of the sender the conversation has, up
	// to and with this one.
	own      uint64
	from     im.UserID
	device   string
	id       im.MessageID
	kind     im.MessageType
	priority im.Priority
	push     *im.OfflinePushInfo
	// erased: the record was recalled; only a tombstone is left of it.
	erased bool
	body   body
}

// body is what is stored beside the headers.
type body struct {
	Payload         json.RawMessage `json:"payload,omitempty"`
	ClientSequence  uint64          `json:"cs,omitempty"`
	Random          uint32          `json:"rnd,omitempty"`
	AtUserList      []im.UserID     `json:"at,omitempty"`
	CloudCustomData string          `json:"ccd,omitempty"`
	Nick            string          `json:"nick,omitempty"`
	Avatar          string          `json:"avatar,omitempty"`
	NameCard        string          `json:"card,omitempty"`
	// Revokes is what a recall recalls; in a tombstone, what recalled it.
	Revokes *revocation `json:"rv,omitempty"`
}

// dedupeID is what JetStream recognises the message by, in the whole stream:
// the sender is part of it, so nobody can use up another's ids.
func dedupeID(from im.UserID, id im.MessageID) string { return string(from) + ":" + string(id) }

// message writes the record for the log; its number and anchors follow from
// the message before it.
func (r *record) message(subject string, prev position) (*nats.Msg, error) {
	r.n, r.a, r.b = prev.next()
	m := nats.NewMsg(subject)
	m.Header.Set(headerAnchor, formatAnchor(r.n, r.a, r.b))
	m.Header.Set(headerCount, fmt.Sprintf("%d %d", r.u, r.own))
	m.Header.Set(headerFrom, string(r.from))
	m.Header.Set(headerType, string(r.kind))
	m.Header.Set(headerTime, strconv.FormatInt(r.time, 10))
	if r.device != "" {
		m.Header.Set(headerDevice, r.device)
	}
	if r.priority != "" && r.priority != im.PriorityNormal {
		m.Header.Set(headerPriority, string(r.priority))
	}
	if r.push != nil {
		push, err := json.Marshal(r.push)
		if err != nil {
			return nil, err
		}
		m.Header.Set(headerPush, string(push))
	}
	var err error
	m.Data, err = marshalPlain(r.body)
	return m, err
}

// readRecord reads a message of the log.
func readRecord(m *jetstream.RawStreamMsg) (*record, error) {
	r := &record{}
	r.seq = m.Sequence
	parts := strings.SplitN(m.Subject, ".", 3)
	if len(parts) != 3 || parts[0] != "m" {
		return nil, fmt.Errorf("server: message %d has subject %q", m.Sequence, m.Subject)
	}
	r.key = convKey(parts[2])
	var err error
	if r.n, r.a, r.b, err = parseAnchor(m.Header.Get(headerAnchor)); err != nil {
		return nil, err
	}
	counts, err := parseNumbers(m.Header.Get(headerCount), 2)
	if err != nil {
		return nil, err
	}
	r.u, r.own = counts[0], counts[1]
	if r.time, err = strconv.ParseInt(m.Header.Get(headerTime), 10, 64); err != nil {
		return nil, fmt.Errorf("server: message %d has no time: %w", m.Sequence, err)
	}
	r.from = im.UserID(m.Header.Get(headerFrom))
	id, ok := strings.CutPrefix(m.Header.Get(nats.MsgIdHdr), string(r.from)+":")
	if !ok {
		return nil, fmt.Errorf("server: message %d has no id", m.Sequence)
	}
	r.id = im.MessageID(id)
	r.device = m.Header.Get(headerDevice)
	r.kind = im.MessageType(m.Header.Get(headerType))
	r.priority = im.Priority(m.Header.Get(headerPriority))
	if push := m.Header.Get(headerPush); push != "" {
		if err := json.Unmarshal([]byte(push), &r.push); err != nil {
			return nil, fmt.Errorf("server: message %d: %w", m.Sequence, err)
		}
	}
	if err := json.Unmarshal(m.Data, &r.body); err != nil {
		return nil, fmt.Errorf("server: message %d: %w", m.Sequence, err)
	}
	if r.kind == kindRecall && r.body.Revokes == nil {
		return nil, fmt.Errorf("server: message %d recalls nothing", m.Sequence)
	}
	return r, nil
}

// seenBy is the record as viewer sees it.
func (r *record) seenBy(viewer im.UserID) im.Message {
	m := im.Message{
		ID:              r.id,
		ConversationID:  r.key.seenBy(viewer),
		Type:            r.kind,
		From:            r.from,
		Flow:            im.FlowIn,
		Time:            r.time,
		Status:          im.StatusSuccess,
		Sequence:        r.n,
		ClientSequence:  r.body.ClientSequence,
		Random:          r.body.Random,
		Priority:        r.priority,
		Nick:            r.body.Nick,
		Avatar:          r.body.Avatar,
		NameCard:        r.body.NameCard,
		AtUserList:      r.body.AtUserList,
		CloudCustomData: r.body.CloudCustomData,
		OnlineUserOnly:  r.n == 0,
		DisablePush:     r.push != nil && r.push.DisablePush,
	}
	m.ConversationType = m.ConversationID.Type()
	if r.push != nil {
		m.PushTitle, m.PushText = r.push.Title, r.push.Description
	}
	if m.Priority == "" {
		m.Priority = im.PriorityNormal
	}
	if r.from == viewer {
		m.Flow = im.FlowOut
	}
	// "to" is the receiver: the group, or the side that did not send it.
	if g, ok := r.key.group(); ok {
		m.To = string(g)
	} else if u, ok := r.key.system(); ok {
		m.To, m.IsSystemMessage = string(u), true
	} else {
		m.To = string(r.key.peerOf(r.from))
	}
	if rv := r.body.Revokes; rv != nil {
		m.Revoker, m.RevokerNick = rv.Revoker, rv.RevokerNick
	}
	switch {
	case r.erased:
		m.IsRevoked = true
	case r.kind == kindRecall:
		m.IsPlaceMessage, m.Revokes, m.Type = true, &r.body.Revokes.Revocation, r.body.Revokes.Type
		if m.ConversationType == im.ConvC2C {
			m.To = string(viewer)
		}
	default:
		var err error
		if m.Payload, err = im.DecodePayload(r.kind, r.body.Payload); err != nil {
			m.Payload = im.UnknownPayload{MessageType: r.kind, Raw: json.RawMessage(`{}`)}
		}
	}
	return m
}

// countable reports whether the record adds to the unread count of others.
func (r *record) countable() bool {
	if r.kind != im.MsgGroupNotice {
		return r.kind != kindRecall
	}
	p, err := im.DecodePayload(r.kind, r.body.Payload)
	notice, ok := p.(im.GroupNoticePayload)
	return err == nil && ok && notice.Counts()
}

// marshalPlain is json.Marshal without the escapes for HTML, which would make
// six bytes of one.
func marshalPlain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

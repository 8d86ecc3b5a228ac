package im

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Message is one message of a conversation, as the signed-in user sees it.
//
// ID is made once by the sender and never changes. Sequence (n in
// docs/protocol.md) is given by the server: 1, 2, 3 … in each conversation
// without holes, 0 until the message is acknowledged and for messages that are
// not stored (OnlineUserOnly). Messages order by Sequence; own unacknowledged
// ones follow all others in the order in which they were written.
type Message struct {
	ID               MessageID        `json:"ID"`
	ConversationID   ConversationID   `json:"conversationID"`
	ConversationType ConversationType `json:"conversationType"`
	Type             MessageType      `json:"type"`
	Payload          Payload          `json:"payload"`
	From             UserID           `json:"from"`
	To               string           `json:"to"`
	Flow             Flow             `json:"flow,omitempty"`
	// Time is the server's clock in milliseconds since 1970; until the message
	// is acknowledged the sender's. The interface's "time" is Time/1000.
	Time           int64    `json:"time"`
	Status         Status   `json:"status,omitempty"`
	Sequence       uint64   `json:"sequence,omitempty"`
	ClientSequence uint64   `json:"clientSequence,omitempty"`
	Random         uint32   `json:"random,omitempty"`
	Priority       Priority `json:"priority,omitempty"`

	Nick     string `json:"nick,omitempty"`
	Avatar   string `json:"avatar,omitempty"`
	NameCard string `json:"nameCard,omitempty"`

	AtUserList      []UserID `json:"atUserList,omitempty"`
	CloudCustomData string   `json:"cloudCustomData,omitempty"`

	// IsRevoked: the message was recalled, by Revoker, called RevokerNick at that
	// time. Nothing of its content is left.
	IsRevoked       bool   `json:"isRevoked,omitempty"`
	Revoker         UserID `json:"revoker,omitempty"`
	RevokerNick     string `json:"revokerNick,omitempty"`
	IsRead          bool   `json:"isRead,omitempty"`
	IsPeerRead      bool   `json:"isPeerRead,omitempty"`
	IsHeard         bool   `json:"isHeard,omitempty"` // a voice note this account has listened to, or made
	IsResend        bool   `json:"isResend,omitempty"`
	IsSystemMessage bool   `json:"isSystemMessage,omitempty"`
	// IsPlaceMessage marks a number whose message is gone and was not revoked
	// (expired or damaged): the hole keeps its place and shows nothing. A recall
	// takes a number of its own too; its place message says in Revokes what it
	// recalled.
	IsPlaceMessage bool        `json:"isPlaceMessage,omitempty"`
	Revokes        *Revocation `json:"revokes,omitempty"`
	// IsDeleted marks the place of a message that a person deleted from this device
	// ([Message.Deleted]). Others have it still, so only a store says it, never a server.
	IsDeleted bool `json:"isDeleted,omitempty"`
	// OnlineUserOnly marks a message that is delivered to whoever is online and
	// stored nowhere.
	OnlineUserOnly bool `json:"onlineUserOnly,omitempty"`
	// DisablePush: its sender wants nobody to be notified of it. It says nothing of
	// the message once that has come, so no store keeps it.
	DisablePush bool `json:"disablePush,omitempty"`
	// PushTitle and PushText are what its sender wants a notification to say instead
	// of the message. No store keeps them either.
	PushTitle string `json:"pushTitle,omitempty"`
	PushText  string `json:"pushText,omitempty"`

	// Error is why Status is StatusFail.
	Error *Error `json:"error,omitempty"`
}

// Revocation tells which message of the same conversation was recalled. With the
// Revoker, RevokerNick and Time of the place message that carries it, it is all
// that is left of that message ([Revocation.Tombstone]).
type Revocation struct {
	Sequence uint64      `json:"sequence"`
	ID       MessageID   `json:"ID"`
	Type     MessageType `json:"type"`
	From     UserID      `json:"from"`
	Nick     string      `json:"nick,omitempty"`
	NameCard string      `json:"nameCard,omitempty"`
	Time     int64       `json:"time"` // when it was stored, ms since 1970
}

// Tombstone is what stands in the history instead of the message that place, a
// message with Revokes, recalled. self is the reader.
func (r *Revocation) Tombstone(place *Message, self UserID) Message {
	m := Message{
		ID: r.ID, ConversationID: place.ConversationID, ConversationType: place.ConversationType, Type: r.Type,
		From: r.From, To: place.To, Flow: FlowIn, Time: r.Time, Status: StatusSuccess, Sequence: r.Sequence,
		Nick: r.Nick, NameCard: r.NameCard, IsRevoked: true, Revoker: place.Revoker, RevokerNick: place.RevokerNick,
	}
	if r.From == self {
		m.Flow = FlowOut
	}
	if m.ConversationType == ConvC2C { // the receiver is the side that did not send it
		m.To = string(self)
		if r.From == self {
			m.To = place.ConversationID.To()
		}
	}
	return m
}

// SendOptions go with a message to the server and are not part of it.
type SendOptions struct {
	OnlineUserOnly  bool             `json:"onlineUserOnly,omitempty"`
	OfflinePushInfo *OfflinePushInfo `json:"offlinePushInfo,omitempty"`
}

// OfflinePushInfo says what the notification of an absent receiver shows.
type OfflinePushInfo struct {
	DisablePush          bool   `json:"disablePush,omitempty"`
	Title                string `json:"title,omitempty"`
	Description          string `json:"description,omitempty"`
	Extension            string `json:"extension,omitempty"`
	IgnoreIOSBadge       bool   `json:"ignoreIOSBadge,omitempty"`
	AndroidOPPOChannelID string `json:"androidOPPOChannelID,omitempty"`
}

// Validate returns an *Error with code 8001 or 6017 unless the texts may travel.
func (o *SendOptions) Validate() error {
	p := o.OfflinePushInfo
	if p == nil {
		return nil
	}
	n := 0
	for _, s := range []string{p.Title, p.Description, p.Extension, p.AndroidOPPOChannelID} {
		if err := checkText("offlinePushInfo", s); err != nil {
			return err
		}
		n += len(s)
	}
	if n > MaxOfflinePushBytes {
		return Errorf(CodeMessageTooLong, "offlinePushInfo of %d bytes, %d are allowed", n, MaxOfflinePushBytes)
	}
	return nil
}

// Deleted is what a device keeps of a message that a person deleted there: enough to
// know it when it comes again.
func (m *Message) Deleted() Message {
	return Message{
		ID: m.ID, ConversationID: m.ConversationID, ConversationType: m.ConversationType, From: m.From, To: m.To, Flow: m.Flow,
		Time: m.Time, Status: StatusSuccess, Sequence: m.Sequence, IsPlaceMessage: true, IsDeleted: true,
	}
}

// Countable reports whether the message adds to the unread count of its
// receivers. Group tips do; what is not stored or was revoked does not.
func (m *Message) Countable() bool {
	return !m.OnlineUserOnly && !m.IsRevoked && !m.IsPlaceMessage
}

// Validate checks everything a sender chooses. The error is an *Error: 2105
// for a malformed id, 2106 or 2503 for where it goes, 8001 for its size, 10053
// for too many mentions, else that of the payload.
func (m *Message) Validate() error {
	if err := m.ID.Validate(); err != nil {
		return err
	}
	if err := m.ConversationID.Validate(); err != nil {
		return err
	}
	if t := m.ConversationID.Type(); t != ConvC2C && t != ConvGroup {
		return Errorf(CodeInvalidConversationType, "messages go to %s or %s, not to %q", ConvC2C, ConvGroup, t)
	}
	switch m.Priority {
	case "", PriorityHigh, PriorityNormal, PriorityLow, PriorityLowest:
	default:
		return Errorf(CodeInvalidParameter, "priority %.20q is not one of High, Normal, Low, Lowest", m.Priority)
	}
	if len(m.AtUserList) > MaxAtUsers {
		return Errorf(CodeTooManyMentions, "%d members mentioned, %d are allowed", len(m.AtUserList), MaxAtUsers)
	}
	for _, u := range m.AtUserList {
		if u == AtAllUsers {
			continue
		}
		if err := u.Validate(); err != nil {
			return err
		}
	}
	if len(m.CloudCustomData) > MaxCloudCustomBytes {
		return Errorf(CodeMessageTooLong, "cloudCustomData of %d bytes, %d are allowed", len(m.CloudCustomData), MaxCloudCustomBytes)
	}
	if err := checkText("cloudCustomData", m.CloudCustomData); err != nil {
		return err
	}
	if m.Payload == nil || m.Payload.Type() != m.Type {
		return Errorf(CodeInvalidMessage, "type %.64q does not match the payload", m.Type)
	}
	if err := m.Payload.Validate(); err != nil {
		return err
	}
	if n := PayloadSize(m.Payload) + len(m.CloudCustomData); n > MaxMessageBytes {
		return Errorf(CodeMessageTooLong, "message of %d bytes, %d are allowed", n, MaxMessageBytes)
	}
	return nil
}

// MadeBy reports whether the id has the shape of one made by user u. Neither a
// device nor a ULID has a '-', so no id is made by two users ("alice" cannot make
// those of "alice-b").
func (m MessageID) MadeBy(u UserID) bool {
	rest, ok := strings.CutPrefix(string(m), string(u)+"-")
	device, unique, two := strings.Cut(rest, "-")
	return ok && two && device != "" && unique != "" && !strings.Contains(unique, "-")
}

// UnmarshalJSON reads the payload by the message's type. Unknown types are
// kept as they came ([UnknownPayload]); unknown fields are passed over.
func (m *Message) UnmarshalJSON(data []byte) error {
	type plain Message
	aux := struct {
		*plain
		Payload json.RawMessage `json:"payload"`
	}{plain: (*plain)(m)}
	if err := CheckNesting(data); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &aux); err != nil {
		return err
	}
	m.Payload = nil
	if len(aux.Payload) == 0 || string(aux.Payload) == "null" {
		if !m.IsRevoked && !m.IsPlaceMessage {
			return fmt.Errorf("im: message %.40q has no payload", m.ID)
		}
		return nil
	}
	p, err := DecodePayload(m.Type, aux.Payload)
	if err != nil {
		return fmt.Errorf("im: message %.40q: %w", m.ID, err)
	}
	m.Payload = p
	return nil
}

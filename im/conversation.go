package im

import "encoding/json"

// Conversation is one row of the conversation list. Clients hand out copies:
// changing one changes nothing else.
type Conversation struct {
	ConversationID ConversationID   `json:"conversationID"`
	Type           ConversationType `json:"type"`
	// SubType is the type of the group, "" for one-to-one conversations.
	SubType     GroupType    `json:"subType,omitempty"`
	UnreadCount uint64       `json:"unreadCount"`
	LastMessage *LastMessage `json:"lastMessage,omitempty"`

	// Read is the highest sequence this account has read on any device, PeerRead
	// the highest the other side of a one-to-one conversation has.
	Read     uint64 `json:"read,omitempty"`
	PeerRead uint64 `json:"peerRead,omitempty"`

	UserProfile  *Profile `json:"userProfile,omitempty"`
	GroupProfile *Group   `json:"groupProfile,omitempty"`

	IsPinned          bool       `json:"isPinned,omitempty"`
	MessageRemindType RemindType `json:"messageRemindType,omitempty"`
	MarkedUnread      bool       `json:"markedUnread,omitempty"`
	GroupAtInfoList   []AtInfo   `json:"groupAtInfoList,omitempty"`
	Remark            string     `json:"remark,omitempty"`
	// Heard are the voice notes of others that this account has listened to, on
	// any device.
	Heard SequenceSet `json:"heard,omitempty"`
	// Draft is what was typed here and not sent, on this device only.
	Draft string `json:"draft,omitempty"`
}

// LastMessage is the newest message of a conversation, in short.
type LastMessage struct {
	ID           MessageID   `json:"ID,omitempty"`
	LastTime     int64       `json:"lastTime"` // milliseconds since 1970
	LastSequence uint64      `json:"lastSequence"`
	FromAccount  UserID      `json:"fromAccount"`
	Nick         string      `json:"nick,omitempty"`
	NameCard     string      `json:"nameCard,omitempty"`
	Type         MessageType `json:"type"`
	Payload      Payload     `json:"payload,omitempty"`
	// MessageForShow is the message in words ([MessageForShow]); clients build
	// it again in their own language when they have the payload.
	MessageForShow string `json:"messageForShow"`
	IsRevoked      bool   `json:"isRevoked,omitempty"`
	Revoker        UserID `json:"revoker,omitempty"`
	RevokerNick    string `json:"revokerNick,omitempty"`
	Status         Status `json:"status,omitempty"`
}

// ValidateRemark returns an *Error with code 6017 unless s may be the user's own
// name for another: one line of at most [MaxRemarkBytes], "" for none.
func ValidateRemark(s string) error {
	if !validName(s, MaxRemarkBytes) {
		return Errorf(CodeInvalidParameter, "the remark is not one line of at most %d bytes", MaxRemarkBytes)
	}
	return nil
}

// AtInfo is one unread message of a group that mentions the user.
type AtInfo struct {
	From            UserID   `json:"from"`
	GroupID         GroupID  `json:"groupID"`
	MessageSequence uint64   `json:"messageSequence"`
	AtTypeArray     []AtType `json:"atTypeArray"`
}

// NewLastMessage shortens m for the conversation list. Of a recalled message
// nothing of the content is kept.
func NewLastMessage(m *Message) *LastMessage {
	l := &LastMessage{
		ID:             m.ID,
		LastTime:       m.Time,
		LastSequence:   m.Sequence,
		FromAccount:    m.From,
		Nick:           m.Nick,
		NameCard:       m.NameCard,
		Type:           m.Type,
		Payload:        m.Payload,
		MessageForShow: MessageForShow(m.Payload, English),
		IsRevoked:      m.IsRevoked,
		Revoker:        m.Revoker,
		RevokerNick:    m.RevokerNick,
		Status:         m.Status,
	}
	if m.IsRevoked {
		l.Payload = nil
		l.MessageForShow = RevokedForShow(English, m.Revoker, m.From, m.RevokerNick)
	}
	return l
}

// UnmarshalJSON reads the payload by the type; one that cannot be read is left
// out, MessageForShow still says what it was.
func (l *LastMessage) UnmarshalJSON(data []byte) error {
	type plain LastMessage
	aux := struct {
		*plain
		Payload json.RawMessage `json:"payload"`
	}{plain: (*plain)(l)}
	if err := CheckNesting(data); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &aux); err != nil {
		return err
	}
	l.Payload = nil
	if len(aux.Payload) > 0 && string(aux.Payload) != "null" {
		if p, err := DecodePayload(l.Type, aux.Payload); err == nil {
			l.Payload = p
		}
	}
	return nil
}

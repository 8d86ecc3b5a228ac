package im

import (
	"encoding/json"
	"strings"
)

// MaxReplyBytes bounds the words that a [Reply] has of its message.
const MaxReplyBytes = 200

// replyKey is where cloudCustomData has the message that is answered. The key and
// the fields below it are those of the kits that the publisher of the interface
// gives away with it, so that their clients show our quotes and we theirs.
const (
	replyKey     = "messageReply"
	replyVersion = 1
)

// Reply is what a message says of the one that it answers. It is a copy of that
// time: who shows it looks for the message itself, which may be recalled since.
type Reply struct {
	MessageID MessageID `json:"messageID"`
	// Sequence is where the message is in the conversation, 0 if that was not known.
	Sequence uint64 `json:"messageSequence,omitempty"`
	// Time is that of the message in seconds since 1970.
	Time int64 `json:"messageTime,omitempty"`
	// Abstract is the message in words, on one line of at most [MaxReplyBytes].
	Abstract string `json:"messageAbstract"`
	// Sender is what whom it is of was called; From is the user, "" from clients
	// that do not say it.
	Sender string `json:"messageSender"`
	From   UserID `json:"messageFrom,omitempty"`
	// Kind is what the message is, in the numbers of those kits; 0 if they have none.
	Kind    int `json:"messageType"`
	Version int `json:"version"`
}

// replyKinds are the numbers that the kits give to kinds of messages.
var replyKinds = map[MessageType]int{
	MsgText: 1, MsgCustom: 2, MsgImage: 3, MsgAudio: 4, MsgVideo: 5, MsgFile: 6, MsgLocation: 7, MsgFace: 8, MsgMerger: 10,
}

// NewReply describes m, whose sender is called name, for a message that answers
// it. Whatever has content can be answered; what was recalled, is gone or is said
// by the system has the code 6017.
func NewReply(m *Message, name string, l Language) (Reply, error) {
	if m.IsRevoked || m.IsPlaceMessage || m.Payload == nil || m.Type == MsgGroupTip || m.Type == MsgGroupNotice || m.IsSystemMessage {
		return Reply{}, Errorf(CodeInvalidParameter, "a message without content cannot be answered")
	}
	return Reply{
		MessageID: m.ID, Sequence: m.Sequence, Time: m.Time / 1000, From: m.From, Kind: replyKinds[m.Type], Version: replyVersion,
		Sender:   truncate(oneLine(name), MaxReplyBytes),
		Abstract: truncate(oneLine(MessageForShow(m.Payload, l)), MaxReplyBytes),
	}, nil
}

// SetReply makes m an answer. What else its cloudCustomData has stays, if that is
// a JSON object; anything else in it has the code 6017.
func (m *Message) SetReply(r Reply) error {
	all := map[string]json.RawMessage{}
	if m.CloudCustomData != "" {
		if err := json.Unmarshal([]byte(m.CloudCustomData), &all); err != nil || all == nil {
			return Errorf(CodeInvalidParameter, "cloudCustomData is in use for something else")
		}
	}
	one, err := json.Marshal(r)
	if err != nil {
		return Errorf(CodeInvalidParameter, "reply: %v", err)
	}
	all[replyKey] = one
	b, err := json.Marshal(all)
	if err != nil {
		return Errorf(CodeInvalidParameter, "reply: %v", err)
	}
	m.CloudCustomData = string(b)
	return nil
}

// Reply returns what m says of the message that it answers; ok is false if it
// answers none. What others wrote is made fit to be shown: one line, and short.
func (m *Message) Reply() (r Reply, ok bool) {
	s := m.CloudCustomData
	if len(s) > MaxCloudCustomBytes || !strings.Contains(s, replyKey) || CheckNesting([]byte(s)) != nil {
		return Reply{}, false
	}
	var all struct {
		Reply *Reply `json:"messageReply"`
	}
	if json.Unmarshal([]byte(s), &all) != nil || all.Reply == nil {
		return Reply{}, false
	}
	r = *all.Reply
	if r.MessageID == "" || r.MessageID.Validate() != nil || r.From != "" && r.From.Validate() != nil {
		return Reply{}, false
	}
	r.Abstract = truncate(oneLine(strings.ToValidUTF8(r.Abstract, "\uFFFD")), MaxReplyBytes)
	r.Sender = truncate(oneLine(strings.ToValidUTF8(r.Sender, "\uFFFD")), MaxReplyBytes)
	r.Time = max(r.Time, 0)
	return r, true
}

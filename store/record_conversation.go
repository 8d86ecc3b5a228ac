package store

import (
	"encoding/json"
	"fmt"

	"magpie/im"
)

// Which optional fields of a conversation follow, in this order.
const (
	hasLastMessage = 1 << iota
	hasUserProfile
	hasGroupProfile
	hasAtInfo
	hasRemark
	hasRemindType
	hasSubType
	isPinned
	isMarkedUnread
	isHidden
	hasHeard              // schema 3
	knownConversationBits = 1<<iota - 1
)

// encodeConversation seals c for the bucket conv. The draft is kept apart.
func (f *form) encodeConversation(c *Conversation) ([]byte, error) {
	var bits uint64
	for _, f := range [...]struct {
		bit uint64
		set bool
	}{
		{hasLastMessage, c.LastMessage != nil}, {hasUserProfile, c.UserProfile != nil}, {hasGroupProfile, c.GroupProfile != nil},
		{hasAtInfo, len(c.GroupAtInfoList) > 0}, {hasRemark, c.Remark != ""}, {hasRemindType, c.MessageRemindType != ""},
		{hasSubType, c.SubType != ""}, {isPinned, c.IsPinned}, {isMarkedUnread, c.MarkedUnread}, {isHidden, c.Hidden},
		{hasHeard, c.Heard != ""},
	} {
		if f.set {
			bits |= f.bit
		}
	}
	e := newEncoder(256)
	for _, n := range [...]uint64{bits, c.UnreadCount, c.Read, c.PeerRead, c.First, c.Last} {
		e.uint(n)
	}
	if bits&hasLastMessage != 0 {
		if err := e.lastMessage(c.LastMessage); err != nil {
			return nil, err
		}
	}
	for _, f := range [...]struct {
		bit   uint64
		value any
	}{{hasUserProfile, c.UserProfile}, {hasGroupProfile, c.GroupProfile}, {hasAtInfo, c.GroupAtInfoList}} {
		if bits&f.bit == 0 {
			continue
		}
		raw, err := json.Marshal(f.value)
		if err != nil {
			return nil, fmt.Errorf("store: conversation %.64q: %w", c.ConversationID, err)
		}
		e.bytes(raw)
	}
	for _, f := range [...]struct {
		bit  uint64
		text string
	}{{hasRemark, c.Remark}, {hasRemindType, string(c.MessageRemindType)}, {hasSubType, string(c.SubType)}, {hasHeard, string(c.Heard)}} {
		if bits&f.bit != 0 {
			e.string(f.text)
		}
	}
	return f.sealer(kindConv, "").seal(f.name(string(c.ConversationID)), e.b), nil
}

func (f *form) decodeConversation(key, value []byte) (Conversation, error) {
	sum := f.lend(kindConv)
	defer f.back(sum)
	d, err := sum.open(key, value)
	if err != nil {
		return Conversation{}, damaged("conversation", key, err)
	}
	bits := d.uint()
	if bits&^uint64(knownConversationBits) != 0 {
		return Conversation{}, damaged("conversation", key, errVersion)
	}
	var c Conversation
	id, err := f.id(key)
	if err != nil {
		return Conversation{}, damaged("conversation", key, err)
	}
	c.ConversationID = im.ConversationID(id)
	c.Type = c.ConversationID.Type()
	c.UnreadCount, c.Read, c.PeerRead, c.First, c.Last = d.uint(), d.uint(), d.uint(), d.uint(), d.uint()
	c.IsPinned, c.MarkedUnread, c.Hidden = bits&isPinned != 0, bits&isMarkedUnread != 0, bits&isHidden != 0
	if bits&hasLastMessage != 0 {
		c.LastMessage = d.lastMessage()
	}
	if bits&hasUserProfile != 0 {
		c.UserProfile = new(im.Profile)
		d.json(c.UserProfile)
	}
	if bits&hasGroupProfile != 0 {
		c.GroupProfile = new(im.Group)
		d.json(c.GroupProfile)
	}
	if bits&hasAtInfo != 0 {
		d.json(&c.GroupAtInfoList)
	}
	if bits&hasRemark != 0 {
		c.Remark = d.string()
	}
	if bits&hasRemindType != 0 {
		c.MessageRemindType = im.RemindType(d.string())
	}
	if bits&hasSubType != 0 {
		c.SubType = im.GroupType(d.string())
	}
	if bits&hasHeard != 0 {
		c.Heard = im.SequenceSet(d.string())
	}
	if err := d.done(); err != nil {
		return Conversation{}, damaged("conversation", key, err)
	}
	return c, nil
}

func (d *decoder) json(into any) {
	if raw := d.view(); d.err == nil {
		d.err = json.Unmarshal(raw, into)
	}
}

// What a last message has.
const (
	lastIsRevoked = 1 << iota
	lastHasPayload
	lastHasRevokerNick // schema 2
	knownLastBits      = 1<<iota - 1
)

func (e *encoder) lastMessage(l *im.LastMessage) error {
	e.string(string(l.ID))
	e.int(l.LastTime)
	e.uint(l.LastSequence)
	e.string(string(l.FromAccount))
	e.string(l.Nick)
	e.string(l.NameCard)
	e.messageType(l.Type)
	e.string(l.MessageForShow)
	e.string(string(l.Revoker))
	e.string(string(l.Status))
	var flags uint64
	for _, f := range [...]struct {
		bit uint64
		set bool
	}{{lastIsRevoked, l.IsRevoked}, {lastHasPayload, l.Payload != nil}, {lastHasRevokerNick, l.RevokerNick != ""}} {
		if f.set {
			flags |= f.bit
		}
	}
	e.uint(flags)
	if l.RevokerNick != "" {
		e.string(l.RevokerNick)
	}
	if l.Payload == nil {
		return nil
	}
	if text, ok := l.Payload.(im.TextPayload); ok {
		e.string(text.Text)
		return nil
	}
	raw, err := json.Marshal(l.Payload)
	if err != nil {
		return fmt.Errorf("store: payload of last message %.96q: %w", l.ID, err)
	}
	e.bytes(raw)
	return nil
}

func (d *decoder) lastMessage() *im.LastMessage {
	l := &im.LastMessage{
		ID: im.MessageID(d.string()), LastTime: d.int(), LastSequence: d.uint(), FromAccount: im.UserID(d.string()),
		Nick: d.string(), NameCard: d.string(), Type: d.messageType(), MessageForShow: d.string(),
		Revoker: im.UserID(d.string()), Status: im.Status(d.string()),
	}
	flags := d.uint()
	if d.err == nil && flags&^uint64(knownLastBits) != 0 {
		d.err = errVersion
	}
	l.IsRevoked = flags&lastIsRevoked != 0
	if flags&lastHasRevokerNick != 0 {
		l.RevokerNick = d.string()
	}
	if flags&lastHasPayload != 0 {
		l.Payload = d.payload(l.Type)
	}
	return l
}

package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/oklog/ulid/v2"

	"magpie/im"
)

// Which optional fields of a message follow, in this order. A new field takes
// the next bit; readers refuse bits that they do not know.
const (
	hasTo = 1 << iota
	hasStatus
	hasClientSequence
	hasRandom
	hasPriority
	hasNick
	hasAvatar
	hasNameCard
	hasAtUsers
	hasCloudCustomData
	hasRevoker
	hasError
	hasPayload
	hasFlow
	isRevoked
	isRead
	isPeerRead
	isResend
	isSystem
	isPlace
	isOnlineOnly
	hasRevokerNick // schema 2, like what follows
	hasRevokes
	isHeard          // schema 3
	hasShortID       // schema 4: the id begins with the sender and ends in a ULID
	isDeleted        // schema 7
	knownMessageBits = 1<<iota - 1
)

// messageTypes gives the known types one byte each; position 0 stands for a
// type that is written out. Only append.
var messageTypes = [...]im.MessageType{"", im.MsgText, im.MsgImage, im.MsgAudio, im.MsgFile, im.MsgFace, im.MsgVideo,
	im.MsgLocation, im.MsgCustom, im.MsgMerger, im.MsgGroupTip, im.MsgGroupNotice}

// encodeMessage appends m without its conversation and sequence, which are
// where the value is.
func (e *encoder) message(m *im.Message) error {
	var payload []byte
	if m.Payload != nil {
		if text, ok := m.Payload.(im.TextPayload); ok {
			payload = []byte(text.Text)
		} else {
			var err error
			if payload, err = json.Marshal(m.Payload); err != nil {
				return fmt.Errorf("store: payload of message %.96q: %w", m.ID, err)
			}
		}
	}
	var failure []byte
	if m.Error != nil {
		var err error
		if failure, err = json.Marshal(m.Error); err != nil {
			return fmt.Errorf("store: error of message %.96q: %w", m.ID, err)
		}
	}
	var bits uint64
	for _, f := range [...]struct {
		bit uint64
		set bool
	}{
		{hasTo, m.To != m.ConversationID.To()}, {hasStatus, m.Status != im.StatusSuccess},
		{hasClientSequence, m.ClientSequence != 0}, {hasRandom, m.Random != 0}, {hasPriority, m.Priority != ""},
		{hasNick, m.Nick != ""}, {hasAvatar, m.Avatar != ""}, {hasNameCard, m.NameCard != ""},
		{hasAtUsers, len(m.AtUserList) > 0}, {hasCloudCustomData, m.CloudCustomData != ""},
		{hasRevoker, m.Revoker != ""}, {hasError, m.Error != nil}, {hasPayload, m.Payload != nil}, {hasFlow, m.Flow != im.FlowIn},
		{isRevoked, m.IsRevoked}, {isRead, m.IsRead}, {isPeerRead, m.IsPeerRead}, {isResend, m.IsResend},
		{isSystem, m.IsSystemMessage}, {isPlace, m.IsPlaceMessage}, {isOnlineOnly, m.OnlineUserOnly},
		{hasRevokerNick, m.RevokerNick != ""}, {hasRevokes, m.Revokes != nil}, {isHeard, m.IsHeard}, {isDeleted, m.IsDeleted},
	} {
		if f.set {
			bits |= f.bit
		}
	}
	device, unique, short := shortID(m)
	if short {
		bits |= hasShortID
	}
	e.uint(bits)
	if short {
		e.string(device)
		e.b = append(e.b, unique[:]...)
	} else {
		e.string(string(m.ID))
	}
	e.messageType(m.Type)
	e.string(string(m.From))
	e.int(m.Time)
	for _, f := range [...]struct {
		bit  uint64
		text string
	}{{hasTo, m.To}, {hasStatus, string(m.Status)}} {
		if bits&f.bit != 0 {
			e.string(f.text)
		}
	}
	if bits&hasClientSequence != 0 {
		e.uint(m.ClientSequence)
	}
	if bits&hasRandom != 0 {
		e.uint(uint64(m.Random))
	}
	for _, f := range [...]struct {
		bit  uint64
		text string
	}{{hasPriority, string(m.Priority)}, {hasNick, m.Nick}, {hasAvatar, m.Avatar}, {hasNameCard, m.NameCard}} {
		if bits&f.bit != 0 {
			e.string(f.text)
		}
	}
	if bits&hasAtUsers != 0 {
		e.uint(uint64(len(m.AtUserList)))
		for _, u := range m.AtUserList {
			e.string(string(u))
		}
	}
	for _, f := range [...]struct {
		bit  uint64
		text string
	}{{hasCloudCustomData, m.CloudCustomData}, {hasRevoker, string(m.Revoker)}, {hasError, string(failure)}} {
		if bits&f.bit != 0 {
			e.string(f.text)
		}
	}
	if bits&hasPayload != 0 {
		e.bytes(payload)
	}
	if bits&hasFlow != 0 {
		e.string(string(m.Flow))
	}
	if bits&hasRevokerNick != 0 {
		e.string(m.RevokerNick)
	}
	if bits&hasRevokes != 0 {
		raw, err := json.Marshal(m.Revokes)
		if err != nil {
			return fmt.Errorf("store: recall %.96q: %w", m.ID, err)
		}
		e.bytes(raw)
	}
	return nil
}

// shortID returns what is left of an id without its sender, as nearly all are.
func shortID(m *im.Message) (device string, unique ulid.ULID, ok bool) {
	owner, unique, ok := cutULID(m.ID)
	if !ok {
		return "", unique, false
	}
	device, ok = strings.CutPrefix(owner, string(m.From)+"-")
	return device, unique, ok
}

// message reads what encoder.message wrote. The conversation and the sequence
// are the caller's.
func (d *decoder) message(conv im.ConversationID, sequence uint64) (im.Message, error) {
	bits := d.uint()
	if bits&^uint64(knownMessageBits) != 0 {
		return im.Message{}, errVersion
	}
	has := func(bit uint64) bool { return bits&bit != 0 }
	optional := func(bit uint64) string {
		if has(bit) {
			return d.string()
		}
		return ""
	}
	m := im.Message{
		ConversationID: conv, ConversationType: conv.Type(), Sequence: sequence,
		To: conv.To(), Status: im.StatusSuccess, Flow: im.FlowIn,
		IsRevoked: has(isRevoked), IsRead: has(isRead), IsPeerRead: has(isPeerRead), IsResend: has(isResend), IsHeard: has(isHeard),
		IsSystemMessage: has(isSystem), IsPlaceMessage: has(isPlace), OnlineUserOnly: has(isOnlineOnly), IsDeleted: has(isDeleted),
	}
	var unique ulid.ULID
	id := d.string()
	if has(hasShortID) {
		d.array(unique[:])
	}
	m.Type = d.messageType()
	m.From = im.UserID(d.string())
	m.ID = im.MessageID(id)
	if has(hasShortID) {
		m.ID = joinULID(string(m.From)+"-"+id, unique)
	}
	m.Time = d.int()
	if has(hasTo) {
		m.To = d.string()
	}
	if has(hasStatus) {
		m.Status = im.Status(d.string())
	}
	if has(hasClientSequence) {
		m.ClientSequence = d.uint()
	}
	if has(hasRandom) {
		m.Random = uint32(d.uint())
	}
	m.Priority = im.Priority(optional(hasPriority))
	m.Nick = optional(hasNick)
	m.Avatar = optional(hasAvatar)
	m.NameCard = optional(hasNameCard)
	if has(hasAtUsers) {
		m.AtUserList = make([]im.UserID, 0, d.count())
		for range cap(m.AtUserList) {
			m.AtUserList = append(m.AtUserList, im.UserID(d.string()))
		}
	}
	m.CloudCustomData = optional(hasCloudCustomData)
	m.Revoker = im.UserID(optional(hasRevoker))
	if has(hasError) {
		m.Error = new(im.Error)
		if raw := d.view(); d.err == nil {
			d.err = json.Unmarshal(raw, m.Error)
		}
	}
	if has(hasPayload) {
		m.Payload = d.payload(m.Type)
	}
	if has(hasFlow) {
		m.Flow = im.Flow(d.string())
	}
	m.RevokerNick = optional(hasRevokerNick)
	if has(hasRevokes) {
		m.Revokes = new(im.Revocation)
		d.json(m.Revokes)
	}
	return m, d.err
}

func (d *decoder) payload(t im.MessageType) im.Payload {
	raw := d.view()
	if d.err != nil {
		return nil
	}
	if t == im.MsgText {
		return im.TextPayload{Text: string(raw)}
	}
	p, err := im.DecodePayload(t, raw)
	if err != nil {
		d.err = err
		return nil
	}
	return p
}

func (e *encoder) messageType(t im.MessageType) {
	i := slices.Index(messageTypes[:], t)
	if i <= 0 {
		e.uint(0)
		e.string(string(t))
		return
	}
	e.uint(uint64(i))
}

func (d *decoder) messageType() im.MessageType {
	i := d.uint()
	if i == 0 {
		return im.MessageType(d.string())
	}
	if i >= uint64(len(messageTypes)) {
		d.err = errVersion
		return ""
	}
	return messageTypes[i]
}

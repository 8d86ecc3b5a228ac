package core

import (
	"encoding/json"

	"magpie/im"
	"magpie/im/wire"
)

// maxSequence is beyond what any conversation reaches; larger numbers from the
// network are nonsense and would make sums overflow.
const maxSequence = 1 << 53

// inbound makes a message from the network what the rest may rely on: in this
// conversation, with the direction and state that follow from who sent it.
func (c *Client) inbound(conv im.ConversationID, m *im.Message) error {
	if m.ConversationID != conv {
		return im.Errorf(im.CodeInvalidRequest, "message %.96q is of %.64q, not of %.64q", m.ID, m.ConversationID, conv)
	}
	if m.Sequence > maxSequence {
		return im.Errorf(im.CodeInvalidRequest, "message %.96q has sequence %d", m.ID, m.Sequence)
	}
	if len(m.ID) > im.MaxMessageIDBytes || m.ID == "" && !m.IsPlaceMessage {
		return im.Errorf(im.CodeInvalidRequest, "message id of %d bytes", len(m.ID))
	}
	m.ConversationType = conv.Type()
	m.Flow, m.IsRead = im.FlowIn, false
	if m.From == c.o.User {
		m.Flow, m.IsRead = im.FlowOut, true
	}
	m.To = conv.To()
	if m.ConversationType == im.ConvSystem || m.ConversationType == im.ConvC2C && m.Flow == im.FlowIn {
		m.To = string(c.o.User)
	}
	m.Status, m.Error = im.StatusSuccess, nil
	m.IsDeleted = false // that is for this device to say
	if m.IsRevoked || m.IsPlaceMessage {
		m.Payload, m.CloudCustomData, m.AtUserList = nil, "", nil
	}
	if r := m.Revokes; r != nil && (!m.IsPlaceMessage || r.Sequence == 0 || r.Sequence >= m.Sequence || r.ID == "" || len(r.ID) > im.MaxMessageIDBytes) {
		m.Revokes = nil // it recalls nothing that can be
	}
	return nil
}

// fromHere reports whether this device made the message.
func (c *Client) fromHere(m *im.Message) bool {
	prefix := string(c.o.User) + "-" + c.device + "-"
	return m.From == c.o.User && len(m.ID) > len(prefix) && string(m.ID[:len(prefix)]) == prefix
}

// page is a wire.Page whose messages are read one by one, so that one that
// cannot be read does not take the others with it.
type page struct {
	wire.Head
	Conversation im.ConversationID `json:"conv"`
	Messages     []json.RawMessage `json:"msgs"`
	Next         string            `json:"next"`
	IsCompleted  bool              `json:"isCompleted"`
	First        uint64            `json:"first"`
	Last         uint64            `json:"last"`
}

// bytes is about how much came over the line.
func (p *page) bytes() int {
	n := 0
	for _, m := range p.Messages {
		n += len(m)
	}
	return n
}

// read returns the messages of the page: ascending, after the given sequence.
// One that cannot be read leaves a hole for good, as a placeholder.
func (p *page) read(c *Client, conv im.ConversationID, after uint64) ([]im.Message, error) {
	list := make([]im.Message, 0, len(p.Messages))
	for _, raw := range p.Messages {
		var m im.Message
		if err := json.Unmarshal(raw, &m); err != nil {
			place := struct {
				Sequence uint64 `json:"sequence"`
				Time     int64  `json:"time"`
			}{}
			if json.Unmarshal(raw, &place) != nil || place.Sequence == 0 {
				return nil, im.Errorf(im.CodeInvalidRequest, "a message of a page cannot be read: %v", err)
			}
			m = im.Message{ConversationID: conv, Sequence: place.Sequence, Time: place.Time, IsPlaceMessage: true}
		}
		if err := c.inbound(conv, &m); err != nil {
			return nil, err
		}
		if m.Sequence <= after {
			return nil, im.Errorf(im.CodeInvalidRequest, "a page of %.64q has %d after %d", conv, m.Sequence, after)
		}
		after = m.Sequence
		list = append(list, m)
	}
	return list, nil
}

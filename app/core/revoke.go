package core

import (
	"context"
	"sync"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// revoked keeps what this device recalled in the life of the process, so that
// it can be written anew. It is never written to disk.
type revoked struct {
	mu      sync.Mutex
	content map[im.MessageID]im.Payload
	order   []im.MessageID
}

// maxRevokedContent bounds revoked; the oldest goes first.
const maxRevokedContent = 50

func (r *revoked) keep(id im.MessageID, p im.Payload) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.content == nil {
		r.content = make(map[im.MessageID]im.Payload)
	}
	if _, known := r.content[id]; !known {
		r.order = append(r.order, id)
	}
	r.content[id] = p
	if len(r.order) > maxRevokedContent {
		delete(r.content, r.order[0])
		r.order = r.order[1:]
	}
}

func (r *revoked) get(id im.MessageID) (im.Payload, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.content[id]
	return p, ok
}

// RevokeMessage recalls a message for everybody: one's own within the server's
// window, or as owner or admin of a group that of another. When it returns, the
// content is gone from the stored history and [MessageRevoked] was raised; the
// other devices follow. A message that is still in the outbox is cancelled, as
// by [Client.CancelMessage].
//
// Codes: one-to-one 20022 no such message or not one's own, 20023 recalled
// already, 20016 too late; in a group 10030 no such message or recalled already,
// 10031 too late, 10032 tips and notices, 10033 live rooms, 10007 no right; 9508
// without a connection.
func (c *Client) RevokeMessage(ctx context.Context, id im.MessageID) error {
	if c.out.has(id) {
		err := c.CancelMessage(ctx, id)
		if im.CodeOf(err) != im.CodeInvalidMessage {
			return err
		}
		// It was acknowledged in this moment: it is history.
	}
	if c.live.has(id) {
		return im.Errorf(im.CodeRevokeGroupType, "nothing is recalled in a live room")
	}
	m, found, err := c.db.Message(id)
	if err != nil {
		return err
	}
	if err := revocable(id, &m, found && m.Sequence > 0); err != nil {
		return err
	}
	l, err := c.online()
	if err != nil {
		return err
	}
	h := l.head(wire.TRevoke)
	_, err = ask[wire.Sent](ctx, l, h, wire.Revoke{Head: h, Conversation: m.ConversationID, Sequence: m.Sequence, ID: m.ID})
	if err != nil {
		return err
	}
	if m.From == c.o.User {
		c.revoked.keep(m.ID, m.Payload)
	}
	return c.feed(m.ConversationID).revoke(ctx, tombstone(&m, c.o.User, c.nameIn(m.ConversationID)))
}

// revocable refuses what no server recalls.
func revocable(id im.MessageID, m *im.Message, found bool) error {
	group := m.ConversationType == im.ConvGroup
	switch {
	case !found:
		return im.Errorf(im.CodeRevokeNotFoundC2C, "message %.96q is not known", id)
	case m.Type == im.MsgGroupTip || m.Type == im.MsgGroupNotice || m.ConversationType == im.ConvSystem:
		return im.Errorf(im.CodeRevokeUnsupported, "tips and notices are not recalled")
	case group && (m.IsRevoked || m.IsPlaceMessage):
		return im.Errorf(im.CodeRevokeNotFound, "message %.96q was recalled already", id)
	case m.IsRevoked || m.IsPlaceMessage:
		return im.Errorf(im.CodeAlreadyRevoked, "message %.96q was recalled already", id)
	}
	return nil
}

// tombstone is what is left of m once revoker recalled it.
func tombstone(m *im.Message, revoker im.UserID, nick string) im.Message {
	place := im.Message{
		ConversationID: m.ConversationID, ConversationType: m.ConversationType, To: m.To, Revoker: revoker, RevokerNick: nick,
	}
	r := im.Revocation{Sequence: m.Sequence, ID: m.ID, Type: m.Type, From: m.From, Nick: m.Nick, NameCard: m.NameCard, Time: m.Time}
	t := r.Tombstone(&place, "")
	t.Flow, t.To = m.Flow, m.To
	return t
}

// nameIn is what the account is called in a conversation, as far as is known.
func (c *Client) nameIn(conv im.ConversationID) string {
	if g, found, err := c.db.Group(conv.Group()); err == nil && found && g.SelfInfo != nil && g.SelfInfo.NameCard != "" {
		return g.SelfInfo.NameCard
	}
	if me, err := c.MyProfile(); err == nil {
		return me.Nick
	}
	return ""
}

// RevokedContent returns what a message of this account said that was recalled
// on this device in the life of this process, for writing it anew.
func (c *Client) RevokedContent(id im.MessageID) (im.Payload, bool) { return c.revoked.get(id) }

// MayRevoke reports whether RevokeMessage has a chance: the message was sent,
// says something, and is one's own and young enough by the server's clock, or of
// somebody below oneself in the group. It asks nobody; the server decides.
func (c *Client) MayRevoke(m *im.Message) bool {
	if m.Sequence == 0 || m.Status != im.StatusSuccess || revocable(m.ID, m, true) != nil {
		return false
	}
	if g := m.ConversationID.Group(); g != "" {
		info, found, err := c.db.Group(g)
		if err != nil || found && !info.Type.Stored() {
			return false
		}
		if found && info.SelfInfo != nil && im.MayGroup(info.Type, info.SelfInfo.Role, im.GroupOpRevoke, c.roleOf(g, m.From)) == nil {
			return true
		}
	}
	return m.From == c.o.User && c.ServerNow().UnixMilli()-m.Time <= c.revokeWindow().Milliseconds()
}

// roleOf is a member's role as far as the cache has it; a plain member without.
func (c *Client) roleOf(g im.GroupID, u im.UserID) im.Role {
	list, err := c.db.Members(g)
	if err == nil {
		for i := range list {
			if list[i].UserID == u {
				return list[i].Role
			}
		}
	}
	return im.RoleMember
}

// revoke puts a tombstone in the place of its message, which this device
// recalled or has been told of by its server.
func (f *feed) revoke(ctx context.Context, t im.Message) error {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	told, err := f.tombs([]im.Message{t})
	if err != nil || len(told) == 0 {
		return err
	}
	if err := f.c.db.Ingest(ctx, store.Batch{Conversation: f.id, Messages: []im.Message{t}}); err != nil {
		return err
	}
	f.c.hub.emit(MessageRevoked{Messages: []im.Message{t}})
	f.c.list.touch(f.c, f.id)
	return nil
}

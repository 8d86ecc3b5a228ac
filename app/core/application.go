package core

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// HandledElsewhere stands in [im.GroupNoticePayload].Handled of a request that
// somebody else, or this account on another device, has answered.
const HandledElsewhere im.HandleAction = "Elsewhere"

// HandleGroupApplication answers a stored notice of the system conversation that
// asks something: who wants to join a group of which this account is owner or
// admin, or an invitation of this account. words, at most 300 bytes, go to the
// other side. The notice is then marked as handled on this device
// ([HistoryChanged] tells). Code 10024: it was answered before, which is marked
// too; 2105: there is no such notice, or it asks nothing; 9508 without a
// connection; else the server's.
func (c *Client) HandleGroupApplication(ctx context.Context, notice im.MessageID, action im.HandleAction, words string) error {
	if action != im.HandleAgree && action != im.HandleReject {
		return im.Errorf(im.CodeInvalidGroupParameter, "handle action %.32q is not known", action)
	}
	if err := checkWords(words); err != nil {
		return err
	}
	m, found, err := c.db.Message(notice)
	if err != nil {
		return err
	}
	p, is := m.Payload.(im.GroupNoticePayload)
	if !found || !is || !p.Asks() {
		return im.Errorf(im.CodeInvalidMessage, "message %.96q is no notice that asks something", notice)
	}
	l, err := c.online()
	if err != nil {
		return err
	}
	user := p.OperatorID
	if p.OperationType == im.NoticeInvitation {
		user = c.o.User
	}
	h := l.head(wire.TGroupAnswer)
	_, err = ask[wire.OK](ctx, l, h, wire.GroupAnswer{
		Head: h, Group: p.GroupProfile.GroupID, User: user, Action: action, HandleMessage: words,
		MessageKey: p.MessageKey, Authentication: p.Authentication,
	})
	switch {
	case err == nil:
	case im.CodeOf(err) == im.CodeRequestHandled:
		action = HandledElsewhere
	default:
		return err
	}
	if serr := c.feed(m.ConversationID).handled(ctx, m.Sequence, action); serr != nil {
		return serr
	}
	return err
}

// handled marks the notice at a sequence.
func (f *feed) handled(ctx context.Context, n uint64, action im.HandleAction) error {
	f.work.Lock()
	defer f.work.Unlock()
	m, found, err := f.at(n)
	if err != nil || !found {
		return err
	}
	p, is := m.Payload.(im.GroupNoticePayload)
	if !is || p.Handled != "" && action == HandledElsewhere {
		return nil
	}
	p.Handled = action
	m.Payload = p
	if err := f.c.db.Ingest(ctx, store.Batch{Conversation: f.id, Messages: []im.Message{m}}); err != nil {
		return err
	}
	f.c.hub.emit(HistoryChanged{ConversationID: f.id, From: n, To: n})
	f.c.list.touch(f.c, f.id)
	return nil
}

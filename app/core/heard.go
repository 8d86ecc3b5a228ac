package core

import (
	"context"

	"magpie/im"
	"magpie/store"
)

// SetMessageHeard says that a voice note of somebody else was listened to. It is
// so at once (im.Message.IsHeard), on the account's other devices soon, or when
// there is a connection again; it is never taken back. Own notes and those that
// are not stored have no such mark. Codes 2105 for a message that is not here,
// 6017 for one that is no voice note.
func (c *Client) SetMessageHeard(ctx context.Context, id im.MessageID) error {
	m, found, err := c.db.Message(id)
	switch {
	case err != nil:
		return err
	case !found:
		return im.Errorf(im.CodeInvalidMessage, "there is no message %.96q", id)
	case m.Type != im.MsgAudio:
		return im.Errorf(im.CodeInvalidParameter, "message %.96q is no voice note", id)
	case m.From == c.o.User || m.Sequence == 0:
		return nil
	}
	f := c.feed(m.ConversationID)
	f.work.Lock()
	defer f.work.Unlock()
	news := false
	err = c.db.UpdateConversation(ctx, f.id, func(r *store.Conversation) error {
		heard := r.Heard.With(m.Sequence)
		news, r.Heard = heard != r.Heard, heard
		return nil
	})
	if err != nil || !news {
		return err
	}
	c.reads.wantHeard(c, f.id, im.SequenceSet("").With(m.Sequence))
	c.hub.emit(MessageHeard{ConversationID: f.id, Messages: []im.MessageID{id}})
	return nil
}

// maxHeardTold bounds the messages of one [MessageHeard].
const maxHeardTold = 200

// compareHeard tells of what was listened to on another device and reports what
// the server does not know yet; with work held.
func (f *feed) compareHeard(server, here im.SequenceSet) {
	if len(here.Minus(server)) > 0 {
		f.c.reads.wantHeard(f.c, f.id, here)
	}
	var ids []im.MessageID
	for _, r := range server.Minus(here) {
		list, err := f.c.db.PageAfter(f.id, r.From-1, maxHeardTold)
		if err != nil {
			break // whoever looks at the history hears of the damage
		}
		for i := range list {
			if m := &list[i]; m.Sequence <= r.To && m.Type == im.MsgAudio && m.From != f.c.o.User && len(ids) < maxHeardTold {
				ids = append(ids, m.ID)
			}
		}
	}
	if len(ids) > 0 {
		f.c.hub.emit(MessageHeard{ConversationID: f.id, Messages: ids})
	}
}

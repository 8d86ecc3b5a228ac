package server

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

// convSet changes how the user wants a conversation, and tells its other devices.
func convSet(ctx context.Context, c *conn, f wire.ConvSet) (any, error) {
	s := c.server
	if err := checkConvSet(f); err != nil {
		return nil, err
	}
	may, err := s.authorise(ctx, c.user, opRead, f.Conversation)
	if err != nil {
		return nil, err
	}
	// One-to-one, it may be set before a word was said.
	if may.group == nil {
		if err := s.inboxes.ensure(ctx, c.user, may.key, inboxEntry{Since: s.now()}); err != nil {
			return nil, err
		}
	}
	changed := false
	entry, found, err := s.inboxes.change(ctx, c.user, may.key, func(e *inboxEntry) bool {
		old := *e
		e.set(f)
		changed = *e != old
		return changed
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, im.Errorf(im.CodeConversationNotFound, "there is no such conversation")
	}
	if changed {
		s.hub.send(c.user, envelope{Origin: c.session, Key: may.key, Inbox: &entry, Event: &wire.Event{K: wire.EvConvChanged, Conversation: f.Conversation}})
	}
	return ok(f.I), nil
}

func (e *inboxEntry) set(f wire.ConvSet) {
	if f.IsPinned != nil {
		e.Pinned = *f.IsPinned
	}
	if f.MessageRemindType != "" {
		e.Remind = f.MessageRemindType
	}
	if f.MarkedUnread != nil {
		e.MarkedUnread = *f.MarkedUnread
	}
	if f.Remark != nil {
		e.Remark = *f.Remark
	}
	e.Heard = e.Heard.Union(f.Heard)
}

// checkConvSet returns im.CodeInvalidParameter for what cannot be wanted.
func checkConvSet(f wire.ConvSet) error {
	switch f.MessageRemindType {
	case "", im.RemindNotify, im.RemindQuiet, im.RemindDiscard:
	default:
		return im.Errorf(im.CodeInvalidParameter, "messageRemindType %.32q is not known", f.MessageRemindType)
	}
	if err := f.Heard.Validate(); err != nil {
		return err
	}
	if f.Remark == nil {
		return nil
	}
	if f.Conversation.Type() != im.ConvC2C {
		return im.Errorf(im.CodeInvalidParameter, "a remark is a name for a person")
	}
	return im.ValidateRemark(*f.Remark)
}

// remind is what messages of k do for the user.
func (e inboxEntry) remind(st *groupState) im.RemindType {
	switch {
	case e.Remind != "":
		return e.Remind
	case st != nil:
		return st.doc.Group.Type.DefaultRemind()
	}
	return im.RemindNotify
}

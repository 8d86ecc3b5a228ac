package app

import (
	"context"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/canvas"
)

// recall takes a message back, for everybody. [core.MessageRevoked] tells of it
// too, maybe before its text is at hand for writing it anew.
func (c *chat) recall(id im.MessageID) {
	client, m := c.m.s.client, c.m
	beside(m.ctx, func(ctx context.Context) ([]im.Message, error) {
		if err := client.RevokeMessage(ctx, id); err != nil {
			return nil, err
		}
		msg, _, err := client.Message(id)
		return []im.Message{msg}, err
	}, func(messages []im.Message, err error) {
		if err != nil {
			m.report(err)
			return
		}
		if m.chat == c {
			c.revoked(messages)
		}
	})
}

// recallItem is the menu's item to take a message back.
func (c *chat) recallItem(key canvas.Key) *fyne.MenuItem {
	return fyne.NewMenuItem(c.m.tr.T("menu.recall"), func() {
		c.recall(im.MessageID(key))
		c.m.composer.Focus() // for who writes it anew
	})
}

// revoked puts what is left of recalled messages in their place.
func (c *chat) revoked(messages []im.Message) {
	var ch canvas.Changes
	for i := range messages {
		if messages[i].ConversationID == c.conv {
			ch.Put = append(ch.Put, c.present.item(&messages[i]))
			if _, ok := c.m.recalledText(messages[i].ID); ok && messages[i].From == c.m.me {
				c.lastRecalled = messages[i].ID
			}
		}
	}
	if len(ch.Put) > 0 {
		c.apply(ch)
	}
	c.requote(messages)
}

// recalledText is the text of an own message that was recalled on this computer
// since the program began.
func (m *mainScreen) recalledText(id im.MessageID) (string, bool) {
	payload, ok := m.s.client.RevokedContent(id)
	if !ok {
		return "", false
	}
	text, ok := payload.(im.TextPayload)
	return text.Text, ok
}

// editAgain puts a recalled text back into the composer, before what is there.
func (c *chat) editAgain(id im.MessageID) {
	text, ok := c.m.recalledText(id)
	if !ok {
		return
	}
	c.m.composer.Restore(text)
	c.adoptMentions()
	c.m.composer.Focus()
}

// editLast is Up in an empty composer: the text recalled last comes back. It
// reports whether there was one.
func (c *chat) editLast() bool {
	if c.lastRecalled == "" || c.m.composer.Text() != "" {
		return false
	}
	c.editAgain(c.lastRecalled)
	return true
}

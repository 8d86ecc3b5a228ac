package app

import (
	"context"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/canvas"
)

// deleting.go is about messages that are deleted from this computer alone.

// deleteItem is the menu's item to delete a message here.
func (c *chat) deleteItem(key canvas.Key) *fyne.MenuItem {
	return fyne.NewMenuItem(c.m.tr.T("menu.deleteHere"), func() { c.askDelete([]im.MessageID{im.MessageID(key)}) })
}

// deleteChosen asks for the messages that are chosen, of which some may have nothing
// left to be forwarded or copied.
func (c *chat) deleteChosen() {
	var ids []im.MessageID
	for _, at := range c.m.canvas.Chosen() {
		ids = append(ids, im.MessageID(at.Key))
	}
	if len(ids) > 0 {
		c.askDelete(ids)
	}
}

// askDelete says what deleting does before it is done: nothing brings them back here.
func (c *chat) askDelete(ids []im.MessageID) {
	tr := c.m.tr
	c.m.app.ask(question{
		title:  tr.N("delete.title", len(ids), nil),
		text:   tr.N("delete.text", len(ids), nil),
		yes:    tr.T("delete.yes"),
		no:     tr.T("action.cancel"),
		danger: true,
		onYes:  func() { c.delete(ids) },
	})
}

// delete does it. [core.MessagesDeleted] takes them off the canvas.
func (c *chat) delete(ids []im.MessageID) {
	m, client := c.m, c.m.s.client
	beside(m.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, client.ForgetMessages(ctx, ids...)
	}, func(_ struct{}, err error) {
		if err != nil {
			m.report(err)
			return
		}
		m.app.say(m.tr.N("delete.done", len(ids), nil))
		if m.chat == c {
			c.endChoosing()
		}
	})
}

// deleted takes messages away that are not on this disk any more.
func (c *chat) deleted(messages []im.Message) {
	var ch canvas.Changes
	for i := range messages {
		key := canvas.Key(messages[i].ID)
		ch.Remove = append(ch.Remove, key)
		c.media.forget(key) // its files go next, and what has them is shown anew
		if r := c.choice.reply; r != nil && r.MessageID == messages[i].ID {
			c.dropAnswer() // it has the words of what is gone
		}
	}
	c.apply(ch)
	c.requote(messages)
}

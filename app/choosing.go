package app

import (
	"context"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/canvas"
)

// choosing.go is about messages that are chosen to do something with all of them.

// newChooseBar makes what stands in the place of the composer meanwhile.
func (m *mainScreen) newChooseBar() *widgets.ChooseBar {
	in := func(f func(c *chat, list []im.Message)) func() {
		return func() { m.inChat(func(c *chat) { c.withChosen(func(list []im.Message) { f(c, list) }) }) }
	}
	return widgets.NewChooseBar(m.tr.T("choose.end"), func() { m.inChat(func(c *chat) { c.endChoosing() }) },
		widgets.ChooseAction{Icon: "trash", Label: m.tr.T("menu.deleteHere"), Run: func() { m.inChat((*chat).deleteChosen) }},
		widgets.ChooseAction{Icon: "copy", Label: m.tr.T("menu.copy"), Run: in((*chat).copyChosen)},
		widgets.ChooseAction{Icon: "group", Label: m.tr.T("choose.merge"), Run: in(func(c *chat, list []im.Message) { c.m.forward(c, list, true) })},
		widgets.ChooseAction{Icon: "pass-on", Label: m.tr.T("menu.forward"), Run: in(func(c *chat, list []im.Message) { c.m.forward(c, list, false) })},
	)
}

// chooseItem is the menu's item that begins choosing with a message.
func (c *chat) chooseItem(key canvas.Key) *fyne.MenuItem {
	return fyne.NewMenuItem(c.m.tr.T("menu.select"), func() {
		c.m.canvas.SetChoosing(true, key)
		c.m.content.Refresh()
		c.m.app.canvas.Focus(c.m.canvas)
	})
}

// endChoosing goes back to writing; it reports whether messages were being chosen.
func (c *chat) endChoosing() bool {
	if !c.m.canvas.Choosing() {
		return false
	}
	c.m.canvas.SetChoosing(false, "")
	c.m.content.Refresh()
	c.m.composer.Focus()
	return true
}

// chosen shows how many messages are chosen.
func (m *mainScreen) chosen(n int) {
	words := m.tr.N("choose.count", n, nil)
	some := n > 0
	m.choose.SetState(words, some, some, some && n <= im.MaxMergedMessages, some && n <= maxForwarded)
}

// withChosen reads the messages that are chosen from the disk, in their order.
func (c *chat) withChosen(f func([]im.Message)) {
	client, places := c.m.s.client, c.m.canvas.Chosen()
	beside(c.ctx, func(context.Context) (list []im.Message, err error) {
		for _, at := range places {
			m, ok, err := client.Message(im.MessageID(at.Key))
			if err != nil {
				return nil, err
			}
			if ok && !m.IsRevoked {
				list = append(list, m)
			}
		}
		return list, nil
	}, func(list []im.Message, err error) {
		if err != nil {
			c.m.report(err)
			return
		}
		if len(list) > 0 {
			f(list)
		}
	})
}

// copyChosen puts the messages in words on the clipboard: of one only what it says,
// of several who said each and when.
func (c *chat) copyChosen(list []im.Message) {
	fyne.CurrentApp().Clipboard().SetContent(c.copyOf(list))
	c.m.app.say(c.m.tr.N("choose.copied", len(list), nil))
	c.endChoosing()
}

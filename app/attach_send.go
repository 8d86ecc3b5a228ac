package app

import (
	"context"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/im"
)

// hold is asked when the person sends: what is not ready yet goes by itself once it
// is, in its order and with the text, unless more is written meanwhile.
func (c *chat) hold() bool {
	t := c.m.s.trays.get(c.conv)
	if t.working() {
		t.going = true
		c.m.showTray()
	}
	return t.going
}

// unhold is told that more is written: that wants to be sent anew.
func (c *chat) unhold() {
	if t := c.m.s.trays.get(c.conv); t.going {
		t.going = false
		c.m.showTray()
	}
}

// sendHeld sends a tray that the person has sent before it was ready, and the text
// of its conversation.
func (a *application) sendHeld(s *session, t *tray) {
	t.going = false
	if a.session == s && a.main != nil && a.main.conversation() == t.conv {
		a.main.composer.Submit()
		return
	}
	// Another conversation is open by now.
	batch := s.client.NewBatch()
	a.sendTray(s, t, batch, sendChoice{})
	text := s.drafts.trimmed(t.conv)
	if text == "" || len(text) > im.MaxMessageBytes {
		return // what is too long stays the draft
	}
	msg := s.drafts.textMessage(s.client, t.conv, text)
	s.drafts.send(a.files, batch, msg, im.SendOptions{}, text, func(err error) {
		fyne.Do(func() { a.notSent(s, t.conv, err) })
	})
	if a.session == s && a.main != nil {
		a.main.keepDraft(t.conv, "")
	} else {
		s.drafts.keep(a.files, s.client, t.conv, "", func(err error) { a.log("%v", err) })
	}
}

// sendTray hands over what is ready, in its order, as part of a batch. What cannot be kept comes back
// with the reason.
func (a *application) sendTray(s *session, t *tray, batch *core.Batch, choice sendChoice) {
	ready := t.take()
	if len(ready) == 0 {
		return
	}
	a.files.add(func() {
		var left []*trayItem
		var why error
		for i, item := range ready {
			if i > 0 {
				choice.reply = nil // the first is the answer
			}
			msg := item.message
			msg.Time = 0 // it may have waited for days
			choice.on(&msg)
			if _, err := batch.SendMessage(context.Background(), msg, choice.options()); err != nil {
				left, why = append(left, item), err
			}
		}
		// Only now: what is neither sent nor here would be lost.
		if err := s.writeTray(t.conv, keptOf(left)); why == nil {
			why = err
		}
		if why != nil {
			fyne.Do(func() { a.notAttached(s, t, left, why) })
		}
	})
	a.trayChanged(s, t)
}

// notAttached puts back what could not be kept, and says why.
func (a *application) notAttached(s *session, t *tray, items []*trayItem, err error) {
	t.putBack(items...)
	if a.closing || a.session != s || a.main == nil {
		return
	}
	if a.main.conversation() == t.conv {
		a.main.composer.SetProblem(a.tr.Error(err))
		a.main.showTray()
		return
	}
	a.say(a.tr.Error(err))
}

// removeAttachment takes out an item that the person wants to be rid of.
func (c *chat) removeAttachment(id string) {
	t := c.m.s.trays.get(c.conv)
	if t.remove(id) {
		c.trayCut(t)
	}
}

// clearTray takes out all of them; false if there are none.
func (c *chat) clearTray() bool {
	t := c.m.s.trays.get(c.conv)
	if len(t.items) == 0 && t.tooLarge+t.tooMany == 0 {
		return false
	}
	t.clear()
	c.trayCut(t)
	return true
}

// trayCut follows what a person took out.
func (c *chat) trayCut(t *tray) {
	a := c.m.app
	a.saveTray(c.m.s, t)
	if t.going && !t.working() {
		a.sendHeld(c.m.s, t)
	}
	c.m.showTray()
	c.m.composer.Focus()
}

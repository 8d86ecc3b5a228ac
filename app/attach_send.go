package app

import (
	"context"

	"magpie/im"
	"magpie/widgets/loop"
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
	// Another conversation is open by now. What is too long stays the draft.
	p := &parcel{s: s, conv: t.conv, to: s.client.NewBatch(), choice: t.choice}
	if text := s.drafts.trimmed(t.conv); len(text) <= im.MaxMessageBytes {
		p.text, p.mentioned = text, s.drafts.mentioned[t.conv]
	}
	t.choice = sendChoice{}
	a.handOver(p)
	if p.text == "" {
		return
	}
	if a.session == s && a.main != nil {
		a.main.keepDraft(t.conv, "")
	} else {
		s.drafts.keep(a.files, s.client, t.conv, "", func(err error) { a.log("%v", err) })
	}
}

// sendTray hands over what is ready in the tray of a parcel's conversation, in its
// order. What cannot be kept comes back with the reason.
func (a *application) sendTray(p *parcel) {
	t, choice := p.s.trays.get(p.conv), p.choice
	ready := t.take()
	if len(ready) == 0 {
		return
	}
	if p.text != "" {
		choice.reply = nil // the words are the answer
	}
	a.files.add(func() {
		var left []*trayItem
		var why error
		lost := parcel{s: p.s, conv: p.conv}
		for i, item := range ready {
			along := choice
			if i > 0 {
				along.reply = nil // the first is the answer
			}
			msg := item.message
			msg.Time = 0 // it may have waited for days
			along.on(&msg)
			if _, err := p.to.SendMessage(context.Background(), msg, along.options()); err != nil {
				left, why = append(left, item), err
				lost.choice.quiet, lost.choice.priority = along.quiet, along.priority
				if along.reply != nil {
					p.lost, lost.choice.reply = true, along.reply
				}
			}
		}
		// Only now: what is neither sent nor here would be lost.
		if err := p.s.writeTray(t.conv, keptOf(left)); why == nil {
			why = err
		}
		if why != nil {
			loop.Do(func() { a.notAttached(&lost, t, left, why) })
		}
	})
	a.trayChanged(p.s, t)
}

// notAttached puts back what could not be kept, with what that answers, and says why.
func (a *application) notAttached(p *parcel, t *tray, items []*trayItem, err error) {
	t.putBack(items...)
	if a.closing || a.session != p.s || a.main == nil {
		return
	}
	if a.main.conversation() == t.conv {
		a.main.chat.takeBack(p.choice)
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

package app

import (
	"context"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets"
)

// writing is what is being written in the open conversation, besides the text.
type writing struct {
	// choice is how the next message goes.
	choice sendChoice
	// lastRecalled is the own text that was taken back last, "" for none.
	lastRecalled im.MessageID
	// people are whom a mention may name, found those that are offered. dismissed:
	// the list was closed, and what is typed is still the same mention.
	people, found []candidate
	dismissed     bool
	teller        *typingTeller
}

// newWriting begins to write in a conversation.
func (m *mainScreen) newWriting(conv im.ConversationID) writing {
	client := m.s.client
	return writing{teller: &typingTeller{
		ctx:  m.ctx, // leaving the conversation is told too
		tell: func(ctx context.Context, on bool) error { return client.SendTyping(ctx, conv, on) },
	}}
}

// followComposer brings what a person does in the composer to the conversation.
func (m *mainScreen) followComposer() {
	m.emoji = newPanel(m)
	c := m.composer
	c.SetRight(m.emoji.button)
	c.AddRecorder(m.recorderWords(), func(action widgets.RecordAction) {
		m.inChat(func(c *chat) { c.record(action) })
	}, m.soundMenu)
	c.Refuse = func(text string) (problem string) {
		m.inChat(func(c *chat) { problem = c.refuseText(text) })
		return problem
	}
	c.OnSend = func(text string) { m.inChat(func(c *chat) { c.send(text) }) }
	c.OnChanged = func(text string) { m.inChat(func(c *chat) { c.changed(text) }) }
	c.OnMention = func(word string, active bool) { m.inChat(func(c *chat) { c.lookForMention(word, active) }) }
	c.OnKey = func(e *fyne.KeyEvent) (used bool) {
		m.inChat(func(c *chat) { used = c.key(e) })
		return used
	}
	c.OnMenu = m.textMenu
	c.OnQuoteClosed = func() { m.inChat(func(c *chat) { c.dropAnswer(); m.composer.Focus() }) }
	c.OnSendMenu = func(at fyne.Position) { m.inChat(func(c *chat) { c.sendMenu(at) }) }
	m.content.people.OnChosen = func(s widgets.Suggestion) { m.inChat(func(c *chat) { c.mention(im.UserID(s.ID)) }) }
	m.content.people.OnClosed = func() { m.inChat((*chat).dismissMentions) }
}

// changed is told each new text of the composer.
func (c *chat) changed(text string) {
	c.m.keepDraft(c.conv, text)
	c.unhold()
	if c.conv.Type() == im.ConvC2C && c.conv.Peer() != c.m.me && !c.m.app.settings.QuietTyping {
		c.teller.typed(text)
	}
}

// leaveWriting ends it when the conversation is left; the draft stays.
func (c *chat) leaveWriting() {
	c.teller.set(false)
	c.hideMentions()
	c.m.emoji.close()
	c.m.composer.SetNote("")
	c.m.composer.SetQuote("", "", "")
	t := c.m.s.trays.get(c.conv)
	t.choice = c.choice // for what goes by itself
	c.m.app.saveTray(c.m.s, t)
}

// key is asked first for every key of the composer.
func (c *chat) key(e *fyne.KeyEvent) bool {
	if c.m.content.people.Key(e) {
		return true
	}
	return e.Name == fyne.KeyUp && c.editLast() || e.Name == fyne.KeyEscape && (c.dropAnswer() || c.clearTray())
}

// refuseText says why a text cannot go out, "" if it can.
func (c *chat) refuseText(text string) string {
	if len(c.mentioned().users(text)) > im.MaxAtUsers {
		return im.CodeTooManyMentions.Message(c.m.tr.Language())
	}
	return ""
}

// send hands over what is in the tray, in its order, and behind it the text. That
// leaves the field at once; should it not reach the disk, it comes back there with
// the reason.
func (c *chat) send(text string) { c.sendBy(c.m.s.client.NewBatch(), text) }

func (c *chat) sendBy(to sender, text string) {
	p := c.parcel(to, text)
	c.m.app.handOver(p)
	if text != "" {
		c.forgetMentions()
		c.lastRecalled = "" // what was edited again and sent is not offered twice
	}
	c.m.canvas.JumpToNewest()
}

// sendFace and sendDie send a sticker and a thrown die at once.
func (c *chat) sendFace(face im.FacePayload) {
	c.post(c.m.s.client.CreateFaceMessage(c.conv.Type(), c.conv.To(), face))
}

func (c *chat) sendDie() {
	c.post(c.m.s.client.CreateDiceMessage(c.conv.Type(), c.conv.To()))
}

// post sends a message without a text as the person chose for the next one.
func (c *chat) post(msg im.Message) {
	p := c.parcel(c.m.s.client, "")
	c.m.app.sendMessage(p, msg)
	c.m.app.answered(p)
	c.m.canvas.JumpToNewest()
}

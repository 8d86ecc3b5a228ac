package app

import (
	"context"
	"slices"

	"magpie/im"
	"magpie/widgets/loop"
)

// parcel is what leaves the composer of a conversation at one time: what is ready
// in the tray, and behind it the text, with how it is to go. What of it cannot be
// kept on the disk comes back to the composer as it was.
type parcel struct {
	s    *session
	conv im.ConversationID
	to   sender
	// text is "" for none.
	text      string
	choice    sendChoice
	mentioned mentions
	// lost: the message with the reply could not be kept. It belongs to the worker
	// that writes.
	lost bool
}

// parcel takes out of the composer what goes along with a text.
func (c *chat) parcel(to sender, text string) *parcel {
	p := &parcel{s: c.m.s, conv: c.conv, to: to, text: text, choice: c.takeChoice()}
	if text != "" {
		p.mentioned = c.mentioned()
	}
	return p
}

// handOver queues everything of it. The words are the answer if there are any, else
// the first thing of the tray is.
func (a *application) handOver(p *parcel) {
	a.sendTray(p)
	if p.text != "" {
		a.sendMessage(p, p.s.drafts.textMessage(p.s.client, p.conv, p.text))
		delete(p.s.drafts.mentioned, p.conv)
	}
	a.answered(p)
}

// sendMessage queues the message of a parcel.
func (a *application) sendMessage(p *parcel, msg im.Message) {
	p.choice.on(&msg)
	p.s.drafts.send(a.files, p.to, msg, p.choice.options(), p.text, func(err error) {
		p.lost = true
		loop.Do(func() { a.lost(p, err) })
	})
}

// answered takes what was answered from the disk, behind the message that does: until
// then a crash must not lose it.
func (a *application) answered(p *parcel) {
	if p.choice.reply == nil {
		return
	}
	a.files.add(func() {
		if p.lost {
			return
		}
		if err := p.s.store.SetMeta(context.Background(), answerKey(p.conv), ""); err != nil {
			loop.Do(func() { a.say(a.tr.Error(err)) })
		}
	})
}

// notSent gives back a text that had nothing with it.
func (a *application) notSent(s *session, conv im.ConversationID, err error) {
	a.lost(&parcel{s: s, conv: conv}, err)
}

// lost gives a parcel whose message could not be kept back to the person. It may
// find another screen of the session, or none: then the text is the draft on disk,
// with what it answers.
func (a *application) lost(p *parcel, err error) {
	if a.closing || a.session != p.s || a.main == nil {
		return
	}
	m := a.main
	text := p.s.drafts.giveBack(p.conv)
	for _, known := range p.mentioned {
		if !slices.Contains(p.s.drafts.mentioned[p.conv], known) {
			p.s.drafts.mentioned[p.conv] = append(p.s.drafts.mentioned[p.conv], known)
		}
	}
	words := a.tr.Error(err)
	if m.chat != nil && m.chat.conv == p.conv {
		if text != "" {
			m.composer.Restore(text)
			m.chat.showMentions()
		}
		m.chat.takeBack(p.choice)
		m.composer.SetProblem(words)
		return
	}
	// Another conversation is open by now: the text becomes this one's draft.
	row, _ := m.row(p.conv)
	m.keepDraft(p.conv, joinLines(text, row.Draft))
	a.say(words)
}

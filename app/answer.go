package app

import (
	"context"
	"encoding/json"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/canvas"
	"magpie/widgets/loop"
)

// answer.go is about messages that answer others.

// answerKey is where the store has what is being answered in a conversation.
func answerKey(conv im.ConversationID) string { return "reply/" + string(conv) }

// answerItem is the menu's item to answer a message.
func (c *chat) answerItem(msg *im.Message) *fyne.MenuItem {
	return fyne.NewMenuItem(c.m.tr.T("menu.reply"), func() { c.answer(msg) })
}

// answer makes the next message one that answers msg.
func (c *chat) answer(msg *im.Message) {
	r, err := im.NewReply(msg, c.present.authorName(msg), c.m.tr.Language())
	if err != nil {
		c.m.report(err)
		return
	}
	s := c.choice
	s.reply = &r
	c.choose(s)
	c.keepAnswer()
	c.m.composer.Focus()
}

// dropAnswer makes it an ordinary one again; it reports whether it was none.
func (c *chat) dropAnswer() bool {
	if c.choice.reply == nil {
		return false
	}
	s := c.choice
	s.reply = nil
	c.choose(s)
	c.keepAnswer()
	return true
}

// showAnswer shows above the field what is being answered.
func (c *chat) showAnswer() {
	name, words := "", ""
	if r := c.choice.reply; r != nil {
		name, words = c.present.quoted(*r)
		if name == "" {
			name = c.m.tr.T("reply.title")
		}
	}
	c.m.composer.SetQuote(name, words, c.m.tr.T("reply.close"))
}

// keepAnswer writes what is being answered to disk, as a draft is.
func (c *chat) keepAnswer() {
	s, a, key := c.m.s, c.m.app, answerKey(c.conv)
	value := ""
	if r := c.choice.reply; r != nil {
		b, err := json.Marshal(r)
		if err != nil {
			a.log("the answer in %s: %v", c.conv, err)
			return
		}
		value = string(b)
	}
	a.files.add(func() {
		if err := s.store.SetMeta(context.Background(), key, value); err != nil {
			loop.Do(func() { a.say(a.tr.Error(err)) })
		}
	})
}

// restoreAnswer brings back what was being answered when the conversation was left.
func (c *chat) restoreAnswer() {
	s, a, key := c.m.s, c.m.app, answerKey(c.conv)
	a.files.add(func() { // behind what is being written
		value, err := s.store.Meta(key)
		if err != nil || value == "" {
			return
		}
		var r im.Reply
		if json.Unmarshal([]byte(value), &r) != nil {
			return // of another version
		}
		loop.Do(func() {
			if c.ctx.Err() == nil && c.choice.reply == nil {
				choice := c.choice
				choice.reply = &r
				c.choose(choice)
			}
		})
	})
}

// openQuote goes to the message that another one answers.
func (c *chat) openQuote(key canvas.Key) {
	client := c.m.s.client
	beside(c.ctx, func(context.Context) (uint64, error) {
		msg, ok, err := client.Message(im.MessageID(key))
		if err != nil || !ok {
			return 0, err
		}
		r, ok := msg.Reply()
		if !ok {
			return 0, nil
		}
		if of, here, err := client.Message(r.MessageID); err != nil || here && of.ConversationID == c.conv {
			if of.IsDeleted {
				return 0, err
			}
			return of.Sequence, err
		}
		return r.Sequence, nil
	}, func(sequence uint64, err error) {
		switch {
		case err != nil:
			c.m.report(err)
		case sequence == 0:
			c.m.app.say(c.m.tr.T("reply.nowhere"))
		default:
			c.m.canvas.JumpToHit(sequence)
		}
	})
}

// quote is what m answers as the canvas shows it, nil if it answers nothing. The
// message itself says more than what is copied of it: it may be recalled, or deleted here.
func (p *presenter) quote(m *im.Message) *canvas.Quote {
	r, ok := m.Reply()
	if !ok {
		return nil
	}
	if p.quotes == nil {
		p.quotes = map[im.MessageID]map[im.MessageID]bool{}
	}
	if p.quotes[r.MessageID] == nil {
		p.quotes[r.MessageID] = map[im.MessageID]bool{}
	}
	p.quotes[r.MessageID][m.ID] = true
	q := &canvas.Quote{Sequence: r.Sequence}
	q.Name, q.Text = p.quoted(r)
	return q
}

// quoted is whom a reply quotes, and what it quotes in words.
func (p *presenter) quoted(r im.Reply) (name, words string) {
	if p.originals != nil {
		if m, ok := p.originals.get(r.MessageID); ok && m.ConversationID == p.conv {
			if m.IsRevoked {
				return "", p.recalled(&m)
			}
			if m.IsDeleted {
				return "", p.tr.T("reply.deleted")
			}
			if !m.IsPlaceMessage && m.Payload != nil {
				return p.senderName(&m), im.ShowEmoji(im.MessageForShow(m.Payload, p.tr.Language()))
			}
		}
	}
	return first(r.Sender, string(r.From)), im.ShowEmoji(r.Abstract)
}

// authorName is what somebody is called to others: never a name that only this
// account knows them by.
func (p *presenter) authorName(m *im.Message) string {
	if m.From == p.me && m.NameCard == "" {
		return first(p.self, m.Nick, string(m.From))
	}
	return first(m.NameCard, m.Nick, p.names[m.From], string(m.From))
}

// senderName is what somebody is called above a quote, also oneself.
func (p *presenter) senderName(m *im.Message) string {
	if m.From == p.me {
		return p.tr.T("reply.you")
	}
	return p.name(m)
}

// quoters are the messages shown that answer one of these.
func (p *presenter) quoters(of []im.Message) (ids []im.MessageID) {
	for i := range of {
		for id := range p.quotes[of[i].ID] {
			ids = append(ids, id)
		}
	}
	return ids
}

// requote shows anew the answers to messages that were recalled.
func (c *chat) requote(recalled []im.Message) {
	c.present.originals.recalled(recalled)
	ids := c.present.quoters(recalled)
	if r := c.choice.reply; r != nil {
		for i := range recalled {
			if recalled[i].ID == r.MessageID {
				c.showAnswer()
			}
		}
	}
	c.showAgain(ids)
}

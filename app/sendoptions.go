package app

import (
	"strings"

	"fyne.io/fyne/v2"

	"magpie/im"
)

// sendChoice is how the next message goes out. It holds for one message, so that
// nobody goes on in silence by mistake.
type sendChoice struct {
	quiet    bool        // nobody is notified
	priority im.Priority // in groups; "" is the usual one
	reply    *im.Reply   // what it answers, nil for nothing
}

// options are what goes with the message.
func (s sendChoice) options() (o im.SendOptions) {
	if s.quiet {
		o.OfflinePushInfo = &im.OfflinePushInfo{DisablePush: true}
	}
	return o
}

// on puts the choice on a message.
func (s sendChoice) on(msg *im.Message) {
	if s.priority != "" {
		msg.Priority = s.priority
	}
	if s.reply != nil {
		_ = msg.SetReply(*s.reply) // nothing else of ours is in cloudCustomData
	}
}

// takeChoice returns the choice for the message that goes out now. What that answers
// stays on the disk, see answered.
func (c *chat) takeChoice() sendChoice {
	s := c.choice
	c.choose(sendChoice{})
	return s
}

// takeBack puts back the choice of a message that could not be kept, save what was
// chosen anew since.
func (c *chat) takeBack(s sendChoice) {
	now := c.choice
	now.quiet = now.quiet || s.quiet
	now.priority = im.Priority(first(string(now.priority), string(s.priority)))
	if now.reply == nil {
		now.reply = s.reply
	}
	c.choose(now)
	if s.reply != nil {
		c.keepAnswer()
	}
}

// choose sets how the next message goes, and says so above the field.
func (c *chat) choose(s sendChoice) {
	c.choice = s
	c.m.composer.SetNote(c.choiceWords())
	c.showAnswer()
	c.m.content.Refresh() // the composer may have another height now
}

func (c *chat) choiceWords() string {
	tr := c.m.tr
	var words []string
	if c.choice.quiet {
		words = append(words, tr.T("send.quietNote"))
	}
	if c.choice.priority != "" && c.choice.priority != im.PriorityNormal {
		words = append(words, tr.T("priority.note."+string(c.choice.priority)))
	}
	return strings.Join(words, " · ")
}

// sendMenu is what a secondary click on the send button offers.
func (c *chat) sendMenu(at fyne.Position) {
	tr := c.m.tr
	quiet := fyne.NewMenuItem(tr.T("send.quiet"), func() {
		s := c.choice
		s.quiet = !s.quiet
		c.choose(s)
		c.m.composer.Focus()
	})
	quiet.Checked = c.choice.quiet
	items := []*fyne.MenuItem{quiet}
	if c.conv.Type() == im.ConvGroup {
		items = append(items, fyne.NewMenuItemSeparator())
		for _, p := range []im.Priority{im.PriorityHigh, im.PriorityNormal, im.PriorityLow, im.PriorityLowest} {
			item := fyne.NewMenuItem(tr.T("priority."+string(p)), func() {
				s := c.choice
				s.priority = p
				c.choose(s)
				c.m.composer.Focus()
			})
			item.Checked = p == c.choice.priority || c.choice.priority == "" && p == im.PriorityNormal
			items = append(items, item)
		}
	}
	c.m.app.popUpAbove(at, items...)
}

package app

import (
	"slices"

	"magpie/im"
	"magpie/widgets"
)

// mentioning.go offers the members of a group while '@' and a part of a name is
// typed.

// mentioned are the mentions of the text in the composer. They outlive a change
// of conversation or language, as the text does.
func (c *chat) mentioned() mentions { return c.m.s.drafts.mentioned[c.conv] }

func (c *chat) forgetMentions() {
	delete(c.m.s.drafts.mentioned, c.conv)
	c.showMentions()
	c.hideMentions()
}

// showMentions colours them in the composer.
func (c *chat) showMentions() { c.m.composer.SetMentions(c.mentioned().names()) }

// learnPeople takes in whom a mention may name: the members but oneself, and
// everybody, except in a live room, whose members are nowhere to be told.
func (c *chat) learnPeople(members []im.GroupMember) {
	c.people = nil
	if row, _ := c.m.row(c.conv); row.GroupProfile == nil || row.GroupProfile.Type != im.GroupAVChatRoom {
		c.people = append(c.people, candidate{mention: mention{c.m.tr.T("mention.everyone"), im.AtAllUsers}})
	}
	for _, member := range members {
		if member.UserID == c.m.me {
			continue
		}
		c.people = append(c.people, candidate{
			mention: mention{first(member.NameCard, member.Nick, string(member.UserID)), member.UserID},
			nick:    member.Nick,
			avatar:  member.Avatar,
		})
	}
	c.adoptMentions()
}

// adoptMentions finds the mentions of a text that was not typed here just now.
func (c *chat) adoptMentions() {
	if len(c.people) > 0 {
		c.m.s.drafts.mentioned[c.conv] = c.mentioned().adopt(c.m.composer.Text(), c.people)
		c.showMentions()
	}
}

// lookForMention offers who fits the word behind an '@' at the cursor. A list
// that was closed stays so until another mention is begun.
func (c *chat) lookForMention(word string, active bool) {
	if !active {
		c.dismissed = false
	}
	c.found = nil
	if active && !c.dismissed {
		c.found = findMentions(c.people, word)
	}
	if len(c.found) == 0 {
		c.hideMentions()
		return
	}
	items := make([]widgets.Suggestion, len(c.found))
	for i, p := range c.found {
		items[i] = widgets.Suggestion{ID: string(p.user), Name: p.name, Avatar: string(p.user), Picture: c.m.pictures.avatar(p.avatar)}
		if p.user != im.AtAllUsers && p.name != string(p.user) {
			items[i].Detail = string(p.user)
		}
	}
	c.m.content.showPeople(items, c.m.composer.CursorX())
	c.m.composer.SetTakesTab(true)
}

func (c *chat) hideMentions() {
	c.found = nil
	c.m.content.hidePeople()
	c.m.composer.SetTakesTab(false)
}

// dismissMentions closes the list and leaves the text as it is.
func (c *chat) dismissMentions() {
	c.dismissed = true
	c.hideMentions()
}

// mention puts the chosen name into the text and remembers whom it means.
func (c *chat) mention(user im.UserID) {
	i := slices.IndexFunc(c.found, func(p candidate) bool { return p.user == user })
	if i < 0 {
		return
	}
	chosen := c.found[i].mention
	known := c.mentioned()
	if !slices.Contains(known, chosen) {
		c.m.s.drafts.mentioned[c.conv] = append(slices.Clone(known), chosen)
		c.showMentions()
	}
	c.m.composer.ReplaceMention("@" + chosen.name + " ")
}

// offerMention leads to the first unread message that mentions this account, if
// that may be far below the first unread one, where the conversation opens.
func (c *chat) offerMention(row *im.Conversation) {
	const near = 8
	var at uint64
	for _, a := range row.GroupAtInfoList {
		if a.MessageSequence > row.Read && (at == 0 || a.MessageSequence < at) {
			at = a.MessageSequence
		}
	}
	if at <= row.Read+near {
		return
	}
	c.m.content.toasts.Say(c.m.tr.T("mention.unread"), c.m.tr.T("mention.show"), func() {
		if c.ctx.Err() == nil {
			c.m.canvas.JumpToHit(at)
		}
	})
}

package app

import (
	"slices"
	"time"

	"magpie/app/i18n"
	"magpie/im"
)

// standing is what the account may do in a group, as far as this device knows.
type standing struct {
	group *im.Group // nil while nothing is known of it
}

// role is the account's role, "" if it is no member or nothing is known.
func (s standing) role() im.Role {
	if s.group == nil || s.group.SelfInfo == nil {
		return ""
	}
	return s.group.SelfInfo.Role
}

// may reports whether the account may do op, to a member of role target where
// it is done to one.
func (s standing) may(op im.GroupOperation, target im.Role) bool {
	return s.role() != "" && im.MayGroup(s.group.Type, s.role(), op, target) == nil
}

// standing returns what the account may do in the group of the conversation.
func (c *chat) standing() standing {
	row, _ := c.m.row(c.conv)
	return standing{row.GroupProfile}
}

// closedWords say why nothing can be written in the conversation, "" if
// something can.
func (c *chat) closedWords() string {
	if c.conv.Type() != im.ConvGroup {
		return ""
	}
	tr := c.m.tr
	switch s := c.standing(); {
	case c.leftWords != "":
		return tr.F("closed.stays", i18n.Args{"Words": c.leftWords})
	case c.mutedUntil > c.m.s.client.ServerNow().UnixMilli():
		return tr.F("closed.muted", i18n.Args{"Until": c.m.times.until(time.UnixMilli(c.mutedUntil))})
	case s.group != nil && s.group.MuteAllMembers && s.role() == im.RoleMember:
		return tr.T("closed.mutedAll")
	}
	return ""
}

// showClosed puts the reason for which nothing can be written where the composer
// is, or the composer there.
func (m *mainScreen) showClosed() {
	if m.chat == nil {
		return
	}
	words := m.chat.closedWords()
	if words == m.closedWords {
		return
	}
	m.closedWords = words
	if words != "" {
		m.chat.leaveVoice()
	} else {
		m.chat.findVoice()
	}
	m.closed.SetWords(words)
	m.content.Refresh()
	if words == "" {
		m.composer.Focus()
	}
}

// learnMe takes in what the list of members says of the account itself.
func (c *chat) learnMe(members []im.GroupMember) {
	c.mutedUntil = 0
	if i := slices.IndexFunc(members, func(g im.GroupMember) bool { return g.UserID == c.m.me }); i >= 0 {
		c.mutedUntil = members[i].MuteUntil
	}
	c.m.showClosed()
}

// lost notes that the account is no member of the open group any more; words say
// why, and may be empty if that is not known.
func (c *chat) lost(words string) {
	if words == "" && c.leftWords != "" {
		return // it is known better
	}
	c.leftWords = first(words, c.m.tr.T("closed.left"))
	c.m.showClosed()
	c.m.showHeader()
	c.m.panel.reload()
}

// groupChanged takes in what an event says of the open group.
func (c *chat) groupChanged(g *im.Group, left bool) {
	if left {
		c.whyLeft(true)
		return
	}
	if g.SelfInfo != nil {
		c.joinedAgain()
	}
	c.loadMembers()
}

// joinedAgain takes back what lost noted.
func (c *chat) joinedAgain() {
	if c.leftWords != "" {
		c.leftWords = ""
		c.m.showClosed()
		c.loadProfile()
	}
}

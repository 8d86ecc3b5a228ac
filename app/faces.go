package app

import (
	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/canvas"
)

// learnFaces takes in which pictures people have now, and draws the messages
// anew that show one of them.
func (c *chat) learnFaces(people map[im.UserID]string) {
	changed := map[string]bool{}
	for u, avatar := range people {
		if before, known := c.present.avatars[u]; !known || before != avatar {
			c.present.avatars[u] = avatar
			changed[string(u)] = known || avatar != ""
		}
	}
	shown := func(it *canvas.Item) bool { return changed[it.Sender.ID] }
	for _, yes := range changed {
		if yes {
			c.redraw(core.HistoryQuery{Limit: canvas.MaxItems}, shown)
			return
		}
	}
}

// profilesChanged takes in new profiles of people.
func (c *chat) profilesChanged(profiles []im.Profile) {
	people := map[im.UserID]string{}
	for _, p := range profiles {
		if _, known := c.present.avatars[p.UserID]; known || p.UserID == c.conv.Peer() {
			people[p.UserID] = p.Avatar
		}
	}
	c.learnFaces(people)
}

// face is the address of the picture of whoever sent m: the present one, or that
// of the time of the message.
func (p *presenter) face(m *im.Message) string {
	if avatar, known := p.avatars[m.From]; known {
		return avatar
	}
	return m.Avatar
}

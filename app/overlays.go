package app

import (
	"magpie/widgets"
	"magpie/widgets/theme"
)

// overlays.go places what lies over the messages while something is written: the
// people whom a mention may name, and the panel of emoji and stickers.

const overlayGap = 2 * theme.Grid

// layOver places them in the room of the messages, at its lower edge.
func (c *columns) layOver(x, y, width, height float32) {
	if c.people.Visible() {
		size := c.people.MinSize()
		w := min(size.Width, width-2*overlayGap)
		h := min(size.Height, height-2*overlayGap)
		left := min(max(c.peopleX-theme.AvatarSmall, overlayGap), width-w-overlayGap)
		put(c.people, x+left, y+height-h-overlayGap, w, h)
	}
	if c.leads.Visible() {
		size := c.leads.MinSize()
		put(c.leads, x+overlayGap, y+height-size.Height-overlayGap, min(size.Width, width-2*overlayGap), size.Height)
	}
}

// showLeads says where the link under the pointer leads, "" for none.
func (c *columns) showLeads(words string) {
	if c.leads.Text() != words {
		c.leads.SetText(words)
		c.Refresh()
	}
}

// showPeople shows whom a mention may name, above the place in the composer at
// which it is typed.
func (c *columns) showPeople(people []widgets.Suggestion, x float32) {
	if !c.people.Visible() {
		c.peopleX = x
		c.people.Show()
	}
	c.people.SetItems(people)
	c.Refresh()
}

func (c *columns) hidePeople() {
	if !c.people.Visible() {
		return
	}
	c.people.Hide()
	c.Refresh()
}

package core

import (
	"testing"

	"magpie/im"
)

func TestAddConversation(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	list := func() int {
		l, err := d.GetConversationList(t.Context())
		ok(t, err)
		return len(l)
	}
	_, err := d.GetConversationProfile(t.Context(), bob)
	ok(t, err)
	equal(t, "looking adds nothing", list(), 0)
	c, err := d.AddConversation(t.Context(), bob)
	ok(t, err)
	equal(t, "added", c.ConversationID, bob)
	equal(t, "list", list(), 1)
	_, err = d.AddConversation(t.Context(), bob)
	ok(t, err)
	equal(t, "once", list(), 1)
	ok(t, d.DeleteConversation(t.Context(), bob))
	equal(t, "deleted", list(), 0)
	_, err = d.AddConversation(t.Context(), bob)
	ok(t, err)
	equal(t, "back", list(), 1)
	_, err = d.AddConversation(t.Context(), "nonsense")
	equal(t, "malformed", im.CodeOf(err), im.CodeInvalidConversationID)
}

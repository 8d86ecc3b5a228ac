package core

import (
	"strings"
	"testing"

	"magpie/im"
)

// listed is a conversation as the list shows it, false if it is not in it.
func (d *device) listed(conv im.ConversationID) (im.Conversation, int, bool) {
	d.t.Helper()
	list, err := d.GetConversationList(d.t.Context())
	ok(d.t, err)
	for i, c := range list {
		if c.ConversationID == conv {
			return c, i, true
		}
	}
	return im.Conversation{}, 0, false
}

func (d *device) untilListed(what string, conv im.ConversationID, want func(c im.Conversation, at int) bool) {
	d.t.Helper()
	d.until(what, func(e Event) bool {
		l, is := e.(ConversationListUpdated)
		if is {
			for i, c := range l.Conversations {
				if c.ConversationID == conv && want(c, i) {
					return true
				}
			}
		}
		return false
	})
}

func TestNewSettingsReachAllDevices(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "carl")
	one, two, bob := s.device(t, "ann").ready(), s.device(t, "ann").ready(), s.device(t, "bob").ready()
	one.say(im.ConvC2C, "bob", "first")
	one.say(im.ConvC2C, "carl", "second")
	two.hear("second")

	ok(t, one.PinConversation(t.Context(), "C2Cbob", true))
	if c, at, _ := one.listed("C2Cbob"); at != 0 || !c.IsPinned {
		t.Errorf("pinned: %+v at %d", c, at)
	}
	two.untilListed("pinned", "C2Cbob", func(c im.Conversation, at int) bool { return c.IsPinned && at == 0 })
	ok(t, two.PinConversation(t.Context(), "C2Cbob", false))
	one.untilListed("not pinned", "C2Cbob", func(c im.Conversation, at int) bool { return !c.IsPinned && at == 1 })

	ok(t, one.SetMessageRemindType(t.Context(), "C2Cbob", im.RemindQuiet))
	two.untilListed("quiet", "C2Cbob", func(c im.Conversation, _ int) bool { return c.MessageRemindType == im.RemindQuiet })
	bob.say(im.ConvC2C, "ann", "psst")
	one.hear("psst")
	eventually(t, "counted", func() bool { return one.row("C2Cbob").UnreadCount == 1 })
	if total, err := one.TotalUnread(); err != nil || total != 0 {
		t.Errorf("a muted conversation counts %d, %v", total, err)
	}
	ok(t, one.SetMessageRead(t.Context(), "C2Cbob"))

	ok(t, one.MarkConversationUnread(t.Context(), "C2Cbob", true))
	two.untilListed("marked", "C2Cbob", func(c im.Conversation, _ int) bool { return c.MarkedUnread })
	ok(t, two.SetMessageRead(t.Context(), "C2Cbob"))
	if c, _, _ := two.listed("C2Cbob"); c.MarkedUnread {
		t.Error("still marked after reading")
	}
	one.untilListed("not marked", "C2Cbob", func(c im.Conversation, _ int) bool { return !c.MarkedUnread })

	ok(t, one.SetRemark(t.Context(), "C2Cbob", "Bobby 👋"))
	two.untilListed("remark", "C2Cbob", func(c im.Conversation, _ int) bool { return c.Remark == "Bobby 👋" })
	ok(t, one.SetRemark(t.Context(), "C2Cbob", ""))
	two.untilListed("no remark", "C2Cbob", func(c im.Conversation, _ int) bool { return c.Remark == "" })

	for name, err := range map[string]error{
		"remark too long": one.SetRemark(t.Context(), "C2Cbob", strings.Repeat("x", im.MaxRemarkBytes+1)),
		"two lines":       one.SetRemark(t.Context(), "C2Cbob", "a\nb"),
		"remind type":     one.SetMessageRemindType(t.Context(), "C2Cbob", "Loudly"),
	} {
		equal(t, name, im.CodeOf(err), im.CodeInvalidParameter)
	}
	s.kill()
	one.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	equal(t, "offline", im.CodeOf(one.PinConversation(t.Context(), "C2Cbob", true)), im.CodeNetworkDown)
	if c, _, _ := one.listed("C2Cbob"); c.IsPinned {
		t.Error("pinned without the server")
	}
}

// Nothing is pushed of a conversation that is not received; opening it shows
// what was said all the same.
func TestNewMessagesOfDiscardedConversation(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "carl")
	ann, bob, carl := s.device(t, "ann").ready(), s.device(t, "bob").ready(), s.device(t, "carl").ready()
	bob.say(im.ConvC2C, "ann", "one")
	ann.hear("one")
	ok(t, ann.SetMessageRead(t.Context(), "C2Cbob"))
	ok(t, ann.SetMessageRemindType(t.Context(), "C2Cbob", im.RemindDiscard))
	bob.say(im.ConvC2C, "ann", "two")
	carl.say(im.ConvC2C, "ann", "after it")
	ann.hear("after it")
	equal(t, "pushed", ann.received("C2Cbob"), []uint64{1})
	equal(t, "unread", ann.row("C2Cbob").UnreadCount, uint64(0))
	_, err := ann.GetConversationProfile(t.Context(), "C2Cbob")
	ok(t, err)
	eventually(t, "fetched", func() bool {
		p, err := ann.History(t.Context(), "C2Cbob", HistoryQuery{})
		ok(t, err)
		return len(p.Messages) == 2
	})
}

// Who is mentioned sees it in the list until it was read, on every device.
func TestNewMentions(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	one, two, bob := s.device(t, "ann").ready(), s.device(t, "ann").ready(), s.device(t, "bob").ready()
	g, _, err := bob.CreateGroup(t.Context(), im.Group{Name: "g", Type: im.GroupPublic}, []im.UserID{"ann"})
	ok(t, err)
	conv := im.GroupConversation(g.GroupID)
	at := func(text string, users ...im.UserID) uint64 {
		t.Helper()
		m, err := bob.SendMessage(t.Context(), bob.CreateTextAtMessage(g.GroupID, text, users), im.SendOptions{})
		ok(t, err)
		m, err = bob.waitSent(m.ID)
		ok(t, err)
		return m.Sequence
	}
	first := at("@ann look", "ann")
	last := at("@all look", im.AtAllUsers)
	for _, d := range []*device{one, two} {
		d.hear("@all look")
		list := d.row(conv).GroupAtInfoList
		if len(list) != 2 || list[0].MessageSequence != first || list[1].MessageSequence != last ||
			list[0].AtTypeArray[0] != im.AtMe || list[1].AtTypeArray[0] != im.AtAll || list[0].From != "bob" {
			t.Errorf("mentions %+v", list)
		}
	}
	if len(bob.row(conv).GroupAtInfoList) != 0 {
		t.Error("bob is mentioned by himself")
	}
	ok(t, one.SetMessageReadUpTo(t.Context(), conv, first))
	eventually(t, "one left on both", func() bool {
		return len(one.row(conv).GroupAtInfoList) == 1 && len(two.row(conv).GroupAtInfoList) == 1
	})
	// A device that comes new finds them, too.
	three := s.device(t, "ann").ready()
	if list := three.row(conv).GroupAtInfoList; len(list) != 1 || list[0].MessageSequence != last {
		t.Errorf("mentions %+v", list)
	}
	ok(t, three.SetMessageRead(t.Context(), conv))
	eventually(t, "none left", func() bool {
		return len(one.row(conv).GroupAtInfoList)+len(two.row(conv).GroupAtInfoList)+len(three.row(conv).GroupAtInfoList) == 0
	})
}

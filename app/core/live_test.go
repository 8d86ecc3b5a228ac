package core

import (
	"fmt"
	"testing"

	"magpie/im"
)

func TestNewLiveRoom(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "Live", Type: im.GroupAVChatRoom, GroupID: "live"}, nil)
	ok(t, err)
	conv := im.GroupConversation(g.GroupID)
	status, _, err := bob.JoinGroup(t.Context(), "live", "")
	ok(t, err)
	equal(t, "status", status, im.JoinSuccess)
	first := ann.say(im.ConvGroup, "live", "welcome")
	heard := bob.hear("welcome")
	equal(t, "conversation", heard.ConversationID, conv)
	if heard.Sequence == 0 || !heard.OnlineUserOnly || !first.OnlineUserOnly {
		t.Errorf("heard %+v", heard)
	}
	m := bob.say(im.ConvGroup, "live", "hi")
	equal(t, "status", m.Status, im.StatusSuccess)
	ann.hear("hi")
	p, err := ann.History(t.Context(), conv, HistoryQuery{})
	ok(t, err)
	var texts []string
	for i, m := range p.Messages {
		if i > 0 && m.Sequence <= p.Messages[i-1].Sequence {
			t.Errorf("%d after %d", m.Sequence, p.Messages[i-1].Sequence)
		}
		if text, is := m.Payload.(im.TextPayload); is {
			texts = append(texts, text.Text)
		}
	}
	equal(t, "said", texts, []string{"welcome", "hi"})
	list, err := ann.GetMessageList(t.Context(), conv, "", 15)
	ok(t, err)
	if len(list.Messages) != 0 || !list.IsCompleted {
		t.Errorf("the list has %d messages", len(list.Messages))
	}
	if c, _, in := bob.listed(conv); !in || c.LastMessage == nil || c.LastMessage.Payload != im.Payload(im.TextPayload{Text: "hi"}) || c.UnreadCount != 0 {
		t.Errorf("in the list: %+v", c)
	}
	equal(t, "recalled", im.CodeOf(ann.RevokeMessage(t.Context(), first.ID)), im.CodeRevokeGroupType)
	equal(t, "may be recalled", ann.MayRevoke(&first), false)
	got, found, err := ann.Message(first.ID)
	ok(t, err)
	if !found || got.Sequence != first.Sequence {
		t.Errorf("the message is %+v", got)
	}
	if rows, err := ann.st.Outbox(); err != nil || len(rows) != 0 {
		t.Errorf("in the outbox: %d, %v", len(rows), err)
	}
	if rows, err := ann.st.Page(conv, 0, 10); err != nil || len(rows) != 0 {
		t.Errorf("on the disk: %d, %v", len(rows), err)
	}
	ok(t, bob.QuitGroup(t.Context(), "live"))
	if p, err := bob.History(t.Context(), conv, HistoryQuery{}); err != nil || len(p.Messages) != 0 {
		t.Errorf("after leaving: %d, %v", len(p.Messages), err)
	}
}

func TestNewLiveRoomPages(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	const conv = im.ConversationID("GROUPlive")
	ok(t, d.st.PutGroup(t.Context(), im.Group{GroupID: "live", Type: im.GroupAVChatRoom, Name: "l"}))
	const count = maxLive + 100
	for i := range count {
		m := im.Message{ID: im.MessageID(fmt.Sprint("bob-x-", i)), ConversationID: conv, ConversationType: im.ConvGroup, From: "bob", Time: int64(i), Payload: im.TextPayload{Text: "x"}}
		d.passed(m)
		if i%10 == 0 {
			d.passed(m) // pushed twice
		}
	}
	for _, c := range []struct {
		name         string
		q            HistoryQuery
		want         []uint64
		older, newer bool
	}{
		{"end", HistoryQuery{Limit: 3}, upTo(count-2, count), true, false},
		{"before", HistoryQuery{Before: 200, Limit: 4}, upTo(196, 199), true, true},
		{"beginning", HistoryQuery{Before: 104, Limit: 10}, upTo(101, 103), false, true},
		{"after", HistoryQuery{After: count - 2, Limit: 10}, upTo(count-1, count), true, false},
		{"around", HistoryQuery{Around: 300, Limit: 4}, upTo(298, 301), true, true},
		{"around the beginning", HistoryQuery{Around: 5, Limit: 4}, upTo(101, 104), false, true},
		{"beyond", HistoryQuery{After: count, Limit: 4}, upTo(1, 0), true, false},
		{"all", HistoryQuery{Limit: 1000}, upTo(101, count), false, false},
	} {
		p, err := d.History(t.Context(), conv, c.q)
		ok(t, err)
		equal(t, c.name, sequences(p.Messages), c.want)
		if p.HasOlder != c.older || p.HasNewer != c.newer {
			t.Errorf("%s: older %v, newer %v", c.name, p.HasOlder, p.HasNewer)
		}
	}
	p, err := d.History(t.Context(), "GROUPother", HistoryQuery{})
	ok(t, err)
	equal(t, "another", len(p.Messages), 0)
}

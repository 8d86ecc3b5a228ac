package core

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

func TestProfilesAndPresence(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	list, err := ann.Presence(t.Context(), "bob")
	ok(t, err)
	equal(t, "bob", list, []im.UserPresence{{UserID: "bob", StatusType: im.StatusOffline}})
	bobs := func(want im.UserStatus) func(Event) bool {
		return func(e Event) bool {
			u, is := e.(UserStatusUpdated)
			return is && u.Users[0].UserID == "bob" && u.Users[0].StatusType == want
		}
	}
	bob := s.device(t, "bob").ready()
	ann.until("bob online", bobs(im.StatusOnline))
	ann.say(im.ConvC2C, "bob", "hello")
	bob.hear("hello")
	p, err := bob.MyProfile()
	ok(t, err)
	p.Nick, p.SelfSignature = "Robert", "hi"
	ok(t, bob.UpdateMyProfile(t.Context(), p))
	ann.until("the new nick", func(e Event) bool {
		u, is := e.(ProfileUpdated)
		return is && u.Profiles[0].UserID == "bob" && u.Profiles[0].Nick == "Robert"
	})
	p.Nick = string(make([]byte, im.MaxNickBytes+1))
	equal(t, "too long", im.CodeOf(bob.UpdateMyProfile(t.Context(), p)), im.CodeProfileValueTooLong)
	s.kill()
	ann.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	got, err := ann.GetProfiles(t.Context(), "nobody", "bob")
	ok(t, err)
	equal(t, "from the cache", len(got), 1)
	equal(t, "nick", got[0].Nick, "Robert")
	equal(t, "offline", im.CodeOf(bob.UpdateMyProfile(t.Context(), im.Profile{})), im.CodeNetworkDown)
	_, err = ann.Presence(t.Context(), "bob")
	equal(t, "presence offline", im.CodeOf(err), im.CodeNetworkDown)
	bob.stop()
	s.start()
	// The subscription is renewed with the connection.
	ann.until("bob offline", bobs(im.StatusOffline))
	s.deviceAt(t, "bob", bob.path).ready()
	ann.until("bob online again", bobs(im.StatusOnline))
}

func TestGroupsOffline(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "g", Type: im.GroupPublic, GroupID: "club"}, []im.UserID{"bob"})
	ok(t, err)
	equal(t, "id", g.GroupID, im.GroupID("club"))
	_, err = ann.GroupMembers(t.Context(), "club")
	ok(t, err)
	_, _, err = ann.CreateGroup(t.Context(), im.Group{Name: "g", Type: im.GroupPublic, GroupID: "club"}, nil)
	if c := im.CodeOf(err); c != im.CodeGroupIDOwned && c != im.CodeGroupIDTaken {
		t.Fatalf("the same id again: %v", err)
	}
	for _, bad := range []im.Group{
		{Name: "", Type: im.GroupWork}, {Name: "g", Type: "Club"}, {Name: "g", Type: im.GroupWork, GroupID: "@TGS#1"},
	} {
		if _, _, err := ann.CreateGroup(t.Context(), bad, nil); im.CodeOf(err) == 0 {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	s.kill()
	ann.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	info, err := ann.GroupInfo(t.Context(), "club")
	ok(t, err)
	equal(t, "name", info.Name, "g")
	members, err := ann.GroupMembers(t.Context(), "club")
	ok(t, err)
	equal(t, "members", len(members), 2)
	_, err = ann.GroupInfo(t.Context(), "never")
	equal(t, "unknown", im.CodeOf(err), im.CodeNetworkDown)
	_, _, err = ann.CreateGroup(t.Context(), im.Group{Name: "h", Type: im.GroupWork}, nil)
	equal(t, "create", im.CodeOf(err), im.CodeNetworkDown)
	_, err = ann.InviteToGroup(t.Context(), "club", []im.UserID{"bob"})
	equal(t, "invite", im.CodeOf(err), im.CodeNetworkDown)
	equal(t, "quit", im.CodeOf(ann.QuitGroup(t.Context(), "club")), im.CodeNetworkDown)
}

// Who is invited again finds the conversation back in the list.
func TestLeaveAndComeBack(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "g", Type: im.GroupWork}, []im.UserID{"bob"})
	ok(t, err)
	conv := im.GroupConversation(g.GroupID)
	listed := func() bool {
		list, err := bob.GetConversationList(t.Context())
		ok(t, err)
		return slices.ContainsFunc(list, func(c im.Conversation) bool { return c.ConversationID == conv })
	}
	eventually(t, "bob is in", listed)
	ann.say(im.ConvGroup, string(g.GroupID), "one")
	bob.hear("one")
	ok(t, bob.QuitGroup(t.Context(), g.GroupID))
	equal(t, "listed", listed(), false)
	ann.say(im.ConvGroup, string(g.GroupID), "not for bob")
	_, err = ann.InviteToGroup(t.Context(), g.GroupID, []im.UserID{"bob"})
	ok(t, err)
	eventually(t, "bob is back", listed)
	ann.say(im.ConvGroup, string(g.GroupID), "two")
	bob.hear("two")
	for _, e := range bob.seen {
		if r, is := e.(MessageReceived); is && r.Messages[0].Payload == im.Payload(im.TextPayload{Text: "not for bob"}) {
			t.Fatal("bob heard what was said without him")
		}
	}
}

// A group without tips: nothing was said since, and still it is back.
func TestComingBackToASilentGroup(t *testing.T) {
	g := newGateway(t)
	const conv = im.ConversationID("GROUPg")
	g.say(conv, "bob", 2)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, _ []byte) bool {
			if h.T == wire.TGroupInfo {
				s.write(wire.GroupReply{Head: h, Group: im.Group{GroupID: "g"}})
			}
			return h.T == wire.TGroupInfo
		}
	})
	d := g.device(t).ready()
	listed := func(n int) func(Event) bool {
		return func(e Event) bool { l, is := e.(ConversationListUpdated); return is && len(l.Conversations) == n }
	}
	d.until("listed", listed(1))
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvConvGone, Conversation: conv})
	d.until("gone", listed(0))
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvConvChanged, Conversation: conv})
	d.until("back", listed(1))
	g.set(func() { equal(t, "deletions reported", len(g.deletes), 0) })
}

func TestDraft(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 1)
	d := g.device(t).ready()
	ok(t, d.SetDraft(t.Context(), bob, "half a sentence"))
	d.until("the draft in the list", func(e Event) bool {
		l, is := e.(ConversationListUpdated)
		return is && len(l.Conversations) == 1 && l.Conversations[0].Draft == "half a sentence"
	})
	d.stop()
	d = g.deviceAt(t, d.path)
	text, err := d.Draft(bob)
	ok(t, err)
	equal(t, "draft", text, "half a sentence")
}

func TestEndpointIsAskedBeforeEachAttempt(t *testing.T) {
	g := newGateway(t)
	answers := []func() (Endpoint, error){
		func() (Endpoint, error) { return Endpoint{}, errors.New("not started yet") },
		func() (Endpoint, error) { return Endpoint{Server: "no address at all"}, nil },
		func() (Endpoint, error) { return Endpoint{Server: g.srv.URL}, nil },
	}
	asked := 0
	d := g.device(t, func(o *Options) {
		o.Server = ""
		o.Endpoint = func(context.Context) (Endpoint, error) {
			asked++
			return answers[min(asked, len(answers))-1]()
		}
	}).ready()
	equal(t, "asked", asked, 3)
	_ = d
}

// What was written before the first list must not make all history news.
func TestWritingBeforeTheFirstSync(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 50)
	g.set(func() { g.refuse = true })
	d := g.device(t)
	m := d.text("early")
	g.set(func() { g.refuse = false })
	d.RetryNow()
	equal(t, "sequence", d.untilSent(m.ID).Sequence, uint64(51))
	d.until("ready", isReady)
	d.push0(g)
	equal(t, "announced", d.received(bob), upTo(52, 52))
}

func TestHistoryOfAMeetingIsNoNews(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	const conv = im.ConversationID("GROUPm")
	g.say(conv, "bob", 500)
	group := im.Group{GroupID: "m", Name: "m", Type: im.GroupMeeting}
	g.set(func() {
		g.rows[conv].GroupProfile = &group
		g.hook = func(s *gatewaySession, h wire.Head, _ []byte) bool {
			if h.T != wire.TGroupInfo {
				return false
			}
			s.write(wire.GroupReply{Head: h, Group: group})
			return true
		}
	})
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvConvChanged, Conversation: conv})
	d.until("in the list", func(e Event) bool { l, is := e.(ConversationListUpdated); return is && len(l.Conversations) == 1 })
	g.push(conv, g.say(conv, "bob", 1))
	d.untilReceived(conv, 501)
	equal(t, "announced", d.received(conv), upTo(501, 501))
}

// A crash between the two writes of reconcile must not lose own messages.
func TestRescue(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	m := d.text("mine")
	m = d.untilSent(m.ID)
	ok(t, d.saveRescue(t.Context(), []im.Message{m}))
	ok(t, d.st.Truncate(t.Context(), bob, 0))
	d.stop()
	g.set(func() { g.epoch = "e2"; g.logs[bob] = nil; delete(g.rows, bob) })
	d = g.deviceAt(t, d.path)
	sent, err := d.waitSent(m.ID)
	ok(t, err)
	equal(t, "sequence", sent.Sequence, uint64(1))
	left, err := d.st.Meta(metaRescue)
	ok(t, err)
	equal(t, "left", left, "")
}

// A conversation that the restored server does not have at all comes back.
func TestRestoredToNothing(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	var ids []im.MessageID
	for _, text := range []string{"one", "two", "three"} {
		m := d.text(text)
		d.untilSent(m.ID)
		ids = append(ids, m.ID)
	}
	d.stop()
	g.set(func() { g.epoch = "e2"; g.logs[bob] = nil; delete(g.rows, bob) })
	d = g.deviceAt(t, d.path).ready()
	_, err := d.waitSent(ids[2])
	ok(t, err)
	g.set(func() {
		equal(t, "log", len(g.logs[bob]), 3)
		for i, m := range g.logs[bob] {
			equal(t, "id", m.ID, ids[i])
		}
	})
}

// A device knows its own account as the server has it, also on a disk that never saw
// it, and what another device changed meanwhile.
func TestOwnProfile(t *testing.T) {
	s := newMagpied(t, "ann")
	known := func(nick string) func(Event) bool {
		return func(e Event) bool {
			u, is := e.(ProfileUpdated)
			return is && u.Profiles[0].UserID == "ann" && u.Profiles[0].Nick == nick
		}
	}
	path := filepath.Join(t.TempDir(), "ann.db")
	fresh := s.deviceAt(t, "ann", path).ready()
	fresh.until("its own name", known("ANN"))
	p, err := fresh.MyProfile()
	ok(t, err)
	equal(t, "nick", p.Nick, "ANN")
	fresh.stop()
	_, err = fresh.FetchMyProfile(t.Context())
	equal(t, "offline", im.CodeOf(err), im.CodeNetworkDown)
	other := s.device(t, "ann").ready()
	p.Nick = "Ann Other"
	ok(t, other.UpdateMyProfile(t.Context(), p))
	fresh = s.deviceAt(t, "ann", path).ready()
	fresh.until("the new name", known("Ann Other"))
	p, err = fresh.FetchMyProfile(t.Context())
	ok(t, err)
	equal(t, "nick", p.Nick, "Ann Other")
}

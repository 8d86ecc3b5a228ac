package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"magpie/im"
	"magpie/store"
)

func conversation(id im.ConversationID, at int64, unread uint64) store.Conversation {
	c := store.Conversation{First: 1, Last: uint64(at)}
	c.ConversationID, c.Type, c.UnreadCount = id, id.Type(), unread
	if at > 0 {
		c.LastMessage = &im.LastMessage{ID: "bob-pc-1", LastTime: at, LastSequence: uint64(at), FromAccount: "bob", Type: im.MsgText,
			Payload: im.TextPayload{Text: "hi"}, MessageForShow: "hi", Status: im.StatusSuccess}
	}
	return c
}

func names(list []store.Conversation) []im.ConversationID {
	var out []im.ConversationID
	for _, c := range list {
		out = append(out, c.ConversationID)
	}
	return out
}

func TestConversationRoundTrip(t *testing.T) {
	s := openStore(t)
	want := conversation(team, 7, 3)
	want.SubType, want.Read, want.PeerRead, want.First = im.GroupWork, 4, 2, 3
	want.GroupProfile = &im.Group{GroupID: "@TGS#team", Name: "团队", SelfInfo: &im.GroupSelfInfo{Role: im.RoleOwner}}
	want.UserProfile = &im.Profile{UserID: "bob", CustomField: map[string]string{"a": "b"}}
	want.IsPinned, want.MarkedUnread, want.MessageRemindType, want.Remark = true, true, im.RemindQuiet, "my team"
	want.GroupAtInfoList = []im.AtInfo{{From: "bob", GroupID: "@TGS#team", MessageSequence: 6, AtTypeArray: []im.AtType{im.AtMe}}}
	want.LastMessage.Type, want.LastMessage.Payload = im.MsgFace, im.FacePayload{Index: 3, Data: "set"}
	want.LastMessage.IsRevoked, want.LastMessage.Revoker, want.LastMessage.Nick = true, "bob", "Bob"
	ok(t, s.PutConversations(t.Context(), []store.Conversation{want}))
	ok(t, s.SetDraft(t.Context(), team, "not yet"))
	want.Draft = "not yet"
	got, found, err := s.Conversation(team)
	ok(t, err)
	equal(t, "found", found, true)
	equal(t, "conversation", got, want)

	got.GroupProfile.Name, got.LastMessage.Nick = "changed by the caller", "changed"
	again, _, err := s.Conversation(team)
	ok(t, err)
	equal(t, "what was handed out is a copy", again, want)
}

func TestConversationOrder(t *testing.T) {
	s := openStore(t)
	pinned := conversation("C2Cpinned", 5, 0)
	pinned.IsPinned = true
	hidden := conversation("C2Chidden", 90, 8)
	hidden.Hidden = true
	quiet := conversation("C2Cquiet", 20, 4)
	quiet.MessageRemindType = im.RemindQuiet
	ok(t, s.PutConversations(t.Context(), []store.Conversation{
		conversation(bob, 10, 1), quiet, pinned, hidden, conversation("C2Cempty", 0, 2),
	}))
	for _, c := range []struct {
		offset, limit int
		want          []im.ConversationID
	}{
		{0, 0, []im.ConversationID{"C2Cpinned", "C2Cquiet", bob, "C2Cempty"}},
		{1, 2, []im.ConversationID{"C2Cquiet", bob}},
		{3, 5, []im.ConversationID{"C2Cempty"}},
		{4, 5, nil},
	} {
		list, err := s.Conversations(c.offset, c.limit)
		ok(t, err)
		equal(t, "list", names(list), c.want)
	}
	total, err := s.TotalUnread()
	ok(t, err)
	equal(t, "total unread", total, uint64(3))

	// A new message moves bob up; unhiding brings the hidden one back.
	late := text(bob, 99, "new")
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{late}}))
	ok(t, s.UpdateConversation(t.Context(), "C2Chidden", func(c *store.Conversation) error { c.Hidden = false; return nil }))
	ok(t, s.UpdateConversation(t.Context(), "C2Cpinned", func(c *store.Conversation) error { c.IsPinned = false; return nil }))
	list, err := s.Conversations(0, 0)
	ok(t, err)
	equal(t, "list", names(list), []im.ConversationID{bob, "C2Chidden", "C2Cquiet", "C2Cpinned", "C2Cempty"})
}

func TestUpdateConversation(t *testing.T) {
	s := openStore(t)
	ok(t, s.UpdateConversation(t.Context(), bob, func(c *store.Conversation) error {
		equal(t, "a new one has its type", c.Type, im.ConvC2C)
		c.Read, c.ConversationID = 5, "C2Cother"
		return nil
	}))
	c, _, err := s.Conversation(bob)
	ok(t, err)
	equal(t, "read", c.Read, uint64(5))
	no := errors.New("no")
	if err := s.UpdateConversation(t.Context(), bob, func(c *store.Conversation) error { c.Read = 9; return no }); !errors.Is(err, no) {
		t.Fatalf("%v, want the caller's error", err)
	}
	c, _, err = s.Conversation(bob)
	ok(t, err)
	equal(t, "read after a refused change", c.Read, uint64(5))
	list, err := s.Conversations(0, 0)
	ok(t, err)
	equal(t, "list", names(list), []im.ConversationID{bob})
}

func TestPutConversationsNeverGoesBack(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 9)))
	ok(t, s.PutConversations(t.Context(), []store.Conversation{conversation(bob, 4, 2)}))
	c, _, err := s.Conversation(bob)
	ok(t, err)
	equal(t, "last message", c.LastMessage.LastSequence, uint64(9))
	equal(t, "last", c.Last, uint64(9))
	equal(t, "unread is the server's", c.UnreadCount, uint64(2))
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 3)))
	c, _, err = s.Conversation(bob)
	ok(t, err)
	equal(t, "after an older page", c.LastMessage.LastSequence, uint64(9))
}

func TestDraftAndMeta(t *testing.T) {
	s := openStore(t)
	for _, want := range []string{"一半", "", "the other half"} {
		ok(t, s.SetDraft(t.Context(), bob, want))
		got, err := s.Draft(bob)
		ok(t, err)
		equal(t, "draft", got, want)
		ok(t, s.SetMeta(t.Context(), "schema", want))
		got, err = s.Meta("schema")
		ok(t, err)
		equal(t, "meta", got, want)
	}
	hasCode(t, s.SetMeta(t.Context(), "", "x"), im.CodeInvalidParameter)
	hasCode(t, s.SetMeta(t.Context(), "\x00schema", "x"), im.CodeInvalidParameter)
	hasCode(t, s.SetDraft(t.Context(), "", "x"), im.CodeInvalidConversationID)
}

func TestPeople(t *testing.T) {
	s := openStore(t)
	bobby := im.Profile{UserID: "bob", Nick: "Bob", CustomField: map[string]string{"Tag_Profile_Custom_x": "y"}}
	ok(t, s.PutProfiles(t.Context(), []im.Profile{bobby}))
	p, found, err := s.Profile("bob")
	ok(t, err)
	equal(t, "found", found, true)
	equal(t, "profile", p, bobby)
	_, found, err = s.Profile("bo")
	ok(t, err)
	equal(t, "no such profile", found, false)

	g := im.Group{GroupID: "team", Name: "团队", Type: im.GroupWork, MemberCount: 2}
	ok(t, s.PutGroup(t.Context(), g))
	got, _, err := s.Group("team")
	ok(t, err)
	equal(t, "group", got, g)

	members := []im.GroupMember{{UserID: "alice", Role: im.RoleOwner}, {UserID: "bob", NameCard: "B"}}
	ok(t, s.PutMembers(t.Context(), "team", members))
	ok(t, s.PutMembers(t.Context(), "team-2", []im.GroupMember{{UserID: "carol"}}))
	list, err := s.Members("team")
	ok(t, err)
	equal(t, "members", list, members)
	ok(t, s.PutMembers(t.Context(), "team", members[1:]))
	list, err = s.Members("team")
	ok(t, err)
	equal(t, "members replaced", list, members[1:])
	list, err = s.Members("team-2")
	ok(t, err)
	equal(t, "another group's stay", len(list), 1)
	hasCode(t, s.PutMembers(t.Context(), "a\x00b", members), im.CodeInvalidGroupID)
	hasCode(t, s.PutProfiles(t.Context(), []im.Profile{{}}), im.CodeInvalidParameter)
}

// Rows of the same time are in the order of their ids, whatever is in the file.
func TestListOfTheSameTime(t *testing.T) { bothWays(t, testListOfTheSameTime) }

func testListOfTheSameTime(t *testing.T) {
	s := openStore(t)
	var want []im.ConversationID
	for _, at := range []uint64{30, 20, 10} {
		for i := range 12 {
			conv := im.ConversationID(fmt.Sprintf("C2Cfriend-%02d-%d", i, at))
			ingest(t, s, conv, text(conv, at, "at the same time"))
			want = append(want, conv)
		}
	}
	for offset := range len(want) {
		for _, limit := range []int{0, 1, 5, 100} {
			list, err := s.Conversations(offset, limit)
			ok(t, err)
			var got []im.ConversationID
			for _, c := range list {
				got = append(got, c.ConversationID)
			}
			end := len(want)
			if limit > 0 {
				end = min(end, offset+limit)
			}
			equal(t, fmt.Sprintf("%d rows from %d", limit, offset), got, want[offset:end])
		}
	}
}

// A draft as long as may be is kept whole; a longer one is refused, and the one before it
// stays.
func TestLongDraft(t *testing.T) {
	s := openStore(t)
	long := strings.Repeat("长", store.MaxDraftBytes/3)
	ok(t, s.SetDraft(t.Context(), bob, long))
	hasCode(t, s.SetDraft(t.Context(), bob, long+"更长"), im.CodeMessageTooLong)
	got, err := s.Draft(bob)
	ok(t, err)
	if got != long {
		t.Errorf("%d bytes of %d are left", len(got), len(long))
	}
}

// Four of them, which bbolt writes to one page, are there after the next start.
func TestLongDrafts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	long := strings.Repeat("d", store.MaxDraftBytes)
	convs := []im.ConversationID{bob, team, "C2Ccarol", "C2Cdave"}
	for _, conv := range convs {
		ok(t, s.SetDraft(t.Context(), conv, long))
	}
	ok(t, s.Close())
	s, report, err := openStoreAt(path, lifeOptions())
	ok(t, err)
	defer s.Close()
	for _, conv := range convs {
		got, err := s.Draft(conv)
		ok(t, err)
		if got != long || report.SetAside != "" {
			t.Errorf("%s: %d bytes, %+v", conv, len(got), report)
		}
	}
}

package app

import (
	"reflect"
	"strings"
	"testing"

	"magpie/assets"
	"magpie/im"
	"magpie/widgets/canvas"
)

// with returns a message of the group with any payload.
func with(from im.UserID, payload im.Payload) *im.Message {
	return &im.Message{
		ID: "id", ConversationID: "GROUPg", ConversationType: im.ConvGroup, Sequence: 7,
		From: from, Type: payload.Type(), Payload: payload, Status: im.StatusSuccess,
	}
}

func groupPresenter(t *testing.T) *presenter {
	return &presenter{
		tr: english(t), conv: im.GroupConversation("g"), me: "me", names: map[im.UserID]string{}, pictures: newPictures(),
	}
}

func TestPresentsStickersAndDice(t *testing.T) {
	p := groupPresenter(t)
	set := assets.StickerSets()[0]
	face := im.FacePayload{Index: set.Index, Data: set.Stickers[0].Data}
	it := p.item(with("bob", face))
	if it.Kind != canvas.KindSticker || it.Picture == nil || it.Text == "" {
		t.Errorf("a sticker: %+v", it)
	}
	if again := p.item(with("bob", face)); again.Picture != it.Picture {
		t.Error("the picture was made twice")
	}
	if it := p.item(with("bob", im.FacePayload{Index: 4711, Data: "of another program"})); it.Kind != canvas.KindSticker || it.Picture != nil || !strings.Contains(it.Text, "4711") {
		t.Errorf("an unknown sticker: %+v", it)
	}
	if it := p.item(with("me", im.NewDice(5))); it.Kind != canvas.KindSticker || it.Picture == nil || !strings.Contains(it.Text, "5") || !it.Own {
		t.Errorf("a die: %+v", it)
	}
	if it := p.item(with("bob", im.CustomPayload{Data: "dice", Description: "7"})); it.Kind != canvas.KindOther {
		t.Errorf("a die that shows 7: %+v", it)
	}
}

func TestPresentsCustomMessages(t *testing.T) {
	p := groupPresenter(t)
	if it := p.item(with("me", im.NewGroupCreated("me"))); it.Kind != canvas.KindNotice || it.Own || it.Text != "The group was created" {
		t.Errorf("a new group: %+v", it)
	}
	if it := p.item(with("bob", im.CustomPayload{Data: "{}", Description: "An order"})); it.Kind != canvas.KindOther || it.Text != "An order" {
		t.Errorf("another program's: %+v", it)
	}
}

// Mentions are marked by every name that the sender may have used.
func TestPresentsMentions(t *testing.T) {
	p := groupPresenter(t)
	if !p.learn([]im.GroupMember{{UserID: "bob", Nick: "Bob", NameCard: "Bobby"}, {UserID: "ann"}}) {
		t.Error("the members are no news")
	}
	if p.learn([]im.GroupMember{{UserID: "bob", Nick: "Bob", NameCard: "Bobby"}, {UserID: "ann"}}) {
		t.Error("the same members are news")
	}
	m := with("ann", im.TextPayload{Text: "@Bobby @所有人"})
	m.AtUserList = []im.UserID{"bob", im.AtAllUsers}
	if it := p.item(m); !reflect.DeepEqual(it.Mentions, []string{"Bobby", "Bob", "bob", "Everyone", "所有人"}) {
		t.Errorf("%q", it.Mentions)
	}
	m.AtUserList = nil
	if it := p.item(m); it.Mentions != nil {
		t.Errorf("%q though nobody is mentioned", it.Mentions)
	}
}

func TestPresentsRecalls(t *testing.T) {
	p := groupPresenter(t)
	p.names["boss"] = "The Boss"
	p.recallable = func(id im.MessageID) bool { return id == "kept" }
	recalled := func(id im.MessageID, from, revoker im.UserID) *im.Message {
		return &im.Message{ID: id, From: from, Nick: "N. " + string(from), Revoker: revoker, RevokerNick: "R. " + string(revoker), Sequence: 3, IsRevoked: true, Type: im.MsgText}
	}
	for _, c := range []struct {
		m            *im.Message
		text, action string
	}{
		{recalled("kept", "me", "me"), "You recalled a message", "Edit again"},
		{recalled("kept", "me", ""), "You recalled a message", "Edit again"},
		{recalled("gone", "me", "me"), "You recalled a message", ""},
		{recalled("kept", "me", "boss"), "The Boss recalled a message", ""}, // its text stays taken away
		{recalled("kept", "bob", "bob"), "N. bob recalled a message", ""},
		{recalled("x", "bob", "me"), "You recalled a message", ""},
		{recalled("x", "bob", "ann"), "R. ann recalled a message", ""},
	} {
		if it := p.item(c.m); it.Kind != canvas.KindNotice || it.Text != c.text || it.Action != c.action {
			t.Errorf("%s's, by %s: %+v, want %q %q", c.m.From, c.m.Revoker, it, c.text, c.action)
		}
	}
}

func TestPresentsAvatars(t *testing.T) {
	p := groupPresenter(t)
	m := with("bob", im.TextPayload{Text: "hi"})
	m.Avatar = assets.Avatars()[0]
	if it := p.item(m); it.Sender.Picture == nil {
		t.Error("no picture")
	}
	m.Avatar = "https://example.org/a.png" // nothing is fetched
	if it := p.item(m); it.Sender.Picture != nil {
		t.Error("a picture from somewhere")
	}
}

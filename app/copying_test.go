package app

import (
	"testing"
	"time"

	"magpie/im"
)

func TestCopyOfMessages(t *testing.T) {
	tr := english(t)
	at := time.Date(2026, 11, 26, 10, 42, 0, 0, time.Local)
	c := &chat{
		m:       &mainScreen{tr: tr, times: timeWords{tr, func() time.Time { return at }}},
		present: &presenter{tr: tr, me: "me", self: "Wren", names: map[im.UserID]string{"ada": "Ada Okafor"}},
	}
	one := im.Message{From: "ada", Time: at.UnixMilli(), Payload: im.TextPayload{Text: "好的[微笑] ok"}}
	two := im.Message{From: "me", Time: at.Add(time.Minute).UnixMilli(), Payload: im.ImagePayload{}}
	if got, want := c.copyOf([]im.Message{one}), "好的🙂 ok"; got != want {
		t.Errorf("of one: %q, want %q", got, want)
	}
	both := []im.Message{one, two}
	if got, want := c.copyOf(both), "Ada Okafor, [2026-11-26 10:42]\n好的🙂 ok\n\nWren, [2026-11-26 10:43]\n[Image]"; got != want {
		t.Errorf("of two: %q, want %q", got, want)
	}
	tr.Use("zh-Hans")
	if got, want := c.copyOf(both), "Ada Okafor 2026-11-26 10:42\n好的🙂 ok\n\nWren 2026-11-26 10:43\n[图片]"; got != want {
		t.Errorf("in Chinese: %q, want %q", got, want)
	}
	if got, want := c.m.times.said("", at), "2026-11-26 10:42"; got != want {
		t.Errorf("said by nobody: %q, want %q", got, want)
	}
}

// What the canvas copies names people as others know them, also where nothing on the
// screen does.
func TestItemsHaveAuthors(t *testing.T) {
	p := &presenter{tr: english(t), conv: im.C2C("ada"), me: "me", names: map[im.UserID]string{}, pictures: newPictures()}
	from := func(u im.UserID, nick string) *im.Message {
		return &im.Message{ID: "id", ConversationID: p.conv, From: u, Nick: nick, Sequence: 7, Payload: im.TextPayload{Text: "x"}}
	}
	if it := p.item(from("ada", "Ada Okafor")); it.Author != "Ada Okafor" || it.Sender.Name != "" {
		t.Errorf("by %q, named %q", it.Author, it.Sender.Name)
	}
	if it := p.item(from("me", "")); it.Author != "me" {
		t.Errorf("an own one without a name by %q", it.Author)
	}
	p.self = "Wren"
	if it := p.item(from("me", "")); it.Author != "Wren" {
		t.Errorf("an own one by %q", it.Author)
	}
}

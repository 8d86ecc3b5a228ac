package app

import (
	"context"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/assets"
	"magpie/im"
)

// writing is the part of the tour about what is written: emoji and links, the
// panel, stickers, a die, mentions, recalls. It goes on in the group.
func (t *tourist) writing(ctx context.Context, _ *host.Host) error {
	conv := t.conversation()
	if err := t.until(ctx, "the members are known", func() bool { return len(t.a.main.chat.people) > 0 }); err != nil {
		return err
	}
	for _, say := range []func() error{
		func() error {
			return t.ada.say(ctx, im.ConvGroup, conv.To(), "这个动画很棒 😁 [强] more at https://example.org/motion")
		},
		func() error { return t.ada.sendFace(ctx, conv) },
		func() error { return t.bo.mention(ctx, conv, "@wren can you also export it at 2×?", t.a.me()) },
	} {
		if err := say(); err != nil {
			return err
		}
	}
	t.do(func() { t.a.main.chat.sendDie() })
	t.send("🎉👍")
	if err := t.until(ctx, "the emoji were sent", func() bool { return t.lastFrom(conv, t.a.me()) && t.a.main.waiting == 0 }); err != nil {
		return err
	}
	if err := t.picture("21-emoji-stickers"); err != nil {
		return err
	}
	if err := t.panel(); err != nil {
		return err
	}
	t.do(func() { t.a.main.composer.InsertText("你觉得呢 @") })
	if err := t.until(ctx, "the members are offered", func() bool { return t.a.main.content.people.Visible() }); err != nil {
		return err
	}
	if err := t.picture("24-mention"); err != nil {
		return err
	}
	t.do(func() {
		t.a.main.composer.SetText("")
		t.a.main.chat.changed("")
	})
	return t.recall(ctx, conv)
}

// panel looks at the emoji and at the first set of stickers.
func (t *tourist) panel() error {
	t.do(func() {
		for _, e := range []string{"😀", "👍", "🎉", "☕"} {
			t.a.main.emoji.insert(e)
		}
		t.a.main.composer.SetText("")
		t.a.main.emoji.toggle()
	})
	if err := t.picture("22-emoji-panel"); err != nil {
		return err
	}
	t.do(func() { t.a.main.emoji.emoji.ShowTab(1) })
	if err := t.picture("23-stickers"); err != nil {
		return err
	}
	t.do(func() { t.a.main.emoji.close() })
	return nil
}

func (t *tourist) recall(ctx context.Context, conv im.ConversationID) error {
	const slip = "this was ment for somebody else"
	t.send(slip)
	var id im.MessageID
	client := t.a.session.client
	if err := t.until(ctx, "it was sent", func() bool {
		p, err := client.History(ctx, conv, core.HistoryQuery{Limit: 1})
		if n := len(p.Messages); err == nil && n > 0 && p.Messages[n-1].Payload == im.Payload(im.TextPayload{Text: slip}) {
			id = p.Messages[n-1].ID
		}
		return id != ""
	}); err != nil {
		return err
	}
	t.do(func() { t.a.main.chat.recall(id) })
	if err := t.until(ctx, "it was recalled", func() bool {
		row, _ := t.a.main.row(conv)
		return row.LastMessage != nil && row.LastMessage.IsRevoked
	}); err != nil {
		return err
	}
	return t.picture("25-recalled")
}

// sendFace sends the first sticker of all.
func (g *guest) sendFace(ctx context.Context, conv im.ConversationID) error {
	set := assets.StickerSets()[0]
	face := im.FacePayload{Index: set.Index, Data: set.Stickers[0].Data}
	return g.deliver(ctx, g.client.CreateFaceMessage(conv.Type(), conv.To(), face))
}

func (g *guest) mention(ctx context.Context, conv im.ConversationID, text string, users ...im.UserID) error {
	return g.deliver(ctx, g.client.CreateTextAtMessage(conv.Group(), text, users))
}

// deliver sends a message and waits until the server has it.
func (g *guest) deliver(ctx context.Context, m im.Message) error {
	m, err := g.client.SendMessage(ctx, m, im.SendOptions{})
	if err == nil {
		_, err = g.client.WaitSent(ctx, m.ID)
	}
	return err
}

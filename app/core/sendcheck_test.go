package core

import (
	"slices"
	"strings"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// What cannot be sent is refused before it is kept, with the published code.
func TestNewChecksBeforeSending(t *testing.T) {
	g := newGateway(t)
	g.set(func() { g.refuse = true })
	d := g.device(t)
	x := strings.Repeat
	image := func(change func(*im.ImagePayload)) im.Message {
		p := testPayloads()[im.MsgImage].(im.ImagePayload)
		p.ImageInfoArray = slices.Clone(p.ImageInfoArray)
		change(&p)
		return d.CreateImageMessage(im.ConvC2C, "bob", p)
	}
	text := func(s string) im.Message { return d.CreateTextMessage(im.ConvC2C, "bob", s) }
	with := func(m im.Message, change func(*im.Message)) im.Message { change(&m); return m }
	push := func(p im.OfflinePushInfo) im.SendOptions { return im.SendOptions{OfflinePushInfo: &p} }
	for _, c := range []struct {
		name string
		m    im.Message
		o    im.SendOptions
		code im.Code
	}{
		{"as long as it may be", text(x("x", im.MaxMessageBytes)), im.SendOptions{}, 0},
		{"too long", text(x("x", im.MaxMessageBytes+1)), im.SendOptions{}, im.CodeMessageTooLong},
		{"too long in bytes", text(x("鹊", im.MaxMessageBytes/3+1)), im.SendOptions{}, im.CodeMessageTooLong},
		{"too long with its data", with(text(x("x", im.MaxMessageBytes)), func(m *im.Message) { m.CloudCustomData = "x" }), im.SendOptions{}, im.CodeMessageTooLong},
		{"empty", text(""), im.SendOptions{}, im.CodeEmptyMessage},
		{"blank", text(" \n\t "), im.SendOptions{}, im.CodeEmptyMessage},
		{"custom without anything", d.CreateCustomMessage(im.ConvC2C, "bob", im.CustomPayload{}), im.SendOptions{}, im.CodeEmptyMessage},
		{"custom with one", d.CreateCustomMessage(im.ConvC2C, "bob", im.CustomPayload{Extension: "e"}), im.SendOptions{}, 0},
		{"die", d.CreateDiceMessage(im.ConvC2C, "bob"), im.SendOptions{}, 0},
		{"face", d.CreateFaceMessage(im.ConvC2C, "bob", im.FacePayload{Index: -1}), im.SendOptions{}, im.CodeInvalidParameter},
		{"picture without address", image(func(p *im.ImagePayload) { p.ImageInfoArray[0].ImageURL, p.ImageInfoArray[0].URL = "", "" }), im.SendOptions{}, im.CodeEmptyMessage},
		{"picture too large", image(func(p *im.ImagePayload) { p.ImageInfoArray[2].Size = im.MaxImageBytes + 1 }), im.SendOptions{}, im.CodeImageTooLarge},
		{"voice too large", d.CreateAudioMessage(im.ConvC2C, "bob", im.AudioPayload{URL: "u", Size: im.MaxAudioBytes + 1, Second: 1}), im.SendOptions{}, im.CodeAudioTooLarge},
		{"voice without a byte", d.CreateAudioMessage(im.ConvC2C, "bob", im.AudioPayload{URL: "u", Second: 1}), im.SendOptions{}, im.CodeFileEmpty},
		{"film too large", d.CreateVideoMessage(im.ConvC2C, "bob", im.VideoPayload{VideoURL: "u", VideoSize: im.MaxVideoBytes + 1}), im.SendOptions{}, im.CodeVideoTooLarge},
		{"file too large", d.CreateFileMessage(im.ConvC2C, "bob", im.FilePayload{FileURL: "u", FileName: "f", FileSize: im.MaxFileBytes + 1}), im.SendOptions{}, im.CodeFileTooLarge},
		{"file without a byte", d.CreateFileMessage(im.ConvC2C, "bob", im.FilePayload{FileURL: "u", FileName: "f"}), im.SendOptions{}, im.CodeFileEmpty},
		{"file without a name", d.CreateFileMessage(im.ConvC2C, "bob", im.FilePayload{FileURL: "u", FileSize: 1}), im.SendOptions{}, im.CodeEmptyMessage},
		{"tip", d.CreateMessage(im.ConvGroup, "g", im.GroupTipPayload{OperationType: im.TipMemberJoin}), im.SendOptions{}, im.CodeInvalidParameter},
		{"to nobody", d.CreateTextMessage(im.ConvC2C, "", "x"), im.SendOptions{}, im.CodeInvalidConversationType},
		{"to a path", d.CreateTextMessage(im.ConvC2C, "../etc", "x"), im.SendOptions{}, im.CodeInvalidConversationType},
		{"to the system", d.CreateTextMessage(im.ConvSystem, "", "x"), im.SendOptions{}, im.CodeInvalidConversationType},
		{"thirty mentions", d.CreateTextAtMessage("g", "x", slices.Repeat([]im.UserID{"bob"}, im.MaxAtUsers)), im.SendOptions{}, 0},
		{"too many mentions", d.CreateTextAtMessage("g", "x", slices.Repeat([]im.UserID{"bob"}, im.MaxAtUsers+1)), im.SendOptions{}, im.CodeTooManyMentions},
		{"priority", with(text("x"), func(m *im.Message) { m.Priority = "Urgent" }), im.SendOptions{}, im.CodeInvalidParameter},
		{"somebody else's id", with(text("x"), func(m *im.Message) { m.ID = "bob-x-y" }), im.SendOptions{}, im.CodeInvalidMessage},
		{"notification", text("x"), push(im.OfflinePushInfo{Title: x("t", im.MaxOfflinePushBytes)}), 0},
		{"notification too long", text("x"), push(im.OfflinePushInfo{Title: x("t", im.MaxOfflinePushBytes), Extension: "e"}), im.CodeMessageTooLong},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, err := d.st.Outbox()
			ok(t, err)
			_, err = d.SendMessage(t.Context(), c.m, c.o)
			if c.name == "to nobody" || c.name == "to a path" || c.name == "to the system" {
				// The id cannot be made, and without one it goes nowhere.
				if im.CodeOf(err) == 0 {
					t.Error("taken")
				}
			} else if im.CodeOf(err) != c.code || c.code == 0 && err != nil {
				t.Errorf("%v, want code %d", err, c.code)
			}
			after, err := d.st.Outbox()
			ok(t, err)
			if kept := len(after) > len(before); kept != (c.code == 0) {
				t.Errorf("kept: %v", kept)
			}
		})
	}
}

// What goes with a message reaches the server as it was said.
func TestNewOptionsTravel(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	d.ready()
	m := d.CreateTextMessage(im.ConvC2C, "bob", "x")
	m.Priority = im.PriorityHigh
	push := im.OfflinePushInfo{DisablePush: true, Title: "t", Description: "d"}
	m, err := d.SendMessage(t.Context(), m, im.SendOptions{OfflinePushInfo: &push})
	ok(t, err)
	_, err = d.waitSent(m.ID)
	ok(t, err)
	var sent wire.Send
	g.set(func() { sent = g.sends[0] })
	equal(t, "priority", sent.Message.Priority, im.PriorityHigh)
	equal(t, "notification", *sent.OfflinePushInfo, push)
}

// One that comes too fast is tried three times more and then left to a person,
// who may send it again; every other refusal is final at once.
func TestNewRefusalsOfSending(t *testing.T) {
	for _, c := range []struct {
		code  im.Code
		tries int
	}{
		{im.CodeRateLimited, 1 + maxTooFast}, {im.CodeMuted, 1}, {im.CodeBlocked, 1}, {im.CodeGroupPermission, 1}, {im.CodeGroupNotFound, 1},
		{im.CodeC2CUserNotFound, 1}, {im.CodeTextRefused, 1}, {im.CodeSenderMuted, 1},
	} {
		t.Run(c.code.Message(im.English), func(t *testing.T) {
			g := newGateway(t)
			tries, refuse := 0, true
			g.set(func() {
				g.hook = func(s *gatewaySession, h wire.Head, _ []byte) bool {
					if h.T != wire.TSend || !refuse {
						return false
					}
					tries++
					s.fail(h, c.code)
					return true
				}
			})
			d := g.device(t, func(o *Options) { o.Rand = func() float64 { return 0.001 } })
			d.ready()
			m, err := d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", "x"), im.SendOptions{})
			ok(t, err)
			m, err = d.waitSent(m.ID)
			equal(t, "code", im.CodeOf(err), c.code)
			equal(t, "status", m.Status, im.StatusFail)
			equal(t, "tries", tries, c.tries)
			g.set(func() { refuse = false })
			_, err = d.ResendMessage(t.Context(), m.ID)
			ok(t, err)
			m, err = d.waitSent(m.ID)
			ok(t, err)
			equal(t, "sent again", m.IsResend, true)
			failed := 0
			d.until("success", func(e Event) bool {
				u, is := e.(MessageUpdated)
				if is && u.Message.Status == im.StatusFail {
					failed++
				}
				return is && u.Message.Status == im.StatusSuccess
			})
			equal(t, "told that it failed", failed, 1)
		})
	}
}

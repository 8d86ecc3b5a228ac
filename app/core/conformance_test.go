package core

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"magpie/im"
)

// TestConformance walks through the published interface in the order of its
// document: each function, each example, as a program would use it, against a
// real server. docs/conformance.md is what it says.
func TestConformance(t *testing.T) {
	w := &walk{t: t}
	w.part("Creating and sending 发送消息")
	w.sending()
	w.part("Recalling and sending again 撤回与重发")
	w.recalling()
	w.part("Receiving and parsing 接收与解析")
	w.receiving()
	w.part("Conversations 会话相关")
	w.conversations()
	w.part("Events 事件")
	w.events()
	w.finish()
}

// testPayloads are valid payloads of every kind that people send.
func testPayloads() map[im.MessageType]im.Payload {
	picture := func(t im.ImageSizeType, size int64, width, height int) im.ImageInfo {
		return im.ImageInfo{SizeType: t, Size: size, Width: width, Height: height, ImageURL: "https://files.example.org/picture", URL: "https://files.example.org/picture"}
	}
	return map[im.MessageType]im.Payload{
		im.MsgText: im.TextPayload{Text: "Hello world!"},
		im.MsgImage: im.ImagePayload{UUID: "p1", ImageFormat: im.ImageJPEG, ImageInfoArray: []im.ImageInfo{
			picture(im.ImageThumbnail, 9_000, 264, 198), picture(im.ImageLarge, 90_000, 960, 720), picture(im.ImageOriginal, 2_000_000, 4000, 3000)}},
		im.MsgAudio: im.AudioPayload{UUID: "a1", URL: "https://files.example.org/note", Size: 34_000, Second: 14},
		im.MsgFile:  im.FilePayload{UUID: "f1", FileURL: "https://files.example.org/file", FileName: "合同 v3.pdf", FileSize: 1},
		im.MsgVideo: im.VideoPayload{VideoUUID: "v1", VideoURL: "https://files.example.org/film", VideoFormat: "mp4", VideoSecond: 42, VideoSize: 12 << 20},
		im.MsgCustom: im.CustomPayload{
			Data: "dice", Description: fmt.Sprint(1 + rand.IntN(6)), Extension: ""},
		im.MsgFace: im.FacePayload{Index: 1, Data: "tt00"},
	}
}

// goesThere sends p from ann to bob and asserts what both see of it.
func goesThere(t *testing.T, m im.Message, ann, bob *device) (sent, got im.Message) {
	t.Helper()
	equal(t, "status before", m.Status, im.StatusUnsent)
	equal(t, "from", m.From, im.UserID("ann"))
	equal(t, "to", m.To, "bob")
	equal(t, "flow", m.Flow, im.FlowOut)
	equal(t, "conversation", m.ConversationID, im.ConversationID("C2Cbob"))
	equal(t, "type of it", m.ConversationType, im.ConvC2C)
	equal(t, "priority", m.Priority, im.PriorityNormal)
	if m.ID == "" || m.Time == 0 || m.Sequence != 0 {
		t.Errorf("a new message has id %q, time %d, sequence %d", m.ID, m.Time, m.Sequence)
	}
	sent, err := ann.deliver(m, im.SendOptions{})
	ok(t, err)
	equal(t, "status after", sent.Status, im.StatusSuccess)
	equal(t, "the same id", sent.ID, m.ID)
	if sent.Sequence == 0 {
		t.Error("a message that was sent has no sequence")
	}
	bob.flush(ann, "C2Cann")
	all := bob.heard("C2Cann")
	count := 0
	for _, h := range all {
		if h.ID == m.ID {
			got = h
			count++
		}
	}
	equal(t, "received", count, 1)
	equal(t, "from, there", got.From, im.UserID("ann"))
	equal(t, "flow, there", got.Flow, im.FlowIn)
	equal(t, "conversation, there", got.ConversationID, im.ConversationID("C2Cann"))
	equal(t, "sequence, there", got.Sequence, sent.Sequence)
	equal(t, "time, there", got.Time, sent.Time)
	if !reflect.DeepEqual(got.Payload, m.Payload) {
		t.Errorf("sent %+v, received %+v", m.Payload, got.Payload)
	}
	return sent, got
}

func (w *walk) sending() {
	s := newMagpied(w.t, "ann", "bob", "carl")
	ann, bob := s.device(w.t, "ann").ready(), s.device(w.t, "bob").ready()
	all := testPayloads()

	w.row("createTextMessage", "fields of the new message, 8,000 bytes and one more (8001), empty and blank (2403); it arrives once, as it was", func(t *testing.T) {
		goesThere(t, ann.CreateTextMessage(im.ConvC2C, "bob", "Hello world!"), ann, bob)
		goesThere(t, ann.CreateTextMessage(im.ConvC2C, "bob", strings.Repeat("界", 2666)+"ab"), ann, bob)
		for text, want := range map[string]im.Code{strings.Repeat("a", 8001): im.CodeMessageTooLong, "": im.CodeEmptyMessage, " \n\t": im.CodeEmptyMessage} {
			_, err := ann.deliver(ann.CreateTextMessage(im.ConvC2C, "bob", text), im.SendOptions{})
			code(t, fmt.Sprintf("%d bytes", len(text)), err, want)
		}
		_, err := ann.deliver(ann.CreateTextMessage("NOWHERE", "bob", "x"), im.SendOptions{})
		if im.CodeOf(err) == 0 {
			t.Error("a message to a conversation of no type was taken")
		}
	})
	w.row("createImageMessage", "three sizes in the order thumbnail, large, original; 20 MB and one byte more (2253); no address (2403); `[Image]`, `[图片]` in the list", func(t *testing.T) {
		p := all[im.MsgImage].(im.ImagePayload)
		_, got := goesThere(t, ann.CreateImageMessage(im.ConvC2C, "bob", p), ann, bob)
		infos := got.Payload.(im.ImagePayload).ImageInfoArray
		equal(t, "sizes", []im.ImageSizeType{infos[0].SizeType, infos[1].SizeType, infos[2].SizeType}, []im.ImageSizeType{3, 2, 1})
		equal(t, "words", im.MessageForShow(got.Payload, im.English), "[Image]")
		equal(t, "words", im.MessageForShow(got.Payload, im.Chinese), "[图片]")
		big := p
		big.ImageInfoArray = slices.Clone(p.ImageInfoArray)
		big.ImageInfoArray[2].Size = im.MaxImageBytes
		goesThere(t, ann.CreateImageMessage(im.ConvC2C, "bob", big), ann, bob)
		big.ImageInfoArray[2].Size++
		_, err := ann.deliver(ann.CreateImageMessage(im.ConvC2C, "bob", big), im.SendOptions{})
		code(t, "20 MB and a byte", err, im.CodeImageTooLarge)
		_, err = ann.deliver(ann.CreateImageMessage(im.ConvC2C, "bob", im.ImagePayload{}), im.SendOptions{})
		code(t, "no file", err, im.CodeFileURLMissing)
	})
	w.row("createAudioMessage", "seconds, size and waveform arrive; empty (2108), over 20 MB (2301), over 10 minutes (6017); `[Voice] 0:14`", func(t *testing.T) {
		p := all[im.MsgAudio].(im.AudioPayload)
		p.Peaks = []byte{0, 128, 255}
		_, got := goesThere(t, ann.CreateAudioMessage(im.ConvC2C, "bob", p), ann, bob)
		equal(t, "words", im.MessageForShow(got.Payload, im.English), "[Voice] 0:14")
		refusedPayloads(t, ann, map[string]refused{
			"empty":       {im.AudioPayload{URL: "https://files.example.org/x", Second: 1}, im.CodeFileEmpty},
			"too large":   {im.AudioPayload{URL: "https://files.example.org/x", Second: 1, Size: im.MaxAudioBytes + 1}, im.CodeAudioTooLarge},
			"too long":    {im.AudioPayload{URL: "https://files.example.org/x", Second: 601, Size: 1}, im.CodeInvalidParameter},
			"nowhere":     {im.AudioPayload{Second: 1, Size: 1}, im.CodeFileURLMissing},
			"short is ok": {im.AudioPayload{URL: "https://files.example.org/x", Second: 1, Size: 1}, 0},
		})
	})
	w.row("createFileMessage", "name, size and priority arrive; 1 byte and 100 MB pass; empty (2108) and one byte over (2402) are refused each time", func(t *testing.T) {
		p := all[im.MsgFile].(im.FilePayload)
		goesThere(t, ann.CreateFileMessage(im.ConvC2C, "bob", p), ann, bob)
		p.FileSize = im.MaxFileBytes
		m := ann.CreateFileMessage(im.ConvC2C, "bob", p)
		_, err := ann.deliver(m, im.SendOptions{})
		ok(t, err)
		for range 2 {
			refusedPayloads(t, ann, map[string]refused{
				"empty":     {im.FilePayload{FileURL: "https://files.example.org/x", FileName: "x"}, im.CodeFileEmpty},
				"too large": {im.FilePayload{FileURL: "https://files.example.org/x", FileName: "x", FileSize: im.MaxFileBytes + 1}, im.CodeFileTooLarge},
				"nameless":  {im.FilePayload{FileURL: "https://files.example.org/x", FileSize: 1}, im.CodeFileURLMissing},
			})
		}
		high := ann.CreateFileMessage(im.ConvC2C, "bob", p)
		high.Priority = im.PriorityHigh
		_, err = ann.deliver(high, im.SendOptions{})
		ok(t, err)
		bob.flush(ann, "C2Cann")
		heard := bob.heard("C2Cann")
		equal(t, "priority", heard[len(heard)-1].Priority, im.PriorityHigh)
	})
	w.row("createCustomMessage", "the dice of the example is thrown, sent and read as 1 to 6; all three parts empty (2403); others show their description", func(t *testing.T) {
		die := im.CustomPayload{Data: "dice", Description: fmt.Sprint(1 + rand.IntN(6))}
		_, got := goesThere(t, ann.CreateCustomMessage(im.ConvC2C, "bob", die), ann, bob)
		n, is := got.Payload.(im.CustomPayload).Dice()
		equal(t, "a die", is, true)
		equal(t, "what it shows", fmt.Sprint(n), die.Description)
		thrown := ann.CreateDiceMessage(im.ConvC2C, "bob")
		if n, is := thrown.Payload.(im.CustomPayload).Dice(); !is || n < 1 || n > 6 {
			t.Errorf("thrown %+v", thrown.Payload)
		}
		refusedPayloads(t, ann, map[string]refused{
			"all empty":      {im.CustomPayload{}, im.CodeEmptyMessage},
			"only extension": {im.CustomPayload{Extension: "x"}, 0},
		})
		equal(t, "words", im.MessageForShow(im.CustomPayload{Data: "x", Description: "a poll"}, im.English), "a poll")
	})
	w.row("createVideoMessage", "length, size and the missing thumbnail arrive; over 100 MB (2351), empty (2108); `[Video]`", func(t *testing.T) {
		_, got := goesThere(t, ann.CreateVideoMessage(im.ConvC2C, "bob", all[im.MsgVideo].(im.VideoPayload)), ann, bob)
		equal(t, "words", im.MessageForShow(got.Payload, im.Chinese), "[视频]")
		refusedPayloads(t, ann, map[string]refused{
			"empty":     {im.VideoPayload{VideoURL: "https://files.example.org/x"}, im.CodeFileEmpty},
			"too large": {im.VideoPayload{VideoURL: "https://files.example.org/x", VideoSize: im.MaxVideoBytes + 1}, im.CodeVideoTooLarge},
			"nowhere":   {im.VideoPayload{VideoSize: 1}, im.CodeFileURLMissing},
		})
	})
	w.row("createFaceMessage", "index and data as in the example arrive; a negative index (6017); `[Sticker]`", func(t *testing.T) {
		_, got := goesThere(t, ann.CreateFaceMessage(im.ConvC2C, "bob", im.FacePayload{Index: 1, Data: "tt00"}), ann, bob)
		equal(t, "words", im.MessageForShow(got.Payload, im.Chinese), "[动画表情]")
		refusedPayloads(t, ann, map[string]refused{"index": {im.FacePayload{Index: -1}, im.CodeInvalidParameter}})
	})
	w.row("sendMessage", "not ready: it waits in the outbox and goes out by itself; the own device hears nothing of its own message, the account's other device does", func(t *testing.T) {
		second := s.device(t, "ann").ready()
		m, err := ann.deliver(ann.CreateTextMessage(im.ConvC2C, "bob", "to all my devices"), im.SendOptions{})
		ok(t, err)
		echoed := second.hear("to all my devices")
		equal(t, "flow on the other device", echoed.Flow, im.FlowOut)
		ann.flush(bob, "C2Cbob")
		for _, h := range ann.heard("C2Cbob") {
			if h.ID == m.ID {
				t.Error("the sending device received its own message")
			}
		}
		path := second.path
		second.stop()
		s.kill()
		late := s.deviceAt(t, "ann", path)
		waiting, err := late.SendMessage(t.Context(), late.CreateTextMessage(im.ConvC2C, "bob", "written while there was no server"), im.SendOptions{})
		ok(t, err)
		equal(t, "status", waiting.Status, im.StatusUnsent)
		s.start()
		bob.ready()
		equal(t, "sender", bob.hear("written while there was no server").ID, waiting.ID)
		late.stop()
		ann.ready()
	})
	w.row("sendMessage onlineUserOnly", "who is online receives it, sequence 0; it is in no history, and who was absent never sees it; not ready: 2999", func(t *testing.T) {
		carl := s.device(t, "carl").ready()
		path := carl.path
		carl.stop()
		_, err := ann.deliver(ann.CreateTextMessage(im.ConvC2C, "carl", "are you there?"), im.SendOptions{OnlineUserOnly: true})
		ok(t, err)
		_, err = ann.deliver(ann.CreateTextMessage(im.ConvC2C, "bob", "only now"), im.SendOptions{OnlineUserOnly: true})
		ok(t, err)
		equal(t, "sequence", bob.hear("only now").Sequence, uint64(0))
		l, err := bob.GetMessageList(t.Context(), "C2Cann", "", 15)
		ok(t, err)
		for _, m := range l.Messages {
			if p, is := m.Payload.(im.TextPayload); is && p.Text == "only now" {
				t.Error("a message for online users is in the history")
			}
		}
		carl = s.deviceAt(t, "carl", path)
		_, err = carl.deliver(carl.CreateTextMessage(im.ConvC2C, "ann", "too early"), im.SendOptions{OnlineUserOnly: true})
		if carl.State() != Ready {
			code(t, "not ready", err, im.CodeNotReady)
		}
		carl.ready()
		carl.flush(ann, "C2Cann")
		equal(t, "what carl heard", len(carl.heard("C2Cann")), 0)
	})
	w.row("sendMessage offlinePushInfo", "`disablePush`, and a title and description of one's own, are taken and stored with the message; over 2,000 bytes 8001", func(t *testing.T) {
		for _, info := range []im.OfflinePushInfo{
			{DisablePush: true}, {Title: "Ann 给你发来消息", Description: "点击查看", AndroidOPPOChannelID: "chat"},
		} {
			_, err := ann.deliver(ann.CreateTextMessage(im.ConvC2C, "bob", "with push info"), im.SendOptions{OfflinePushInfo: &info})
			ok(t, err)
		}
		_, err := ann.deliver(ann.CreateTextMessage(im.ConvC2C, "bob", "x"), im.SendOptions{OfflinePushInfo: &im.OfflinePushInfo{Title: strings.Repeat("x", 2001)}})
		code(t, "a long title", err, im.CodeMessageTooLong)
	})
}

// refused is a payload and what comes of sending it; 0 for nothing wrong.
type refused struct {
	payload im.Payload
	code    im.Code
}

func refusedPayloads(t *testing.T, d *device, all map[string]refused) {
	t.Helper()
	for what, r := range all {
		_, err := d.deliver(d.CreateMessage(im.ConvC2C, "bob", r.payload), im.SendOptions{})
		code(t, what, err, r.code)
	}
}

func (w *walk) recalling() {
	s := newMagpied(w.t, "ann", "bob", "carl")
	ann, bob := s.device(w.t, "ann").ready(), s.device(w.t, "bob").ready()

	w.row("revokeMessage", "`isRevoked` at once and everywhere, once as MESSAGE_REVOKED to each device, no content left; again 20023, another's 20022, unknown 20022", func(t *testing.T) {
		second := s.device(t, "ann").ready()
		m := ann.say(im.ConvC2C, "bob", "a secret that slipped out")
		bob.hear("a secret that slipped out")
		second.hear("a secret that slipped out")
		ok(t, ann.RevokeMessage(t.Context(), m.ID))
		for name, d := range map[string]*device{"bob": bob, "ann": ann, "ann's second": second} {
			d.until("the recall at "+name, func(e Event) bool { _, is := e.(MessageRevoked); return is })
		}
		bob.flush(ann, "C2Cann")
		ann.flush(bob, "C2Cbob")
		second.flush(bob, "C2Cbob")
		for name, d := range map[string]*device{"bob": bob, "ann": ann, "ann's second": second} {
			events := d.named(im.EventMessageRevoked)
			equal(t, "recalls heard by "+name, len(events), 1)
			gone := events[0].(MessageRevoked).Messages
			equal(t, "recalled for "+name, len(gone), 1)
			equal(t, "which", gone[0].ID, m.ID)
			equal(t, "isRevoked", gone[0].IsRevoked, true)
			equal(t, "by", gone[0].Revoker, im.UserID("ann"))
			if gone[0].Payload != nil {
				t.Errorf("%s still has the content %v", name, gone[0].Payload)
			}
			stored, found, err := d.Message(m.ID)
			ok(t, err)
			equal(t, "stored, "+name, found && stored.IsRevoked && stored.Payload == nil, true)
		}
		again, has := ann.RevokedContent(m.ID)
		equal(t, "what can be edited again", has, true)
		equal(t, "its text", again, im.Payload(im.TextPayload{Text: "a secret that slipped out"}))
		if _, has := bob.RevokedContent(m.ID); has {
			t.Error("the receiver can edit it again")
		}
		code(t, "twice", ann.RevokeMessage(t.Context(), m.ID), im.CodeAlreadyRevoked)
		theirs := bob.say(im.ConvC2C, "ann", "mine")
		ann.hear("mine")
		code(t, "another's", ann.RevokeMessage(t.Context(), theirs.ID), im.CodeRevokeNotFoundC2C)
		code(t, "unknown", ann.RevokeMessage(t.Context(), "ann-x-01HZZZZZZZZZZZZZZZZZZZZZZZ"), im.CodeRevokeNotFoundC2C)
	})
	w.row("revokeMessage in a group", "sender, owner and admin may, others 10007; again 10030; a tip 10032; words in both languages", func(t *testing.T) {
		carl := s.device(t, "carl").ready()
		g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "recalls", Type: im.GroupPublic}, []im.UserID{"bob", "carl"})
		ok(t, err)
		conv := im.GroupConversation(g.GroupID)
		say := func(d *device, text string) im.Message {
			m := d.say(im.ConvGroup, string(g.GroupID), text)
			for _, other := range []*device{ann, bob, carl} {
				if other != d {
					other.hear(text)
				}
			}
			return m
		}
		byBob, byCarl, byAnn := say(bob, "from bob"), say(carl, "from carl"), say(ann, "from ann")
		code(t, "a member another's", bob.RevokeMessage(t.Context(), byCarl.ID), im.CodeGroupPermission)
		ok(t, bob.RevokeMessage(t.Context(), byBob.ID))
		ok(t, ann.RevokeMessage(t.Context(), byCarl.ID)) // the owner
		ok(t, ann.SetGroupMemberRole(t.Context(), g.GroupID, "bob", im.RoleAdmin))
		code(t, "an admin the owner's", bob.RevokeMessage(t.Context(), byAnn.ID), im.CodeGroupPermission)
		again := say(carl, "once more")
		ok(t, bob.RevokeMessage(t.Context(), again.ID)) // now an admin
		code(t, "twice", bob.RevokeMessage(t.Context(), again.ID), im.CodeRevokeNotFound)
		l, err := carl.GetMessageList(t.Context(), conv, "", 15)
		ok(t, err)
		for _, m := range l.Messages {
			if m.Type == im.MsgGroupTip {
				code(t, "a tip", ann.RevokeMessage(t.Context(), m.ID), im.CodeRevokeUnsupported)
				break
			}
		}
		equal(t, "words", im.RevokedForShow(im.English, "bob", "carl", "BOB"), "BOB recalled a message")
		equal(t, "words", im.RevokedForShow(im.Chinese, "bob", "carl", "张三"), "张三撤回了一条消息")
		equal(t, "one's own", im.RevokedForShow(im.Chinese, "", "bob", "", "bob"), "你撤回了一条消息")
	})
	w.row("revokeMessage too late", "after the window of the server's clock: one-to-one 20016, in a group 10031; the message stays", func(t *testing.T) {
		late := newMagpiedWith(t, []string{"--revoke-window", "1ms"}, "ann", "bob")
		ann, bob := late.device(t, "ann").ready(), late.device(t, "bob").ready()
		m := ann.say(im.ConvC2C, "bob", "too old to recall")
		bob.hear("too old to recall")
		g, _, err := bob.CreateGroup(t.Context(), im.Group{Name: "late", Type: im.GroupWork}, []im.UserID{"ann"})
		ok(t, err)
		eventually(t, "the group", func() bool { _, err := ann.GroupInfo(t.Context(), g.GroupID); return err == nil })
		inGroup := ann.say(im.ConvGroup, string(g.GroupID), "too old as well")
		bob.hear("too old as well")
		code(t, "one-to-one", ann.RevokeMessage(t.Context(), m.ID), im.CodeRevokeTooLateC2C)
		code(t, "in a group", ann.RevokeMessage(t.Context(), inGroup.ID), im.CodeRevokeTooLate)
		stays, _, err := bob.Message(m.ID)
		ok(t, err)
		equal(t, "it stays", stays.IsRevoked, false)
	})
	w.row("getMessageList with recalled messages", "a device that was away sees `isRevoked` in the list, in the place of the message, without content", func(t *testing.T) {
		path := bob.path
		bob.stop()
		m := ann.say(im.ConvC2C, "bob", "gone before it was seen")
		kept := ann.say(im.ConvC2C, "bob", "kept")
		ok(t, ann.RevokeMessage(t.Context(), m.ID))
		bob = s.deviceAt(w.t, "bob", path).ready()
		l, err := bob.GetMessageList(t.Context(), "C2Cann", "", 15)
		ok(t, err)
		at := slices.IndexFunc(l.Messages, func(x im.Message) bool { return x.ID == m.ID })
		if at < 0 {
			t.Fatalf("it is not in the list %v", sequences(l.Messages))
		}
		equal(t, "isRevoked", l.Messages[at].IsRevoked, true)
		equal(t, "content", l.Messages[at].Payload, im.Payload(nil))
		equal(t, "what follows", l.Messages[at+1].ID, kept.ID)
	})
	w.row("resendMessage", "a refused message is sent again with its id, by hand, and is there once; one that was sent already is not in the outbox (2105)", func(t *testing.T) {
		ok(t, bob.AddToBlacklist(t.Context(), "ann"))
		m, err := ann.deliver(ann.CreateTextMessage(im.ConvC2C, "bob", "please read this"), im.SendOptions{})
		code(t, "blocked", err, im.CodeBlocked)
		equal(t, "status", m.Status, im.StatusFail)
		ok(t, bob.RemoveFromBlacklist(t.Context(), "ann"))
		again, err := ann.ResendMessage(t.Context(), m.ID)
		ok(t, err)
		equal(t, "the same id", again.ID, m.ID)
		equal(t, "isResend", again.IsResend, true)
		sent, err := ann.waitSent(m.ID)
		ok(t, err)
		equal(t, "status", sent.Status, im.StatusSuccess)
		bob.flush(ann, "C2Cann")
		l, err := bob.GetMessageList(t.Context(), "C2Cann", "", 15)
		ok(t, err)
		n := 0
		for _, x := range l.Messages {
			if x.ID == m.ID {
				n++
			}
		}
		equal(t, "copies", n, 1)
		_, err = ann.ResendMessage(t.Context(), m.ID)
		code(t, "sent already", err, im.CodeInvalidMessage)
	})
}

func (w *walk) receiving() {
	s := newMagpied(w.t, "ann", "bob", "carl")
	ann, bob, carl := s.device(w.t, "ann").ready(), s.device(w.t, "bob").ready(), s.device(w.t, "carl").ready()
	var group im.GroupID

	w.row("MESSAGE_RECEIVED", "one-to-one, group, tip and notice, each once, in order within its conversation", func(t *testing.T) {
		for i := range 3 {
			ann.say(im.ConvC2C, "bob", fmt.Sprint("one ", i))
		}
		g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "birds", Type: im.GroupPublic}, []im.UserID{"bob"})
		ok(t, err)
		group = g.GroupID
		conv := im.GroupConversation(group)
		eventually(t, "bob is in it", func() bool { _, err := bob.GroupMembers(t.Context(), group); return err == nil })
		for i := range 3 {
			ann.say(im.ConvGroup, string(group), fmt.Sprint("all ", i))
		}
		bob.flush(ann, conv)
		bob.flush(ann, "C2Cann")
		var texts []string
		for _, m := range append(bob.heard("C2Cann"), bob.heard(conv)...) {
			if p, is := m.Payload.(im.TextPayload); is {
				texts = append(texts, p.Text)
			}
		}
		equal(t, "texts", texts, []string{"one 0", "one 1", "one 2", "all 0", "all 1", "all 2"})
		seen := map[im.MessageID]int{}
		for _, c := range []im.ConversationID{"C2Cann", conv, im.SystemConversation} {
			last := uint64(0)
			for _, m := range bob.heard(c) {
				seen[m.ID]++
				if m.Sequence <= last {
					t.Errorf("%s: %d after %d", c, m.Sequence, last)
				}
				last = m.Sequence
			}
		}
		for id, n := range seen {
			equal(t, "times of "+string(id), n, 1)
		}
		invited := bob.notice(im.NoticeInvited)
		equal(t, "type", invited.Type, im.MsgGroupNotice)
		equal(t, "system message", invited.IsSystemMessage, true)
	})
	w.row("parseText", "the algorithm of the interface: codes become pictures, unknown, unclosed and nested brackets stay text", func(t *testing.T) {
		known := func(code string) bool { return code == "[呲牙]" || code == "[微笑]" }
		for text, want := range map[string]string{
			"":                        "",
			"XXX":                     "t:XXX",
			"XXX[呲牙]XXX[呲牙]XXX[呲牙XXX": "t:XXX i:[呲牙] t:XXX i:[呲牙] t:XXX t:[呲牙XXX",
			"[微笑][呲牙]":                "i:[微笑] i:[呲牙]",
			"[无此]":                    "t:[ t:无此]",
			"[[微笑]]":                  "t:[ i:[微笑] t:]",
			"]a[":                     "t:]a t:[ ",
		} {
			var got []string
			for _, r := range im.ParseEmojiCodes(text, known) {
				kind := "t:"
				if r.Kind == im.RunEmoji {
					kind = "i:"
				}
				got = append(got, kind+r.Text)
			}
			equal(t, text, strings.TrimSpace(strings.Join(got, " ")), strings.TrimSpace(want))
		}
		var back strings.Builder
		for _, r := range im.ParseText("see https://example.org, @Lin [微笑] 👍🏽!", []string{"Lin"}) {
			back.WriteString(r.Text)
		}
		equal(t, "joined again", back.String(), "see https://example.org, @Lin [微笑] 👍🏽!")
	})
	w.row("parseGroupSystemNotice", "a request, its acceptance and refusal, an admin made and unmade, a removal, a dismissal, a creation, a departure, the operator's own: each received once, each in words", func(t *testing.T) {
		status, _, err := carl.JoinGroup(t.Context(), group, "I am Carl from the lake")
		ok(t, err)
		equal(t, "status", status, im.JoinWaitApproval)
		ask := ann.notice(im.NoticeJoinRequest)
		p := ask.Payload.(im.GroupNoticePayload)
		equal(t, "who asks", p.OperatorID, im.UserID("carl"))
		equal(t, "the applicant's words", p.HandleMessage, "I am Carl from the lake")
		equal(t, "the group", p.GroupProfile.Best(), "birds")
		equal(t, "words", p.Words(im.English), "CARL asks to join \"birds\": I am Carl from the lake")
		ok(t, ann.HandleGroupApplication(t.Context(), ask.ID, im.HandleReject, "not yet"))
		equal(t, "refused", carl.notice(im.NoticeJoinRefused).Payload.(im.GroupNoticePayload).HandleMessage, "not yet")
		code(t, "answered twice", ann.HandleGroupApplication(t.Context(), ask.ID, im.HandleAgree, ""), im.CodeRequestHandled)
		_, _, err = carl.JoinGroup(t.Context(), group, "please")
		ok(t, err)
		again := ann.nextNotice(im.NoticeJoinRequest, ask.ID)
		ok(t, ann.HandleGroupApplication(t.Context(), again.ID, im.HandleAgree, "welcome"))
		carl.notice(im.NoticeJoinAccepted)
		status, _, err = carl.JoinGroup(t.Context(), group, "")
		ok(t, err)
		equal(t, "joining again", status, im.JoinAlreadyInGroup)
		ok(t, ann.SetGroupMemberRole(t.Context(), group, "carl", im.RoleAdmin))
		equal(t, "made admin by", carl.notice(im.NoticeSetAdmin).Payload.(im.GroupNoticePayload).OperatorID, im.UserID("ann"))
		ok(t, ann.SetGroupMemberRole(t.Context(), group, "carl", im.RoleMember))
		carl.notice(im.NoticeCanceledAdmin)
		ok(t, ann.KickGroupMembers(t.Context(), group, []im.UserID{"carl"}, "spam"))
		equal(t, "why", carl.notice(im.NoticeKickedOut).Payload.(im.GroupNoticePayload).HandleMessage, "spam")
		equal(t, "what ann made", ann.notice(im.NoticeCreated).Payload.(im.GroupNoticePayload).GroupProfile.GroupID, group)
		g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "short", Type: im.GroupPublic}, []im.UserID{"bob", "carl"})
		ok(t, err)
		eventually(t, "carl is in it", func() bool { _, err := carl.GroupMembers(t.Context(), g.GroupID); return err == nil })
		ok(t, carl.QuitGroup(t.Context(), g.GroupID))
		carl.notice(im.NoticeQuit)
		ok(t, ann.DismissGroup(t.Context(), g.GroupID))
		end := bob.notice(im.NoticeDismissed)
		equal(t, "words", end.Payload.(im.GroupNoticePayload).Words(im.Chinese), "ANN解散了群聊“short”")
		notice := exec.Command(s.path, "notice", string(group), "--data", s.data)
		notice.Stdin = strings.NewReader("Maintenance at noon")
		if out, err := notice.CombinedOutput(); err != nil {
			t.Fatalf("notice: %v: %s", err, out)
		}
		equal(t, "the operator's", bob.notice(im.NoticeCustom).Payload.(im.GroupNoticePayload).UserDefinedField, "Maintenance at noon")
		for op := im.GroupNoticeOperation(0); op <= 255; op++ {
			p := im.GroupNoticePayload{OperationType: op, OperatorID: "ann", GroupProfile: im.GroupRef{GroupID: "g", Name: "birds"}}
			if p.Words(im.English) == "" || p.Words(im.Chinese) == "" {
				t.Errorf("operation %d has no words", op)
			}
		}
	})
	w.row("parseGroupTipContent", "joined, left, removed, admin made and unmade, profile changed, member muted: each a message of the group, once, in words", func(t *testing.T) {
		g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "tips", Type: im.GroupPublic, JoinOption: im.JoinFree}, []im.UserID{"bob"})
		ok(t, err)
		conv := im.GroupConversation(g.GroupID)
		_, _, err = carl.JoinGroup(t.Context(), g.GroupID, "")
		ok(t, err)
		ok(t, ann.SetGroupMemberRole(t.Context(), g.GroupID, "carl", im.RoleAdmin))
		ok(t, ann.SetGroupMemberRole(t.Context(), g.GroupID, "carl", im.RoleMember))
		name := "tips 2"
		_, err = ann.UpdateGroupProfile(t.Context(), g.GroupID, im.GroupChange{Name: &name})
		ok(t, err)
		ok(t, ann.SetGroupMemberMuteTime(t.Context(), g.GroupID, "carl", 10*time.Minute))
		_, err = carl.deliver(carl.CreateTextMessage(im.ConvGroup, string(g.GroupID), "let me speak"), im.SendOptions{})
		code(t, "muted", err, im.CodeMuted)
		ok(t, ann.SetGroupMemberMuteTime(t.Context(), g.GroupID, "carl", 0))
		ok(t, ann.KickGroupMembers(t.Context(), g.GroupID, []im.UserID{"carl"}, ""))
		_, _, err = carl.JoinGroup(t.Context(), g.GroupID, "")
		ok(t, err)
		ok(t, carl.QuitGroup(t.Context(), g.GroupID))
		bob.flush(ann, conv)
		var got []string
		for _, m := range bob.heard(conv) {
			if p, is := m.Payload.(im.GroupTipPayload); is {
				equal(t, "from", m.From, im.SystemUser)
				got = append(got, p.Words(im.English))
			}
		}
		equal(t, "tips", got, []string{
			"ANN brought BOB into the group", "CARL joined the group", "CARL is now an admin", "CARL is no longer an admin",
			"ANN renamed the group to \"tips 2\"", "CARL was muted for 10 minutes", "CARL may speak again", "ANN removed CARL from the group",
			"CARL joined the group", "CARL left the group",
		})
	})
}

// notice waits for the system notice of an operation, and asserts that none came twice.
func (d *device) notice(op im.GroupNoticeOperation) im.Message {
	d.t.Helper()
	return d.nextNotice(op, "")
}

// nextNotice is notice, passing over the message with the id before.
func (d *device) nextNotice(op im.GroupNoticeOperation, before im.MessageID) im.Message {
	d.t.Helper()
	pick := func(e Event) (im.Message, bool) {
		if r, is := e.(MessageReceived); is {
			for _, m := range r.Messages {
				if p, is := m.Payload.(im.GroupNoticePayload); is && p.OperationType == op && m.ID != before {
					return m, true
				}
			}
		}
		return im.Message{}, false
	}
	for _, e := range d.seen {
		if m, found := pick(e); found {
			return m
		}
	}
	e := d.until(fmt.Sprintf("notice %d", op), func(e Event) bool { _, found := pick(e); return found })
	m, _ := pick(e)
	equal(d.t, "conversation of a notice", m.ConversationID, im.SystemConversation)
	equal(d.t, "from", m.From, im.SystemUser)
	return m
}

func (w *walk) conversations() {
	s := newMagpied(w.t, "ann", "bob", "carl")
	ann, bob := s.device(w.t, "ann").ready(), s.device(w.t, "bob").ready()

	w.row("getMessageList", "15 a page and never more, oldest first, from page to page by `nextReqMessageID`, `isCompleted` on the last; unknown id 6017", func(t *testing.T) {
		for i := range 40 {
			ann.say(im.ConvC2C, "bob", fmt.Sprint("message ", i))
		}
		bob.hear("message 39")
		first, err := bob.GetMessageList(t.Context(), "C2Cann", "", 15)
		ok(t, err)
		equal(t, "first page", sequences(first.Messages), upTo(26, 40))
		equal(t, "completed", first.IsCompleted, false)
		equal(t, "next", first.NextReqMessageID, first.Messages[0].ID)
		second, err := bob.GetMessageList(t.Context(), "C2Cann", first.NextReqMessageID, 99)
		ok(t, err)
		equal(t, "second page", sequences(second.Messages), upTo(11, 25))
		last, err := bob.GetMessageList(t.Context(), "C2Cann", second.NextReqMessageID, 15)
		ok(t, err)
		equal(t, "last page", sequences(last.Messages), upTo(1, 10))
		equal(t, "completed", last.IsCompleted, true)
		_, err = bob.GetMessageList(t.Context(), "C2Cann", "no-such-message", 15)
		code(t, "unknown next", err, im.CodeInvalidParameter)
	})
	w.row("setMessageRead", "unread until it is called; then 0, on the account's other device too, and the peer hears of it; calling again changes nothing", func(t *testing.T) {
		second := s.device(t, "bob").ready()
		eventually(t, "40 unread", func() bool { return bob.row("C2Cann").UnreadCount == 40 && second.row("C2Cann").UnreadCount == 40 })
		ok(t, bob.SetMessageRead(t.Context(), "C2Cann"))
		equal(t, "at once", bob.row("C2Cann").UnreadCount, uint64(0))
		eventually(t, "on the other device", func() bool { return second.row("C2Cann").UnreadCount == 0 })
		ann.until("the receipt", func(e Event) bool { r, is := e.(MessageReadByPeer); return is && r.Sequence == 40 })
		ok(t, bob.SetMessageRead(t.Context(), "C2Cann"))
		ann.say(im.ConvC2C, "bob", "one more")
		bob.hear("one more")
		eventually(t, "one unread on both", func() bool { return bob.row("C2Cann").UnreadCount == 1 && second.row("C2Cann").UnreadCount == 1 })
		second.stop()
	})
	w.row("getConversationList", "the most recent first, with unread count and the last message in words; refreshed by CONVERSATION_LIST_UPDATED", func(t *testing.T) {
		carl := s.device(t, "carl").ready()
		m, err := carl.deliver(carl.CreateAudioMessage(im.ConvC2C, "bob", testPayloads()[im.MsgAudio].(im.AudioPayload)), im.SendOptions{})
		ok(t, err)
		bob.until("carl first in the list", func(e Event) bool {
			u, is := e.(ConversationListUpdated)
			return is && len(u.Conversations) > 0 && u.Conversations[0].ConversationID == "C2Ccarl" && u.Conversations[0].UnreadCount == 1
		})
		list, err := bob.GetConversationList(t.Context())
		ok(t, err)
		equal(t, "order", []im.ConversationID{list[0].ConversationID, list[1].ConversationID}, []im.ConversationID{"C2Ccarl", "C2Cann"})
		last := list[0].LastMessage
		equal(t, "last message", last.LastSequence, m.Sequence)
		equal(t, "its time", last.LastTime, m.Time)
		equal(t, "its sender", last.FromAccount, im.UserID("carl"))
		equal(t, "its type", last.Type, im.MsgAudio)
		equal(t, "in words", last.MessageForShow, "[Voice] 0:14")
		list[0].UnreadCount = 99
		again, err := bob.GetConversationList(t.Context())
		ok(t, err)
		equal(t, "a copy was handed out", again[0].UnreadCount, uint64(1))
	})
	w.row("getConversationProfile", "nick and kind of a user never spoken to and of a group; malformed 2503, no such user 20003", func(t *testing.T) {
		c, err := ann.GetConversationProfile(t.Context(), "C2Ccarl")
		ok(t, err)
		equal(t, "type", c.Type, im.ConvC2C)
		equal(t, "nick", c.UserProfile.Nick, "CARL")
		equal(t, "unread", c.UnreadCount, uint64(0))
		g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "profile", Type: im.GroupMeeting}, nil)
		ok(t, err)
		c, err = ann.GetConversationProfile(t.Context(), im.GroupConversation(g.GroupID))
		ok(t, err)
		equal(t, "group", c.GroupProfile.Name, "profile")
		equal(t, "kind", c.SubType, im.GroupMeeting)
		_, err = ann.GetConversationProfile(t.Context(), "nonsense")
		code(t, "malformed", err, im.CodeInvalidConversationID)
		_, err = ann.GetConversationProfile(t.Context(), "C2Cnobody")
		code(t, "nobody", err, im.CodeC2CUserNotFound)
	})
	w.row("deleteConversation", "the row goes, the messages stay; the next message brings it back with all of its history; not in the list 2500", func(t *testing.T) {
		ok(t, bob.DeleteConversation(t.Context(), "C2Cann"))
		list, err := bob.GetConversationList(t.Context())
		ok(t, err)
		for _, c := range list {
			if c.ConversationID == "C2Cann" {
				t.Error("it is still in the list")
			}
		}
		code(t, "again", bob.DeleteConversation(t.Context(), "C2Cann"), im.CodeConversationNotFound)
		ann.say(im.ConvC2C, "bob", "are you still there?")
		bob.hear("are you still there?")
		eventually(t, "back in the list", func() bool {
			list, err := bob.GetConversationList(t.Context())
			ok(t, err)
			return len(list) > 0 && list[0].ConversationID == "C2Cann" && list[0].UnreadCount == 1
		})
		all, _ := bob.pages("C2Cann", 15)
		equal(t, "history", all, upTo(1, 42))
	})
}

func (w *walk) events() {
	w.row("SDK_READY, SDK_NOT_READY, NET_STATE_CHANGE", "each once for each connection, ready only after what was missed is here", func(t *testing.T) {
		s := newMagpied(t, "ann", "bob")
		ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
		path := bob.path
		bob.stop()
		ann.say(im.ConvC2C, "bob", "while you were away")
		bob = s.deviceAt(t, "bob", path).ready()
		bob.until("ready", func(e Event) bool { _, is := e.(SDKReady); return is })
		equal(t, "heard before it was ready", len(bob.heard("C2Cann")), 1)
		s.kill()
		bob.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
		bob.until("disconnected", func(e Event) bool { n, is := e.(NetStateChange); return is && n.State == im.NetDisconnected })
		s.start()
		bob.until("ready again", func(e Event) bool { _, is := e.(SDKReady); return is })
		equal(t, "ready", len(bob.named(im.EventSDKReady)), 2)
		equal(t, "not ready", len(bob.named(im.EventSDKNotReady)), 1)
		var net []im.NetState
		for _, e := range bob.named(im.EventNetStateChange) {
			if state := e.(NetStateChange).State; len(net) == 0 || net[len(net)-1] != state {
				net = append(net, state)
			}
		}
		equal(t, "first", net[:3], []im.NetState{im.NetConnecting, im.NetConnected, im.NetDisconnected})
		equal(t, "last", net[len(net)-1], im.NetConnected)
	})
	w.row("KICKED_OUT", "after SDK_NOT_READY, once, with its reason; the client does not sign in again by itself and its history stays readable", func(t *testing.T) {
		s := newMagpied(t, "ann", "bob")
		ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
		ann.say(im.ConvC2C, "bob", "read me offline")
		bob.hear("read me offline")
		out, err := exec.Command(s.path, "user", "kick", "bob", "--data", s.data).CombinedOutput()
		if err != nil {
			t.Fatalf("user kick: %v: %s", err, out)
		}
		bob.until("the kick", func(e Event) bool { k, is := e.(KickedOut); return is && k.Type == im.KickREST })
		equal(t, "state", bob.State(), Kicked)
		names := []im.EventName{}
		for _, e := range bob.seen {
			if n := e.Name(); n == im.EventSDKNotReady || n == im.EventKickedOut {
				names = append(names, n)
			}
		}
		equal(t, "order", names, []im.EventName{im.EventSDKNotReady, im.EventKickedOut})
		equal(t, "no attempt is planned", bob.RetryAt().IsZero(), true)
		l, err := bob.GetMessageList(t.Context(), "C2Cann", "", 15)
		ok(t, err)
		equal(t, "history", len(l.Messages), 1)
		bob.SignIn("bobbob", "")
		bob.ready()
	})
}

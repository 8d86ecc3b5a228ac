package im_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"magpie/im"
)

func TestMessageForShow(t *testing.T) {
	for _, c := range []struct {
		p      im.Payload
		en, zh string
	}{
		{nil, "", ""},
		{im.TextPayload{Text: " as it\nis [呲牙] "}, " as it\nis [呲牙] ", " as it\nis [呲牙] "},
		{im.ImagePayload{}, "[Image]", "[图片]"},
		{im.AudioPayload{Second: 14}, "[Voice] 0:14", "[语音] 0:14"},
		{im.AudioPayload{Second: 600}, "[Voice] 10:00", "[语音] 10:00"},
		{im.AudioPayload{Second: 3661}, "[Voice] 1:01:01", "[语音] 1:01:01"},
		{im.AudioPayload{Second: -5}, "[Voice] 0:00", "[语音] 0:00"},
		{im.VideoPayload{VideoSecond: 3}, "[Video]", "[视频]"},
		{im.FilePayload{FileName: "report.pdf"}, "[File] report.pdf", "[文件] report.pdf"},
		{im.FilePayload{FileName: "gpj.\u202eexe\n2"}, "[File] gpj.exe 2", "[文件] gpj.exe 2"},
		{im.FilePayload{}, "[File]", "[文件]"},
		{im.FacePayload{Index: 3}, "[Sticker]", "[动画表情]"},
		{im.LocationPayload{Description: "x"}, "[Location]", "[位置]"},
		{im.CustomPayload{Data: "x", Description: "a vote"}, "a vote", "a vote"},
		{im.CustomPayload{Data: "x"}, "[Custom message]", "[自定义消息]"},
		{im.CustomPayload{Description: " \n"}, "[Custom message]", "[自定义消息]"},
		{im.NewDice(4), "[Dice] 4", "[骰子] 4"},
		{im.CustomPayload{Data: "dice", Description: "7"}, "7", "7"},
		{im.CustomPayload{Data: "dice"}, "[Custom message]", "[自定义消息]"},
		{im.MergerPayload{Title: "Bob and Ann"}, "[Chat history] Bob and Ann", "[聊天记录] Bob and Ann"},
		{im.MergerPayload{}, "[Chat history]", "[聊天记录]"},
		{im.UnknownPayload{MessageType: "New"}, "[Unknown message]", "[未知消息]"},
		{im.GroupTipPayload{OperationType: im.TipMemberQuit, OperatorID: "bob"}, "bob left the group", "bob退出了群聊"},
		{im.GroupNoticePayload{OperationType: im.NoticeQuit, GroupProfile: im.GroupRef{GroupID: "g"}}, "You left \"g\"", "你已退出群聊“g”"},
	} {
		if got := im.MessageForShow(c.p, im.English); got != c.en {
			t.Errorf("%#v: %q, want %q", c.p, got, c.en)
		}
		if got := im.MessageForShow(c.p, im.Chinese); got != c.zh {
			t.Errorf("%#v: %q, want %q", c.p, got, c.zh)
		}
	}
}

func TestDice(t *testing.T) {
	for n := 1; n <= 6; n++ {
		if got, ok := im.NewDice(n).Dice(); !ok || got != n {
			t.Errorf("%d became %d, %v", n, got, ok)
		}
	}
	for _, p := range []im.CustomPayload{im.NewDice(0), im.NewDice(7), im.NewDice(12), {Data: "dice", Description: "４"}, {Data: "Dice", Description: "4"}} {
		if n, ok := p.Dice(); ok {
			t.Errorf("%+v is a die of %d", p, n)
		}
	}
}

func TestRecalled(t *testing.T) {
	for _, c := range []struct {
		en, zh string
		args   []im.UserID // revoker, from, self
		name   string
	}{
		{"You recalled a message", "你撤回了一条消息", []im.UserID{"", "a", "a"}, "Ann"},
		{"You recalled a message", "你撤回了一条消息", []im.UserID{"a", "b", "a"}, "Ann"},
		{"Bob recalled a message", "Bob撤回了一条消息", []im.UserID{"", "b", "a"}, "Bob"},
		{"b recalled a message", "b撤回了一条消息", []im.UserID{"", "b", "a"}, "\u202e"},
		{"A message was recalled", "一条消息已被撤回", []im.UserID{"", "", "a"}, ""},
	} {
		if got := im.RevokedForShow(im.English, c.args[0], c.args[1], c.name, c.args[2]); got != c.en {
			t.Errorf("got %q, want %q", got, c.en)
		}
		if got := im.RevokedForShow(im.Chinese, c.args[0], c.args[1], c.name, c.args[2]); got != c.zh {
			t.Errorf("got %q, want %q", got, c.zh)
		}
	}
}

// A recalled message must not live on in the conversation list.
func TestLastMessageOfARecalledOne(t *testing.T) {
	m := goodMessage()
	m.From, m.Payload = "bob", im.TextPayload{Text: "secret"}
	if l := im.NewLastMessage(&m); l.Payload != m.Payload || l.MessageForShow != "secret" {
		t.Errorf("before: %+v", l)
	}
	m.IsRevoked = true
	if l := im.NewLastMessage(&m); l.Payload != nil || l.MessageForShow != "bob recalled a message" || !l.IsRevoked {
		t.Errorf("after: %+v", l)
	}
}

func TestTrimPreview(t *testing.T) {
	im.TrimPreview(nil)
	long := strings.Repeat("鹊", 100) // 300 bytes
	for _, c := range []struct {
		name    string
		p       im.Payload
		show    string
		payload bool
		bytes   int
	}{
		{"short text", im.TextPayload{Text: "hi"}, "hi", true, 2},
		{"200 bytes", im.TextPayload{Text: strings.Repeat("a", 200)}, strings.Repeat("a", 200), true, 200},
		{"long text", im.TextPayload{Text: long}, long, true, 65*3 + 3},
		{"emoji", im.TextPayload{Text: strings.Repeat("🐦", 60)}, strings.Repeat("🐦", 60), true, 49*4 + 3},
		{"voice", im.AudioPayload{URL: "u", Size: 1, Second: 3}, "[Voice] 0:03", true, 12},
		{"picture with a preview", im.ImagePayload{Preview: make([]byte, 2000)}, "[Image]", false, 7},
		{"long file name", im.FilePayload{FileName: strings.Repeat("n", 2000)}, "[File] " + strings.Repeat("n", 2000), false, 200},
		{"unmarshallable", im.UnknownPayload{MessageType: "New", Raw: []byte("{")}, "[Unknown message]", false, 17},
		{"none", nil, "x", false, 1},
	} {
		l := &im.LastMessage{Payload: c.p, MessageForShow: c.show}
		im.TrimPreview(l)
		if (l.Payload != nil) != c.payload {
			t.Errorf("%s: payload is %T", c.name, l.Payload)
		}
		if len(l.MessageForShow) != c.bytes || !utf8.ValidString(l.MessageForShow) {
			t.Errorf("%s: %d bytes %q", c.name, len(l.MessageForShow), l.MessageForShow)
		}
		if p, ok := l.Payload.(im.TextPayload); ok && p.Text != l.MessageForShow {
			t.Errorf("%s: text %q", c.name, p.Text)
		}
		again := *l
		im.TrimPreview(&again)
		if again.MessageForShow != l.MessageForShow {
			t.Errorf("%s: trimmed twice it is %q", c.name, again.MessageForShow)
		}
	}
}

package im

import (
	"encoding/json"
	"fmt"
)

// Sizes of a preview in bytes: of its words, and of a payload's JSON.
const (
	MaxPreviewTextBytes    = 200
	MaxPreviewPayloadBytes = 1 << 10
)

// diceData is the data of the custom message that is a thrown die; its
// description is the number thrown.
const diceData = "dice"

// Dice returns the number that p shows as a thrown die, 1 to 6, and false if it
// is none.
func (p CustomPayload) Dice() (int, bool) {
	if p.Data != diceData || len(p.Description) != 1 || p.Description[0] < '1' || p.Description[0] > '6' {
		return 0, false
	}
	return int(p.Description[0] - '0'), true
}

// NewDice is the payload of a die that shows n, 1 to 6.
func NewDice(n int) CustomPayload {
	return CustomPayload{Data: diceData, Description: fmt.Sprint(n)}
}

// MessageForShow is a payload in words, as the conversation list shows it: text
// as it is, everything else as a word in brackets with what tells it apart, tips
// and notices as a sentence. It is "" for nil.
func MessageForShow(p Payload, l Language) string {
	switch p := p.(type) {
	case nil:
		return ""
	case TextPayload:
		return p.Text
	case ImagePayload:
		return l.pick("[Image]", "[图片]")
	case AudioPayload:
		return l.pick("[Voice] ", "[语音] ") + clock(p.Second)
	case VideoPayload:
		return l.pick("[Video]", "[视频]")
	case FilePayload:
		return withName(l.pick("[File]", "[文件]"), p.FileName)
	case FacePayload:
		return l.pick("[Sticker]", "[动画表情]")
	case LocationPayload:
		return l.pick("[Location]", "[位置]")
	case CustomPayload:
		if n, ok := p.Dice(); ok {
			return fmt.Sprint(l.pick("[Dice] ", "[骰子] "), n)
		}
		if p.GroupCreated() {
			return l.pick("The group was created", "群聊已创建")
		}
		if s := oneLine(p.Description); s != "" {
			return s
		}
		return l.pick("[Custom message]", "[自定义消息]")
	case MergerPayload:
		return withName(l.pick("[Chat history]", "[聊天记录]"), p.Title)
	case GroupTipPayload:
		return p.Words(l)
	case GroupNoticePayload:
		return p.Words(l)
	}
	return l.pick("[Unknown message]", "[未知消息]")
}

// RevokedForShow says that a message of from was recalled by revoker ("" for
// its sender), as self sees it. name is the best name of the revoker; "" leaves
// its id.
func RevokedForShow(l Language, revoker, from UserID, name string, self ...UserID) string {
	if revoker == "" {
		revoker = from
	}
	for _, s := range self {
		if s == revoker {
			return l.pick("You recalled a message", "你撤回了一条消息")
		}
	}
	if name = oneLine(name); name == "" {
		name = string(revoker)
	}
	if name == "" {
		return l.pick("A message was recalled", "一条消息已被撤回")
	}
	return name + l.pick(" recalled a message", "撤回了一条消息")
}

// TrimPreview cuts l down to what a server keeps and sends for a conversation
// list: words and text of at most 200 bytes, on the border of a character, and
// no payload of more than 1 KB of JSON. The words stay even where the payload
// goes.
func TrimPreview(l *LastMessage) {
	if l == nil {
		return
	}
	l.MessageForShow = truncate(l.MessageForShow, MaxPreviewTextBytes)
	if p, ok := l.Payload.(TextPayload); ok {
		p.Text = truncate(p.Text, MaxPreviewTextBytes)
		l.Payload = p
		return
	}
	if l.Payload == nil {
		return
	}
	if b, err := json.Marshal(l.Payload); err != nil || len(b) > MaxPreviewPayloadBytes {
		l.Payload = nil
	}
}

// pick returns the words of the language.
func (l Language) pick(en, zh string) string {
	if l == Chinese {
		return zh
	}
	return en
}

// clock writes seconds as m:ss, or h:mm:ss from an hour on.
func clock(seconds int) string {
	s := max(seconds, 0)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// withName puts a name that others chose after a word.
func withName(word, name string) string {
	if name = oneLine(name); name == "" {
		return word
	}
	return word + " " + name
}

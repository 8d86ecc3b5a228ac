package storetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"magpie/im"
)

// writer makes the same messages in every run.
type writer struct{ random *rand.Rand }

func newWriter() *writer { return &writer{rand.New(rand.NewPCG(1, 2))} }

// message is message n of conv: short and long ones, Chinese and English, one
// of three by Account.
func (w *writer) message(conv im.ConversationID, n uint64) im.Message {
	at := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
	from, flow := im.UserID(fmt.Sprintf("friend-%d", n%3)), im.FlowIn
	if conv.Type() == im.ConvC2C {
		from = conv.Peer()
	}
	if n%3 == 0 {
		from, flow = Account, im.FlowOut
	}
	var id ulid.ULID
	_ = id.SetTime(uint64(at.UnixMilli())) // a date of this century always fits
	for i := 6; i < len(id); i++ {
		id[i] = byte(w.random.Uint32())
	}
	return im.Message{
		ID: im.MessageID(fmt.Sprintf("%s-pc1-%s", from, id)), ConversationID: conv, ConversationType: conv.Type(),
		Type: im.MsgText, Payload: im.TextPayload{Text: w.text()}, From: from, To: conv.To(), Flow: flow,
		Time: at.UnixMilli(), Status: im.StatusSuccess, Sequence: n, Random: w.random.Uint32(),
	}
}

// text is one to a few phrases; one message of forty is a long one.
func (w *writer) text() string {
	n := 1 + w.random.IntN(4)
	if w.random.IntN(40) == 0 {
		n = 15 + w.random.IntN(25)
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(phrases[w.random.IntN(len(phrases))])
	}
	return b.String()
}

var phrases = [...]string{
	"好的", "明天下午三点开会，别忘了", "ok", "收到，谢谢！", "on my way", "这个版本修好了吗？", "let me check the logs first",
	"周末一起去爬山吧", "I pushed the branch, please have a look when you can", "哈哈哈哈", "服务器又满了，我先清理一下",
	"what about 19:30?", "图片我晚点发给你", "sounds good to me", "没问题", "can you read the second paragraph again?",
	"刚到家，路上堵得厉害", "merge conflict in the parser, fixing it", "👍", "记得带上身份证和充电器",
}

package app

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/im"
	"magpie/store"
)

// frameTime is how long the goroutine of the user interface may be kept at once.
const frameTime = 1000.0 / 60 // ms

// longList is an account with a list of 10,000 conversations, of which the first
// talks have messages, every third an answer to another.
type longList struct {
	*person
	tb   testing.TB
	rows []store.Conversation
}

const (
	longListRows  = 10_000
	longListTalks = 60
	talkMessages  = 300
)

// begunMs is when the newest conversation of the long list was spoken in.
const begunMs = int64(1_800_000_000_000)

func newLongList(tb testing.TB) *longList {
	data := tb.TempDir()
	account := profile.Account{User: "wren", Server: "ws://127.0.0.1:1"} // nobody answers there
	p, err := profile.Open(data, "wren")
	if err == nil {
		err = p.Save(profile.Settings{Accounts: []profile.Account{account}})
	}
	if err != nil {
		tb.Fatal(err)
	}
	u := begin(tb, data)
	u.until("the window", func() bool { return u.a.main != nil })
	u.end()
	path, err := u.a.profile.HistoryPath(account)
	u.ok(err)
	st, _, err := store.Open(path, store.Options{Account: account.User, Key: u.a.keys.Account(account.Folder()), BatchWindow: -1})
	u.ok(err)
	l := &longList{tb: tb}
	for i := range longListRows {
		l.rows = append(l.rows, longRow(i))
	}
	for i := range longListTalks {
		u.ok(st.Ingest(tb.Context(), talk(l.rows[i].ConversationID)))
	}
	u.ok(errors.Join(st.PutConversations(tb.Context(), l.rows), st.Close()))
	l.person = begin(tb, data)
	l.untilOr("the whole list", func() bool { return l.a.main != nil && len(l.a.main.rows) >= longListRows }, func() string {
		if l.a.main == nil {
			return "no main screen"
		}
		return fmt.Sprint(len(l.a.main.rows), " rows, ", l.a.main.state.State, " ", l.log)
	})
	return l
}

// longRow is row i: people and groups, some of them with something unread.
func longRow(i int) store.Conversation {
	conv := im.C2C(im.UserID(fmt.Sprintf("user%05d", i)))
	if i%4 == 3 {
		conv = im.GroupConversation(im.GroupID(fmt.Sprintf("@TGS#%05d", i)))
	}
	row := store.Conversation{First: 1, Last: talkMessages}
	row.ConversationID, row.Type, row.Read = conv, conv.Type(), talkMessages
	row.UnreadCount = uint64(i % 5 / 4 * (i%1200 + 1))
	if conv.Type() == im.ConvGroup {
		row.GroupProfile = &im.Group{GroupID: conv.Group(), Name: fmt.Sprintf("讨论组 %d", i), Type: im.GroupWork}
	} else {
		row.UserProfile = &im.Profile{UserID: conv.Peer(), Nick: fmt.Sprintf("Friend %d", i)}
	}
	row.LastMessage = &im.LastMessage{
		LastTime: begunMs - int64(i)*60_000, LastSequence: talkMessages, Type: im.MsgText, FromAccount: "user00000",
		Payload: im.TextPayload{Text: "上一条消息 the last message"}, Status: im.StatusSuccess,
	}
	return row
}

// talk are the messages of a conversation.
func talk(conv im.ConversationID) store.Batch {
	b := store.Batch{Conversation: conv, From: 1, To: talkMessages}
	for n := b.From; n <= b.To; n++ {
		m := im.Message{
			ID: im.MessageID(fmt.Sprintf("%s-pc1-%026d", conv.To(), n)), ConversationID: conv, ConversationType: conv.Type(),
			Type: im.MsgText, Payload: im.TextPayload{Text: fmt.Sprintf("message %d 明天下午三点开会，别忘了", n)},
			From: im.UserID(fmt.Sprintf("friend-%d", n%3)), To: conv.To(), Flow: im.FlowIn,
			Time: begunMs - int64(talkMessages-n)*60_000, Status: im.StatusSuccess, Sequence: n,
		}
		if n > 100 && n%3 == 0 {
			of := b.Messages[n-1-n%97-1]
			r, err := im.NewReply(&of, string(of.From), im.English)
			if err == nil {
				err = m.SetReply(r)
			}
			if err != nil {
				panic(err) // the two lines above made it so
			}
		}
		b.Messages = append(b.Messages, m)
	}
	return b
}

// turn is one thing that happens and how long it keeps the user interface.
func (l *longList) turn(f func()) (ms float64) {
	l.do(func() {
		began := time.Now()
		f()
		ms = float64(time.Since(began).Nanoseconds()) / 1e6
	})
	return ms
}

func p95(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)*95/100]
}

// BenchmarkSwitchChats opens one conversation after another, as a person with the
// keys, in a list of 10,000: from the key to the page being laid out, and how long
// one turn of the event loop takes at most meanwhile. What the graphics card does
// is not in it.
func BenchmarkSwitchChats(b *testing.B) {
	l := newLongList(b)
	var turns []float64
	l.do(func() { l.loop.took = func(d time.Duration) { turns = append(turns, float64(d.Nanoseconds())/1e6) } })
	var all, longest []float64
	open := func(i int) {
		conv := l.rows[i%longListTalks].ConversationID
		turns = nil
		began := time.Now()
		l.do(func() { l.a.main.openChat(conv) })
		for there := false; !there; {
			l.do(func() {
				_, last, ok := l.a.main.canvas.OnScreen()
				there = ok && last.Sequence == talkMessages
			})
		}
		all = append(all, float64(time.Since(began).Nanoseconds())/1e6)
		l.do(func() { longest = append(longest, slices.Max(turns)) })
	}
	for i := range longListTalks {
		open(i)
	}
	all, longest = nil, nil
	n := 0
	for b.Loop() {
		open(n)
		n++
	}
	for ; n < 2*longListTalks; n++ {
		open(n)
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "list/switch_chat_p95", p95(all), "ms", "<= 50")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "list/switch_chat_longest_turn_p95", p95(longest), "ms", "<= 16.7")
	l.end()
}

// BenchmarkLongList is what 10,000 conversations cost the user interface: bringing
// the list in, a message for the last conversation, a thousand messages for a
// thousand conversations at once, and one more row on the screen.
func BenchmarkLongList(b *testing.B) {
	l := newLongList(b)
	ctx := b.Context()
	client := l.a.session.client
	page := func() []im.Conversation {
		rows, err := client.Conversations(ctx, 0, im.ConversationPage)
		l.ok(err)
		return rows
	}
	var whole []im.Conversation
	for {
		part, err := client.Conversations(ctx, len(whole), im.ConversationPage)
		l.ok(err)
		if whole = append(whole, part...); len(part) < im.ConversationPage {
			break
		}
	}
	now := begunMs
	moved := func(i int) im.Conversation { // row i has a new message
		now += 1000
		row := whole[i]
		last := *row.LastMessage
		last.LastTime = now
		row.LastMessage = &last
		row.UnreadCount++
		return row
	}
	var one, many, load []float64
	step := func() {
		first := page()
		news := moved(len(whole) - 1)
		one = append(one, l.turn(func() {
			l.a.main.listChanged(core.ConversationListUpdated{
				Conversations: append([]im.Conversation{news}, first[:len(first)-1]...), Changed: []im.ConversationID{news.ConversationID},
			})
		}))
		e := core.ConversationListUpdated{}
		for i := range 1000 {
			row := moved(len(whole) - 2 - i)
			e.Conversations = append(e.Conversations, row)
			e.Changed = append(e.Changed, row.ConversationID)
		}
		slices.Reverse(e.Conversations)
		e.Conversations = e.Conversations[:im.ConversationPage]
		many = append(many, l.turn(func() { l.a.main.listChanged(e) }))
		l.until("the list is read", func() bool { return !l.a.main.loading })
		load = append(load, l.turn(func() { l.a.main.rows = nil; l.a.main.setRows(whole) }))
	}
	for b.Loop() {
		step()
	}
	for len(one) < 20 {
		step()
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t<= %.1f\n", "list/10k_message_for_the_last_p95", p95(one), "ms", frameTime)
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t<= %.1f\n", "list/10k_thousand_at_once_p95", p95(many), "ms", frameTime)
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t<= %.1f\n", "list/10k_whole_list_p95", p95(load), "ms", frameTime)
	l.end()
}

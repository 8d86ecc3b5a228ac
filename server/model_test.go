package server

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// modelMessage is one number of the conversation in the model.
type modelMessage struct {
	from     im.UserID
	text     string
	revoked  bool
	recall   uint64 // the number that it recalls
	mentions map[im.UserID]bool
}

// model is a group conversation, kept in the simplest way.
type model struct {
	messages []modelMessage // number 1 first
	read     map[im.UserID]uint64
}

func (m *model) unread(u im.UserID) (n uint64) {
	for i, x := range m.messages {
		if uint64(i+1) > m.read[u] && x.recall == 0 && !x.revoked && x.from != u {
			n++
		}
	}
	return n
}

func (m *model) mentions(u im.UserID) (list []uint64) {
	for i, x := range m.messages {
		if uint64(i+1) > m.read[u] && !x.revoked && x.from != u && x.mentions[u] {
			list = append(list, uint64(i+1))
		}
	}
	return list[max(0, len(list)-atInfoMax):]
}

// shown is the number of the last message of the list.
func (m *model) shown() uint64 {
	for i := len(m.messages) - 1; i >= 0; i-- {
		if m.messages[i].recall == 0 {
			return uint64(i + 1)
		}
	}
	return 0
}

// Three people say, read and recall at random, with restarts and losses of all
// heads in between: pages, unread counts, mentions and last messages are those of
// a simple model.
func TestAgainstModel(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	setup := func(o *Options) { o.RevokeWindow = -1; o.Logf = nil }
	s := reopen(t, dir, setup)
	users := []im.UserID{"alice", "bob", "carol"}
	clients := map[im.UserID]*client{}
	signIn := func() {
		s.lists.from = random.IntN(2) // lists are kept in memory, or else read as a whole each time
		for _, u := range users {
			made := 0
			if clients[u] != nil {
				made = clients[u].made
			}
			clients[u] = connect(t, s, u, "d")
			clients[u].made = made
		}
	}
	signIn()
	g, err := clients["alice"].createGroup(im.Group{Name: "Birds", Type: im.GroupPublic}, users[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	conv := im.GroupConversation(g.Group.GroupID)
	m := &model{messages: []modelMessage{{from: im.SystemUser}}, read: map[im.UserID]uint64{}}
	for step := range 300 {
		u := users[random.IntN(3)]
		c := clients[u]
		switch n := random.IntN(100); {
		case n < 45:
			x := modelMessage{from: u, text: fmt.Sprint("text ", step), mentions: map[im.UserID]bool{}}
			msg := c.text(conv, x.text)
			if random.IntN(3) == 0 {
				other := users[random.IntN(3)]
				msg.AtUserList = []im.UserID{other}
				x.mentions[other] = true
			}
			sent, err := c.trySend(msg, 0, im.SendOptions{})
			if err != nil || sent.Sequence != uint64(len(m.messages)+1) {
				t.Fatalf("step %d: %+v, %v", step, sent, err)
			}
			m.messages = append(m.messages, x)
		case n < 60:
			at := uint64(1 + random.IntN(len(m.messages)))
			c.read(conv, at)
			m.read[u] = max(m.read[u], at)
		case n < 94:
			// Mostly of the last few, as people do.
			at := uint64(max(1, len(m.messages)-random.IntN(12)))
			x := &m.messages[at-1]
			_, err := c.revoke(conv, at, "")
			switch {
			case x.from == im.SystemUser:
				wantCode(t, err, im.CodeRevokeUnsupported, "a tip or recall")
			case x.revoked:
				wantCode(t, err, im.CodeRevokeNotFound, "recalled before")
			case x.from != u && u != "alice": // the owner may all
				wantCode(t, err, im.CodeGroupPermission, "of another")
			case err != nil:
				t.Fatalf("step %d: %v", step, err)
			default:
				x.revoked = true
				m.messages = append(m.messages, modelMessage{from: im.SystemUser, recall: at})
			}
		default:
			if n >= 97 {
				if err := s.heads.reset(t.Context()); err != nil {
					t.Fatal(err)
				}
				for p := range s.actors.progress {
					s.actors.progress[p] = newProgress(0)
				}
			}
			shut(t, s)
			s = reopen(t, dir, setup)
			signIn()
		}
		compareWithModel(t, clients[users[random.IntN(3)]], conv, m, random)
		if t.Failed() {
			t.Fatalf("at step %d", step)
		}
	}
	// What is pushed last says how much is unread, as the model does.
	clients["alice"].say(conv, "the end")
	m.messages = append(m.messages, modelMessage{from: "alice", text: "the end"})
	for _, u := range users[1:] {
		if got := clients[u].message("the end").Unread; got != m.unread(u) {
			t.Errorf("%s is pushed %d unread, want %d", u, got, m.unread(u))
		}
	}
}

func compareWithModel(t *testing.T, c *client, conv im.ConversationID, m *model, random *rand.Rand) {
	t.Helper()
	row := c.conv(conv)
	if want := m.unread(c.user); row.UnreadCount != want {
		t.Errorf("%s has %d unread, want %d", c.user, row.UnreadCount, want)
	}
	list := c.convs()
	total, found := uint64(0), false
	for _, l := range list.List { // notices are there as well
		total += l.UnreadCount
		if l.ConversationID == conv {
			found = fmt.Sprintf("%+v", l.LastMessage) == fmt.Sprintf("%+v", row.LastMessage) && l.UnreadCount == row.UnreadCount
		}
	}
	if !found || list.TotalUnread != total {
		t.Errorf("%s is listed %+v, total %d, want %+v", c.user, list.List, list.TotalUnread, row)
	}
	var at []uint64
	for _, a := range row.GroupAtInfoList {
		at = append(at, a.MessageSequence)
	}
	if want := m.mentions(c.user); fmt.Sprint(at) != fmt.Sprint(want) {
		t.Errorf("%s is mentioned in %v, want %v", c.user, at, want)
	}
	shown := m.shown()
	if row.Last != uint64(len(m.messages)) || row.LastMessage.LastSequence != shown || row.LastMessage.IsRevoked != m.messages[shown-1].revoked {
		t.Errorf("row %+v, last %+v, want last %d, shown %d", row, row.LastMessage, len(m.messages), shown)
	}
	// A page from somewhere, in some direction.
	at2 := uint64(random.IntN(len(m.messages) + 1))
	f := wire.Pull{Conversation: conv, Forward: true, After: at2, Limit: 1 + random.IntN(100)}
	from := at2 + 1
	if random.IntN(2) == 0 {
		f = wire.Pull{Conversation: conv, Before: at2 + 1, Limit: 15}
		from = at2 + 1 - min(at2, 15)
		if at2 == 0 {
			from = 1
		}
	}
	p, err := c.pull(f)
	if err != nil {
		t.Errorf("%+v: %v", f, err)
		return
	}
	for i, got := range p.Messages {
		n := from + uint64(i)
		want := m.messages[n-1]
		text := ""
		if x, ok := got.Payload.(im.TextPayload); ok {
			text = x.Text
		}
		if want.revoked {
			want.text = ""
		}
		if got.Sequence != n || got.IsRevoked != want.revoked || got.IsPlaceMessage != (want.recall > 0) || text != want.text || got.From != want.from {
			t.Errorf("%+v: number %d is %+v, want %+v", f, n, got, want)
		}
	}
}

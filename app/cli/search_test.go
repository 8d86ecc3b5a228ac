package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"magpie/app/cli"
	"magpie/app/core"
	"magpie/app/profile"
	"magpie/im"
	"magpie/store"
)

// historyOf puts messages into the history of ann, whose server is never asked.
func historyOf(t *testing.T, s *shell, list ...im.Message) {
	t.Helper()
	p, err := profile.Open(s.data, "")
	if err != nil {
		t.Fatal(err)
	}
	path, err := p.HistoryPath(profile.Account{User: "ann", Local: true})
	if err != nil {
		t.Fatal(err)
	}
	st, _, err := store.Open(path, store.Options{Account: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if err := st.Ingest(t.Context(), store.Batch{Conversation: m.ConversationID, Messages: []im.Message{m}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

func heard(from im.UserID, n uint64, at time.Time, p im.Payload) im.Message {
	conv := im.C2C(from)
	return im.Message{ID: im.MessageID(string(from) + "-pc-" + at.Format("150405")), ConversationID: conv, ConversationType: im.ConvC2C,
		Type: p.Type(), Payload: p, From: from, To: "ann", Flow: im.FlowIn, Status: im.StatusSuccess, Sequence: n, Time: at.UnixMilli()}
}

func TestSearchFromTheShell(t *testing.T) {
	s := newShell(t)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.Local)
	historyOf(t, s,
		heard("ben", 1, noon, im.TextPayload{Text: "明天去 Café 吗"}),
		heard("ben", 2, noon.AddDate(0, 0, 1), im.FilePayload{FileName: "cafe-menu.pdf", FileSize: 1, FileURL: "x"}),
		heard("eve", 1, noon.AddDate(0, 0, 2), im.TextPayload{Text: "the café is closed\nsee https://example.com"}))
	as := func(args ...string) []string { return append(args, "--server", "local", "--user", "ann") }
	for _, c := range []struct {
		args []string
		want string // the senders of what is printed, in order
	}{
		{as("search", "cafe"), "eve ben ben"},
		{as("search", "cafe", "--limit", "1"), "eve"},
		{as("search", "cafe", "--limit", "1", "--offset", "1"), "ben"},
		{as("search", "明天"), "ben"},
		{as("search", "CAFE", "--from", "ben"), "ben ben"},
		{as("search", "café", "--in", "eve"), "eve"},
		{as("search", "cafe", "--kind", "file"), "ben"},
		{as("search", "--kind", "link"), "eve"},
		{as("search", "cafe", "--since", "2026-03-02", "--until", "2026-03-02"), "ben"},
		{as("search", "cafe", "--until", "2026-03-01T12:00:00"), "ben"},
		{as("search", "nothing like it"), ""},
		{as("search", "!!!"), ""},
	} {
		var got []string
		for _, line := range strings.Split(s.ok("", append(c.args, "--json")...), "\n") {
			if line == "" {
				continue
			}
			var h core.SearchHit
			if err := json.Unmarshal([]byte(line), &h); err != nil {
				t.Fatal(err)
			}
			got = append(got, string(h.Message.From))
			for _, r := range h.Highlights {
				if word := strings.ToLower(h.Text[r.Start:r.End]); !strings.HasPrefix(word, "caf") && word != "明天" {
					t.Errorf("%v: %q is highlighted", c.args, word)
				}
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: %v, want %s", c.args, got, c.want)
		}
	}
	if out := s.ok("", as("search", "closed")...); out != "C2Ceve  2026-03-03 12:00:00  eve: the café is closed\n    see https://example.com\n" {
		t.Errorf("%q", out)
	}
	if o := s.run("", as("search", "cafe", "--limit", "2")...); !strings.Contains(o.err, "2 of 3") {
		t.Errorf("%q", o.err)
	}
}

func TestSearchUsage(t *testing.T) {
	s := newShell(t)
	historyOf(t, s, heard("ben", 1, time.Unix(1, 0), im.TextPayload{Text: "x"}))
	for _, args := range [][]string{
		{"search"}, {"search", "  "}, {"search", "x", "--kind", "poem"}, {"search", "x", "--since", "yesterday"}, {"search", "x", "--limit", "0"},
		{"search", "x", "--limit", "5000"},
	} {
		if o := s.run("", append(args, "--server", "local", "--user", "ann")...); o.code != cli.ExitUsage || o.out != "" {
			t.Errorf("%v: exit %d, %q, %q", args, o.code, o.out, o.err)
		}
	}
	// Too long is said in words, and nothing is harmed.
	long := s.run("", "search", strings.Repeat("好", 3000), "--server", "local", "--user", "ann")
	if long.code == cli.ExitOK || !strings.Contains(long.err, "1024 bytes are allowed") {
		t.Errorf("exit %d, %q", long.code, long.err)
	}
}

// Who looks in a chat, or for somebody, that is not known here is told so: nothing would be
// found for ever. Who is known and has said nothing like it is found nothing of.
func TestSearchForTheUnknown(t *testing.T) {
	s := newShell(t)
	said := heard("eve", 1, time.Unix(1, 0), im.TextPayload{Text: "hello"})
	said.ConversationID, said.ConversationType, said.To = "GROUP@TGS#1", im.ConvGroup, "@TGS#1"
	historyOf(t, s, heard("ben", 1, time.Unix(1, 0), im.TextPayload{Text: "x"}), said)
	s.ok("", "search", "hello", "--server", "local", "--user", "ann") // the first one encrypts
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"x", "--in", "bne"}, cli.ExitUsage, "C2Cbne is no conversation of this account"},
		{[]string{"--in", "GROUP@TGS#2"}, cli.ExitUsage, "GROUP@TGS#2 is no conversation of this account"},
		{[]string{"x", "--from", "bne"}, cli.ExitUsage, "nobody of the id bne is known here"},
		{[]string{"x", "--in", "ben", "--from", "bne"}, cli.ExitUsage, "nobody of the id bne is known here"},
		{[]string{"nothing like it", "--in", "ben"}, cli.ExitOK, ""},
		{[]string{"nothing like it", "--from", "ben"}, cli.ExitOK, ""},
		{[]string{"nothing like it", "--from", "ann"}, cli.ExitOK, ""},
		{[]string{"nothing like it", "--from", "eve"}, cli.ExitOK, ""}, // only a message knows her
		{[]string{"x", "--in", "ben"}, cli.ExitOK, ""},
	} {
		o := s.run("", append(append([]string{"search"}, c.args...), "--server", "local", "--user", "ann")...)
		if o.code != c.code || !strings.Contains(o.err, c.says) || c.says == "" && o.err != "" {
			t.Errorf("%v: exit %d, %q, %q", c.args, o.code, o.out, o.err)
		}
	}
}

// What is only on the server cannot be found here, which a search says.
func TestSearchSaysWhatIsNotHere(t *testing.T) {
	s := newShell(t)
	historyOf(t, s,
		heard("ben", 400, time.Unix(1_700_000_000, 0), im.TextPayload{Text: "hello"}),
		heard("bea", 30, time.Unix(1_700_000_000, 0), im.TextPayload{Text: "hello"}),
		heard("eve", 1, time.Unix(1_700_000_000, 0), im.TextPayload{Text: "hello"}))
	rows(t, s, func(c *store.Conversation) { c.First = 1 })
	s.ok("", "search", "hello", "--server", "local", "--user", "ann") // the first one encrypts
	for _, c := range []struct{ args, says string }{
		{"hello", "magpie: earlier messages of 2 chats are not on this computer yet\n"},
		{"nothing", "magpie: earlier messages of 2 chats are not on this computer yet\n"},
		{"hello --json", "magpie: earlier messages of 2 chats are not on this computer yet\n"},
		{"hello --in ben", "magpie: earlier messages of 1 chat are not on this computer yet\n"},
		{"hello --in eve", ""},
		{"hello --since 2024-01-01", ""},
	} {
		o := s.run("", append(append([]string{"search"}, strings.Fields(c.args)...), "--server", "local", "--user", "ann")...)
		if o.code != cli.ExitOK || o.err != c.says {
			t.Errorf("%s: exit %d, %q", c.args, o.code, o.err)
		}
	}
}

// rows changes all rows of ann's list.
func rows(t *testing.T, s *shell, change func(*store.Conversation)) {
	t.Helper()
	p, err := profile.Open(s.data, "")
	if err != nil {
		t.Fatal(err)
	}
	path, err := p.HistoryPath(profile.Account{User: "ann", Local: true})
	if err != nil {
		t.Fatal(err)
	}
	st, _, err := store.Open(path, store.Options{Account: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := st.Conversations(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		err := st.UpdateConversation(t.Context(), c.ConversationID, func(c *store.Conversation) error { change(c); return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

package cli_test

import (
	"bufio"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"magpie/app/cli"
	"magpie/im"
)

// people returns commands of users of one server.
func people(t *testing.T, names ...string) (s *shell, as func(user string, args ...string) []string) {
	t.Helper()
	url, _ := serve(t, names...)
	s = newShell(t)
	return s, func(user string, args ...string) []string {
		return append(args, "--profile", user, "--server", url, "--user", user, "--password-file", s.pw)
	}
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return v
}

func TestRevokeFromTheShell(t *testing.T) {
	s, as := people(t, "ann", "ben")
	m := decode[im.Message](t, s.ok("", as("ann", "send", "--to", "ben", "not this")...))
	s.ok("", as("ann", "send", "--to", "ben", "but this")...)
	if got := s.ok("", as("ben", "history", "ann")...); !strings.Contains(got, "not this") {
		t.Fatalf("history: %q", got)
	}
	s.ok("", as("ann", "revoke", string(m.ID))...)
	got := s.ok("", as("ben", "history", "ann")...)
	if strings.Contains(got, "not this") || !strings.Contains(got, "recalled a message") || !strings.Contains(got, "but this") {
		t.Errorf("history: %q", got)
	}
	if o := s.run("", as("ann", "revoke", string(m.ID))...); o.code != cli.ExitRefused || !strings.Contains(o.err, "20023") {
		t.Errorf("again: exit %d, %q", o.code, o.err)
	}
	if o := s.run("", "revoke"); o.code != cli.ExitUsage {
		t.Errorf("nothing to recall: exit %d, %q", o.code, o.err)
	}
}

func TestGroupFromTheShell(t *testing.T) {
	s, as := people(t, "ann", "ben", "cid")
	g := decode[im.Group](t, s.ok("", as("ann", "group", "create", "Birds", "--type", "Public")...))
	id := string(g.GroupID)
	conv := string(im.GroupConversation(g.GroupID))
	s.ok("", as("ann", "group", "set", id, "--name", "Rare birds", "--join", "NeedPermission")...)

	joined := decode[struct {
		Status im.JoinStatus
		Group  im.Group
	}](t, s.ok("", as("ben", "group", "join", id, "I", "am", "Ben")...))
	if joined.Status != im.JoinWaitApproval || joined.Group.Name != "Rare birds" {
		t.Errorf("joined: %+v", joined)
	}
	var notice im.Message
	for line := range strings.Lines(s.ok("", as("ann", "history", "@TIM#SYSTEM", "--json")...)) {
		m := decode[im.Message](t, line)
		if p, is := m.Payload.(im.GroupNoticePayload); is && p.OperationType == im.NoticeJoinRequest && p.HandleMessage == "I am Ben" {
			notice = m
		}
	}
	s.ok("", as("ann", "group", "answer", string(notice.ID), "agree", "welcome")...)
	if got := s.ok("", as("ben", "group", "list")...); decode[im.Group](t, got).GroupID != g.GroupID {
		t.Errorf("ben is in %q", got)
	}
	s.ok("", as("ann", "group", "invite", id, "cid")...)
	s.ok("", as("ann", "group", "member", id, "ben", "--role", "Admin")...)
	s.ok("", as("ben", "group", "member", id, "cid", "--mute", "1h", "--card", "Sid")...)
	if o := s.run("", as("cid", "send", "--group", id, "hm")...); o.code != cli.ExitRefused || !strings.Contains(o.err, "10017") {
		t.Errorf("a muted member: exit %d, %q", o.code, o.err)
	}
	s.ok("", as("ben", "group", "kick", id, "cid", "--reason", "quiet")...)
	s.ok("", as("ann", "group", "transfer", id, "ben")...)
	if o := s.run("", as("ann", "group", "dismiss", id)...); o.code != cli.ExitRefused || !strings.Contains(o.err, "10007") {
		t.Errorf("dismissed by a member: exit %d, %q", o.code, o.err)
	}
	tips := s.ok("", as("ann", "history", conv)...)
	for _, want := range []string{"joined", "admin", "renamed", "muted", "removed"} {
		if !strings.Contains(tips, want) {
			t.Errorf("no %q in %q", want, tips)
		}
	}
	s.ok("", as("ben", "group", "dismiss", id)...)
	if got := s.ok("", as("ann", "group", "list")...); got != "" {
		t.Errorf("ann is in %q", got)
	}
	for _, args := range [][]string{
		{"group", "set", id}, {"group", "set", id, "--mute-all", "maybe"}, {"group", "member", id, "ben"}, {"group", "kick", id},
		{"group", "answer", "x", "perhaps"}, {"group", "admire", id, "ben"},
	} {
		if o := s.run("", args...); o.code != cli.ExitUsage || o.out != "" {
			t.Errorf("%v: exit %d, %q", args, o.code, o.err)
		}
	}
}

// A new work group is seen by its members at once, not with the next command.
func TestNewGroupIsSeenByItsMembers(t *testing.T) {
	s, as := people(t, "ann", "ben")
	g := decode[im.Group](t, s.ok("", as("ann", "group", "create", "Work", "ben")...))
	if got := s.ok("", as("ben", "conversations")...); !strings.Contains(got, string(g.GroupID)) {
		t.Errorf("ben's list: %q", got)
	}
}

func TestSettingsFromTheShell(t *testing.T) {
	s, as := people(t, "ann", "ben", "cid")
	s.ok("", as("ann", "send", "--to", "ben", "first")...)
	s.ok("", as("ann", "send", "--to", "cid", "second")...)
	list := func() (out []im.Conversation) {
		t.Helper()
		scan := bufio.NewScanner(strings.NewReader(s.ok("", as("ann", "conversations", "--json")...)))
		for scan.Scan() {
			out = append(out, decode[im.Conversation](t, scan.Text()))
		}
		return out
	}
	s.ok("", as("ann", "pin", "ben")...)
	s.ok("", as("ann", "mute", "C2Ccid", "--discard")...)
	if l := list(); l[0].ConversationID != "C2Cben" || !l[0].IsPinned || l[1].MessageRemindType != im.RemindDiscard {
		t.Errorf("list: %+v", l)
	}
	s.ok("", as("ann", "pin", "ben", "--off")...)
	s.ok("", as("ann", "mute", "cid", "--off")...)
	if l := list(); l[0].ConversationID != "C2Ccid" || l[1].IsPinned || l[0].MessageRemindType != im.RemindNotify {
		t.Errorf("list: %+v", l)
	}
	s.ok("", as("ann", "block", "ben", "cid")...)
	var blocked []string
	for line := range strings.Lines(s.ok("", as("ann", "block")...)) {
		blocked = append(blocked, decode[string](t, line))
	}
	slices.Sort(blocked)
	if !slices.Equal(blocked, []string{"ben", "cid"}) {
		t.Errorf("blocked: %v", blocked)
	}
	if o := s.run("", as("ben", "send", "--to", "ann", "hey")...); o.code != cli.ExitRefused || !strings.Contains(o.err, "20007") {
		t.Errorf("blocked: exit %d, %q", o.code, o.err)
	}
	s.ok("", as("ann", "block", "ben", "--off")...)
	s.ok("", as("ben", "send", "--to", "ann", "hey")...)
	for _, args := range [][]string{{"pin"}, {"mute", "a", "b"}, {"mute", "ben", "--off", "--discard"}} {
		if o := s.run("", args...); o.code != cli.ExitUsage {
			t.Errorf("%v: exit %d, %q", args, o.code, o.err)
		}
	}
}

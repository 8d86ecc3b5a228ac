package cli_test

import (
	"encoding/json"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"magpie/app/cli"
	"magpie/app/host"
	"magpie/app/profile"
	"magpie/im"
	"magpie/server/invite"
	"magpie/server/invite/invitetest"
)

// hosted is what host prints.
type hosted struct {
	Open        bool
	Port        int
	Hosts       []string
	Fingerprint string
	Link        string
	Used        int
	Joined      []struct{ User, Nick string }
}

// hosts runs a command of host on a folder.
func (s *shell) hosts(args ...string) hosted {
	s.t.Helper()
	var h hosted
	if err := json.Unmarshal([]byte(s.ok("", append([]string{"host", "--json"}, args...)...)), &h); err != nil {
		s.t.Fatal(err)
	}
	return h
}

// From the shell of one computer to that of another: one invites, the other joins by
// the link and writes, over TLS and the address of a network where there is one.
func TestJoinFromTheShell(t *testing.T) {
	home, guest := newShell(t), newShell(t)
	keys := home.vault()
	p, err := profile.Open(home.data, "")
	if err != nil {
		t.Fatal(err)
	}
	// What the window or `magpie serve` does: it serves the folder meanwhile.
	h, err := host.Open(t.Context(), p.ServerDir(), host.Options{Key: keys.Server()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	if now := home.hosts("status"); now.Open || now.Link != "" || now.Fingerprint != "" {
		t.Errorf("at first %+v", now)
	}
	if len(home.hosts("status").Hosts) == 0 {
		t.Skip("this computer has no network to be invited to")
	}
	if o := home.run("", "host", "invite"); o.code != cli.ExitUsage {
		t.Errorf("an invitation of nobody: %d %s", o.code, o.err)
	}
	if err := h.CreateUser(t.Context(), "ann", "x", "Ann"); err != nil {
		t.Fatal(err)
	}
	invited := home.hosts("invite", "--user", "ann", "--uses", "1", "--hours", "0.5", "--listen", ":0")
	link, err := invite.Parse(invited.Link)
	if err != nil || !invited.Open || int(link.Port) != invited.Port || link.Fingerprint.String() != invited.Fingerprint {
		t.Fatalf("%+v, %v", invited, err)
	}
	if again := home.hosts("status"); again.Link != invited.Link {
		t.Errorf("asked again it says %q", again.Link)
	}

	as := []string{"--user", "ben", "--password-file", guest.pw}
	// Not the link itself, but a picture of its code.
	picture := filepath.Join(t.TempDir(), "code.png")
	for _, wrong := range []struct {
		file []byte
		code im.Code
	}{
		{invitetest.PNG(t, image.NewGray(image.Rect(0, 0, 300, 300))), im.CodeNoQRCode},
		{invitetest.PNG(t, invitetest.Words(t, "https://example.org")), im.CodeNotInvitation},
		{[]byte("no picture"), im.CodePictureUnreadable},
		{invitetest.PNG(t, invitetest.Of(t, link, 4)), 0}, // the last one is joined by
	} {
		if err := os.WriteFile(picture, wrong.file, 0o600); err != nil {
			t.Fatal(err)
		}
		if wrong.code == 0 {
			break
		}
		if o := guest.run("", append([]string{"join", "--picture", picture}, as...)...); o.code != cli.ExitRefused || !strings.Contains(o.err, wrong.code.Message(im.English)) {
			t.Errorf("%d: exit %d, %q", wrong.code, o.code, o.err)
		}
	}
	var got struct{ User, Server, Fingerprint, Inviter string }
	if err := json.Unmarshal([]byte(guest.ok("", append([]string{"join", "--picture", picture, "--nick", "Ben 本"}, as...)...)), &got); err != nil {
		t.Fatal(err)
	}
	if got.User != "ben" || got.Inviter != "ann" || got.Fingerprint != invited.Fingerprint || !strings.HasPrefix(got.Server, "wss://") {
		t.Errorf("joined as %+v", got)
	}
	// The inviter's conversation is there, and the account is known from then on.
	if list := guest.ok("", "conversations", "--offline"); !strings.Contains(list, "C2Cann") {
		t.Errorf("conversations %q", list)
	}
	guest.ok("", "send", "--to", "ann", "hello from away")
	if now := home.hosts("status"); len(now.Joined) != 1 || now.Joined[0].User != "ben" || now.Joined[0].Nick != "Ben 本" || now.Link != "" {
		t.Errorf("afterwards %+v", now)
	}
	if words := home.ok("", "host", "status"); !strings.Contains(words, "joined: ben Ben 本") {
		t.Errorf("in words %q", words)
	}
	// One more is refused, and so is what is no link.
	other := newShell(t)
	o := other.run("", "join", invited.Link, "--user", "cat", "--password-file", other.pw)
	if o.code != cli.ExitRefused || !strings.Contains(o.err, im.CodeInvitationUsed.Message(im.English)) {
		t.Errorf("one too many: %d %q", o.code, o.err)
	}
	if o := other.run("", "join", invited.Link[:60], "--user", "cat", "--password-file", other.pw); !strings.Contains(o.err, im.CodeInvitationMalformed.Message(im.English)) {
		t.Errorf("half a link: %d %q", o.code, o.err)
	}
	// A link to the same address with another fingerprint meets another certificate.
	forged := link
	forged.Fingerprint[0] ^= 1
	if o := other.run("", "join", forged.String(), "--user", "cat", "--password-file", other.pw); !strings.Contains(o.err, im.CodeCertificate.Message(im.English)) {
		t.Errorf("another certificate: %d %q", o.code, o.err)
	}
	if now := home.hosts("close"); now.Open {
		t.Error("it stays open")
	}
	if o := guest.run("", "send", "--to", "ann", "--timeout", "2s", "later"); o.code != cli.ExitQueued {
		t.Errorf("writing to a closed one: %d %s", o.code, o.err)
	}
	// Neither side has the secret anywhere on its disk; the other has the pin.
	settings, err := os.ReadFile(guest.data + "/profiles/default/settings.json")
	if err != nil || !strings.Contains(string(settings), got.Fingerprint) || strings.Contains(string(settings), link.Secret) {
		t.Errorf("settings %s, %v", settings, err)
	}
}

func TestJoinUsage(t *testing.T) {
	s := newShell(t)
	for _, args := range [][]string{{"join"}, {"join", "a", "b"}, {"join", "a", "--picture", "b"}, {"join", "magpie://x"}, {"join", "magpie://x", "--user", "a"}, {"join", "l", "--server", "x", "--user", "a", "--password-file", s.pw}, {"host"}, {"host", "dance"}, {"host", "open", "close"}} {
		if o := s.run("", args...); o.code != cli.ExitUsage {
			t.Errorf("%v: exit %d, %s", args, o.code, o.err)
		}
	}
	if !slices.Contains(cli.Names(), "join") {
		t.Error("join is no command")
	}
}

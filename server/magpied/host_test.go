package main

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gorilla/websocket"

	"magpie/im/wire"
	"magpie/server/invite"
)

// joinAs makes an account by a link and returns the code of the refusal, 0 for none.
func joinAs(t *testing.T, link invite.Invitation, user string) int {
	t.Helper()
	d := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		if sum := sha256.Sum256(s.PeerCertificates[0].Raw); hex.EncodeToString(sum[:]) != link.Fingerprint.String() {
			return errors.New("another certificate")
		}
		return nil
	}}}
	c, resp, err := d.DialContext(t.Context(), "wss://"+link.Addresses()[0]+wire.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	defer c.Close()
	hello := map[string]any{"t": wire.THello, "i": 1, "v": 1, "user": user, "password": "pw", "device": "d", "invite": link.Secret}
	if err := c.WriteJSON(hello); err != nil {
		t.Fatal(err)
	}
	var answer struct {
		T     string `json:"t"`
		Error struct{ Code int }
	}
	if err := c.ReadJSON(&answer); err != nil {
		t.Fatal(err)
	}
	if (answer.T == wire.THello) == (answer.Error.Code != 0) {
		t.Fatalf("answered %+v", answer)
	}
	return answer.Error.Code
}

// An operator opens the server to the network, invites, somebody joins by the link over
// TLS, the link is withdrawn, and the network closed: while magpied runs, and what was
// decided is there when it runs again.
func TestHost(t *testing.T) {
	bin, data := build(t), filepath.Join(t.TempDir(), "data")
	if code, out, log := command(t, bin, "", "host", "status", "--data", data); code != 1 || !strings.Contains(log, "keys") {
		t.Fatalf("a folder that is none: %d %q %q", code, out, log)
	}
	if code, _, log := command(t, bin, "pw\n", "user", "add", "ann", "--nick", "Ann", "--data", data); code != 0 {
		t.Fatal(log)
	}
	type state struct {
		Open        bool
		Hosts       []string
		Port        int
		Fingerprint string
		Link, By    string
		Uses, Used  int
		Joined      []struct{ User string }
	}
	host := func(args ...string) (s state) {
		t.Helper()
		code, out, log := command(t, bin, "", append(append([]string{"host"}, args...), "--json", "--data", data)...)
		if code != 0 {
			t.Fatalf("%v: %d %s", args, code, log)
		}
		if err := json.Unmarshal([]byte(out), &s); err != nil {
			t.Fatalf("%v: %q: %v", args, out, err)
		}
		return s
	}
	switch s := host("status"); {
	case s.Open || s.Link != "" || s.Joined == nil:
		t.Fatalf("at first %+v", s)
	case len(s.Hosts) == 0:
		t.Skip("this computer has no network to be invited to")
	}
	// Opened while nobody serves the folder: it is open once somebody does.
	if s := host("open", "--listen", ":0"); !s.Open {
		t.Fatalf("opened as %+v", s)
	}
	cmd, _, log := start(t, bin, "--data", data, "--listen", "127.0.0.1:0")
	open := host("status")
	if !open.Open || len(open.Fingerprint) != 64 {
		t.Fatalf("served, it is %+v; %s", open, log)
	}
	for _, c := range []struct {
		what string
		args []string
		code int
		log  string
	}{
		{"no verb", []string{"host"}, 2, "magpied host"},
		{"another verb", []string{"host", "dance"}, 2, "dance"},
		{"two verbs", []string{"host", "open", "close"}, 2, "magpied host"},
		{"nobody invites", []string{"host", "invite"}, 2, "who invites"},
		{"somebody unknown invites", []string{"host", "invite", "--user", "zoe"}, 1, "zoe"},
		{"for too long", []string{"host", "invite", "--user", "ann", "--hours", "9999"}, 1, "720h"},
	} {
		if code, out, log := command(t, bin, "", append(c.args, "--data", data)...); code != c.code || out != "" || !strings.Contains(log, c.log) {
			t.Errorf("%s: %d, %q, %q", c.what, code, out, log)
		}
	}
	invited := host("invite", "--user", "ann", "--uses", "2", "--hours", "0.5")
	link, err := invite.Parse(invited.Link)
	if err != nil || invited.By != "ann" || link.Fingerprint.String() != open.Fingerprint || int(link.Port) != open.Port {
		t.Fatalf("%+v, %v", invited, err)
	}
	if code := joinAs(t, link, "ben"); code != 0 {
		t.Fatalf("joining is refused by %d", code)
	}
	if s := host("status"); s.Used != 1 || s.Uses != 2 || s.Link != invited.Link || len(s.Joined) != 1 || s.Joined[0].User != "ben" {
		t.Errorf("after one joined %+v", s)
	}
	if _, out, _ := command(t, bin, "", "host", "status", "--qr", "--data", data); !strings.Contains(out, invited.Link) || !strings.Contains(out, "████") || !strings.Contains(out, "joined: ben") {
		t.Errorf("in words:\n%s", out)
	}
	if s := host("revoke"); !s.Open || s.Link != "" || s.Uses != 0 || len(s.Joined) != 1 {
		t.Errorf("after it was withdrawn %+v", s)
	}
	if code := joinAs(t, link, "cat"); code != 130130 {
		t.Errorf("joining by a withdrawn link: %d", code)
	}
	if s := host("close"); s.Open {
		t.Errorf("closed, it is %+v", s)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if s := host("status"); s.Open || s.Port != open.Port || s.Fingerprint != open.Fingerprint {
		t.Errorf("in the end %+v", s)
	}
}

package inviting

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"magpie/im"
	"magpie/server"
)

// network is a server that is open, with an invitation.
func network() server.Network {
	return server.Network{
		Open: true, Wanted: true, Hosts: []string{"192.168.1.20", "fd00::2"}, Port: 7443, Fingerprint: strings.Repeat("0f", 32),
		Invitation: &server.Invitation{Secret: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", By: "ann", Expires: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC).UnixMilli(), Uses: 3, Used: 1},
		Joined:     []server.Joined{{User: "ben", Nick: "Ben 本"}},
	}
}

// seen is what a dark terminal shows of the lines of blocks in a text.
func seen(t *testing.T, words string) image.Image {
	t.Helper()
	var rows [][]rune
	for line := range strings.Lines(words) {
		line = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(line, lightOnBlack), "\n"), usualColours)
		if strings.HasPrefix(line, "█") {
			rows = append(rows, []rune(line))
		}
	}
	if len(rows) == 0 {
		t.Fatalf("there is no code in\n%s", words)
	}
	const module = 4
	m := image.NewGray(image.Rect(0, 0, len(rows[0])*module, 2*len(rows)*module))
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			half := strings.ContainsRune("█▀", rows[y/(2*module)][x/module])
			if y/module%2 == 1 {
				half = strings.ContainsRune("█▄", rows[y/(2*module)][x/module])
			}
			if half {
				m.SetGray(x, y, color.Gray{255})
			}
		}
	}
	return m
}

// The code that is drawn in a terminal says the link, with colours and without.
func TestDrawnCodeSaysTheLink(t *testing.T) {
	link, err := Link(network())
	if err != nil {
		t.Fatal(err)
	}
	c, err := link.Code()
	if err != nil {
		t.Fatal(err)
	}
	for _, coloured := range []bool{false, true} {
		words := drawn(c, coloured)
		if strings.Contains(words, "\x1b") != coloured {
			t.Errorf("coloured %v: %q", coloured, words[:20])
		}
		m, err := gozxing.NewBinaryBitmapFromImage(seen(t, words))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := qrcode.NewQRCodeReader().Decode(m, nil); err != nil || got.GetText() != link.String() {
			t.Errorf("coloured %v: %v, %v", coloured, got, err)
		}
	}
	first, _, _ := strings.Cut(drawn(c, false), "\n")
	if n := len([]rune(first)); n > 80 {
		t.Errorf("the code has %d columns", n)
	}
}

func TestPrint(t *testing.T) {
	n := network()
	print := func(o Options, n server.Network) string {
		t.Helper()
		var b bytes.Buffer
		if err := o.Print(&b, n, im.English); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	words := print(Options{}, n)
	for _, want := range []string{"at port 7443 of 192.168.1.20, fd00::2", "ann invites", "until 2026-05-01T12:00:00Z, 1 of 3 have", "magpie://192.168.1.20:7443/join#k=", "joined: ben Ben 本"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in\n%s", want, words)
		}
	}
	if strings.Contains(words, "█") {
		t.Error("a code where no terminal is")
	}
	seen(t, print(Options{QR: true}, n))
	var l line
	if err := json.Unmarshal([]byte(print(Options{JSON: true, QR: true}, n)), &l); err != nil || l.By != "ann" || l.Uses != 3 || l.Link == "" {
		t.Errorf("%+v, %v", l, err)
	}
	n.Invitation.Secret = ""
	if words := print(Options{QR: true}, n); !strings.Contains(words, "cannot be shown again") || strings.Contains(words, "magpie://") {
		t.Errorf("a secret that is not known:\n%s", words)
	}
	n.Open, n.Invitation, n.Trouble = false, nil, im.Errorf(im.CodePortInUse, "taken")
	if words := print(Options{QR: true}, n); !strings.HasPrefix(words, "closed: Another program") || strings.Contains(words, "invites") {
		t.Errorf("a port that is taken:\n%s", words)
	}
	if isTerminal(&bytes.Buffer{}) {
		t.Error("a buffer is no terminal")
	}
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if isTerminal(f) {
		t.Error("a file is no terminal")
	}
}

// An invitation without an address for its link says so instead of being printed as if it
// were whole.
func TestPrintWithoutAnAddress(t *testing.T) {
	n := network()
	n.Hosts = []string{"0.0.0.0"}
	for _, o := range []Options{{}, {JSON: true}} {
		if err := o.Print(io.Discard, n, im.English); err == nil {
			t.Errorf("%+v: nothing was said", o)
		}
	}
	n.Invitation.Secret = "" // only who made it knew it: that is said in words
	if err := (Options{}).Print(io.Discard, n, im.English); err != nil {
		t.Error(err)
	}
}

// An invitation that cannot be made leaves a closed server closed, and an open one open.
func TestInviteThatFails(t *testing.T) {
	for _, open := range []bool{false, true} {
		h := &refusing{now: server.Network{Open: open, Wanted: open, Hosts: []string{"192.168.1.20"}}}
		if _, err := (Options{By: "typo"}).Do(t.Context(), h, Invites); im.CodeOf(err) != im.CodeUserNotFound {
			t.Errorf("%v", err)
		}
		if h.now.Open != open {
			t.Errorf("it was open: %t, and is: %t", open, h.now.Open)
		}
	}
}

// refusing is a host on which nobody may invite.
type refusing struct{ now server.Network }

func (r *refusing) Network(context.Context) (server.Network, error) { return r.now, nil }

func (r *refusing) OpenNetwork(context.Context, string) (server.Network, error) {
	r.now.Open = true
	return r.now, nil
}

func (r *refusing) CloseNetwork(context.Context) (server.Network, error) {
	r.now.Open = false
	return r.now, nil
}

func (r *refusing) Invite(context.Context, server.InvitationTerms) (server.Network, error) {
	return r.now, im.Errorf(im.CodeUserNotFound, "there is no such user")
}

func (r *refusing) WithdrawInvitation(context.Context) (server.Network, error) { return r.now, nil }

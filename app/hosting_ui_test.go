package app

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/im"
	"magpie/server"
	"magpie/server/invite"
	"magpie/server/inviting"
	"magpie/widgets"
)

// sheets opens the sheet that lets others join.
func (u *person) sheets() {
	u.t.Helper()
	u.profileMenu()
	u.tap("Let others join…")
	u.sees("Let others join this computer")
	u.until("the sheet knows how things stand", func() bool { return u.a.main.hosting != nil && !u.a.main.hosting.busy })
}

// flips clicks the switch of the sheet and waits until that is done.
func (u *person) flips() {
	u.t.Helper()
	u.do(func() {
		s := onScreen(u.a.window.Canvas().Overlays().Top(), func(o fyne.CanvasObject) bool { _, is := o.(*widgets.Switch); return is })
		if s == nil {
			u.t.Error("there is no switch")
			return
		}
		test.Tap(s.(*widgets.Switch))
	})
	u.until("it is done", func() bool { return !u.a.main.hosting.busy })
}

// copied is what is in the clipboard.
func (u *person) copied() (s string) {
	u.do(func() { s = fyne.CurrentApp().Clipboard().Content() })
	return s
}

// network is how the server of the window stands.
func (u *person) network() server.Network {
	u.t.Helper()
	var k *host.Keeper
	u.do(func() { k = u.a.session.host })
	n, err := k.Network(u.t.Context())
	u.ok(err)
	return n
}

// needsNetwork leaves out a test that a computer without a network cannot pass.
func needsNetwork(t *testing.T) {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			return
		}
	}
	t.Skip("this computer is in no network")
}

// By clicks: the server is opened, the link copied, somebody joins by it and is in the
// list; a new link makes the old one worthless; closing cuts who is there.
func TestLetOthersJoin(t *testing.T) {
	needsNetwork(t)
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.sheets()
	u.sees("Off: only this computer reaches the server")
	u.sees("Nobody on the network can connect")
	if n := u.network(); n.Open {
		t.Fatal("it is open before anybody asked for that")
	}
	u.flips()
	u.sees("encrypted")
	u.sees("Nobody has joined yet.")
	u.tap("Copy link")
	u.sees("Copied")
	link, err := invite.Parse(u.copied())
	if err != nil {
		t.Fatalf("copied %q: %v", u.copied(), err)
	}
	if n := u.network(); !n.Open || n.Port != int(link.Port) || n.Fingerprint != link.Fingerprint.String() || n.Invitation.By != "wren" {
		t.Fatalf("open as %+v", n)
	}
	u.sees(strings.ToUpper(link.Fingerprint.String()[:4]))

	u.tap("New link")
	u.sees("Copy link")
	u.tap("Copy link")
	u.sees("Copied")
	renewed, err := invite.Parse(u.copied())
	if err != nil || renewed.Secret == link.Secret || renewed.Fingerprint != link.Fingerprint {
		t.Fatalf("renewed %v, %v", renewed, err)
	}
	guest := core.Options{Server: "wss://" + renewed.Addresses()[0], Pin: renewed.Fingerprint[:], User: "ben", Password: "pw", Nick: "Ben 本", Invite: renewed.Secret, Platform: "bot"}
	ben := u.client(guest)
	if ben.Inviter() != "wren" {
		t.Errorf("invited by %q", ben.Inviter())
	}
	u.sees("1 person has joined: Ben 本")
	u.until("ben is in the list", func() bool { return u.a.main.index("C2Cben") >= 0 })
	u.misses("Nobody has joined yet.")

	gone := ben.Subscribe()
	u.flips()
	u.sees("Off: only this computer reaches the server")
	u.misses("Copy link")
	limit := time.After(patience)
	for cut := false; !cut; {
		select {
		case e := <-gone.Events():
			c, is := e.(core.StateChanged)
			cut = is && c.State == core.Offline
		case <-limit:
			t.Fatal("ben is connected on")
		}
	}
	gone.Close()
	u.tap("Done")
	u.misses("Let others join this computer")
	u.until("the sheet is gone", func() bool { return u.a.main.hosting == nil })
	u.do(func() {
		if !u.a.main.connected() {
			t.Error("the window itself was cut")
		}
	})
	u.end()
}

// What is open stays open over a restart, and the link of before is said to work though
// it cannot be shown; a port that another program took is told with a way on.
func TestOpenAfterARestart(t *testing.T) {
	needsNetwork(t)
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.sheets()
	u.flips()
	u.sees("Copy link")
	before := u.network()
	u.end()

	u = begin(t, data)
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.connected() })
	if n := u.network(); !n.Open || n.Port != before.Port || n.Fingerprint != before.Fingerprint {
		t.Fatalf("after a restart %+v, before %+v", n, before)
	}
	u.sheets()
	u.sees("A link from before the last start")
	u.misses("Copy link")
	u.tap("New link")
	u.sees("Copy link")
	u.end()

	taken, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(before.Port)))
	u.ok(err)
	defer taken.Close()
	u = begin(t, data)
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.connected() })
	u.sheets()
	u.sees("Another program on this computer uses port " + strconv.Itoa(before.Port))
	u.tap("Use another port")
	u.sees("New link")
	u.until("it is open", func() bool { return u.a.main.hosting.now.Open && u.a.main.hosting.now.Port != before.Port })
	u.end()
}

// away is a server on another data folder that is open to the network, and its owner.
type away struct {
	h     *host.Host
	link  invite.Invitation
	owner *core.Client
}

func (u *person) away() *away {
	u.t.Helper()
	h, err := host.Open(u.t.Context(), u.t.TempDir(), host.Options{})
	u.ok(err)
	u.ok(h.CreateUser(u.t.Context(), "ann", "pw", "Ann"))
	_, err = h.OpenNetwork(u.t.Context(), ":0")
	u.ok(err)
	n, err := h.Invite(u.t.Context(), server.InvitationTerms{By: "ann"})
	u.ok(err)
	if len(n.Hosts) == 0 {
		n.Hosts = []string{"127.0.0.1"}
	}
	link, err := inviting.Link(n)
	u.ok(err)
	w := &away{h: h, link: link, owner: u.client(core.Options{Server: h.URL(), User: "ann", Password: "pw", Platform: "bot"})}
	u.guests = append(u.guests, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := h.Close(ctx); err != nil {
			u.t.Error(err)
		}
	})
	return w
}

// fills puts words into the field with a label.
func (u *person) fills(label, words string) {
	u.t.Helper()
	u.tapBelow(label)
	u.types(words)
}

// By clicks: a link is pasted, a name and a password typed, and the one who invited can
// be written to. Half a link, a name that is taken and another certificate are said at
// their fields. The pin is kept, and the secret is not.
func TestJoinByALink(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.until("the welcome screen", func() bool { return u.a.welcome != nil })
	w := u.away()
	u.ok(w.h.CreateUser(t.Context(), "taken", "pw", ""))
	u.tap("Join with a link")
	link := w.link.String()
	u.fills("Link", link[:60])
	u.fills("Your name", "Wren 鹪鹩")
	u.do(func() { u.a.joining.user.SetText("taken") })
	u.fills("A new password", "a password")
	u.key(fyne.KeyReturn)
	u.sees("This is not the whole link of an invitation")
	u.misses(w.link.Fingerprint.ForPeople()[:39])

	forged := w.link
	forged.Fingerprint[0] ^= 0xff
	u.do(func() { u.a.joining.link.SetText(forged.String()) })
	u.tap("Join")
	u.sees("The server showed another certificate")

	u.do(func() { u.a.joining.link.SetText(link) })
	u.sees(w.link.Fingerprint.ForPeople()[:39])
	u.tap("Join")
	u.sees("There is an account with this name already.")
	u.do(func() { u.a.joining.user.SetText("wren") })
	u.tap("Join")
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.connected() })
	u.until("the one who invited", func() bool { return u.a.main.conversation() == "C2Cann" })
	heard := w.owner.Subscribe()
	u.write("C2Cann", "here I am")
	u.do(u.a.main.composer.Focus)
	u.key(fyne.KeyReturn)
	limit := time.After(patience)
	for got := false; !got; {
		select {
		case e := <-heard.Events():
			m, is := e.(core.MessageReceived)
			if got = is && m.Messages[0].Nick == "Wren 鹪鹩"; is && !got {
				t.Errorf("received %+v", m.Messages[0])
			}
		case <-limit:
			t.Fatal("nothing was received")
		}
	}
	heard.Close()
	u.a.files.wait()
	settings, err := os.ReadFile(filepath.Join(data, "profiles", "wren", "settings.json"))
	u.ok(err)
	if !strings.Contains(string(settings), w.link.Fingerprint.String()) || strings.Contains(string(settings), w.link.Secret) {
		t.Errorf("the settings are %s", settings)
	}

	// A link to the same server closes the account to open it where the link says. If that
	// fails, the way back leads to the account, not to the beginning.
	gone, err := invite.New([]string{"127.0.0.1"}, 1, w.link.Secret, w.link.Fingerprint.String())
	u.ok(err)
	u.do(func() { u.a.openLink(gone.String()) })
	u.fills("Your name", "Wren")
	u.fills("A new password", "a password")
	u.tap("Join")
	u.until("nobody is there", func() bool { return u.a.joining != nil && u.a.joining.left != nil && !u.a.joining.join.Disabled() })
	u.tap("Cancel")
	u.until("the account of before", func() bool {
		return u.a.main != nil && u.a.joining == nil && u.a.session != nil && u.a.session.account.User == "wren" && u.a.main.connected()
	})
	u.end()
}

// A link that is opened while an account is shown leads to the screen with what it says,
// and back.
func TestOpenedInvitation(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	i, err := invite.New([]string{"192.0.2.9"}, 7443, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strings.Repeat("0f", 32))
	u.ok(err)
	u.do(func() { u.a.openLink(i.String()) })
	u.sees("192.0.2.9:7443, encrypted.")
	u.sees("0F0F 0F0F")
	u.do(func() {
		if got := u.a.joining.link.Text(); got != i.String() {
			t.Errorf("the link is %q", got)
		}
		u.a.setLanguage("zh-Hans")
		if got := u.a.joining.link.Text(); got != i.String() {
			t.Errorf("in another language the link is %q", got)
		}
	})
	u.sees("通过链接加入")
	u.tap("取消")
	u.until("the account of before", func() bool { return u.a.main != nil && u.a.main.connected() && u.a.joining == nil })
	u.end()
}

// Another certificate at the address is said in the banner, with what it means; nothing
// is asked for that could be sent there.
func TestAnotherCertificateIsTold(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.do(func() {
		u.a.main.failed(core.ErrorEvent{SignIn: true, Error: im.Errorf(im.CodeCertificate, "another")})
	})
	u.sees("Not the server you joined")
	u.sees("somebody listening in between")
	u.tap("Try again")
	u.misses("Not the server you joined")
	u.until("no password is asked for", func() bool { return u.a.window.Canvas().Overlays().Top() == nil })
	u.end()
}

package app

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/instance"
	"magpie/app/vault/vaulttest"
	"magpie/im"
)

// A link from outside opens a chat of the list at once, whatever covers it; somebody
// never spoken to is shown with the profile and is not put into the list.
func TestLinksOpenChats(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	u.guest("bo", "Bo Stranger")
	u.says(ada, "C2Cwren", "hello")
	u.until("Ada is in the list", func() bool { return u.a.main.index("C2Cada") >= 0 })
	u.settings()
	u.do(func() { u.a.openLink("magpie://chat/C2Cada") })
	u.do(func() {
		if u.a.main.conversation() != "C2Cada" || u.a.main.settings != nil {
			t.Errorf("open is %q, the settings are open: %v", u.a.main.conversation(), u.a.main.settings != nil)
		}
		u.a.openLink("magpie://chat/C2Cbo")
	})
	u.until("the stranger's chat", func() bool { return u.a.main.conversation() == "C2Cbo" && u.a.main.panel.shows() })
	u.sees("Bo Stranger")
	u.do(func() {
		if u.a.main.index("C2Cbo") >= 0 {
			t.Error("a link put somebody into the list")
		}
		u.a.main.panel.close()
		u.a.openLink("magpie://chat/C2Cnobody")
	})
	u.sees("The chat with nobody cannot be opened")
	u.key(fyne.KeyEscape)
	g, _, err := ada.CreateGroup(t.Context(), im.Group{Name: "Design", Type: im.GroupPublic}, nil)
	u.ok(err)
	u.do(func() { u.a.openLink("magpie://chat/GROUP" + strings.ReplaceAll(string(g.GroupID), "#", "%23")) })
	u.sees("Join a group")
	u.sees(string(g.GroupID))
	u.do(func() {
		if u.a.main.conversation() != "C2Cbo" {
			t.Errorf("open is %q", u.a.main.conversation())
		}
	})
}

// Links that are none say so, and nothing is changed by them.
func TestHostileLinksChangeNothing(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	u.open("C2Cecho")
	var rows int
	u.do(func() { rows = len(u.a.main.rows) })
	for _, link := range []string{"magpie:", "magpie://chat/C2Cecho?text=hi", "magpie://chat/C2C../../x", "magpie://chat/C2C\u202eohce", strings.Repeat("magpie", 10_000)} {
		u.do(func() { u.a.openLink(link) })
		u.sees("This link was not opened")
		u.key(fyne.KeyEscape)
		u.misses("This link was not opened")
	}
	u.do(func() {
		if u.a.main.conversation() != "C2Cecho" || len(u.a.main.rows) != rows || u.a.main.composer.Text() != "" {
			t.Errorf("%q is open, %d rows, %q is typed", u.a.main.conversation(), len(u.a.main.rows), u.a.main.composer.Text())
		}
	})
}

// A link that somebody wrote is shown before it is followed.
func TestLinkInAMessageIsShownFirst(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	u.says(ada, "C2Cwren", "hello")
	u.open("C2Cecho")
	u.sees("Ada Okafor")
	u.do(func() { u.a.main.openLink("magpie://chat/C2Cada") })
	u.sees("It leads to the chat with Ada Okafor (ada).")
	u.key(fyne.KeyEscape)
	u.do(func() {
		if u.a.main.conversation() != "C2Cecho" {
			t.Error("it was opened without a word")
		}
		u.a.main.openLink("magpie://chat/C2Cada")
	})
	u.tap("Open")
	u.until("the chat", func() bool { return u.a.main.conversation() == "C2Cada" })
}

// A link that comes before there is a screen, or while the window is locked, waits.
func TestLinksWait(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	passphrase := func(o *Options) { o.KeyStore, o.Passphrase = vaulttest.None(), secretWords }
	u := beginWith(t, data, passphrase)
	u.do(func() { u.a.openLink("magpie://chat/C2Cecho") })
	u.sees("Sign in first, then open the link again.")
	u.key(fyne.KeyEscape)
	u.start()
	u.end()

	u = beginWith(t, data, passphrase)
	defer u.end()
	u.do(func() { u.a.openLink("magpie://chat/C2Cecho") })
	u.until("the chat", func() bool { return u.a.main != nil && u.a.main.conversation() == "C2Cecho" })
	u.locks()
	u.do(func() { u.a.openLink("magpie://chat/C2Cwren") })
	u.do(func() {
		if u.a.main.conversation() != "C2Cecho" {
			t.Error("behind the lock something was opened")
		}
	})
	u.unlocks()
	u.until("the chat of the link", func() bool { return u.a.main.conversation() == "C2Cwren" })
}

// What a second process may say of a link is one line of bounded length.
func TestSentLinks(t *testing.T) {
	for link, want := range map[string]string{
		"":                              "",
		"magpie://chat/C2Cann":          "magpie://chat/C2Cann",
		"magpie://chat/C2Cann\nraise":   "magpie:",
		strings.Repeat("magpie:", 1000): "magpie:",
	} {
		if got := sent(link); got != want {
			t.Errorf("%.40q is sent as %.40q", link, got)
		}
		l, first, err := instance.ClaimOpening(t.TempDir(), sent(link), instance.Handler{})
		if err != nil || !first {
			t.Fatal(first, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

package app

import (
	"os"
	"path/filepath"
	"testing"

	"magpie/app/profile"
)

// The account section shows who one is and changes it in place; other accounts of the
// computer are switched to from there, and go from it with everything that lies here.
func TestAccountsInTheSettings(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	u.do(u.a.addAccount)
	u.sees("Back to wren")
	u.typesBelow("User ID", "robin")
	u.tap("Start on this computer")
	u.until("robin is shown", func() bool { return u.a.main != nil && u.a.session.account.User == "robin" && u.a.main.connected() })

	u.settings()
	u.sees("No signature yet")
	u.sees("Other accounts on this computer")
	u.sees("wren")
	u.tap("Copy")
	u.until("the id is in the clipboard", func() bool { return u.a.fyne.Clipboard().Content() == "robin" })
	u.tap("Edit…")
	u.sees("My profile")
	u.replaces("Name", "Robin Redbreast")
	u.replaces("About me", "on the fence")
	u.tap("Save")
	u.sees("Robin Redbreast")
	u.sees("on the fence")

	u.tap("Switch")
	u.until("wren is shown", func() bool { return u.a.main != nil && u.a.session.account.User == "wren" && u.a.main.connected() })
	u.settings()
	u.sees("robin")
	u.do(func() { (&accountSection{p: u.a.main.settings}).askRemove(profile.Account{User: "robin", Local: true}) })
	u.sees("Delete everything of robin here?")
	u.tap("Delete everything")
	u.misses("robin")
	u.a.files.wait()
	if _, err := os.Stat(filepath.Join(u.a.profile.Dir(), "accounts", "local_robin")); !os.IsNotExist(err) {
		t.Errorf("what robin has is still here: %v", err)
	}
	u.do(func() {
		if a := u.a.settings.Accounts; len(a) != 1 || a[0].User != "wren" || len(u.a.sessions.open) != 1 {
			t.Errorf("accounts %v, %d sessions", a, len(u.a.sessions.open))
		}
	})

	u.tap("Sign out…")
	u.sees("Your history stays on this computer")
	u.tap("Sign out")
	u.until("the welcome screen", func() bool { return u.a.welcome != nil && u.a.session == nil })
	u.end()
}

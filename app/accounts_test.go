package app

import (
	"testing"

	"magpie/app/profile"
	"magpie/im"
)

// Two accounts in one window: the one that is not shown stays connected, what
// comes for it is counted, and signing out of one leaves the other.
func TestTwoAccounts(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	wren := profile.Account{User: "wren", Local: true}
	robin := profile.Account{User: "robin", Local: true}
	ada := u.guest("ada", "Ada")

	u.do(u.a.addAccount)
	u.sees("Back to wren")
	u.tap("Back to wren")
	u.until("wren is shown again", func() bool { return u.a.main != nil && u.a.session.account == wren && u.a.main.connected() })
	u.do(u.a.addAccount)
	u.sees("Back to wren")
	u.tapBelow("User ID")
	u.types("robin")
	u.tap("Start on this computer")
	u.until("robin is shown", func() bool { return u.a.main != nil && u.a.session.account == robin && u.a.main.connected() })

	u.say(ada, im.ConvC2C, "wren", "are you there?")
	u.until("it is counted for wren", func() bool {
		return len(u.a.parked) == 1 && u.a.parked[0].heard.unreadCount() == 1
	})
	u.profileMenu()
	u.tap("Switch account")
	u.sees("wren · this computer (1)")
	u.sees("robin · this computer")
	u.tap("wren · this computer (1)")
	u.until("wren is shown", func() bool { return u.a.main != nil && u.a.session.account == wren })
	u.sees("are you there?")
	u.until("robin is parked", func() bool { return len(u.a.parked) == 1 && u.a.parked[0].account == robin })

	// An account that is open already is shown, not opened twice.
	u.do(u.a.addAccount)
	u.sees("Back to wren")
	u.tapBelow("User ID")
	u.types("robin")
	u.tap("Start on this computer")
	u.until("robin is shown", func() bool { return u.a.main != nil && u.a.session.account == robin })

	u.do(u.a.signOut)
	u.until("wren is shown", func() bool { return u.a.main != nil && u.a.session.account == wren && u.a.main.connected() })
	u.a.files.wait()
	u.do(func() {
		if len(u.a.parked) != 0 || len(u.a.sessions.open) != 1 {
			t.Errorf("%d parked, %d open", len(u.a.parked), len(u.a.sessions.open))
		}
		if a := u.a.settings.Accounts; len(a) != 1 || a[0] != wren {
			t.Errorf("accounts: %v", a)
		}
	})
	u.end()
}

// Why an account was signed out while it was not shown is said once it is.
func TestSignedOutWhileParked(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.do(func() {
		h := &u.a.session.heard
		h.mu.Lock()
		h.kicked = im.KickREST
		h.mu.Unlock()
		u.a.addAccount()
	})
	u.tap("Back to wren")
	u.sees("The operator of the server signed you out.")
	u.sees("Sign in again")
	u.tap("Sign in again")
	u.misses("The operator of the server signed you out.")
	u.end()
}

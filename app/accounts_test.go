package app

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/im"
	"magpie/server"
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

	u.open("C2Cecho")
	u.do(u.a.addAccount)
	u.sees("Back to wren")
	u.tap("Back to wren")
	u.sees("Message Echo") // where it was left
	u.until("wren is shown again", func() bool { return u.a.main != nil && u.a.session.account == wren && u.a.main.connected() })
	u.do(u.a.addAccount)
	u.sees("Back to wren")
	u.tapBelow("User ID")
	u.types("robin")
	u.tap("Start on this computer")
	u.until("robin is shown", func() bool { return u.a.main != nil && u.a.session.account == robin && u.a.main.connected() })

	u.until("what was open of robin is", func() bool { return u.a.main.conversation() == "" })
	u.open("C2Crobin")
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
	u.until("what was open of wren is open again", func() bool { return u.a.main.conversation() == "C2Cecho" })
	u.until("robin is parked", func() bool { return len(u.a.parked) == 1 && u.a.parked[0].account == robin })

	// An account that is open already is shown, not opened twice.
	u.do(u.a.addAccount)
	u.sees("Back to wren")
	u.tapBelow("User ID")
	u.types("robin")
	u.tap("Start on this computer")
	u.until("robin is shown", func() bool { return u.a.main != nil && u.a.session.account == robin })

	u.until("what was open of robin is open again", func() bool { return u.a.main.conversation() == "C2Crobin" })
	u.do(u.a.signOut)
	u.until("what was open of wren is open again", func() bool { return u.a.main != nil && u.a.main.conversation() == "C2Cecho" })
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

// The operator ends a session: the window says so once, reads on, and signs in
// again when asked to.
func TestSignedOutByTheOperator(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	u.do(func() { u.a.main.openChat("C2Cecho") })
	u.ok(server.KickUser(t.Context(), server.Folder{Data: u.a.profile.ServerDir(), Key: u.a.keys.Server()}, "wren"))
	u.sees("The operator of the server signed you out.")
	u.sees("Message Echo") // what is there can be read, and what is written waits
	u.do(func() {
		if u.a.session.client.State() != core.Kicked {
			t.Error("the client went on by itself")
		}
	})
	u.tap("Sign in again")
	u.misses("The operator of the server signed you out.")
	// A signature of the very second in which the session was ended is as old as
	// that; then it is asked for again.
	u.until("it is connected", func() bool {
		if at, refused := u.find("Sign in again"); refused {
			test.TapCanvas(u.a.window.Canvas(), at.at)
		}
		return u.a.main.connected()
	})
	u.end()
}

// Why an account was signed out while it was not shown is said once it is.
func TestSignedOutWhileParked(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.do(u.a.addAccount)
	u.sees("Back to wren")
	u.ok(server.KickUser(t.Context(), server.Folder{Data: u.a.profile.ServerDir(), Key: u.a.keys.Server()}, "wren"))
	u.until("the session is told", func() bool {
		kicked, _ := u.a.parked[0].heard.why()
		return kicked == im.KickREST
	})
	u.tap("Back to wren")
	u.sees("The operator of the server signed you out.")
	u.end()
}

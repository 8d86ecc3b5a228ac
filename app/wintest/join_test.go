//go:build wintest

package wintest

import "testing"

// One opens the server inside to the network with the mouse and copies the link; another
// pastes it in a window of their own, and they talk. Turned off, the link is worthless.
func TestInviteAndJoinInTwoWindows(t *testing.T) {
	ann := local(t, t.TempDir())
	ann.plus("Let others join…")
	ann.sees("Off: only this computer reaches the server")
	ann.flips("Open to the network")
	network := false
	ann.eventually("the link, or why there is none", func() bool {
		_, none := ann.find("This computer is not in a network")
		_, network = ann.find("Copy link")
		return network || none
	})
	if !network {
		t.Skip("this computer has no network to be invited to")
	}
	ann.click("Copy link")
	ann.sees("Copied")
	ann.shoot("invite")

	ben := open(t, "--data", t.TempDir())
	ben.click("Join with a link")
	ben.clickBelow("Link")
	ben.key("ctrl+v")
	ben.sees("encrypted.")
	ben.key("Return")
	ben.types("Ben Lind")
	ben.key("Return", "ctrl+a")
	ben.types("ben")
	ben.key("Return")
	ben.types(password)
	ben.shoot("join-link")
	ben.key("Return")
	ben.sees("Message ")
	ben.types("I am in")
	ben.key("Return")
	ann.sees("1 person has joined: Ben Lind")
	ann.key("Escape")
	ann.click("Ben Lind")
	ann.seesInMessages("I am in")

	ann.plus("Let others join…")
	ann.flips("Open to the network")
	ann.sees("Off: only this computer reaches the server")
	ann.shoot("invite-closed")
}

// flips clicks the switch in the row whose name says s, on a sheet with Done at its right.
func (w *window) flips(s string) {
	w.t.Helper()
	name, done := w.settled(s), w.settled("Done")
	w.clickAt(done.X+done.W, name.Y+name.H)
}

// Messages are gone through by the keyboard alone: from the composer with F6, up and down,
// and what the menu of one offers is chosen.
func TestMessagesByTheKeyboard(t *testing.T) {
	w := localWindow(t, t.TempDir(), "the first of them", "and the second")
	w.seesInMessages("and the second")
	w.key("F6", "Up", "Up", "Menu")
	w.sees("Reply")
	w.shoot("ring")
	w.key("Escape", "Escape")
	w.sees("Message Echo")
	w.types("the composer has the keyboard again")
	w.key("Return")
	w.seesInMessages("the composer has the keyboard again")
}

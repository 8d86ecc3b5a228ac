//go:build wintest

package wintest

import "testing"

// A chat is taken from the list and put back, with its mark of the unread; the second time
// nobody puts it back, and the next message does.
func TestRemovedChatComesBack(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ben.newChat("ann")
	ben.types("see you at the station")
	ben.key("Return")
	ann.sees("see you at the station")

	ann.clickSecondary("see you at the station")
	ann.click("Remove from the list")
	ann.misses("see you at the station")
	ann.sees("Chat removed")
	ann.shoot("chat-removed")
	ann.click("Undo")
	ann.sees("see you at the station")
	ann.shoot("chat-put-back")

	ann.clickSecondary("see you at the station")
	ann.click("Remove from the list")
	ann.misses("see you at the station")
	ann.misses("Undo") // it is too late
	ben.types("platform 3")
	ben.key("Return")
	ann.sees("platform 3")
	ann.click("platform 3")
	ann.seesInMessages("see you at the station")
	ann.quit()
	ben.quit()
}

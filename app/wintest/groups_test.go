//go:build wintest

package wintest

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"magpie/app/uitest"
)

// size is that of the window, in pixels.
func (w *window) size() (width, height int) {
	w.t.Helper()
	out, err := exec.Command("xdotool", "getwindowgeometry", "--shell", w.id).Output()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, line := range strings.Fields(string(out)) {
		_, _ = fmt.Sscanf(line, "WIDTH=%d", &width) // the other lines do not fit
		_, _ = fmt.Sscanf(line, "HEIGHT=%d", &height)
	}
	return width, height
}

// plus opens the menu of the plus above the list.
func (w *window) plus(item string) {
	w.t.Helper()
	w.sees("Search")
	w.clickAt(274, 29)
	w.click(item)
}

// info shows the panel of the open conversation, by its button in the header.
func (w *window) info() {
	w.t.Helper()
	width, _ := w.size()
	w.clickAt(float32(width-33), 29)
}

// clickRow opens the conversation whose name in the list is just s.
func (w *window) clickRow(s string) {
	w.t.Helper()
	var row uitest.Text
	w.eventually(s+" is in the list", func() bool {
		for _, t := range w.texts() {
			if t.Text == s && t.X < listWidth {
				row = t
				return true
			}
		}
		return false
	})
	w.clickAt(row.X+row.W/2, row.Y+row.H/2)
}

// panelX is where the panel at the right begins, in pixels.
const panelX = 1120 - 264

// rightClick opens the menu of the text in the panel that is just s. It waits until that stands still: what was not painted yet
// has no place.
func (w *window) rightClick(s string) {
	w.t.Helper()
	w.activate()
	var x, y float32
	w.eventually(s+" is shown and stands still", func() bool {
		lastX, lastY := x, y
		x = 0
		for _, t := range w.texts() {
			if t.Text == s && t.X > max(x, panelX) {
				x, y = t.X+t.W/2, t.Y+t.H/2
			}
		}
		return x > 0 && x == lastX && y == lastY
	})
	w.activate()
	w.xdotool("mousemove", "--window", w.id, "--sync", fmt.Sprint(int(x)), fmt.Sprint(int(y)), "sleep", "0.2", "click", "3")
}

// A public group in two windows, from making it to closing it.
func TestPublicGroupInTwoWindows(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")

	ann.key("ctrl+g")
	ann.sees("Name of the group")
	ann.types("Trail runners")
	ann.click("Public group")
	ann.shoot("new-group")
	ann.click("Create")
	ann.sees("Message Trail runners")
	ann.info()
	id := ann.sees("@TGS#").Text
	id = id[strings.Index(id, "@TGS#"):] // where it fits, it is on one line with the kind of the group
	ann.shoot("panel-alone")

	ben.plus("Join a group")
	ben.sees("Message to the admins")
	ben.types(id)
	ben.clickBelow("Message to the admins")
	ben.types("I run at dawn")
	ben.shoot("join")
	ben.key("Return")
	ben.sees("Your request was sent")
	ben.shoot("waiting")
	ben.key("Return")

	ann.clickRow("System notices")
	ann.seesInMessages("asks to join")
	ann.seesInMessages("I run at dawn")
	ann.shoot("notice")
	ann.click("Accept")
	ann.seesInMessages("Accepted")
	ben.clickRow("Trail runners")
	ben.types("hello, runners")
	ben.key("Return")
	ann.clickRow("Trail runners")
	ann.seesInMessages("hello, runners")
	ann.seesInMessages("2 members")
	ann.rightClick("ben")
	ann.sees("Make admin")
	ann.shoot("member-menu")
	ann.click("Make admin")
	ann.seesInMessages("is now an admin")
	ann.shoot("panel")
	ann.rightClick("ben")
	ann.click("Mute for")
	ann.click("10 minutes")
	ben.sees("You are muted until")
	ben.activate()
	ben.shoot("muted")

	ann.click("Edit the group")
	ann.sees("Who may join")
	ann.shoot("edit")
	ann.key("ctrl+a")
	ann.types("Night runners")
	ann.click("Save")
	ben.seesInMessages("Night runners")
	ann.rightClick("ben")
	ann.click("Remove from the group")
	ann.sees("Remove from the group?")
	ann.types("it is night")
	ann.key("Return")
	ben.sees("Its history stays here")
	ben.seesInMessages("hello, runners")
	ben.activate()
	ben.shoot("removed")
	ben.clickRow("System notices")
	ben.settled("it is night")
	ben.shoot("notices")

	ann.click("Close the group")
	ann.sees("Close the group for everyone?")
	ann.shoot("close")
	ann.key("Escape")
	ann.key("Escape") // the panel
	ann.eventually("the panel is closed", func() bool {
		_, shown := ann.find("Edit the group")
		return !shown
	})
	if strings.Contains(ann.screen(), "Its history stays here") {
		t.Error("the group was closed though nobody said yes")
	}
	ann.quit()
	ben.quit()
}

// Several accounts live in one window; one that is not shown stays signed in.
func TestTwoAccountsInOneWindow(t *testing.T) {
	server := startServer(t, "ann", "ben")
	w := open(t, "--data", t.TempDir())
	w.signIn(server.addr, "ann")
	w.clickAt(28, 29) // the own avatar
	w.click("Switch account")
	w.shoot("accounts")
	w.click("Add account")
	w.sees("Back to ann")
	w.shoot("add")
	w.signIn(server.addr, "ben")
	w.newChat("ann")
	w.types("hello from ben")
	w.key("Return")
	w.seesInMessages("hello from ben")
	w.clickAt(28, 29)
	w.click("Switch account")
	w.sees("(1)") // what ann has not read
	w.shoot("unread")
	w.click("ann · ")
	w.click("hello from ben")
	w.sees("Message ben")
	w.seesInMessages("hello from ben")
	w.quit()
}

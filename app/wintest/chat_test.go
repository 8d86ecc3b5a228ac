//go:build wintest

package wintest

import (
	"fmt"
	"testing"
)

// signIn fills in the welcome screen.
func (w *window) signIn(server, user string) {
	w.t.Helper()
	w.clickBelow("Server")
	w.types(server)
	w.key("Return")
	w.types(user)
	w.key("Return")
	w.types(password)
	w.key("Return")
	w.sees("Search")
}

// clickBelow clicks into the field whose label says s.
func (w *window) clickBelow(s string) {
	w.t.Helper()
	t := w.settled(s)
	w.clickAt(t.X+40, t.Y+t.H+22)
}

// newChat opens a conversation by the keyboard.
func (w *window) newChat(user string) {
	w.t.Helper()
	w.sees("Search")
	w.key("ctrl+n")
	w.sees("Say who you want to write to")
	w.types(user)
	w.key("Return")
	w.sees("Message " + user)
}

// Two people write Chinese and English to each other in two windows; then the
// server dies, one of them starts the program again and still reads it all.
func TestTwoWindowsChatAndReadOffline(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	annArgs := []string{"--data", data, "--profile", "ann"}
	ann := open(t, annArgs...)
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")

	ann.newChat("ben")
	ann.types("你好，世界")
	ann.key("Return")
	ann.seesInMessages("你好，世界")
	ben.sees("你好，世界") // in the list
	ben.click("你好，世界")
	ben.seesInMessages("你好，世界")
	ben.types("two lines:")
	ben.key("shift+Return")
	ben.types("第二行")
	ben.key("Return")
	ann.seesInMessages("two lines:")
	ann.seesInMessages("第二行")
	ann.shoot("online")

	server.kill()
	ann.sees("Offline")
	ann.types("written offline")
	ann.key("Return")
	ann.seesInMessages("written offline")
	ann.seesInMessages("waiting")
	ann.shoot("offline")
	ann.kill() // as a crash would

	ann = open(t, annArgs...)
	ann.sees("Offline")
	for _, text := range []string{"你好，世界", "two lines:", "第二行", "written offline", "waiting"} {
		ann.seesInMessages(text)
	}
	ann.shoot("offline-restarted")

	server.start(server.addr)
	ben.seesInMessages("written offline")
	ann.eventually("nothing waits any more", func() bool {
		_, waiting := ann.find("waiting")
		_, offline := ann.find("Offline")
		return !waiting && !offline
	})
	ann.shoot("sent")
	ann.quit()
	ben.quit()
}

// One person alone starts with the server inside and sees both directions.
func TestStartOnThisComputer(t *testing.T) {
	data := t.TempDir()
	w := open(t, "--data", data, "--profile", "wren")
	w.shoot("welcome")
	w.click("Start on this computer")
	w.click("Echo")
	w.sees("Message Echo")
	w.types("is anybody there?")
	w.key("Return")
	w.eventually("the echo answered", func() bool {
		n := 0
		for _, text := range w.texts() {
			if text.X > listWidth && text.Text == "is anybody there?" {
				n++
			}
		}
		return n == 2
	})
	w.shoot("echo")

	// A second window of another profile joins the same server.
	other := open(t, "--data", data, "--profile", "ada")
	other.click("Start on this computer")
	other.newChat("wren")
	other.types("hello wren")
	other.key("Return")
	w.sees("hello wren")

	// The first window ran the server. When it goes, the second one takes over.
	w.quit()
	other.types("still here")
	other.key("Return")
	other.seesInMessages("still here")
	other.eventually("the message was sent although the first window is gone", func() bool {
		_, offline := other.find("Offline")
		_, waiting := other.find("waiting")
		return !offline && !waiting
	})
	w = open(t, "--data", data, "--profile", "wren")
	w.click("ada")
	w.seesInMessages("hello wren")
	w.seesInMessages("still here")
	w.quit()
	other.quit()
}

// A group is made in one window and used in two.
func TestGroupInTwoWindows(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ann.key("ctrl+g")
	ann.sees("Name of the group")
	ann.types("设计 Design")
	ann.clickBelow("Members")
	ann.types("ben")
	ann.key("Return")
	ann.sees("Message 设计 Design")
	ann.types("welcome, all")
	ann.key("Return")
	ben.click("设计 Design")
	ben.seesInMessages("welcome, all")
	ben.seesInMessages("2 members")
	ben.types("thank you")
	ben.key("Return")
	ann.seesInMessages("thank you")
	ann.shoot("group")
	for i := range 3 {
		ann.types(fmt.Sprint("line ", i))
		ann.key("Return")
	}
	ben.seesInMessages("line 2")
	ben.shoot("group")
}

//go:build wintest

package wintest

import (
	"os/exec"
	"strings"
	"testing"
)

// What keeps a person from signing in is said in full at the field it is about,
// and the cursor is there to mend it.
func TestSigningInSaysWhatIsWrong(t *testing.T) {
	server := startServer(t, "ann")
	w := open(t, "--data", t.TempDir())
	w.settled("Sign in")
	w.types("ftp://nowhere") // the first field has the keyboard
	w.key("Return")
	w.types("ann")
	w.key("Return")
	w.types("wrong horse")
	w.key("Return")
	w.sees("This is not the address of a server")
	w.key("ctrl+a")
	w.types("127.0.0.1:1")
	w.click("Sign in")
	w.sees("The server does not answer")
	w.clickBelow("Server")
	w.key("ctrl+a")
	w.types(server.addr)
	w.click("Sign in")
	w.sees("The name or the password is not right")
	for _, s := range w.texts() {
		if strings.Contains(s.Text, "…") && s.Text != "Network…" {
			t.Errorf("%q is cut off:\n%s", s.Text, w.screen())
		}
	}
	w.key("ctrl+a")
	w.types(password)
	w.key("Return")
	w.sees("Search")
}

// Messages that come while another window is in front stay unread, and a line
// shows where they begin.
func TestUnreadWhileAway(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ann.newChat("ben")
	ann.types("hello")
	ann.key("Return")
	ben.signIn(server.addr, "ben")
	ben.click("hello")
	ben.seesInMessages("hello")
	ben.types("one")
	ben.key("Return")
	ben.types("two")
	ben.key("Return")
	ann.seesInMessages("two")
	ann.seesInMessages("2 unread messages")
	ann.eventually("the title counts them", func() bool { return strings.HasPrefix(ann.title(), "(2)") })
	ann.activate()
	ann.eventually("they are read", func() bool { return !strings.HasPrefix(ann.title(), "(") })
	ann.seesInMessages("2 unread messages") // where to begin
}

// What is typed while a dialog without a field is open is no message; Enter
// presses its button, and no second dialog opens over it.
func TestADialogHasTheKeyboard(t *testing.T) {
	server := startServer(t, "ann", "ben")
	w := open(t, "--data", t.TempDir())
	w.signIn(server.addr, "ann")
	w.newChat("ben")
	w.clickAt(28, 29) // the own avatar
	w.click("Blocked people")
	w.sees("You have blocked nobody.")
	w.types("not a message")
	w.key("ctrl+k")
	w.key("Return")
	w.eventually("the dialog is closed", func() bool {
		_, shown := w.find("You have blocked nobody.")
		return !shown
	})
	for _, s := range []string{"not a message", "Search messages, people, files"} {
		if _, shown := w.find(s); shown {
			t.Errorf("%q is shown", s)
		}
	}
	// The list of Ctrl+K is moved in by the arrows.
	w.key("ctrl+k")
	w.sees("Search messages, people, files")
	w.key("Down", "Down", "Up", "Return")
	w.eventually("the dialog is closed", func() bool {
		_, shown := w.find("Search messages, people, files")
		return !shown
	})
	w.types("typed on")
	w.seesInMessages("typed on")
}

func (w *window) title() string {
	w.t.Helper()
	out, err := exec.Command("xdotool", "getwindowname", w.id).Output()
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

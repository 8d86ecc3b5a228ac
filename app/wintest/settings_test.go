//go:build wintest

package wintest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The settings open by the keys, room is freed by mouse, and the file comes back from
// the server when it is asked for.
func TestFreeingRoomInARealWindow(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ann.signIn(server.addr, "ann")
	ann.newChat("ben")
	path := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(path, bytes.Repeat([]byte("0123456789abcdef"), 200_000), 0o600); err != nil {
		t.Fatal(err)
	}
	ann.copies("text/uri-list", []byte("file://"+path+"\r\n"))
	ann.key("ctrl+v")
	ann.sees("1 item · ")
	ann.key("Return")
	ann.seesInMessages("plan.txt")
	ann.eventually("it is sent", func() bool { _, waiting := ann.find("1 item · "); return !waiting })

	ann.key("ctrl+comma")
	for _, section := range []string{"Other accounts", "Light or dark", "Enter sends", "Notify of new messages", "Microphone"} {
		ann.sees(section)
		ann.key("Down")
	}
	ann.sees("Messages and search")
	ann.sees("Files 3.1")
	ann.shoot("settings-storage")
	ann.click("Free up…")
	ann.sees("Frees 3.1")
	ann.click("1 year")
	ann.sees("There is nothing to free with these choices.")
	ann.click("Any age")
	ann.sees("Frees 3.1")
	ann.shoot("settings-free-up")
	ann.click("Free 3.1")
	ann.sees("freed")
	ann.misses("Files 3.1")

	ann.key("Escape")
	ann.misses("Messages and search")
	ann.seesInMessages("plan.txt")
	ann.types("what was written goes on")
	ann.key("Return")
	ann.seesInMessages("what was written goes on")
	ann.quit()
}

// The size of the text is no size of the window: not a pixel is added by a step.
func TestTextSizeKeepsTheWindow(t *testing.T) {
	w := localWindow(t, t.TempDir(), "a line")
	before := w.geometry().Size()
	for _, key := range []string{"ctrl+plus", "ctrl+plus", "ctrl+plus", "ctrl+minus", "ctrl+minus", "ctrl+minus", "ctrl+minus", "ctrl+0"} {
		at := w.settled("a line")
		w.key(key)
		w.eventually("the text has another size", func() bool {
			now, ok := w.find("a line")
			return ok && now.H != at.H
		})
		w.settled("a line")
		if after := w.geometry().Size(); after != before {
			t.Errorf("after %s the window is %v, it was %v", key, after, before)
			before = after
		}
	}
}

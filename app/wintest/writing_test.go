//go:build wintest

package wintest

import (
	"fmt"
	"strings"
	"testing"
)

// clickSecondary waits for a text and clicks it with the other button.
func (w *window) clickSecondary(s string) {
	w.t.Helper()
	t := w.settled(s)
	w.activate()
	w.xdotool("mousemove", "--window", w.id, "--sync", fmt.Sprint(int(t.X+t.W/2)), fmt.Sprint(int(t.Y+t.H/2)), "sleep", "0.2", "click", "3")
}

// gone waits until no text that contains s is shown.
func (w *window) gone(s string) {
	w.t.Helper()
	w.eventually(fmt.Sprintf("%q is gone", s), func() bool {
		_, shown := w.find(s)
		return !shown
	})
}

// What one person types the other sees; what one takes back is gone in both
// windows, and can be put right.
func TestTypingRecallAndEditAgain(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ann.newChat("ben")
	ann.types("hello")
	ann.key("Return")
	ben.click("hello")
	ben.seesInMessages("hello")

	ann.types("a misteak")
	ben.seesInMessages("typing…") // in the header
	ann.key("Return")
	ben.seesInMessages("a misteak")
	ben.gone("typing…")

	ann.clickSecondary("a misteak")
	ann.click("Recall")
	ann.seesInMessages("You recalled a message")
	ben.seesInMessages("ann recalled a message")
	ben.gone("a misteak")
	ann.shoot("recalled")

	ann.types("next")
	ann.click("Edit again")
	ann.sees("a misteak") // above what was there
	ann.sees("next")
	ann.key("ctrl+a")
	ann.types("a mistake")
	ann.key("Return")
	ben.seesInMessages("a mistake")
	ben.shoot("recalled-by-another")

	// Up brings the text that was taken back last into an empty field.
	ann.clickSecondary("a mistake")
	ann.click("Recall")
	ben.gone("a mistake")
	ann.key("Up")
	ann.sees("a mistake")
}

// A member of a group is mentioned by the keyboard alone, and sees it in the list.
func TestMentioningInTwoWindows(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ann.key("ctrl+g")
	ann.sees("Name of the group")
	ann.types("Trail")
	ann.clickBelow("Members")
	ann.types("ben")
	ann.key("Return")
	ann.sees("Message Trail")
	ann.seesInMessages("2 members")

	ann.types("@")
	ann.sees("Everyone")
	ann.shoot("offered")
	ann.types("be")
	ann.gone("Everyone")
	ann.key("Return")
	ann.types("look")
	ann.sees("@ben look")
	ann.key("Return")
	ben.sees("[@me]")
	ben.shoot("mentioned")
	ben.click("Trail")
	ben.eventually("the mention is in the messages", func() bool {
		var all []string
		for _, text := range ben.texts() {
			if text.X > listWidth {
				all = append(all, text.Text)
			}
		}
		line := strings.Join(all, " ")
		return strings.Contains(line, "@ben") && strings.Contains(line, "look")
	})
	ben.gone("[@me]")
}

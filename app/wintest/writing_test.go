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

	// Undo takes it out again, and both ways of redoing bring it back.
	ann.key("ctrl+z")
	ann.gone("a mistake")
	ann.key("ctrl+shift+z")
	ann.sees("a mistake")
	ann.key("ctrl+z")
	ann.gone("a mistake")
	ann.key("ctrl+y")
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
	ann.sees(" look") // behind the name, which has a colour of its own
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

// An emoji found by its name goes into the text at the cursor; a sticker and a
// die go out by one click. A message may be sent without notifying anybody.
func TestPanelInARealWindow(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ann.newChat("ben")
	ann.types("two  cats")
	ann.key("Left", "Left", "Left", "Left", "Left")
	ann.key("ctrl+e")
	ann.settled("Smileys")
	ann.types("elephant")
	ann.shoot("found")
	ann.key("Return", "Escape")
	ann.eventually("the composer has the emoji as a picture between the words", func() bool {
		two, before := ann.find("two")
		cats, behind := ann.find("cats")
		return before && behind && two.X+two.W+14 <= cats.X
	})
	ann.key("Return")
	ben.sees("cats") // its emoji is a picture in the list
	ann.eventually("the composer is empty", func() bool { _, hint := ann.find("Message ben"); return hint })

	pick := func(tab, below string) {
		t.Helper()
		ann.key("ctrl+e")
		ann.click(tab)
		at := ann.settled("Search emoji")
		ann.clickAt(at.X+20, at.Y+80) // the first cell
		ben.sees(below)
	}
	pick("Magpie", "[Sticker]")
	pick("Dice", "[Dice]")
	ann.shoot("sent")

	// The send button is right of the smile, at the lower right corner.
	field := ann.settled("Message ben")
	ann.activate()
	ann.xdotool("mousemove", "--window", ann.id, "--sync", "1089", fmt.Sprint(int(field.Y+field.H/2)), "sleep", "0.2", "click", "3")
	ann.click("Without notification")
	ann.sees("The next message notifies nobody")
	ann.types("quiet words")
	ann.key("Return")
	ben.sees("quiet words")
	ann.gone("The next message notifies nobody")
}

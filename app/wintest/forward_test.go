//go:build wintest

package wintest

import "testing"

// Messages are passed on with the mouse: one alone from its menu, several as one message, which
// opens in the other chat to what it was made of.
func TestForwardInARealWindow(t *testing.T) {
	w := localWindow(t, t.TempDir(), "the map for saturday", "bring water")
	w.seesInMessages("bring water")

	w.clickSecondary("the map for saturday")
	w.click("Forward…")
	w.sees("1 message")
	w.types("notes")
	w.click("Notes to self")
	w.click("Send to 1 chat")
	w.sees("Forwarded")

	w.clickSecondary("bring water")
	w.click("Select")
	w.sees("1 selected")
	w.click("the map for saturday")
	w.sees("2 selected")
	w.shoot("selected")
	w.click("Forward as one…")
	w.sees("2 messages")
	w.types("notes")
	w.key("Return")
	w.shoot("forward")
	w.click("Send to 1 chat")
	w.sees("Forwarded")

	w.clickRow("Notes to self")
	w.sees("Message Notes to self")
	w.seesInMessages("the map for saturday")
	w.click("Chat history · 2 messages")
	w.seesInMessages("bring water")
	w.shoot("forwarded")
	w.key("Escape")
	w.types("passed on")
	w.key("Return")
	w.seesInMessages("passed on")
}

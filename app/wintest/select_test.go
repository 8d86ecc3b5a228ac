//go:build wintest

package wintest

import (
	"fmt"
	"os/exec"
	"regexp"
	"testing"

	"magpie/app/uitest"
)

// A drag over three messages selects from the letter where it began to the pointer,
// Ctrl+C copies that with who said it and when, and typing goes on as if nothing had
// been.
func TestSelectOverMessages(t *testing.T) {
	server := startServer(t, "ann", "ben")
	w := open(t, "--data", t.TempDir())
	w.signIn(server.addr, "ann")
	w.newChat("ben")
	for _, s := range []string{"first of all", "the second", "last one"} {
		w.types(s)
		w.key("Return")
		w.seesInMessages(s)
	}
	var first, last uitest.Text
	w.eventually("the messages stand still", func() bool {
		f, l := w.seesInMessages("first of all"), w.seesInMessages("last one")
		still := f == first && l == last
		first, last = f, l
		return still
	})
	w.drag(first.X+1, first.Y+first.H/2, last.X+last.W+30, last.Y+last.H/2)
	w.shoot("selected")
	w.key("ctrl+c")
	head := `\S+, \[\d{4}-\d\d-\d\d \d\d:\d\d\]\n`
	want := regexp.MustCompile(`^` + head + `first of all\n\n` + head + `the second\n\n` + head + `last one$`)
	var got []byte
	w.eventually("it is in the clipboard", func() bool {
		got, _ = exec.CommandContext(t.Context(), "xclip", "-o", "-selection", "clipboard").Output()
		return want.Match(got)
	})
	// Two clicks take a word, and the next one copies only that.
	w.activate()
	w.xdotool("mousemove", "--window", w.id, "--sync", fmt.Sprint(int(first.X+4)), fmt.Sprint(int(first.Y+first.H/2)), "sleep", "0.2", "click", "--repeat", "2", "--delay", "60", "1")
	w.key("ctrl+c")
	w.eventually("the word is in the clipboard", func() bool {
		got, _ = exec.CommandContext(t.Context(), "xclip", "-o", "-selection", "clipboard").Output()
		return string(got) == "first"
	})
	w.types("and on")
	w.key("Return")
	w.seesInMessages("and on")
}

// drag presses at one point and lets go at another, with stops on the way.
func (w *window) drag(fromX, fromY, toX, toY float32) {
	w.t.Helper()
	w.activate()
	args := []string{"mousemove", "--window", w.id, "--sync", fmt.Sprint(int(fromX)), fmt.Sprint(int(fromY)), "sleep", "0.2", "mousedown", "1"}
	const steps = 5
	for i := 1; i <= steps; i++ {
		x, y := fromX+(toX-fromX)*float32(i)/steps, fromY+(toY-fromY)*float32(i)/steps
		args = append(args, "mousemove", "--window", w.id, fmt.Sprint(int(x)), fmt.Sprint(int(y)), "sleep", "0.1")
	}
	w.xdotool(append(args, "mouseup", "1")...)
}

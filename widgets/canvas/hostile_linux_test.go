package canvas

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// freeze is how long the window may stand still, in processor time.
const freeze = 100 * time.Millisecond

// worked returns the processor time that f takes on its thread, so that what else
// the machine does is not counted.
func worked(t *testing.T, f func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration {
		const thread = 1 // RUSAGE_THREAD
		var u syscall.Rusage
		if err := syscall.Getrusage(thread, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	f()
	return used() - before
}

// What people send to break a program neither stops the window nor leaves its bubble,
// the first time it is laid out as little as when it is scrolled by.
func TestHostileTexts(t *testing.T) {
	zalgo := "Z" + strings.Repeat("\u0334\u0321\u031b\u0355\u0346", 12)
	for _, c := range []struct{ name, text string }{
		{"one word", strings.Repeat("a", 8000)},
		{"one word, all letters apart", strings.Repeat("WAVE.To", 1140)},
		{"Chinese without a stop", strings.Repeat("好", 2666)},
		{"emoji", strings.Repeat("👨‍👩‍👧‍👦", 320)},
		{"flags and tones", strings.Repeat("🇨🇳👍🏽", 500)},
		{"emoji codes", strings.Repeat("[呲牙]", 1000)},
		{"brackets", strings.Repeat("[", 4000) + strings.Repeat("]", 4000)},
		{"zalgo", strings.Repeat(zalgo, 60)},
		{"marks on nothing", strings.Repeat("\u0301", 4000)},
		{"control characters", strings.Repeat("a\x00\x01\x1b[31m\x7f\u0085", 800)},
		{"directions", strings.Repeat("\u202eabc\u2066שלום\u2069", 400)},
		{"Arabic without a space", strings.Repeat("سلام", 1000)},
		{"both directions by turns", strings.Repeat("aש1", 1600)},
		{"joiners", strings.Repeat("\u200d", 2600)},
		{"line feeds", strings.Repeat("\n", 8000)},
		{"blanks", strings.Repeat(" \t\u3000", 1600)},
		{"an address", "https://example.org/" + strings.Repeat("a/%20?&", 1140)},
		{"addresses", strings.Repeat("http://a.bc ", 660)},
		{"mentions of nobody", strings.Repeat("@Ada@", 1600)},
		{"bytes that are no text", strings.Repeat("\xff\xc0\x80", 2600)},
		{"signs no font has", strings.Repeat("\U000e0fff\U0010fffd\ufdd0", 700)},
	} {
		t.Run(c.name, func(t *testing.T) {
			// On a machine with much else to do the same work takes twice its time now and
			// then; what takes too long by itself does so each time.
			var slow []string
			for range 3 {
				if slow = showHostile(t, c.text); len(slow) == 0 {
					return
				}
			}
			t.Error(slow)
		})
	}
}

// showHostile shows messages of that text, scrolls through them and makes the canvas
// narrower, and returns what of it took too long.
func showHostile(t *testing.T, text string) (slow []string) {
	t.Helper()
	within := func(what string, f func()) {
		if took := worked(t, f); took > freeze {
			slow = append(slow, fmt.Sprintf("%s took %v", what, took))
		}
	}
	canvas, _ := show(t, theme.Light, 640, 480, Options{})
	for _, bold := range []bool{false, true} {
		// The first text that the bundled font lacks a letter of has the others parsed.
		theme.MeasureText("\u0600", theme.TextSize, fyne.TextStyle{Bold: bold})
	}
	items := talk(3)
	for i := range 6 {
		who := "Lin"
		if i%2 == 1 {
			who = "" // the own side has another colour and marks
		}
		it := said(uint64(len(items)+1), who, text, start0.Add(time.Hour))
		it.Mentions = []string{"Ada"}
		if who != "" {
			it.Sender.Name = text
		}
		items = append(items, it)
	}
	within("opening", func() { openItems(canvas, items, 0, 0) })
	for range 30 {
		within("scrolling by a part of the screen", func() { canvas.scrollBy(-300) })
		sensible(t, canvas)
	}
	within("making it narrower", func() { canvas.Resize(fyne.NewSize(320, 480)) })
	sensible(t, canvas)
	return slow
}

// sensible checks what is on the screen: no bubble leaves the canvas, no text its
// bubble, and nobody's message becomes thousands of objects.
func sensible(t *testing.T, c *Canvas) {
	t.Helper()
	for _, r := range c.shown {
		l := r.layout
		if n := len(r.box.Objects); n > 2000 {
			t.Fatalf("%d objects for one message", n)
		}
		if l.height <= 0 || l.bubble.w > 0 && (l.bubble.x < 0 || l.bubble.x+l.bubble.w > l.width+0.01) {
			t.Fatalf("a bubble %+v in a row %g wide, %g high", l.bubble, l.width, l.height)
		}
		for i := range l.text.Lines {
			if w := l.text.Lines[i].Width; l.bubble.w > 0 && w > l.bubble.w {
				t.Fatalf("line %d is %g wide in a bubble of %g", i, w, l.bubble.w)
			}
		}
	}
}

// Command imeprobe is a window with one line to type in. It prints the keys that
// reach the line and the text after each change, so that scripts/ime-check can
// see what an input method lets through.
//
// It prints "KEY name", "TEXT text" and, when Return arrives, "SENT text", which
// empties the line as sending a message would.
package main

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

// line reports its keys before it acts on them.
type line struct{ widget.Entry }

// TypedKey implements fyne.Focusable.
func (l *line) TypedKey(key *fyne.KeyEvent) {
	fmt.Println("KEY", key.Name)
	if key.Name == fyne.KeyReturn {
		fmt.Println("SENT", l.Text)
		l.SetText("")
		return
	}
	l.Entry.TypedKey(key)
}

func main() {
	l := &line{}
	l.ExtendBaseWidget(l)
	l.OnChanged = func(text string) { fmt.Println("TEXT", text) }

	window := app.NewWithID("org.magpie.imeprobe").NewWindow("Magpie input probe")
	window.SetContent(l)
	window.Resize(fyne.NewSize(600, 100))
	window.Canvas().Focus(l)
	window.ShowAndRun()
}

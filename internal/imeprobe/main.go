// Command imeprobe is a window with nothing but the composer of the chat window. It
// prints the keys that reach it, the text after each change and what is sent, so
// that scripts/ime-check can see what an input method lets through.
//
// It prints "KEY name", "TEXT text" and "SENT text".
package main

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"magpie/widgets"
	"magpie/widgets/theme"
)

func main() {
	a := app.NewWithID("org.magpie.imeprobe")
	a.Settings().SetTheme(theme.New(theme.Light))
	c := widgets.NewComposer("Send")
	c.OnKey = func(key *fyne.KeyEvent) bool {
		fmt.Println("KEY", key.Name)
		return false
	}
	c.OnChanged = func(text string) { fmt.Println("TEXT", text) }
	c.OnSend = func(text string) { fmt.Println("SENT", text) }

	window := a.NewWindow("Magpie input probe")
	window.SetContent(c)
	window.Resize(fyne.NewSize(600, 100))
	a.Lifecycle().SetOnStarted(c.Focus)
	window.ShowAndRun()
}

package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// What is written looks as it will once it is sent.
func TestLookWriting(t *testing.T) {
	states := []func(c *Composer){
		func(c *Composer) { // the picture of the design
			c.SetMentions([]string{"Lin"})
			c.SetText("这个动画很棒 @Lin 😁 can you also export it at 2×?")
		},
		func(c *Composer) {
			c.SetText("👍🏽 👨‍👩‍👧 🇨🇳 1️⃣ [微笑][呲牙] ©, not ©️, [code] ☺️")
		},
		func(c *Composer) {
			c.SetText("Some of this [微笑] is marked,\nover two lines 你好")
			c.area.text.Mark(8, strings.Index(c.Text(), "lines"))
		},
		func(c *Composer) { c.SetText("https://example.org/" + strings.Repeat("a-very-long-path/", 8)) },
		func(c *Composer) { c.SetText("z" + strings.Repeat("\u0301\u0323", 30) + "algo\tand a tab") },
		func(c *Composer) {
			c.SetMentions([]string{"Lin"})
			c.SetText("@Lin 😀 disabled")
			c.Disable()
		},
		func(c *Composer) { c.SetText(strings.Repeat("😀😁😂", 100)) },
	}
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		rows := container.New(&column{})
		for _, set := range states {
			c := NewComposer("Send")
			set(c)
			c.Resize(fyne.NewSize(560, c.MinSize().Height))
			rows.Add(c)
		}
		golden(t, window(t, mode, rows, 560, 720), "writing"+suffix)
	})
}

// The cursor stands where the letters say.
func TestLookCursor(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		c := NewComposer("Send")
		w := window(t, mode, container.New(&column{}, c, widget.NewLabel("")), 480, 120)
		c.SetText("好 😁x\nline")
		c.Focus()
		c.area.text.Move(len("好 😁"))
		c.area.cursorMoved()
		c.area.after = (&clockwork{}).after
		c.area.wake()
		w.Resize(fyne.NewSize(480, 121)) // lays the taller composer out
		golden(t, w, "cursor"+suffix)
	})
}

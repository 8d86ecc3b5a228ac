package canvas

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// What has no text shows as a whole that a selection goes over it.
func TestGoldenSelectedMedia(t *testing.T) {
	items, a := gallery()
	c, w := show(t, theme.Light, 816, 700, Options{Thumbnails: a.thumb})
	openItems(c, items, 0, 0)
	c.mark(selection{spot{c.window.entries[0].Cursor(), 0}, spot{items[len(items)-1].Cursor(), 0}})
	test.AssertImageMatches(t, "selected-media.png", w.Canvas().Capture())
}

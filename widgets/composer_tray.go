package widgets

import (
	"image"

	"fyne.io/fyne/v2"
)

// TrayItem is one thing that waits to be sent. Of what can be shown of it comes
// first: Problem, Working, Picture, Tag.
type TrayItem struct {
	ID string
	// Picture is what it looks like, best cut to [TrayPicture].
	Picture image.Image
	// Tag is what kind of file it is in at most four letters ("PDF"), "" for one
	// that says nothing of itself.
	Tag string
	// Working: it is being made ready.
	Working bool
	// Problem says why it cannot be sent, Name what it is called; "" if it can.
	Problem, Name string
}

// TrayPicture is the size of the pictures in the tray.
var TrayPicture = fyne.NewSize(trayPictureWidth, traySide)

// Measures of the tray, from the pictures.
const (
	trayPadX         = float32(18)
	trayTop          = float32(18) // above the items, below the composer's line
	trayBelow        = float32(2)
	trayHeight       = trayTop + traySide + trayBelow
	traySide         = float32(58)
	trayPictureWidth = float32(76)
	trayProblemWidth = float32(236)
	trayGap          = float32(10)
	trayRadius       = float32(9)
	trayCrossSide    = float32(18)
	trayCrossOver    = float32(6)   // how far the cross stands out of an item
	trayWordsWidth   = float32(230) // for the words, or trayWordsShare of what there is
	trayWordsShare   = float32(0.45)
	trayWordsLines   = 3
	trayBareTop      = float32(8) // above words without items
)

// SetTray shows above the field what will be sent along, and words about all of
// it, which may have two lines. With an item that is no Problem an empty text can be
// sent. Without items and words there is no tray.
func (c *Composer) SetTray(items []TrayItem, words string) {
	before := c.trayHeight()
	if c.tray == nil {
		if len(items) == 0 && words == "" {
			return
		}
		c.tray = newTray(func(id string) {
			if c.OnTrayRemove != nil {
				c.OnTrayRemove(id)
			}
		})
	}
	c.tray.set(items, words)
	if c.trayHeight() != before {
		c.Refresh()
	}
}

// trayHeight is what the tray adds to the composer's height.
func (c *Composer) trayHeight() float32 {
	switch {
	case c.tray == nil || len(c.tray.items) == 0 && c.tray.words.words == "":
		return 0
	case len(c.tray.items) == 0:
		return trayBareTop + c.tray.words.HeightFor(max(c.Size().Width, 240)-2*trayPadX)
	}
	return trayHeight
}

// layoutTray places the tray below the composer's line and returns its height.
func (c *Composer) layoutTray(width, top float32) float32 {
	h := c.trayHeight()
	if c.tray != nil {
		c.tray.Hidden = h == 0
		place(c.tray, trayPadX, top, max(0, width-2*trayPadX), h)
	}
	return h
}

// sendsWithoutText reports whether there is something to be sent besides words.
func (c *Composer) sendsWithoutText() bool {
	if c.tray == nil {
		return false
	}
	for i := range c.tray.items {
		if c.tray.items[i].Problem == "" {
			return true
		}
	}
	return false
}

// Submit sends what is there, as the send button does.
func (c *Composer) Submit() { c.submit() }

// Paste puts the text of a clipboard where the cursor is, and gives the field the
// keyboard. OnPaste is not asked.
func (c *Composer) Paste(from fyne.Clipboard) {
	if c.Disabled() || c.recording() {
		return
	}
	c.Focus()
	c.area.insert(from.Content())
}

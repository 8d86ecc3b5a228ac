// Package trayicon puts the program into the tray of the desktop: an icon with a tooltip,
// a menu and a click.
//
// On Linux and the BSDs it is a StatusNotifierItem with a com.canonical.dbusmenu over
// D-Bus, as KDE, Xfce, Cinnamon and others have it, and GNOME with an extension. It
// does not draw the tray: where no program of the desktop does, nothing is shown, and
// [Options].Hosted says so. Elsewhere [New] answers [ErrUnsupported], and the caller
// has what its toolkit offers.
//
// The toolkit's own tray is not used here: it opens a second window, starts goroutines
// with every change of the menu that never end, has no tooltip, and cannot say
// whether anybody shows it. Begin with [New].
package trayicon

import (
	"errors"
	"image"
)

// ErrUnsupported says that this system has no tray that this package speaks to.
var ErrUnsupported = errors.New("trayicon: not on this system")

// View is what the tray shows.
type View struct {
	// Icons is one picture in several sizes, all square.
	Icons []image.Image
	// Title and Tooltip are plain text: the program, and what a person may want to
	// know without opening it.
	Title, Tooltip string
	// Attention is for an icon that somebody should look at.
	Attention bool
	Menu      []Item
}

// Item is a line of the menu; one without a label divides the others.
type Item struct {
	Label    string
	Checked  bool // shown with a check mark
	Disabled bool // only to be read
	// Passing is a line that comes and goes with messages. A tray for which another
	// menu is dear leaves it out.
	Passing bool
	// Do is called, on a goroutine of its own, when a person chooses the line.
	Do func()
}

// Options say who is in the tray.
type Options struct {
	// ID names the program to the desktop: the name of its desktop file.
	ID string
	// Activate is called, on a goroutine of its own, when a person clicks the icon.
	Activate func()
	// Hosted is called, on a goroutine of its own, with whether anybody shows the
	// tray, soon after the start and whenever it changes.
	Hosted func(bool)
}

// Tray is the program's place in the tray.
type Tray interface {
	// Show sets what is shown. It returns at once; of several views that come quickly
	// the last one is shown.
	Show(View)
	// Close takes the icon away.
	Close() error
}

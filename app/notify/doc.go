// Package notify shows notifications by the desktop's own service and tells what
// a person does with them.
//
// On Linux and the BSDs it speaks to the service of the desktop over D-Bus
// (org.freedesktop.Notifications 1.2), which is GNOME's, KDE's or any other: with a
// click that opens, and a reply where the service has that. Elsewhere [New] answers
// [ErrUnsupported], and the caller has what its toolkit offers.
package notify

import "errors"

// ErrUnsupported says that this system has no service that this package speaks to.
var ErrUnsupported = errors.New("notify: not on this system")

// Note is one notification.
type Note struct {
	// Key names what it is about. A later note with the same key takes its place.
	Key string
	// Title and Body are plain text.
	Title, Body string
	// Open says what a click does. Reply, if not empty, asks for a field to answer
	// in, where the service has one; the word is that of its button.
	Open, Reply string
	// Silent makes no sound.
	Silent bool
}

// Action is what a person did with a note: a click, or a reply with a text.
type Action struct {
	Key   string
	Reply string // "" for a click
	// Token lets the window come to the front under Wayland; "" where there is none.
	Token string
}

// Service is the desktop's service. Its methods return at once; what they ask for
// happens in the order of the calls.
type Service interface {
	Show(Note)
	// Withdraw takes a note away, if it is still there.
	Withdraw(key string)
	// Inhibited reports whether the desktop itself keeps notifications from a person
	// now, where it says so. What is shown then makes no sound.
	Inhibited() bool
	// Close takes all notes away and ends the connection.
	Close() error
}

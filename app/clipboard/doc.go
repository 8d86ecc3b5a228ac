// Package clipboard reads and writes what the clipboard of Fyne, which is one of
// texts, cannot hold: pictures, and the names of files that a file manager copied.
//
// On X11 it speaks to the display itself, without cgo, each time over a connection
// of its own: an owner of the clipboard that never answers costs the caller's
// patience and nothing else. Elsewhere it is golang.design/x/clipboard.
//
// Nothing here may be called on the goroutine of the user interface but
// [Clipboard.Close]: what is asked for may have to come from this very window.
//
// Begin with [New].
package clipboard

import "errors"

// What can be wrong.
var (
	// ErrUnavailable: there is no clipboard to speak to.
	ErrUnavailable = errors.New("clipboard: not available")
	// ErrTooLarge: there is more in it than any file may have.
	ErrTooLarge = errors.New("clipboard: too large")
)

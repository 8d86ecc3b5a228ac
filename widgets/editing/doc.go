// Package editing is a text while it is being written: what it says, where the
// cursor is, what is marked, and how to take back what was done.
//
// It knows no toolkit, no lines and no fonts: what is before and behind the
// cursor on the screen is the business of who draws it. Offsets are bytes, and
// whoever gives one gives the beginning of a character.
//
// Begin with [Text]; history.go has what undo does.
package editing

//go:build !uitest

package uitest

import "fyne.io/fyne/v2"

// Serve does nothing in a program built without the tag "uitest".
func Serve(fyne.Window, func()) (stop func()) { return func() {} }

// AfterLoop does nothing there either.
func AfterLoop() {}

//go:build !(linux || freebsd || openbsd || netbsd)

package app

// darkenTitleBar does nothing: on Windows and macOS the bar follows the looks of the
// desktop, on Windows by Fyne's doing.
func darkenTitleBar(uintptr, bool) error { return nil }

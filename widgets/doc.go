// Package widgets holds the parts of the window that are not messages: the
// conversation list, the headers, the composer with the list of mentions and the
// panel of emoji above it, the panel at the right, the banner, fields, buttons,
// dialogs and toasts. Messages are drawn by [magpie/widgets/canvas].
//
// Widgets show what they are given and report what a person wants through
// callbacks; they never reach the store, the core or the network, and hold no
// words of their own: every text comes from the app, in its language.
// Everything here runs on Fyne's UI goroutine.
//
// All of them are flat: a widget keeps its own canvas primitives and one
// renderer ([flat]) that places and colours them, asking [magpie/widgets/theme]
// at each refresh. A renderer may be thrown away and made again at any time; no
// state lives in it.
//
// Keys and shortcuts that a focused widget does not use are handed to the
// window's canvas, so that Esc, F1 or Ctrl+K work wherever the focus is
// ([passKey], [passShortcut]); Fyne by itself would drop them.
package widgets

// Package app is the application: the window, its screens, and what moves
// between them, the client core and the person.
//
// It knows Fyne, package widgets and package app/core, and is the one place,
// beside the command line, that knows that a server can run inside. Everything
// slow (disk, network, the start of that server) runs beside the user
// interface; what comes of it is gathered and applied once a frame. Texts come
// from app/i18n, colours and sizes from widgets/theme: there are none here.
//
// Begin with [Run] in run.go; window.go puts the screens together, main_screen.go
// is the one with the messages, source.go and present.go turn history into what
// the canvas draws.
package app

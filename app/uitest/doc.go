// Package uitest lets a test outside the process see what a window shows: it
// answers, on a unix socket, with every text on the screen and its place. It is
// in the program only when that is built with the tag "uitest"; otherwise
// [Serve] does nothing and links nothing.
package uitest

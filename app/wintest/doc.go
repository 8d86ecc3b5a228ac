// Package wintest drives the real program on a real screen: it starts the
// binary that MAGPIE_BINARY names (built with the tag "uitest"), types and
// clicks through the X server, and reads what the window shows. Its tests have
// the build tag "wintest"; `make test` runs them on a hidden screen.
package wintest

//go:build !linux || !x11

package main

// plainDrawing does nothing: elsewhere there is a graphics card, mostly.
func plainDrawing() {}

//go:build !linux || !cgo

package main

import "runtime/debug"

// giveBack returns to the system what memory the process needs no longer.
func giveBack() { debug.FreeOSMemory() }

// restDrawing does nothing: it has been tried with Mesa only.
func restDrawing() {}

// keepMemory does nothing: what other C libraries do with freed memory was not measured.
func keepMemory() {}

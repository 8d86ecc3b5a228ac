//go:build !linux || !cgo || ci

package main

import "runtime/debug"

// giveBack returns unused memory to the system.
func giveBack() { debug.FreeOSMemory() }

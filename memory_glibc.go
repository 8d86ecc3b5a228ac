//go:build linux && cgo && !ci

package main

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
static void trim(void) { malloc_trim(0); }
#else
static void trim(void) {}
#endif
*/
import "C"

import "runtime/debug"

// giveBack returns unused memory to the system: Go's, and what the graphics driver
// has freed, which glibc keeps otherwise where something above it is in use.
func giveBack() {
	debug.FreeOSMemory()
	C.trim()
}

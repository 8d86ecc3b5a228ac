//go:build linux && cgo

package main

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
static void trim(void) { malloc_trim(0); }
static int keep(int bytes) { return mallopt(M_TRIM_THRESHOLD, bytes); }
#else
static void trim(void) {}
static int keep(int bytes) { return 1; }
#endif

#define COLOR_BUFFER_BIT 0x4000 // GL_COLOR_BUFFER_BIT

static void rest(void) {
	void (*release)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "glReleaseShaderCompiler");
	void (*clear)(unsigned int) = (void (*)(unsigned int))dlsym(RTLD_DEFAULT, "glClear");
	void (*finish)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "glFinish");
	if (release)
		release();
	if (clear && finish) {
		clear(COLOR_BUFFER_BIT);
		finish();
	}
}
*/
import "C"

import "runtime/debug"

// kept is what the C library may have free above all that is in use, in bytes: three times
// what Mesa was seen to note of a picture.
const kept = 32 << 20

// keepMemory has the C library keep what is freed until giveBack, instead of giving it to the
// system whenever 128 kB lie free above all that is in use. Without a graphics card Mesa takes
// several MB for each picture and frees them after it. Of 100 pictures of messages that were
// not drawn before 12 had to ask for them again, and took 8 ms longer.
func keepMemory() {
	C.keep(kept) // it says no only of what it does not know, and then all is as it was
}

// giveBack returns to the system what memory the process needs no longer: Go's own, and what
// the drawing of windows has taken of the C library, which keeps every page that has anything
// else above it: 14 MB after some minutes of use without a graphics card.
func giveBack() {
	debug.FreeOSMemory()
	C.trim()
}

// restDrawing lets go of what OpenGL keeps that is not needed while nothing is drawn.
//
// Mesa has the functions of the shaders' language in memory from the first shader on, 7 MB,
// until it is told that there will be no more for now. Fyne makes all of its own at the start,
// and one that comes later costs some ms.
//
// Without a graphics card Mesa keeps what it noted of a picture, 9 MB of a window full of
// messages, until it notes the next. This is one in which there is nothing; it is never shown,
// since Fyne clears and draws all of the next.
//
// The functions are looked up, since Fyne links one of several libraries that have them.
func restDrawing() { C.rest() }

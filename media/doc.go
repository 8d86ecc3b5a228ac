// Package media turns sound into what the rest of the program shows of it.
//
// It works on streams of samples (beep.Streamer) and never holds a recording in
// memory. It knows no window, no network and no store: bytes come in, bytes go
// out, and every call ends early when its context does.
//
// Begin with [Peaks].
package media

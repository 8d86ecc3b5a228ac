// Package media turns sound into what the rest of the program shows of it. The
// packages below it do the same for files: probe says what one is, picture makes
// thumbnails, voice plays and record records notes, aac, m4a and wav are their
// formats, sandbox decodes what nobody should decode in his own process.
//
// It works on streams of samples (beep.Streamer) and never holds a recording in
// memory. It knows no window, no network and no store: bytes come in, bytes go
// out, and every call ends early when its context does.
//
// Begin with [Peaks].
package media

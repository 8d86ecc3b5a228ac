// Package picture makes of a picture what a conversation shows: two thumbnails
// and a preview small enough to travel in the message.
//
// A picture is known by its first bytes, never by its name. [Open] reads the
// header only and refuses what is too large before a single pixel exists; [Make]
// decodes with memory-safe code and turns the result upright. AVIF and HEIC have no
// such decoder: they are described, not decoded ([ErrNeedsIsolation]). Of what
// moves the first frame counts; see [Animation] for GIF.
package picture

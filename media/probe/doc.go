// Package probe says what a file is – an image, a sound, a video or just a file –
// by its bytes and never by its name, and fills in what a message says of it.
//
// Images and sounds in common formats and everything in MP4 are read by
// memory-safe code, headers only. What else there is, the [Isolated] decoder tells
// more of if the caller brings one; without it such a file is known by its first
// bytes. A file that begins like one kind and does not read as such is a file.
//
// The builders ([Image], [Audio], [Video], [FileOf]) hold it against the limits of
// im before anything is uploaded, and leave out what only an upload gives: ids
// and addresses.
package probe

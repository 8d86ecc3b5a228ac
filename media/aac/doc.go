// Package aac encodes and decodes AAC-LC, the sound of voice notes: 44,100 Hz
// mono going out, whatever AAC-LC others made coming in.
//
// It reads and writes ADTS, the framing in which a note grows on disk while it
// is recorded: every frame stands for itself, so a file whose writer was killed
// is good up to its last whole frame ([Recover]). What is sent is M4A, see
// package m4a. Both are a [Track] here, and a [Decoder] plays any Track.
//
// Sizes that a file claims are held against [MaxUnit], [MaxUnits] and the file's
// own size before anything is allocated for them. HE-AAC is not decoded
// ([ErrUnsupported]); that is for the isolated decoder.
package aac

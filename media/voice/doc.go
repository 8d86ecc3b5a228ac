// Package voice opens any voice note as a stream of samples.
//
// AAC-LC (ADTS, M4A, MP4) and WAV are decoded by memory-safe code of our own
// process, from the file as it is needed, with exact seeking. Everything else
// that phones send – HE-AAC, AMR, Opus, MP3 – goes to the isolated decoder that
// the caller brings ([Isolated]). Which it is the bytes tell, never the name.
package voice

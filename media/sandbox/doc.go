// Package sandbox reads sound and video of any kind that phones and computers
// send, with FFmpeg, and lets none of it near the rest of the program.
//
// FFmpeg runs as a WebAssembly module (ffmpeg.wasm.gz, made by scripts/ffwasm;
// SOURCE says from what) inside wazero. The module sees one file and can write
// to one stream: no other file, no network, no clock, no randomness. Its memory
// is limited, and so is its time. A file that makes FFmpeg loop, eat memory or
// write without end costs that call an error and nothing else; what the module
// writes is checked as if an attacker had written it.
//
// It is slower than FFmpeg itself by an order of magnitude, so what the program
// can read safely in Go (AAC-LC, pictures) does not come here.
//
// Begin with [New]; then [Sandbox.Probe], [Sandbox.Still] and [Sandbox.PCM].
package sandbox

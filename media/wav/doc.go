// Package wav reads and writes WAV: PCM of 8 to 32 bits or 32-bit numbers in,
// 16 bits out, at full amplitude. It holds one buffer and never the file.
package wav

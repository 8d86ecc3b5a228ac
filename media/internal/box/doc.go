// Package box walks the boxes of ISO base media files (MP4, M4A, HEIC, AVIF):
// only their headers, never deeper than it is told, and never beyond the bytes
// that are there. What is in a box is for its reader.
package box

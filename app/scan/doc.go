// Package scan reads the QR codes in a picture: a screenshot, a photo of a screen or of
// paper.
//
// Pictures come from outside. What decodes them is package picture, which refuses bombs
// by their headers and leaves some formats to the sandbox; how long the reader of codes
// may look is bounded here. What a code says is for the caller to judge, and nothing is
// opened or asked for.
//
// Begin with [Picture].
package scan

// Package picture makes pictures ready to be drawn: emoji, stickers, avatars.
//
// Fyne scales the picture of a canvas.Image in Go, while it paints, each time
// the picture of an object changes; and a drawing (SVG) is parsed again whenever
// an object gets it. In a list that scrolls both would cost frames. A [Cache]
// does either once for each picture and size, in device pixels, and keeps the
// results within a bound. What it returns must not be changed.
//
// It is for use on the goroutine of the user interface only.
package picture

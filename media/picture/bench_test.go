package picture_test

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"testing"
	"time"
)

// BenchmarkThumbnail makes the thumbnails and the preview of a JPEG of 4k, which
// is decoded for it; the picture has as much detail as a photograph.
func BenchmarkThumbnail(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 3840, 2160))
	state := uint32(1)
	for y := range 2160 {
		for x := range 3840 {
			state = state*1664525 + 1013904223
			grain := uint8(state >> 28)
			img.SetRGBA(x, y, color.RGBA{uint8(x/16) + grain, uint8(y/9) + grain, uint8((x^y)>>3) + grain, 255})
		}
	}
	file := encoded(b, asJPEG, img)
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		if _, _, err := thumbnails(file); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "media/thumbnail_4k_jpeg", float64(took[len(took)/2])/float64(time.Millisecond), "ms", "<= 300")
}

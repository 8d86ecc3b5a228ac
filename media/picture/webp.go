package picture

import (
	"image"
	"io"

	"golang.org/x/image/webp"
)

// decodeWebP is webp.Decode with the colours right. The planes of a lossy one hold video
// levels, 16 to 235 and 16 to 240, as RFC 6386 (section 9.2) says, and an image.YCbCr
// the whole range: without more, white is grey and black too.
func decodeWebP(r io.Reader) (image.Image, error) {
	img, err := webp.Decode(r)
	if err != nil {
		return nil, err
	}
	switch img := img.(type) {
	case *image.YCbCr:
		wholeRange(img)
	case *image.NYCbCrA:
		wholeRange(&img.YCbCr)
	}
	return img, nil
}

// wholeRange stretches video levels to the whole range, in place.
func wholeRange(img *image.YCbCr) {
	var luma, chroma [256]uint8
	for v := range 256 {
		luma[v] = stretched(v, 16, 219, 0)
		chroma[v] = stretched(v, 128, 224, 128)
	}
	for i, v := range img.Y {
		img.Y[i] = luma[v]
	}
	for _, plane := range [][]uint8{img.Cb, img.Cr} {
		for i, v := range plane {
			plane[i] = chroma[v]
		}
	}
}

// stretched is v, which lies about centre in a range so wide, in one of 255 about to.
func stretched(v, centre, wide, to int) uint8 {
	n := (v - centre) * 255
	if n >= 0 {
		n += wide / 2
	} else {
		n -= wide / 2
	}
	return uint8(min(max(n/wide+to, 0), 255))
}

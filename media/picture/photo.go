package picture

import (
	"context"
	"fmt"
	"image"
	"image/color"
)

// shrinkPhoto does for what JPEG and WebP decode to, at a quarter of the time,
// what shrink does for every image: the planes are averaged as they are, and only
// the result is converted.
func shrinkPhoto(ctx context.Context, img *image.YCbCr, f int) (*image.RGBA, error) {
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx()/f, img.Rect.Dy()/f))
	sx, sy := subsampling(img.SubsampleRatio)
	for y := range out.Rect.Dy() {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("picture: %w", err)
		}
		row := out.Pix[y*out.Stride:]
		for x := range out.Rect.Dx() {
			full := image.Rect(x*f, y*f, (x+1)*f, (y+1)*f)
			// What a colour sample that lies half inside adds is added whole.
			colour := image.Rect(full.Min.X/sx, full.Min.Y/sy, (full.Max.X+sx-1)/sx, (full.Max.Y+sy-1)/sy)
			r, g, b := color.YCbCrToRGB(mean(img.Y, img.YStride, full), mean(img.Cb, img.CStride, colour), mean(img.Cr, img.CStride, colour))
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = r, g, b, 0xff
		}
	}
	return out, nil
}

// subsampling is how many pixels share a colour sample, across and down.
func subsampling(r image.YCbCrSubsampleRatio) (x, y int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

// mean is the average of the part r of a plane, rounded.
func mean(plane []uint8, stride int, r image.Rectangle) uint8 {
	sum := uint32(0)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range plane[y*stride+r.Min.X : y*stride+r.Max.X] {
			sum += uint32(v)
		}
	}
	n := uint32(r.Dx() * r.Dy())
	return uint8((sum + n/2) / n)
}

package picture

import (
	"context"
	"fmt"
	"image"

	"golang.org/x/image/draw"
)

// reduce draws the canvas of img on white, width x height pixels, which must not be
// more than it has. The whole factor is averaged, which is fast; the rest, less
// than two, is interpolated.
func reduce(ctx context.Context, img image.Image, canvas image.Rectangle, width, height int) (*image.RGBA, error) {
	f := max(1, min(canvas.Dx()/width, canvas.Dy()/height))
	var small *image.RGBA
	var err error
	if photo, ok := img.(*image.YCbCr); ok && f > 1 && photo.Rect == canvas && canvas.Min == (image.Point{}) {
		small, err = shrinkPhoto(ctx, photo, f)
	} else {
		small, err = shrink(ctx, img, canvas, f)
	}
	if err != nil || small.Rect.Dx() == width && small.Rect.Dy() == height {
		return small, err
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(out, out.Rect, small, small.Rect, draw.Src, nil)
	return out, nil
}

// shrink draws the canvas of img on white, 1/f of its size: each pixel is the
// average of f x f. It needs memory for f rows of the canvas and for the result,
// whatever kind of image img is. Rows and columns that do not fill a pixel are
// left out.
func shrink(ctx context.Context, img image.Image, canvas image.Rectangle, f int) (*image.RGBA, error) {
	out := image.NewRGBA(image.Rect(0, 0, canvas.Dx()/f, canvas.Dy()/f))
	strip := image.NewRGBA(image.Rect(0, 0, canvas.Dx(), f))
	for y := range out.Rect.Dy() {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("picture: %w", err)
		}
		draw.Draw(strip, strip.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, strip.Rect, img, image.Pt(canvas.Min.X, canvas.Min.Y+y*f), draw.Over)
		average(out.Pix[y*out.Stride:], strip, out.Rect.Dx(), f)
	}
	return out, nil
}

// average writes a row of width pixels.
func average(row []uint8, strip *image.RGBA, width, f int) {
	n := uint32(f * f)
	for x := range width {
		var r, g, b uint32
		for y := range f {
			at := y*strip.Stride + x*f*4
			for p := strip.Pix[at : at+4*f]; len(p) >= 4; p = p[4:] {
				r += uint32(p[0])
				g += uint32(p[1])
				b += uint32(p[2])
			}
		}
		row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = uint8((r+n/2)/n), uint8((g+n/2)/n), uint8((b+n/2)/n), 0xff
	}
}

// Fit is the size of the large thumbnail of a picture, 0 x 0 of none.
func Fit(width, height int) (int, int) {
	if width <= 0 || height <= 0 {
		return 0, 0
	}
	return fit(width, height, LargeSide)
}

// fit is the size of a picture with the short side at most short pixels and the
// long side at most ten times as many; a smaller one stays as it is.
func fit(width, height, short int) (int, int) {
	scale := min(1, float64(short)/float64(min(width, height)), 10*float64(short)/float64(max(width, height)))
	side := func(n int) int { return max(1, int(float64(n)*scale+0.5)) }
	return side(width), side(height)
}

// Turn turns a picture clockwise by 0, 90, 180 or 270 degrees.
func Turn(img *image.RGBA, degrees int) *image.RGBA {
	return upright(img, turned(degrees))
}

// turned is the EXIF orientation that stands for a turn.
func turned(degrees int) int { return map[int]int{90: 6, 180: 3, 270: 8}[degrees] }

// upright turns and mirrors a picture as its EXIF orientation says.
func upright(img *image.RGBA, orientation int) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if orientation <= 1 || orientation > 8 {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var tx, ty int
			switch orientation {
			case 2:
				tx, ty = w-1-x, y
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				tx, ty = x, h-1-y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[ty*out.Stride+4*tx:][:4], img.Pix[y*img.Stride+4*x:][:4])
		}
	}
	return out
}

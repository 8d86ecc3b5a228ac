package picture

import (
	"context"
	"image"
	"io"
)

// Show decodes a picture of size bytes for the screen: within width x height
// pixels but not larger than it is, upright, on white where it is
// transparent, and with the colours that its profile says; of an animation the first
// frame. The error is that of [Make].
func Show(ctx context.Context, r io.ReaderAt, size int64, width, height int) (Info, *image.RGBA, error) {
	info, img, canvas, err := decode(ctx, r, size)
	if err != nil {
		return info, nil, err
	}
	if info.Orientation >= 5 {
		width, height = height, width
	}
	width, height = inside(canvas.Dx(), canvas.Dy(), width, height)
	out, err := reduce(ctx, img, canvas, width, height)
	if err != nil {
		return info, nil, err
	}
	colours(r, size, info.Format).Apply(out)
	return info, upright(out, info.Orientation), nil
}

// Reduce makes a picture that is decoded already at most width x height pixels,
// as [Show] does.
func Reduce(ctx context.Context, img image.Image, width, height int) (*image.RGBA, error) {
	b := img.Bounds()
	if err := check(b.Dx(), b.Dy(), false); err != nil {
		return nil, err
	}
	width, height = inside(b.Dx(), b.Dy(), width, height)
	return reduce(ctx, img, b, width, height)
}

// inside is the largest size of the shape of a picture within limits, which are
// at least 1; never more than the picture has.
func inside(width, height, maxWidth, maxHeight int) (int, int) {
	scale := min(1, float64(max(1, maxWidth))/float64(width), float64(max(1, maxHeight))/float64(height))
	side := func(n int) int { return max(1, int(float64(n)*scale+0.5)) }
	return side(width), side(height)
}

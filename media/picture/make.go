package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"magpie/im"
	"magpie/media/colour"
)

// Short sides of the two thumbnails, in pixels.
const (
	SmallSide = 198
	LargeSide = 720
)

// Sized is a picture as JPEG.
type Sized struct {
	Width, Height int
	JPEG          []byte
}

// Thumbnails are what is shown instead of the original.
type Thumbnails struct {
	// Small and Large have a short side of [SmallSide] and [LargeSide] pixels, or
	// that of the original if it is smaller. A very long picture is at most ten
	// times as long as that.
	Small, Large Sized
	// Preview is a JPEG of at most im.MaxPreviewBytes.
	Preview []byte
}

// Make decodes a picture of size bytes and makes its thumbnails: upright, on white where
// it is transparent, and with the colours that its profile says; of an animation the
// first frame. The error is
// that of [Open], wraps [ErrUnsupported], [ErrDamaged] or [ErrNeedsIsolation], or is ctx's.
func Make(ctx context.Context, r io.ReaderAt, size int64) (Info, Thumbnails, error) {
	info, img, canvas, err := decode(ctx, r, size)
	if err != nil {
		return info, Thumbnails{}, err
	}
	t, err := thumbnails(ctx, img, canvas, info.Orientation, colours(r, size, info.Format))
	return info, t, err
}

// decode reads a whole picture. Where it lies is canvas: the first frame of what
// moves may be a part of it.
func decode(ctx context.Context, r io.ReaderAt, size int64) (info Info, img image.Image, canvas image.Rectangle, err error) {
	if info, err = Open(r, size); err != nil {
		return info, nil, canvas, err
	}
	if info.Isolated {
		return info, nil, canvas, ErrNeedsIsolation
	}
	var whole io.Reader = io.NewSectionReader(r, 0, size)
	place := image.Rectangle{}
	if info.moves {
		if whole, place, err = firstFrame(r, size); err != nil {
			return info, nil, canvas, err
		}
		if err := check(place.Dx(), place.Dy(), false); err != nil {
			return info, nil, canvas, err
		}
	}
	img, err = codecOf(info.Format).decode(&patient{ctx, whole})
	if ctx.Err() != nil {
		return info, nil, canvas, fmt.Errorf("picture: %w", ctx.Err())
	}
	if err != nil {
		return info, nil, canvas, why(err)
	}
	canvas = img.Bounds()
	if place.Min != (image.Point{}) {
		img = placed{img, place.Min}
	}
	if info.Format == GIF || info.moves {
		canvas = image.Rect(0, 0, info.Width, info.Height)
	}
	return info, img, canvas, nil
}

// Still makes the thumbnails of a picture that is decoded already, a film's for
// one.
func Still(ctx context.Context, img image.Image) (Thumbnails, error) {
	b := img.Bounds()
	if err := check(b.Dx(), b.Dy(), false); err != nil {
		return Thumbnails{}, err
	}
	return thumbnails(ctx, img, b, 1, nil)
}

func thumbnails(ctx context.Context, img image.Image, canvas image.Rectangle, orientation int, colours *colour.Table) (Thumbnails, error) {
	width, height := fit(canvas.Dx(), canvas.Dy(), LargeSide)
	large, err := reduce(ctx, img, canvas, width, height)
	if err != nil {
		return Thumbnails{}, err
	}
	colours.Apply(large)
	large = upright(large, orientation)
	width, height = fit(large.Rect.Dx(), large.Rect.Dy(), SmallSide)
	small, err := reduce(ctx, large, large.Rect, width, height)
	if err != nil {
		return Thumbnails{}, err
	}
	var t Thumbnails
	if t.Large, err = encode(large, 84); err != nil {
		return t, err
	}
	if t.Small, err = encode(small, 82); err != nil {
		return t, err
	}
	t.Preview, err = preview(ctx, small)
	return t, err
}

func encode(img *image.RGBA, quality int) (Sized, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return Sized{}, fmt.Errorf("picture: %w", err)
	}
	return Sized{img.Rect.Dx(), img.Rect.Dy(), b.Bytes()}, nil
}

// preview makes the picture smaller until it fits.
func preview(ctx context.Context, img *image.RGBA) ([]byte, error) {
	for long := 112.0; ; long *= 0.8 {
		scale := min(1, long/float64(max(img.Rect.Dx(), img.Rect.Dy())))
		side := func(n int) int { return max(1, int(float64(n)*scale)) }
		tiny, err := reduce(ctx, img, img.Rect, side(img.Rect.Dx()), side(img.Rect.Dy()))
		if err != nil {
			return nil, err
		}
		s, err := encode(tiny, 60)
		if err != nil || len(s.JPEG) <= im.MaxPreviewBytes {
			return s.JPEG, err
		}
	}
}

// patient ends reading, and by that decoding, when ctx ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

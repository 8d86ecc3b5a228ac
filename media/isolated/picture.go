package isolated

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"sync"
	"time"

	"golang.org/x/image/draw"

	"magpie/media/colour"
	"magpie/media/heif"
	"magpie/media/picture"
	"magpie/media/sandbox"
	"magpie/media/voice"
)

// wholePicture bounds what decoding all tiles of a picture may take; each by
// itself has the sandbox's own deadline.
const wholePicture = 20 * time.Second

// Picture implements probe.Isolated, for AVIF and HEIC, with the colours that an ICC
// profile says. If the picture itself cannot be decoded, the small one that a photo has
// beside it is better than none.
//
// The error wraps [heif.ErrFormat] or [heif.ErrDamaged], or is one of the sandbox
// ([sandbox.ErrTooLarge] for more than picture.MaxPixels), of f, or ctx's.
func (d Decoder) Picture(ctx context.Context, f voice.File, maxSide int) (image.Image, error) {
	p, err := heif.Open(f, f.Size())
	if err != nil {
		return nil, err
	}
	img, err := d.tiles(ctx, p, maxSide)
	if err != nil && p.Small != nil && ctx.Err() == nil {
		img, err = d.tiles(ctx, p.Small, maxSide)
	}
	if err != nil {
		return nil, err
	}
	if t, err := colour.Read(p.Profile); err == nil {
		t.Apply(img)
	}
	return picture.Turn(img, p.Rotation), nil
}

// tiles decodes a picture tile by tile, each made small before it comes out of the
// sandbox, so that nobody ever holds the whole.
func (d Decoder) tiles(ctx context.Context, p *heif.Picture, maxSide int) (*image.RGBA, error) {
	if int64(p.Width)*int64(p.Height) > picture.MaxPixels {
		return nil, fmt.Errorf("%w: %d x %d pixels", sandbox.ErrTooLarge, p.Width, p.Height)
	}
	ctx, cancel := context.WithTimeout(ctx, wholePicture)
	defer cancel()
	scale := min(1, float64(maxSide)/float64(max(p.Width, p.Height)))
	at := func(n int) int { return int(math.Round(float64(n) * scale)) }
	out := image.NewRGBA(image.Rect(0, 0, max(1, at(p.Width)), max(1, at(p.Height))))
	side := int(math.Ceil(float64(max(p.TileWidth, p.TileHeight)) * scale))

	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	work := make(chan int)
	for range min(2, p.Tiles()) { // what the sandbox runs at once
		wg.Go(func() {
			for i := range work {
				x, y := i%p.Columns*p.TileWidth, i/p.Columns*p.TileHeight
				into := image.Rect(at(x), at(y), at(x+p.TileWidth), at(y+p.TileHeight))
				tile, _, err := d.s.Still(ctx, p.Tile(i), max(side, 1))
				if err != nil {
					mu.Lock()
					first = errors.Join(first, err)
					mu.Unlock()
					cancel()
					continue
				}
				// Workers draw on different parts; what hangs over is cut off.
				draw.ApproxBiLinear.Scale(out, into, tile, tile.Rect, draw.Src, nil)
			}
		})
	}
	for i := range p.Tiles() {
		work <- i
	}
	close(work)
	wg.Wait()
	if first != nil {
		return nil, first
	}
	return out, nil
}

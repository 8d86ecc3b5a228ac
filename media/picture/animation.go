package picture

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"io"
	"time"

	"golang.org/x/image/draw"
)

const (
	// maxCanvas bounds the pixels of a picture that moves.
	maxCanvas = 4_000_000
	// maxFramePixels bounds the pixels of all frames together, which is as many
	// bytes.
	maxFramePixels = 64_000_000
	// maxFrames bounds their number.
	maxFrames = 2000
)

// Animation is a GIF that moves. It holds the frames as they are stored and one
// picture to draw them on.
type Animation struct {
	// Cut: it has more frames than are shown.
	Cut bool

	g      *gif.GIF
	next   int
	canvas *image.RGBA
	saved  *image.RGBA
}

// Animate reads the frames of a GIF of size bytes, those within the bounds. The
// error wraps [ErrFormat], [ErrTooLarge] or [ErrDamaged], or is ctx's. A damaged
// end costs the frames from there on.
func Animate(ctx context.Context, r io.ReaderAt, size int64) (*Animation, error) {
	info, err := Open(r, size)
	if err != nil {
		return nil, err
	}
	if info.Format != GIF {
		return nil, fmt.Errorf("%w: %s does not move", ErrFormat, info.Format)
	}
	if info.Width*info.Height > maxCanvas {
		return nil, fmt.Errorf("%w: %d x %d in motion, %d are allowed", ErrTooLarge, info.Width, info.Height, maxCanvas)
	}
	end, cut, err := scanFrames(bufio.NewReader(&patient{ctx, io.NewSectionReader(r, 0, size)}))
	if ctx.Err() != nil {
		return nil, fmt.Errorf("picture: %w", ctx.Err())
	}
	if end == 0 {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, errors.Join(errors.New("no whole frame"), err))
	}
	const trailer = ";"
	g, err := gif.DecodeAll(io.MultiReader(&patient{ctx, io.NewSectionReader(r, 0, end)}, bytes.NewReader([]byte(trailer))))
	if ctx.Err() != nil {
		return nil, fmt.Errorf("picture: %w", ctx.Err())
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return &Animation{Cut: cut, g: g, canvas: image.NewRGBA(image.Rect(0, 0, info.Width, info.Height))}, nil
}

// Frames is how many there are.
func (a *Animation) Frames() int { return len(a.g.Image) }

// Next draws the next frame, the first after the last, and returns how long it is
// shown. The picture is good until the next call.
func (a *Animation) Next() (*image.RGBA, time.Duration) {
	if a.next == len(a.g.Image) {
		a.next = 0
	}
	if a.next == 0 {
		clear(a.canvas.Pix)
	} else {
		a.dispose(a.next - 1)
	}
	frame := a.g.Image[a.next]
	if a.g.Disposal[a.next] == gif.DisposalPrevious {
		if a.saved == nil {
			a.saved = image.NewRGBA(a.canvas.Rect)
		}
		copy(a.saved.Pix, a.canvas.Pix)
	}
	draw.Draw(a.canvas, frame.Rect, frame, frame.Rect.Min, draw.Over)
	delay := time.Duration(a.g.Delay[a.next]) * 10 * time.Millisecond
	if delay < 20*time.Millisecond {
		delay = 100 * time.Millisecond // what browsers make of "as fast as possible"
	}
	a.next++
	return a.canvas, delay
}

// dispose undoes frame i as it asks.
func (a *Animation) dispose(i int) {
	switch a.g.Disposal[i] {
	case gif.DisposalBackground:
		draw.Draw(a.canvas, a.g.Image[i].Rect, image.Transparent, image.Point{}, draw.Src)
	case gif.DisposalPrevious:
		copy(a.canvas.Pix, a.saved.Pix)
	}
}

// scanFrames walks the blocks of a GIF without decoding and returns where the
// last frame within the bounds ends, 0 if there is none.
func scanFrames(in *bufio.Reader) (end int64, cut bool, err error) {
	at := int64(0)
	skip := func(n int) {
		if err == nil {
			var m int
			m, err = in.Discard(n)
			at += int64(m)
		}
	}
	read := func() (b byte) {
		if err == nil {
			if b, err = in.ReadByte(); err == nil {
				at++
			}
		}
		return b
	}
	table := func(flags byte) {
		if flags&0x80 != 0 {
			skip(3 << (flags&7 + 1))
		}
	}
	blocks := func() {
		for n := read(); n > 0 && err == nil; n = read() {
			skip(int(n))
		}
	}
	word := func() int { lo := int(read()); return lo | int(read())<<8 }
	skip(10)
	flags := read()
	skip(2)
	table(flags)
	frames, pixels := 0, 0
	for err == nil {
		switch read() {
		case 0x21: // an extension
			skip(1)
			blocks()
		case 0x2c: // a frame
			skip(4)
			pixels += word() * word()
			if frames++; frames > maxFrames || pixels > maxFramePixels {
				return end, true, nil
			}
			table(read())
			skip(1)
			if blocks(); err == nil {
				end = at
			}
		default: // the trailer, or damage
			return end, false, err
		}
	}
	return end, true, err
}

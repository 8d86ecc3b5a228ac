package app

import (
	"context"
	"image"
	"math"
	"time"

	"magpie/app/core"
	"magpie/app/thumbs"
	"magpie/im"
	"magpie/media/picture"
	"magpie/media/probe"
	"magpie/widgets"
	"magpie/widgets/loop"
)

const (
	// maxTexture bounds the sides of what is drawn: every graphics card takes that.
	maxTexture = 4096
	// maxViewed bounds its pixels, four bytes each: those of a usual camera.
	maxViewed = 12_600_000
	// leastLevel is the width below which no smaller size is made.
	leastLevel = 600
)

// showThumbnail shows what there is of the picture before all of it is here.
func (v *viewing) showThumbnail() {
	w, h := picture.Fit(v.at.width, v.at.height)
	if v.full || w == 0 { // of no known shape
		return
	}
	t := v.m.s.thumbs.Get(viewerTurn(v.turn), v.at.picture, w, h)
	if img, ok := t.Image.(*image.RGBA); ok {
		v.view.SetImage(widgets.ViewerImage{img}, 0, 0)
	}
	if _, film := v.at.msg.Payload.(im.VideoPayload); film && t.State == thumbs.Broken {
		v.view.SetProblem(v.m.tr.T("viewer.damaged"))
	}
}

// loaded is a picture in full.
type loaded struct {
	image         widgets.ViewerImage
	width, height int
	// moves are the further frames, the first of which comes after wait.
	moves *picture.Animation
	wait  time.Duration
}

// load fetches the picture in full and shows it.
func (v *viewing) load() {
	o, ctx := v.at, v.ctx
	if o.address == "" {
		v.view.SetProblem(v.m.tr.T("media.noAddress"))
		return
	}
	client, words, turn, isolated := v.m.s.client, mediaWords{v.m.tr}, v.m.app.decoding, v.m.app.decoder()
	progress := func(done, total int64) {
		loop.Do(func() {
			if ctx.Err() == nil {
				v.view.SetProgress(words.progress(done, total), share(done, total))
			}
		})
	}
	beside(ctx, func(ctx context.Context) (loaded, error) {
		if err := client.DownloadUpTo(ctx, o.address, im.MaxImageBytes, progress); err != nil {
			return loaded{}, err
		}
		select { // one at a time: each takes much memory
		case turn <- struct{}{}:
			defer func() { <-turn }()
		case <-ctx.Done():
			return loaded{}, ctx.Err()
		}
		f, err := client.OpenFile(o.address)
		if err != nil {
			return loaded{}, err
		}
		defer f.Close() // only read
		return readPicture(ctx, f, isolated)
	}, func(l loaded, err error) {
		v.view.SetProgress("", 0)
		if err != nil {
			v.problem(err)
			return
		}
		v.full = true
		v.view.SetProblem("")
		v.view.SetImage(l.image, l.width, l.height)
		v.at.width, v.at.height = l.width, l.height
		i := v.index()
		v.view.SetAround(v.detail(), i > 0, i >= 0 && i < len(v.around)-1)
		if l.moves != nil {
			v.animate(ctx, l.moves, l.wait)
		}
	})
}

// readPicture decodes a picture in the sizes in which it is drawn.
func readPicture(ctx context.Context, f core.Content, isolated probe.Isolated) (loaded, error) {
	info, err := picture.Open(f, f.Size())
	if err != nil {
		return loaded{}, err
	}
	var l loaded
	l.width, l.height = info.Shown()
	if info.Format == picture.GIF {
		// One that does not read as an animation still has its first picture.
		if a, err := picture.Animate(ctx, f, f.Size()); err == nil && a.Frames() > 1 {
			first, wait := a.Next()
			l.image, l.moves, l.wait = widgets.ViewerImage{copyOf(nil, first)}, a, wait
			return l, nil
		}
	}
	w, h := drawable(l.width, l.height)
	img, err := probe.Show(ctx, f, isolated, w, h)
	if err != nil {
		return loaded{}, err
	}
	if info.Isolated { // it may not have said how large it is
		l.width, l.height = max(l.width, img.Rect.Dx()), max(l.height, img.Rect.Dy())
	}
	l.image = widgets.ViewerImage{img}
	for img.Rect.Dx() > leastLevel && img.Rect.Dy() > 1 {
		if img, err = picture.Reduce(ctx, img, (img.Rect.Dx()+1)/2, (img.Rect.Dy()+1)/2); err != nil {
			return loaded{}, err
		}
		l.image = append(l.image, img)
	}
	return l, nil
}

// drawable is the size in which a picture can be drawn.
func drawable(width, height int) (int, int) {
	if width <= 0 || height <= 0 {
		return maxTexture / 2, maxTexture / 2
	}
	scale := min(1, maxTexture/float64(width), maxTexture/float64(height), math.Sqrt(maxViewed/(float64(width)*float64(height))))
	return max(1, int(float64(width)*scale)), max(1, int(float64(height)*scale))
}

// animate shows the frames of a picture that moves until ctx ends. Each is made
// beside the user interface, in the one of two pictures that is not on the screen.
func (v *viewing) animate(ctx context.Context, a *picture.Animation, wait time.Duration) {
	go func() {
		var frames [2]*image.RGBA
		timer := time.NewTimer(wait)
		defer timer.Stop()
		for i := 0; ; i = 1 - i {
			select {
			case <-timer.C:
			case <-ctx.Done():
				return
			}
			img, delay := a.Next()
			frames[i] = copyOf(frames[i], img)
			frame, shown := frames[i], make(chan struct{})
			loop.Do(func() {
				if ctx.Err() == nil {
					v.view.SetFrame(frame)
				}
				close(shown)
			})
			select {
			case <-shown:
			case <-ctx.Done():
				return
			}
			timer.Reset(delay)
		}
	}()
}

// copyOf copies a picture into another of its size, a new one if there is none.
func copyOf(to, img *image.RGBA) *image.RGBA {
	if to == nil {
		to = image.NewRGBA(img.Rect)
	}
	copy(to.Pix, img.Pix)
	return to
}

package thumbs

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"

	"magpie/im"
	"magpie/media"
	"magpie/media/picture"
)

const (
	// maxThumbnail is how many bytes a picture that is made to be small may have:
	// far more than any has.
	maxThumbnail = 2 << 20
	// maxOriginal is how many pixels an original may have that is decoded to be
	// shown small.
	maxOriginal = 16_000_000
	// maxPreview is how many pixels a side of a preview may have: those of this
	// program have at most 112.
	maxPreview = 160
)

// read decodes what is on the disk; what is not there is fetched.
func (l *Loader) read(e *entry) {
	sizes := e.picture.inOrder(e.width, e.height)
	next := l.next(sizes)
	for i, s := range sizes {
		// What does not suffice will do only where no better one is to be had.
		if next >= 0 && next < i && !s.suffices(e.width, e.height) {
			break
		}
		if l.decode(e, s) {
			return
		}
	}
	switch {
	case next >= 0:
		l.mu.Lock()
		if l.known[e.key] == e {
			l.push(&l.toFetch, e)
		}
		l.mu.Unlock()
	case e.picture.Film != "":
		l.still(e)
	default:
		l.settle(e, nil, None, false)
	}
}

// worth reports whether a file may be fetched to be shown small.
func (l *Loader) worth(s Size) bool {
	if s.Original {
		return s.Bytes > 0 && s.Bytes <= l.o.Originals
	}
	return s.Bytes <= maxThumbnail
}

// next is which of sizes is fetched, -1 for none.
func (l *Loader) next(sizes []Size) int {
	for i, s := range sizes {
		if l.worth(s) {
			return i
		}
	}
	return -1
}

// fetch brings the best file to the disk.
func (l *Loader) fetch(e *entry) {
	sizes := e.picture.inOrder(e.width, e.height)
	s := sizes[l.next(sizes)]
	limit := int64(maxThumbnail)
	if s.Original {
		limit = l.o.Originals
	}
	err := l.o.Files.DownloadUpTo(l.ctx, s.Address, limit, nil)
	if err == nil && l.decode(e, s) {
		return
	}
	switch im.CodeOf(err) {
	case im.CodeBlobNotFound, im.CodeBlobDamaged, im.CodeFileTooLarge:
		l.settle(e, nil, Broken, false)
		return
	case im.CodeInvalidParameter: // no address that leads anywhere
		l.settle(e, nil, None, false)
		return
	}
	for _, other := range sizes {
		if l.decode(e, other) {
			return
		}
	}
	l.settle(e, nil, None, true)
}

// decode makes the thumbnail of a file; false if that is not on the disk.
func (l *Loader) decode(e *entry, s Size) bool {
	f, err := l.o.Files.OpenFile(s.Address)
	if err != nil {
		return false
	}
	defer f.Close()
	img, err := decodeFile(l.ctx, f, e.width, e.height, s.Original)
	switch {
	case err == nil:
		l.settle(e, img, Here, false)
	case errors.Is(err, picture.ErrNeedsIsolation):
		l.isolated(e, f, l.o.Picture)
	case s.Original && errors.Is(err, picture.ErrTooLarge), errors.Is(err, picture.ErrUnsupported):
		l.settle(e, nil, None, false)
	case errors.Is(err, picture.ErrFormat), errors.Is(err, picture.ErrDamaged), errors.Is(err, picture.ErrTooLarge):
		l.settle(e, nil, Broken, false)
	default: // the disk cannot be read
		l.settle(e, nil, None, true)
	}
	return true
}

// still takes the thumbnail out of a film, if that is here.
func (l *Loader) still(e *entry) {
	f, err := l.o.Files.OpenFile(e.picture.Film)
	if err != nil {
		l.settle(e, nil, None, false)
		return
	}
	defer f.Close()
	l.isolated(e, f, l.o.Still)
}

// isolated makes the thumbnail of what is decoded elsewhere, if it is.
func (l *Loader) isolated(e *entry, f media.Content, decode func(context.Context, media.Content, int) (image.Image, error)) {
	if decode == nil {
		l.settle(e, nil, None, false)
		return
	}
	img, err := decode(l.ctx, f, 2*max(e.width, e.height))
	if err == nil {
		b := img.Bounds()
		w, h := cover(b.Dx(), b.Dy(), e.width, e.height)
		var small *image.RGBA
		if small, err = picture.Reduce(l.ctx, img, w, h); err == nil {
			l.settle(e, crop(small, e.width, e.height), Here, false)
			return
		}
	}
	l.settle(e, nil, None, false)
}

func decodeFile(ctx context.Context, f media.Content, width, height int, original bool) (image.Image, error) {
	info, err := picture.Open(f, f.Size())
	if err != nil {
		return nil, err
	}
	if original && info.Width*info.Height > maxOriginal {
		return nil, picture.ErrTooLarge
	}
	w, h := info.Shown()
	w, h = cover(w, h, width, height)
	_, img, err := picture.Show(ctx, f, f.Size(), w, h)
	if err != nil {
		return nil, err
	}
	return crop(img, width, height), nil
}

// preview decodes the tiny picture from within a message, nil if it is none. It
// takes a fraction of a millisecond, whatever b is: it has few pixels.
func preview(b []byte, width, height int) image.Image {
	if len(b) == 0 || len(b) > im.MaxPreviewBytes || picture.Sniff(b) != picture.JPEG {
		return nil
	}
	r := bytes.NewReader(b)
	info, err := picture.Open(r, int64(len(b)))
	if err != nil || info.Width > maxPreview || info.Height > maxPreview {
		return nil
	}
	_, img, err := picture.Show(context.Background(), r, int64(len(b)), maxPreview, maxPreview)
	if err != nil {
		return nil
	}
	return crop(img, width, height)
}

// cover is the size in which a picture covers a box just so, or its own if that is
// smaller.
func cover(width, height, boxWidth, boxHeight int) (int, int) {
	if width <= 0 || height <= 0 {
		return boxWidth, boxHeight
	}
	scale := min(1, max(float64(boxWidth)/float64(width), float64(boxHeight)/float64(height)))
	side := func(n int) int { return max(1, int(float64(n)*scale+0.999)) }
	return side(width), side(height)
}

// crop cuts the middle of the shape of a box out of a picture.
func crop(img *image.RGBA, boxWidth, boxHeight int) image.Image {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	scale := min(1, float64(w)/float64(boxWidth), float64(h)/float64(boxHeight))
	cw, ch := min(w, max(1, int(float64(boxWidth)*scale+0.5))), min(h, max(1, int(float64(boxHeight)*scale+0.5)))
	if cw == w && ch == h {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, cw, ch))
	draw.Draw(out, out.Rect, img, image.Pt((w-cw)/2, (h-ch)/2), draw.Src)
	return out
}

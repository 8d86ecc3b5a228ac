package scan

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/multi/qrcode"

	"magpie/im"
	"magpie/media/picture"
	"magpie/media/probe"
	"magpie/media/voice"
)

const (
	// largestSide is that of the picture in which codes are looked for, in pixels: a
	// code of 177 modules that fills a third of it still has four pixels a module.
	largestSide = 2400
	// leastSide is that of the smallest copy: in a photo that is not sharp, or of a
	// screen whose dots are seen, a code is found once it is made smaller.
	leastSide = 300
	// maxCorners is how many corners of codes one picture may have. What is done with
	// them takes the third power of their number.
	maxCorners = 60
)

// Picture returns the texts of the QR codes in a picture, each once, none if there are
// none. The error is an im.Error with code 130136 (CodePictureUnreadable) if it cannot be
// decoded, else that of the file or ctx's.
func Picture(ctx context.Context, f voice.File, isolated probe.Isolated) ([]string, error) {
	img, err := probe.Show(ctx, f, isolated, largestSide, largestSide)
	switch {
	case errors.Is(err, picture.ErrFormat), errors.Is(err, picture.ErrUnsupported), errors.Is(err, picture.ErrDamaged), errors.Is(err, picture.ErrTooLarge), errors.Is(err, picture.ErrNeedsIsolation):
		return nil, im.Errorf(im.CodePictureUnreadable, "%v", err)
	case err != nil:
		return nil, err
	}
	return Codes(ctx, img)
}

// Codes is [Picture] for one that is decoded. The error is ctx's.
func Codes(ctx context.Context, img *image.RGBA) ([]string, error) {
	for {
		found, err := look(ctx, img)
		if err != nil || len(found) > 0 {
			return found, err
		}
		w, h := (img.Rect.Dx()+1)/2, (img.Rect.Dy()+1)/2
		if max(w, h) < leastSide {
			return nil, nil
		}
		if img, err = picture.Reduce(ctx, img, w, h); err != nil {
			return nil, err
		}
	}
}

// look looks for codes, dark on light or light on dark.
func look(ctx context.Context, img image.Image) (found []string, err error) {
	light := gozxing.NewLuminanceSourceFromImage(img)
	for _, source := range []gozxing.LuminanceSource{light, light.Invert()} {
		texts, err := read(ctx, source)
		if err != nil {
			return nil, err
		}
		for _, s := range texts {
			if !slices.Contains(found, s) {
				found = append(found, s)
			}
		}
	}
	return found, nil
}

// enough stops the reader, which has no other way to be stopped.
type enough struct{}

// read reads the codes of one picture. It gives up one with too many corners, and what
// the library fails at.
func read(ctx context.Context, source gozxing.LuminanceSource) (texts []string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(source))
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	corners := 0
	corner := func(gozxing.ResultPoint) {
		if corners++; corners > maxCorners || ctx.Err() != nil {
			panic(enough{})
		}
	}
	defer func() {
		// A picture must not end the program, whatever the library meets in it.
		if recover() != nil {
			texts, err = nil, ctx.Err()
		}
	}()
	results, _ := qrcode.NewQRCodeMultiReader().DecodeMultiple(bitmap, map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_TRY_HARDER:                 true,
		gozxing.DecodeHintType_NEED_RESULT_POINT_CALLBACK: gozxing.ResultPointCallback(corner),
	}) // the error says that there is no code
	for _, r := range results {
		texts = append(texts, r.GetText())
	}
	return texts, nil
}

package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"

	"magpie/media/picture"
)

func show(b []byte, width, height int) (picture.Info, *image.RGBA, error) {
	return picture.Show(context.Background(), bytes.NewReader(b), int64(len(b)), width, height)
}

// What is shown fits, keeps its shape, is never larger than the picture, and is
// upright whatever EXIF says.
func TestShowFits(t *testing.T) {
	for _, c := range []struct{ w, h, maxW, maxH, wantW, wantH int }{
		{400, 200, 100, 100, 100, 50},
		{200, 400, 100, 100, 50, 100},
		{400, 200, 1000, 1000, 400, 200},
		{400, 200, 399, 400, 399, 200},
		{400, 4, 10, 10, 10, 1},
		{400, 200, 0, -1, 1, 1},
	} {
		_, img, err := show(encoded(t, png.Encode, flag(c.w, c.h)), c.maxW, c.maxH)
		if err != nil {
			t.Fatal(err)
		}
		if img.Rect != image.Rect(0, 0, c.wantW, c.wantH) {
			t.Errorf("%d x %d in %d x %d is %v, want %d x %d", c.w, c.h, c.maxW, c.maxH, img.Rect, c.wantW, c.wantH)
		}
	}
}

func TestShowTurnsUpright(t *testing.T) {
	for orientation, want := range map[uint16][4]color.RGBA{
		1: {red, green, blue, white},
		3: {white, blue, green, red},
		6: {blue, red, white, green},
		8: {green, white, red, blue},
	} {
		info, img, err := show(jpegWith(t, encoded(t, asJPEG, flag(200, 100)), exif(binary.BigEndian, orientation)), 100, 100)
		if err != nil {
			t.Fatal(err)
		}
		w, h := info.Shown()
		if wide := img.Rect.Dx() > img.Rect.Dy(); wide != (w > h) || img.Rect.Dx() != 100 && img.Rect.Dy() != 100 {
			t.Errorf("orientation %d: %v of %d x %d", orientation, img.Rect, w, h)
		}
		corners(t, "shown", img, want)
	}
}

func TestShowRefuses(t *testing.T) {
	for name, want := range map[string]error{"bomb.png": picture.ErrTooLarge, "i.avif": picture.ErrNeedsIsolation} {
		if _, img, err := show(file(t, name), 100, 100); !errors.Is(err, want) || img != nil {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	whole := encoded(t, png.Encode, flag(64, 64))
	if _, _, err := show(whole[:len(whole)/2], 100, 100); !errors.Is(err, picture.ErrDamaged) {
		t.Errorf("half a picture: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := picture.Show(ctx, bytes.NewReader(whole), int64(len(whole)), 9, 9); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestReduce(t *testing.T) {
	img, err := picture.Reduce(context.Background(), flag(400, 200), 100, 100)
	if err != nil || img.Rect != image.Rect(0, 0, 100, 50) {
		t.Fatal(img, err)
	}
	corners(t, "reduced", img, [4]color.RGBA{red, green, blue, white})
	if _, err := picture.Reduce(context.Background(), image.NewRGBA(image.Rect(0, 0, 0, 5)), 9, 9); !errors.Is(err, picture.ErrDamaged) {
		t.Errorf("nothing: %v", err)
	}
}

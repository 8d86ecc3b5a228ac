package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"magpie/im"
	"magpie/media/picture"
)

// flag is a picture whose four quarters are red, green, blue and white, in the
// order of reading.
func flag(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{255, 255, 255, 255}
			switch {
			case x < w/2 && y < h/2:
				c = color.NRGBA{255, 0, 0, 255}
			case y < h/2:
				c = color.NRGBA{0, 255, 0, 255}
			case x < w/2:
				c = color.NRGBA{0, 0, 255, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func filled(w, h int, c color.NRGBA64) *image.NRGBA64 {
	img := image.NewNRGBA64(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA64(x, y, c)
		}
	}
	return img
}

func encoded(t testing.TB, encode func(io.Writer, image.Image) error, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(w io.Writer, img image.Image) error {
	return jpeg.Encode(w, img, &jpeg.Options{Quality: 95})
}
func asGIF(w io.Writer, img image.Image) error  { return gif.Encode(w, img, nil) }
func asTIFF(w io.Writer, img image.Image) error { return tiff.Encode(w, img, nil) }

func file(t testing.TB, name string) []byte {
	t.Helper()
	dir := "testdata"
	if name == "bomb.png" || name == "i.avif" { // the sandbox is tried with them too
		dir = filepath.Join("..", "sandbox", "testdata")
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// thumbnails makes those of a file.
func thumbnails(b []byte) (picture.Info, picture.Thumbnails, error) {
	return picture.Make(context.Background(), bytes.NewReader(b), int64(len(b)))
}

func decoded(t *testing.T, b []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// near compares a pixel, with room for what JPEG does.
func near(t *testing.T, what string, img image.Image, x, y int, want color.RGBA) {
	t.Helper()
	got := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
	far := func(a, b uint8) bool { return max(a, b)-min(a, b) > 24 }
	if far(got.R, want.R) || far(got.G, want.G) || far(got.B, want.B) {
		t.Errorf("%s: pixel %d, %d is %v, want %v", what, x, y, got, want)
	}
}

var (
	red   = color.RGBA{255, 0, 0, 255}
	green = color.RGBA{0, 255, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	white = color.RGBA{255, 255, 255, 255}
)

// corners checks the quarters of a picture in the order of reading.
func corners(t *testing.T, what string, img image.Image, want [4]color.RGBA) {
	t.Helper()
	b := img.Bounds()
	for i, c := range want {
		near(t, what, img, b.Min.X+b.Dx()*(1+2*(i%2))/4, b.Min.Y+b.Dy()*(1+2*(i/2))/4, c)
	}
}

func TestFormats(t *testing.T) {
	for format, b := range map[picture.Format][]byte{
		picture.JPEG: encoded(t, asJPEG, flag(900, 800)),
		picture.PNG:  encoded(t, png.Encode, flag(900, 800)),
		picture.GIF:  encoded(t, asGIF, flag(900, 800)),
		picture.BMP:  encoded(t, bmp.Encode, flag(900, 800)),
		picture.TIFF: encoded(t, asTIFF, flag(900, 800)),
	} {
		info, thumbs, err := thumbnails(b)
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if info.Format != format || info.Width != 900 || info.Height != 800 || info.Orientation != 1 {
			t.Errorf("%s: %+v", format, info)
		}
		for _, s := range []struct {
			picture.Sized
			w, h int
		}{{thumbs.Large, 810, 720}, {thumbs.Small, 223, 198}} {
			img := decoded(t, s.JPEG)
			if s.Width != s.w || s.Height != s.h || img.Bounds().Dx() != s.w || img.Bounds().Dy() != s.h {
				t.Errorf("%s: %d x %d said, %v made, want %d x %d", format, s.Width, s.Height, img.Bounds(), s.w, s.h)
			}
			corners(t, string(format), img, [4]color.RGBA{red, green, blue, white})
		}
		if len(thumbs.Preview) > im.MaxPreviewBytes {
			t.Errorf("%s: preview of %d bytes", format, len(thumbs.Preview))
		}
		corners(t, string(format)+" preview", decoded(t, thumbs.Preview), [4]color.RGBA{red, green, blue, white})
	}
	info, thumbs, err := thumbnails(file(t, "flag.webp"))
	if err != nil || info.Format != picture.WebP || info.Width != 32 || info.Height != 24 {
		t.Fatalf("webp: %+v, %v", info, err)
	}
	corners(t, "webp", decoded(t, thumbs.Small.JPEG), [4]color.RGBA{red, blue, red, blue})
}

// A lossy WebP has video levels in its planes; its white is white all the same.
func TestLevelsOfWebP(t *testing.T) {
	_, thumbs, err := thumbnails(file(t, "levels.webp"))
	if err != nil {
		t.Fatal(err)
	}
	img := decoded(t, thumbs.Small.JPEG)
	b := img.Bounds()
	for i, want := range [4]color.RGBA{{255, 0, 0, 255}, {0, 0, 0, 255}, {0x0a, 0x7b, 0x8c, 255}, {255, 255, 255, 255}} {
		r, g, bl, _ := img.At(b.Dx()*(1+2*(i%2))/4, b.Dy()*(1+2*(i/2))/4).RGBA()
		for k, v := range [3][2]int{{int(r >> 8), int(want.R)}, {int(g >> 8), int(want.G)}, {int(bl >> 8), int(want.B)}} {
			if d := v[0] - v[1]; d < -6 || d > 6 {
				t.Errorf("quarter %d: channel %d is %d, want %d", i, k, v[0], v[1])
			}
		}
	}
}

// The preview has to fit whatever is on the picture; noise is the worst.
func TestPreviewAlwaysFits(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 600, 600))
	state := uint32(1)
	for i := range img.Pix {
		state = state*1664525 + 1013904223
		img.Pix[i] = uint8(state >> 24)
	}
	_, thumbs, err := thumbnails(encoded(t, asJPEG, img))
	if err != nil || len(thumbs.Preview) == 0 || len(thumbs.Preview) > im.MaxPreviewBytes {
		t.Errorf("preview of %d bytes, %v", len(thumbs.Preview), err)
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct{ w, h, lw, lh, sw, sh int }{
		{100, 50, 100, 50, 100, 50}, // never larger than the original
		{1, 1, 1, 1, 1, 1},
		{3840, 2160, 1280, 720, 352, 198},
		{300, 20_000, 108, 7200, 30, 1980}, // ten times as long at most
		{721, 1441, 720, 1439, 198, 396},
	} {
		_, thumbs, err := thumbnails(encoded(t, png.Encode, image.NewGray(image.Rect(0, 0, c.w, c.h))))
		if err != nil {
			t.Fatal(err)
		}
		got := []int{thumbs.Large.Width, thumbs.Large.Height, thumbs.Small.Width, thumbs.Small.Height}
		if want := []int{c.lw, c.lh, c.sw, c.sh}; !slices.Equal(got, want) {
			t.Errorf("%d x %d: %v, want %v", c.w, c.h, got, want)
		}
	}
}

func TestColours(t *testing.T) {
	half := color.NRGBA64{0xffff, 0, 0, 0x8000}
	gray := image.NewGray(image.Rect(0, 0, 40, 40))
	for i := range gray.Pix {
		gray.Pix[i] = 90
	}
	gray16 := image.NewGray16(image.Rect(0, 0, 40, 40))
	for i := range gray16.Pix {
		gray16.Pix[i] = 90
	}
	for name, c := range map[string]struct {
		b    []byte
		want color.RGBA
	}{
		"transparent on white": {encoded(t, png.Encode, filled(40, 40, color.NRGBA64{})), white},
		"half red on white":    {encoded(t, png.Encode, filled(40, 40, half)), color.RGBA{255, 127, 127, 255}},
		"16 bits":              {encoded(t, png.Encode, filled(40, 40, color.NRGBA64{0x1234, 0xabcd, 0x8080, 0xffff})), color.RGBA{0x12, 0xab, 0x80, 255}},
		"16 bits of TIFF":      {encoded(t, asTIFF, filled(40, 40, color.NRGBA64{0x1234, 0xabcd, 0x8080, 0xffff})), color.RGBA{0x12, 0xab, 0x80, 255}},
		"gray JPEG":            {encoded(t, asJPEG, gray), color.RGBA{90, 90, 90, 255}},
		"16 bits of gray":      {encoded(t, png.Encode, gray16), color.RGBA{90, 90, 90, 255}},
		"CMYK JPEG":            {file(t, "cmyk.jpg"), color.RGBA{200, 40, 40, 255}},
	} {
		_, thumbs, err := thumbnails(c.b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		img := decoded(t, thumbs.Small.JPEG)
		near(t, name, img, img.Bounds().Dx()/2, img.Bounds().Dy()/2, c.want)
	}
}

// exif is a TIFF structure with nothing but an orientation.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, e := range [][2]uint16{{0x0100, 7}, {0x0112, orientation}} {
		b = order.AppendUint16(b, e[0])
		b = order.AppendUint16(b, 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(b, e[1])
		b = order.AppendUint16(b, 0)
	}
	return order.AppendUint32(b, 0)
}

func jpegWith(t testing.TB, b, exif []byte) []byte {
	t.Helper()
	body := append([]byte("Exif\x00\x00"), exif...)
	app1 := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return slices.Concat(b[:2], []byte{0xff, 0xe0, 0, 4, 1, 2}, app1, body, b[2:])
}

func pngWith(b, exif []byte) []byte {
	chunk := append([]byte("eXIf"), exif...)
	c := binary.BigEndian.AppendUint32(nil, uint32(len(exif)))
	c = binary.BigEndian.AppendUint32(append(c, chunk...), crc32.ChecksumIEEE(chunk))
	const afterHeader = 8 + 25
	return slices.Concat(b[:afterHeader], c, b[afterHeader:])
}

func TestOrientation(t *testing.T) {
	const w, h = 400, 300
	plain := encoded(t, asJPEG, flag(w, h))
	for o, want := range map[uint16][4]color.RGBA{
		1: {red, green, blue, white},
		2: {green, red, white, blue},
		3: {white, blue, green, red},
		4: {blue, white, red, green},
		5: {red, blue, green, white},
		6: {blue, red, white, green},
		7: {white, green, blue, red},
		8: {green, white, red, blue},
	} {
		for name, b := range map[string][]byte{
			"JPEG, little-endian": jpegWith(t, plain, exif(binary.LittleEndian, o)),
			"JPEG, big-endian":    jpegWith(t, plain, exif(binary.BigEndian, o)),
			"PNG":                 pngWith(encoded(t, png.Encode, flag(w, h)), exif(binary.BigEndian, o)),
		} {
			info, thumbs, err := thumbnails(b)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			sw, sh := info.Shown()
			if info.Width != w || info.Height != h || (o >= 5) != (sw == h && sh == w) || (o >= 5) != (info.Rotation()%180 == 90) {
				t.Errorf("%s, %d: %+v is shown as %d x %d, turned by %d", name, o, info, sw, sh, info.Rotation())
			}
			if (thumbs.Small.Width < thumbs.Small.Height) != (o >= 5) {
				t.Errorf("%s, %d: thumbnail of %d x %d", name, o, thumbs.Small.Width, thumbs.Small.Height)
			}
			corners(t, name, decoded(t, thumbs.Small.JPEG), want)
		}
	}
	for _, bad := range [][]byte{
		nil, []byte("II*\x00"), exif(binary.LittleEndian, 0), exif(binary.LittleEndian, 9), []byte("MM\x00*\xff\xff\xff\xff"), exif(binary.BigEndian, 6)[:20],
	} {
		if info, _, err := thumbnails(jpegWith(t, plain, bad)); err != nil || info.Orientation != 1 {
			t.Errorf("bad EXIF %x: orientation %d, %v", bad, info.Orientation, err)
		}
	}
}

func TestRefuses(t *testing.T) {
	good := encoded(t, png.Encode, flag(300, 300))
	wide := bytes.Clone(file(t, "bomb.png"))
	binary.BigEndian.PutUint32(wide[16:], im.MaxPixels+1)
	binary.BigEndian.PutUint32(wide[20:], 1)
	binary.BigEndian.PutUint32(wide[29:], crc32.ChecksumIEEE(wide[12:29]))
	packed := encoded(t, asTIFF, flag(8, 8))
	entry := bytes.Index(packed, []byte{0x03, 0x01, 3, 0, 1, 0, 0, 0}) // 259, how it is packed
	binary.LittleEndian.PutUint16(packed[entry+8:], 7)                 // as JPEG
	runs := encoded(t, bmp.Encode, flag(8, 8))
	runs[30] = 1 // run lengths
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"empty":                {nil, picture.ErrFormat},
		"text":                 {[]byte("BM is how this text begins, and it goes on"), picture.ErrFormat},
		"an MP4":               {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), picture.ErrFormat},
		"40,000 x 40,000":      {file(t, "bomb.png"), picture.ErrTooLarge},
		"a side of 100,001":    {wide, picture.ErrTooLarge},
		"nothing but a magic":  {good[:8], picture.ErrDamaged},
		"truncated":            {good[:len(good)/2], picture.ErrDamaged},
		"TIFF packed as JPEG":  {packed, picture.ErrUnsupported},
		"BMP of run lengths":   {runs, picture.ErrUnsupported},
		"AVIF":                 {file(t, "i.avif"), picture.ErrNeedsIsolation},
		"WebP that moves, cut": {file(t, "moving.webp")[:400], picture.ErrDamaged},
		"WebP without a frame": {file(t, "moving.webp")[:44], picture.ErrDamaged},
	} {
		if _, _, err := thumbnails(c.b); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestIsolatedIsDescribed(t *testing.T) {
	for name, want := range map[string]picture.Info{
		"i.avif":                          {Format: picture.AVIF, Width: 1920, Height: 1080, Orientation: 1, Isolated: true},
		"../../heif/testdata/halves.heic": {Format: picture.HEIC, Width: 256, Height: 128, Orientation: 1, Isolated: true},
	} {
		b := file(t, name)
		got, err := picture.Open(bytes.NewReader(b), int64(len(b)))
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := encoded(t, asJPEG, flag(2000, 2000))
	if _, _, err := picture.Make(ctx, bytes.NewReader(b), int64(len(b))); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
	if _, err := picture.Still(ctx, flag(2000, 2000)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

func TestStill(t *testing.T) {
	thumbs, err := picture.Still(t.Context(), flag(1920, 1080))
	if err != nil || thumbs.Large.Height != 720 {
		t.Fatalf("%d x %d, %v", thumbs.Large.Width, thumbs.Large.Height, err)
	}
	corners(t, "still", decoded(t, thumbs.Small.JPEG), [4]color.RGBA{red, green, blue, white})
	if _, err := picture.Still(t.Context(), image.NewGray(image.Rectangle{})); !errors.Is(err, picture.ErrDamaged) {
		t.Errorf("a still of nothing: %v", err)
	}
}

// A photograph is shrunk in another way than other pictures; both look the same,
// whatever the camera's colour resolution and the odd pixels at the border.
func TestPhotosLikeOtherPictures(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		photo := image.NewYCbCr(image.Rect(0, 0, 1501, 1483), ratio)
		plain := image.NewRGBA(photo.Rect)
		for y := range 1483 {
			for x := range 1501 {
				photo.Y[photo.YOffset(x, y)] = uint8(60 + x/20)
				photo.Cb[photo.COffset(x, y)], photo.Cr[photo.COffset(x, y)] = uint8(60+y/20), uint8(190-x/20)
			}
		}
		draw.Draw(plain, plain.Rect, photo, image.Point{}, draw.Src)
		a, err := picture.Still(t.Context(), photo)
		if err != nil {
			t.Fatal(err)
		}
		b, err := picture.Still(t.Context(), plain)
		if err != nil {
			t.Fatal(err)
		}
		left, right := decoded(t, a.Large.JPEG), decoded(t, b.Large.JPEG)
		if left.Bounds() != right.Bounds() {
			t.Fatalf("%v: %v and %v", ratio, left.Bounds(), right.Bounds())
		}
		for y := 0; y < left.Bounds().Dy(); y += 13 {
			for x := 0; x < left.Bounds().Dx(); x += 13 {
				c := color.RGBAModel.Convert(right.At(x, y)).(color.RGBA)
				near(t, ratio.String(), left, x, y, c)
			}
		}
	}
}

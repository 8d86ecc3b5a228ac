package sandbox_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"testing"

	"magpie/media/sandbox"
)

var (
	red  = color.RGBA{255, 0, 0, 255}
	blue = color.RGBA{0, 0, 255, 255}
)

// movie says what an MP4 of one picture claims.
type movie struct {
	width, height int
	matrix        [4]int32 // a b c d of the display matrix, in whole numbers
	wide          int      // width of a pixel by its height
	samples       uint32   // 0 for one
	sampleSize    uint32   // 0 for the picture's
	codec         string   // of the video
	picture       []byte
	cover         []byte // a picture beside the video, if any
}

// A picture of 64 by 32 with a red left and a blue right half, as a video.
func halves(t testing.TB) movie {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 64, 32))
	draw.Draw(picture, image.Rect(0, 0, 32, 32), image.NewUniform(red), image.Point{}, draw.Src)
	draw.Draw(picture, image.Rect(32, 0, 64, 32), image.NewUniform(blue), image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return movie{width: 64, height: 32, matrix: [4]int32{1, 0, 0, 1}, wide: 1, codec: "jpeg", picture: out.Bytes()}
}

// The still is upright whichever way the phone was held, and its pixels square.
func TestStillIsUpright(t *testing.T) {
	for _, test := range []struct {
		name     string
		change   func(*movie)
		rotation int
		size     image.Point
		first    color.RGBA // top left
		last     color.RGBA // bottom right
	}{
		{"as stored", func(*movie) {}, 0, image.Pt(64, 32), red, blue},
		{"turned right", func(m *movie) { m.matrix = [4]int32{0, 1, -1, 0} }, 90, image.Pt(32, 64), red, blue},
		{"upside down", func(m *movie) { m.matrix = [4]int32{-1, 0, 0, -1} }, 180, image.Pt(64, 32), blue, red},
		{"turned left", func(m *movie) { m.matrix = [4]int32{0, -1, 1, 0} }, 270, image.Pt(32, 64), blue, red},
		{"wide pixels", func(m *movie) { m.wide = 2 }, 0, image.Pt(128, 32), red, blue},
		{"wide pixels, turned", func(m *movie) { m.wide, m.matrix = 2, [4]int32{0, 1, -1, 0} }, 90, image.Pt(32, 128), red, blue},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := halves(t)
			test.change(&m)
			picture, info, err := ffmpeg.Still(context.Background(), bytes.NewReader(m.bytes()), 1000)
			if err != nil {
				t.Fatal(err)
			}
			if info.Width != 64 || info.Height != 32 || info.Rotation != test.rotation {
				t.Errorf("%d × %d, to be turned by %d°", info.Width, info.Height, info.Rotation)
			}
			if info.Shown() != test.size || picture.Rect.Size() != test.size {
				t.Errorf("shown as %v, a picture of %v, want %v", info.Shown(), picture.Rect.Size(), test.size)
				return
			}
			near(t, picture, 4, 4, test.first)
			near(t, picture, test.size.X-5, test.size.Y-5, test.last)
		})
	}
}

func TestStillIsShrunkButNotEnlarged(t *testing.T) {
	for side, want := range map[int]image.Point{
		-1: image.Pt(1, 1), 1: image.Pt(1, 1), 16: image.Pt(16, 8), 63: image.Pt(63, 32), 64: image.Pt(64, 32), 1 << 30: image.Pt(64, 32),
	} {
		picture, _, err := ffmpeg.Still(context.Background(), bytes.NewReader(halves(t).bytes()), side)
		if err != nil {
			t.Errorf("side %d: %v", side, err)
		} else if picture.Rect.Size() != want {
			t.Errorf("side %d: %v, want %v", side, picture.Rect.Size(), want)
		}
	}
}

// A video that cannot be decoded is seen by its cover, which lies upright already.
func TestCoverInPlaceOfStill(t *testing.T) {
	m := halves(t)
	m.codec, m.cover, m.matrix = "Hap1", m.picture, [4]int32{0, 1, -1, 0}
	picture, info, err := ffmpeg.Still(context.Background(), bytes.NewReader(m.bytes()), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if info.VideoCodec != "hap" || picture.Rect.Size() != image.Pt(64, 32) {
		t.Errorf("a video of %s and a picture of %v", info.VideoCodec, picture.Rect.Size())
	}
	near(t, picture, 4, 4, red)
	near(t, picture, 60, 28, blue)
	m.cover = nil
	if _, _, err := ffmpeg.Still(context.Background(), bytes.NewReader(m.bytes()), 1000); !errors.Is(err, sandbox.ErrUnsupported) {
		t.Errorf("without a cover: %v", err)
	}
}

// What a file claims costs nothing.
func TestClaims(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*movie)
		want   []error
	}{
		{"40,000 × 40,000 pixels", func(m *movie) { m.width, m.height = 40000, 40000 }, []error{sandbox.ErrTooLarge}},
		{"2 GB in one sample", func(m *movie) { m.sampleSize = 1<<31 - 1 }, []error{nil, sandbox.ErrDamaged, sandbox.ErrTooLarge}},
		{"2 G samples", func(m *movie) { m.samples, m.sampleSize = 1<<31-1, 1 }, []error{sandbox.ErrDamaged, sandbox.ErrTooLarge}},
		{"samples of 2 GB in all", func(m *movie) { m.samples, m.sampleSize = 1<<20, 2048 }, []error{nil, sandbox.ErrDamaged, sandbox.ErrTooLarge}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := halves(t)
			test.change(&m)
			_, _, err := ffmpeg.Still(context.Background(), bytes.NewReader(m.bytes()), 100)
			for _, want := range test.want {
				if errors.Is(err, want) {
					return
				}
			}
			t.Errorf("error %v", err)
		})
	}
}

// bytes writes the file: ftyp, moov, mdat.
func (m movie) bytes() []byte {
	samples, size := max(m.samples, 1), m.sampleSize
	if size == 0 {
		size = uint32(len(m.picture))
	}
	ftyp := box("ftyp", "isom", u32(0), "isom")
	moov := func(offset int) []byte {
		entry := box(m.codec, u32(0), u16(0, 1), u32(0, 0, 0, 0), u16(m.width, m.height), u32(72<<16, 72<<16, 0), u16(1),
			make([]byte, 32), u16(24, -1), box("pasp", u32(m.wide, 1)))
		table := box("stbl",
			box("stsd", u32(0, 1), entry),
			box("stts", u32(0, 1, int(samples), 1000)),
			box("stsc", u32(0, 1, 1, int(samples), 1)),
			box("stsz", u32(0, int(size), int(samples))),
			box("stco", u32(0, 1, offset)))
		media := box("mdia",
			box("mdhd", u32(0, 0, 0, 1000, 1000), u16(0x55c4, 0)),
			box("hdlr", u32(0, 0), "vide", u32(0, 0, 0), "\x00"),
			box("minf", box("vmhd", u32(1, 0, 0)), box("dinf", box("dref", u32(0, 1), box("url ", u32(1)))), table))
		var extra []byte
		if m.cover != nil {
			item := box("covr", box("data", u32(13, 0), m.cover))
			extra = box("udta", box("meta", u32(0), box("hdlr", u32(0, 0), "mdirappl", u32(0, 0), "\x00"), box("ilst", item)))
		}
		return box("moov", extra,
			box("mvhd", u32(0, 0, 0, 1000, 1000, 1<<16), u16(0x100, 0), u32(0, 0), m.transform(1, 0, 0, 1), u32(0, 0, 0, 0, 0, 0, 2)),
			box("trak", box("tkhd", u32(3, 0, 0, 1, 0, 1000, 0, 0), u16(0, 0, 0, 0), m.transform(m.matrix[0], m.matrix[1], m.matrix[2], m.matrix[3]), u32(m.width<<16, m.height<<16)), media))
	}
	head := len(ftyp) + len(moov(0))
	return bytes.Join([][]byte{ftyp, moov(head + 8), box("mdat", m.picture)}, nil)
}

func (movie) transform(a, b, c, d int32) []byte {
	return u32(int(a)<<16, int(b)<<16, 0, int(c)<<16, int(d)<<16, 0, 0, 0, 1<<30)
}

// box joins the parts, strings and bytes, under a size and a name.
func box(name string, parts ...any) []byte {
	content := []byte(name)
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			content = append(content, part...)
		case []byte:
			content = append(content, part...)
		}
	}
	return append(u32(len(content)+4), content...)
}

func u32(values ...int) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return b
}

func u16(values ...int) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	return b
}

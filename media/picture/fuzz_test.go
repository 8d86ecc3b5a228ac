package picture_test

import (
	"bytes"
	"encoding/binary"
	"image/png"
	"testing"

	"golang.org/x/image/bmp"

	"magpie/media/internal/memtest"
	"magpie/media/picture"
)

// FuzzDimensions reads headers, EXIF among them: no pixel may be allocated.
func FuzzDimensions(f *testing.F) {
	small := encoded(f, asJPEG, flag(8, 8))
	f.Add(small)
	f.Add(jpegWith(f, small, exif(binary.BigEndian, 6)))
	f.Add(pngWith(encoded(f, png.Encode, flag(8, 8)), exif(binary.LittleEndian, 3)))
	f.Add(encoded(f, asTIFF, flag(4, 4)))
	f.Add(encoded(f, bmp.Encode, flag(4, 4)))
	f.Add(file(f, "flag.webp"))
	f.Add(file(f, "moving.webp"))
	f.Add(file(f, "i.avif")[:600])
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		memtest.Within(t, 16<<20, func() {
			info, err := picture.Open(bytes.NewReader(b), int64(len(b)))
			if err == nil && (info.Width*info.Height > picture.MaxPixels || info.Orientation < 1 || info.Orientation > 8) {
				t.Fatalf("%+v", info)
			}
		})
	})
}

// FuzzPicture decodes small pictures whole.
func FuzzPicture(f *testing.F) {
	f.Add(encoded(f, asJPEG, flag(8, 8)))
	f.Add(encoded(f, png.Encode, flag(8, 8)))
	f.Add(encoded(f, asGIF, flag(8, 8)))
	f.Add(encoded(f, asTIFF, flag(4, 4)))
	f.Add(encoded(f, bmp.Encode, flag(4, 4)))
	f.Add(file(f, "flag.webp"))
	f.Add(moving(f, 8, 8, 3, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		info, err := picture.Open(bytes.NewReader(b), int64(len(b)))
		if err != nil || info.Width*info.Height > 1<<16 {
			return
		}
		memtest.Within(t, 64<<20, func() {
			_, thumbs, err := picture.Make(t.Context(), bytes.NewReader(b), int64(len(b)))
			if err == nil && (len(thumbs.Preview) == 0 || thumbs.Small.Width < 1 || thumbs.Large.Height < 1) {
				t.Fatalf("%+v has thumbnails of nothing", info)
			}
			if a, err := picture.Animate(t.Context(), bytes.NewReader(b), int64(len(b))); err == nil {
				for range a.Frames() + 1 {
					a.Next()
				}
			}
		})
	})
}

package picture

import (
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"magpie/im"
	"magpie/media/heif"
)

// What can be wrong with a picture.
var (
	// ErrFormat: no picture of a known format.
	ErrFormat = errors.New("picture: not a picture of a known format")
	// ErrUnsupported: of a known format, but of a kind of it that is not read, such as
	// TIFF packed as JPEG.
	ErrUnsupported = errors.New("picture: of a kind that is not read")
	// ErrTooLarge: more pixels than are decoded.
	ErrTooLarge = errors.New("picture: too many pixels")
	// ErrDamaged: it begins like a picture and does not decode.
	ErrDamaged = errors.New("picture: damaged")
	// ErrNeedsIsolation: its decoder would have to run in isolation.
	ErrNeedsIsolation = errors.New("picture: to be decoded in isolation only")
)

// MaxPixels bounds what is decoded: 50 million pixels. Sides are bounded by
// im.MaxPixels.
const MaxPixels = 50_000_000

// Info is what the header of a picture says.
type Info struct {
	Format Format
	// Width and Height are pixels as they are stored; both are 0 for a picture
	// that needs isolation and does not say.
	Width, Height int
	// Orientation is that of EXIF, 1 to 8; 1 is upright.
	Orientation int
	// Isolated: it cannot be decoded here.
	Isolated bool
	moves    bool // a WebP that does
}

// Shown is the size as it is seen, upright.
func (i Info) Shown() (width, height int) {
	if i.Orientation >= 5 {
		return i.Height, i.Width
	}
	return i.Width, i.Height
}

// Rotation is by how many degrees clockwise the stored picture has to be turned:
// 0, 90, 180 or 270. That some are mirrored besides it does not say.
func (i Info) Rotation() int {
	switch i.Orientation {
	case 3, 4:
		return 180
	case 5, 6:
		return 90
	case 7, 8:
		return 270
	}
	return 0
}

// codec are the functions of one format.
type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func codecOf(f Format) codec {
	switch f {
	case JPEG:
		return codec{jpeg.DecodeConfig, jpeg.Decode}
	case PNG:
		return codec{png.DecodeConfig, png.Decode}
	case GIF:
		return codec{gif.DecodeConfig, gif.Decode}
	case WebP:
		return codec{webp.DecodeConfig, decodeWebP}
	case BMP:
		return codec{bmp.DecodeConfig, bmp.Decode}
	case TIFF:
		return codec{tiff.DecodeConfig, tiff.Decode}
	}
	return codec{}
}

// why is the error for what a codec says.
func why(err error) error {
	_, isJPEG := errors.AsType[jpeg.UnsupportedError](err)
	_, isPNG := errors.AsType[png.UnsupportedError](err)
	_, isTIFF := errors.AsType[tiff.UnsupportedError](err)
	if isJPEG || isPNG || isTIFF || errors.Is(err, bmp.ErrUnsupported) {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// Open reads the header of a picture of size bytes. The error wraps [ErrFormat],
// [ErrUnsupported], [ErrTooLarge] or [ErrDamaged].
func Open(r io.ReaderAt, size int64) (Info, error) {
	head := make([]byte, min(size, SniffBytes))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return Info{}, fmt.Errorf("picture: %w", err)
	}
	info := Info{Format: Sniff(head), Orientation: 1}
	switch info.Format {
	case "":
		return info, ErrFormat
	case AVIF, HEIC:
		info.Isolated = true
		if p, err := heif.Open(r, size); err == nil {
			info.Width, info.Height, info.Orientation = p.Width, p.Height, max(1, turned(p.Rotation))
		} else {
			info.Width, info.Height = spatialExtent(r, size)
		}
		return info, check(info.Width, info.Height, true)
	}
	c, err := codecOf(info.Format).config(io.NewSectionReader(r, 0, size))
	if err != nil {
		return info, why(err)
	}
	info.Width, info.Height = c.Width, c.Height
	info.moves = info.Format == WebP && animatedWebP(head)
	if err := check(info.Width, info.Height, false); err != nil {
		return info, err
	}
	info.Orientation = orientation(r, size, info.Format)
	return info, nil
}

// check refuses sizes; unknown allows that there is none.
func check(width, height int, unknown bool) error {
	if unknown && width == 0 && height == 0 {
		return nil
	}
	if width <= 0 || height <= 0 {
		return fmt.Errorf("%w: %d x %d pixels", ErrDamaged, width, height)
	}
	if width > im.MaxPixels || height > im.MaxPixels || int64(width)*int64(height) > MaxPixels {
		return fmt.Errorf("%w: %d x %d, %d are allowed", ErrTooLarge, width, height, MaxPixels)
	}
	return nil
}

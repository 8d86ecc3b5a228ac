package trayicon

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"magpie/assets"
)

// Sizes are those that trays ask for, in pixels, the larger ones for screens with
// more of them.
var Sizes = []int{22, 32, 48, 64}

// Sign is what an icon says beside what it is.
type Sign struct {
	// Unread is drawn as a number, none for 0.
	Unread uint64
	// Quiet is drawn as a bar across a circle.
	Quiet bool
}

// Colours of what is drawn on the icon. Neither says anything alone.
var (
	badgeColour = color.NRGBA{0xc6, 0x28, 0x28, 0xff}
	quietColour = color.NRGBA{0x45, 0x4c, 0x56, 0xff}
	inkColour   = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

// Painter draws the icons of one picture.
type Painter struct {
	sizes []*image.RGBA // of the picture, as in Sizes
	font  func() (*opentype.Font, error)
}

// NewPainter takes the picture to be drawn on, a square.
func NewPainter(picture image.Image) *Painter {
	p := &Painter{font: sync.OnceValues(func() (*opentype.Font, error) {
		_, data := assets.Font(true)
		return opentype.Parse(data)
	})}
	for _, side := range Sizes {
		img := image.NewRGBA(image.Rect(0, 0, side, side))
		draw.CatmullRom.Scale(img, img.Bounds(), picture, picture.Bounds(), draw.Src, nil)
		p.sizes = append(p.sizes, img)
	}
	return p
}

// Paint draws the icon in every size. The error is that of a font which cannot be
// read.
func (p *Painter) Paint(s Sign) ([]image.Image, error) {
	var all []image.Image
	for _, base := range p.sizes {
		img := image.NewRGBA(base.Bounds())
		copy(img.Pix, base.Pix)
		if s.Quiet {
			paintQuiet(img)
		}
		if s.Unread > 0 {
			if err := p.paintCount(img, badge(s.Unread)); err != nil {
				return nil, err
			}
		}
		all = append(all, img)
	}
	return all, nil
}

// badge is a number as there is room for it.
func badge(n uint64) string {
	if n > 99 {
		return "99+"
	}
	return strconv.FormatUint(n, 10)
}

// paintCount writes a number on a pill in the lower right corner. The more there is to
// write the wider it is, up to the whole icon.
func (p *Painter) paintCount(img *image.RGBA, words string) error {
	f, err := p.font()
	if err != nil {
		return fmt.Errorf("trayicon: %w", err)
	}
	side := float64(img.Bounds().Dx())
	height := 0.6 * side
	em := 0.62 * side
	if len(words) > 1 {
		em = 0.5 * side
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: em, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return fmt.Errorf("trayicon: %w", err)
	}
	defer face.Close()
	ink, advance := font.BoundString(face, words)
	width := min(side, max(height, toFloat(advance)+0.22*side))
	paintPill(img, side-width, side-height, side, side, badgeColour)
	inkWidth, inkHeight := toFloat(ink.Max.X-ink.Min.X), toFloat(ink.Max.Y-ink.Min.Y)
	x := side - width + (width-inkWidth)/2 - toFloat(ink.Min.X)
	y := side - height + (height-inkHeight)/2 - toFloat(ink.Min.Y)
	d := font.Drawer{Dst: img, Src: image.NewUniform(inkColour), Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6(math.Round(x * 64)), Y: fixed.Int26_6(math.Round(y * 64))}}
	d.DrawString(words)
	return nil
}

// paintQuiet draws a bar across a circle in the upper right corner.
func paintQuiet(img *image.RGBA) {
	side := float64(img.Bounds().Dx())
	d := 0.42 * side
	paintPill(img, side-d, 0, side, d, quietColour)
	paintPill(img, side-0.8*d, 0.4*d, side-0.2*d, 0.6*d, inkColour)
}

// paintPill fills a rectangle whose shorter sides are round.
func paintPill(img *image.RGBA, x0, y0, x1, y1 float64, c color.NRGBA) {
	r := min(x1-x0, y1-y0) / 2
	b := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1))).Intersect(img.Bounds())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			px, py := float64(x)+0.5, float64(y)+0.5
			// How far the middle of the pixel is outside, in pixels.
			far := math.Hypot(px-min(max(px, x0+r), x1-r), py-min(max(py, y0+r), y1-r)) - r
			alpha := min(max(0.5-far, 0), 1)
			if alpha > 0 {
				over := c
				over.A = uint8(math.Round(255 * alpha))
				draw.Draw(img, image.Rect(x, y, x+1, y+1), image.NewUniform(over), image.Point{}, draw.Over)
			}
		}
	}
}

func toFloat(v fixed.Int26_6) float64 { return float64(v) / 64 }

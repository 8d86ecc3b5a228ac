package invite

import (
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// Code is a link as a QR code: modules that are dark or light, without the light frame
// of four modules that has to be around them.
type Code struct {
	side int
	dark []bool
}

// Side is how many modules a side has.
func (c Code) Side() int { return c.side }

// Dark reports whether the module in a column and a row is dark.
func (c Code) Dark(x, y int) bool { return c.dark[y*c.side+x] }

// Code is the invitation as a QR code from which a phone or another program reads the
// link, also if a seventh of it is hidden. It has at most 177 modules a side; the error
// is that of a link with too much for that, which none of [New] has.
func (i Invitation) Code() (Code, error) {
	b, err := qr.Encode(i.String(), qr.M, qr.Auto)
	if err != nil {
		return Code{}, malformed("as a QR code: %v", err)
	}
	c := Code{side: b.Bounds().Dx()}
	for y := range c.side {
		for x := range c.side {
			c.dark = append(c.dark, b.At(x, y) == color.Black)
		}
	}
	return c, nil
}

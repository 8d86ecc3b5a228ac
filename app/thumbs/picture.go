package thumbs

import (
	"cmp"
	"image"
	"slices"
	"strings"
)

// State is how far a thumbnail has come.
type State uint8

const (
	// Coming is on its way.
	Coming State = iota
	// Here is the picture itself.
	Here
	// None is for no picture, one that cannot be decoded, or not be fetched now.
	None
	// Broken is for what is no picture, or damaged, or gone from the server.
	Broken
)

// Thumbnail is what there is to be drawn of a picture.
type Thumbnail struct {
	// Image has the shape that was asked for and may be smaller; nil for none.
	Image image.Image
	State State
	// Blurred: Image is only the preview from within the message.
	Blurred bool
}

// Picture says where the thumbnail of a message can be had.
type Picture struct {
	// Preview is a tiny JPEG from within the message, nil for none.
	Preview []byte
	// Sizes are the files with the picture, in any order.
	Sizes []Size
	// Film is the address of a film that is shown by a still of it, if it is here
	// and none of Sizes has a picture.
	Film string
}

// Size is one file with the picture.
type Size struct {
	Address       string
	Width, Height int   // pixels, 0 for unknown
	Bytes         int64 // what the message says, and the most that is fetched
	// Original: it is not made to be small.
	Original bool
}

// id tells pictures apart.
func (p *Picture) id() string {
	var b strings.Builder
	for _, s := range p.Sizes {
		b.WriteString(s.Address)
		b.WriteByte(' ')
	}
	b.WriteString(p.Film)
	if b.Len() == 0 {
		b.Write(p.Preview)
	}
	return b.String()
}

// has reports whether a file belongs to the picture.
func (p *Picture) has(address string) bool {
	return p.Film == address || slices.ContainsFunc(p.Sizes, func(s Size) bool { return s.Address == address })
}

// suffices reports whether a file has the pixels for a thumbnail. Of one that does
// not tell its size, an original has.
func (s Size) suffices(width, height int) bool {
	if s.Width == 0 || s.Height == 0 {
		return s.Original
	}
	const nearly = 0.95 // nobody sees the difference
	return float64(s.Width) >= nearly*float64(width) && float64(s.Height) >= nearly*float64(height)
}

// inOrder returns the files that may be used, the one to be used best first: the
// smallest that suffices, then larger ones, then the others, the largest first.
func (p *Picture) inOrder(width, height int) []Size {
	sizes := slices.Clone(p.Sizes)
	slices.SortStableFunc(sizes, func(a, b Size) int {
		x, y := a.suffices(width, height), b.suffices(width, height)
		switch {
		case x != y && x:
			return -1
		case x != y:
			return 1
		case x:
			return cmp.Or(compare(a.Original, b.Original), cmp.Compare(a.area(), b.area()))
		}
		return cmp.Or(cmp.Compare(b.area(), a.area()), compare(a.Original, b.Original))
	})
	return sizes
}

func (s Size) area() int64 { return int64(s.Width) * int64(s.Height) }

// compare puts false first.
func compare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

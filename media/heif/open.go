package heif

import (
	"errors"
	"fmt"
	"io"

	"magpie/im"
	"magpie/media/internal/box"
)

// What can be wrong with a file.
var (
	// ErrFormat: there is no AVIF or HEIC picture in it that is understood.
	ErrFormat = errors.New("heif: no picture that is understood")
	// ErrDamaged: its parts contradict each other or the file.
	ErrDamaged = errors.New("heif: damaged")
)

// Bounds on what a file may say.
const (
	maxMeta       = 1 << 20 // bytes of the meta box
	maxItems      = 4096
	maxProperties = 4096
	// MaxTiles bounds the tiles of a picture: 50 million pixels in tiles of 256
	// by 256 need 763.
	MaxTiles = 1024
)

// Picture is the picture of a file, or the small one beside it.
type Picture struct {
	// Codec is the name of the sample entry: "av01" or "hvc1".
	Codec string
	// Width and Height are pixels as stored, Rotation the degrees clockwise by
	// which that is to be turned for showing: 0, 90, 180 or 270.
	Width, Height, Rotation int
	// Columns by Rows tiles of TileWidth by TileHeight make up the picture, row by
	// row; what they have beyond its size is cut off.
	Columns, Rows         int
	TileWidth, TileHeight int
	// Profile is the ICC profile of its colours, nil if there is none.
	Profile []byte
	// Small is the small picture that the file has beside it, nil for none.
	Small *Picture

	file  io.ReaderAt
	tiles []tile
}

// tile is one coded picture.
type tile struct {
	extents []extent
	config  box.Box  // av1C or hvcC
	colour  [11]byte // of the colr box: nclx, primaries, transfer, matrix, range
}

// usualColour is what is taken for granted where a file does not say: sRGB,
// BT.601, full range.
var usualColour = [11]byte{'n', 'c', 'l', 'x', 0, 1, 0, 13, 0, 6, 0x80}

// extent is a part of an item: in the file, or in data of its own.
type extent struct {
	data     []byte
	at, size int64
}

// Open reads what a file of size bytes says of its picture. The error wraps
// [ErrFormat] or [ErrDamaged], or is that of r.
func Open(r io.ReaderAt, size int64) (*Picture, error) {
	m, err := readMeta(r, size)
	if err != nil {
		return nil, err
	}
	p, err := m.picture(m.primary)
	if err != nil {
		return nil, err
	}
	for _, ref := range m.references {
		if ref.kind != "thmb" || len(ref.to) == 0 || ref.to[0] != m.primary {
			continue
		}
		if small, err := m.picture(ref.from); err == nil && small.Width < p.Width {
			small.Rotation = p.Rotation // of the same picture, whatever it says of itself
			p.Small = small
			break
		}
	}
	return p, nil
}

// picture puts together the picture that an item is.
func (m *meta) picture(id uint32) (*Picture, error) {
	it := m.items[id]
	if it == nil {
		return nil, fmt.Errorf("%w: there is no item %d", ErrFormat, id)
	}
	p := &Picture{file: m.file, Codec: it.kind, Columns: 1, Rows: 1, Rotation: m.rotation(it)}
	p.Width, p.Height = m.extent(it)
	p.Profile = m.profile(it)
	ids := []uint32{id}
	if it.kind == "grid" {
		var err error
		if ids, err = m.grid(it, p); err != nil {
			return nil, err
		}
	}
	for i, id := range ids {
		it := m.items[id]
		if it == nil || it.kind != "av01" && it.kind != "hvc1" || i > 0 && it.kind != p.Codec {
			return nil, fmt.Errorf("%w: tile %d", ErrFormat, i)
		}
		p.Codec = it.kind
		w, h := m.extent(it)
		if i == 0 {
			p.TileWidth, p.TileHeight = w, h
			if p.Profile == nil {
				p.Profile = m.profile(it)
			}
		}
		t, err := m.tile(it)
		if err != nil {
			return nil, err
		}
		if w != p.TileWidth || h != p.TileHeight {
			return nil, fmt.Errorf("%w: tile %d is of another size", ErrDamaged, i)
		}
		p.tiles = append(p.tiles, t)
	}
	for _, n := range []int{p.Width, p.Height, p.TileWidth, p.TileHeight} {
		if n <= 0 || n > im.MaxPixels {
			return nil, fmt.Errorf("%w: %d x %d pixels", ErrDamaged, p.Width, p.Height)
		}
	}
	if p.Columns*p.TileWidth < p.Width || p.Rows*p.TileHeight < p.Height {
		return nil, fmt.Errorf("%w: the tiles do not cover the picture", ErrDamaged)
	}
	return p, nil
}

// grid reads how tiles lie side by side, into p, and returns which they are.
func (m *meta) grid(it *item, p *Picture) ([]uint32, error) {
	b, err := m.read(it, 12)
	if err != nil {
		return nil, err
	}
	c := cursor{b: b}
	c.uint(1)
	wide := 2
	if c.uint(1)&1 != 0 {
		wide = 4
	}
	p.Rows, p.Columns = int(c.uint(1))+1, int(c.uint(1))+1
	p.Width, p.Height = int(c.uint(wide)), int(c.uint(wide))
	if c.bad || p.Rows*p.Columns > MaxTiles {
		return nil, fmt.Errorf("%w: a grid of %d x %d tiles", ErrDamaged, p.Columns, p.Rows)
	}
	for _, ref := range m.references {
		if ref.kind == "dimg" && ref.from == it.id {
			if len(ref.to) != p.Rows*p.Columns {
				break
			}
			return ref.to, nil
		}
	}
	return nil, fmt.Errorf("%w: the grid has not as many tiles as it needs", ErrDamaged)
}

// tile checks one coded picture.
func (m *meta) tile(it *item) (tile, error) {
	t := tile{extents: it.extents, colour: usualColour}
	config := map[string]string{"av01": "av1C", "hvc1": "hvcC"}[it.kind]
	for _, p := range m.of(it) {
		switch {
		case p.Name == config:
			t.config = p
		case p.Name == "colr" && len(p.Body) >= len(t.colour) && string(p.Body[:4]) == "nclx":
			copy(t.colour[:], p.Body)
		}
	}
	if unspecified := [2]byte{0, 2}; [2]byte(t.colour[8:10]) == unspecified {
		copy(t.colour[8:10], usualColour[8:10])
	}
	if t.config.Name == "" || len(it.extents) == 0 {
		return t, fmt.Errorf("%w: item %d does not say how it is coded", ErrFormat, it.id)
	}
	return t, nil
}

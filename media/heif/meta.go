package heif

import (
	"encoding/binary"
	"fmt"
	"io"

	"magpie/media/internal/box"
)

// meta is what the meta box says.
type meta struct {
	file       io.ReaderAt
	size       int64
	primary    uint32
	items      map[uint32]*item
	properties []box.Box
	references []reference
	data       []byte // of the idat box
}

type item struct {
	id         uint32
	kind       string
	properties []int // from 1
	extents    []extent
}

// reference says that item from is made of, or belongs to, other items.
type reference struct {
	kind string
	from uint32
	to   []uint32
}

// cursor reads numbers, the highest byte first; bad after what is not there.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) uint(n int) uint64 {
	if n > len(c.b) {
		c.b, c.bad = nil, true
		return 0
	}
	var v uint64
	for _, x := range c.b[:n] {
		v = v<<8 | uint64(x)
	}
	c.b = c.b[n:]
	return v
}

// full reads the version of a box that has one.
func full(b box.Box) (version, flags uint64, c cursor) {
	c.b = b.Body
	return c.uint(1), c.uint(3), c
}

// wide is how many bytes an item's id has: 4 if the version of the box is at least
// from.
func wide(version, from uint64) int {
	if version >= from {
		return 4
	}
	return 2
}

func readMeta(r io.ReaderAt, size int64) (*meta, error) {
	for p, err := range box.Top(r, size) {
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if p.Name != "meta" {
			continue
		}
		if p.Cut || p.Size > maxMeta || p.Size < p.Head+4 {
			break
		}
		b := make([]byte, p.Size-p.Head)
		if _, err := io.ReadFull(io.NewSectionReader(r, p.At+p.Head, int64(len(b))), b); err != nil {
			return nil, fmt.Errorf("heif: %w", err)
		}
		m := &meta{file: r, size: size, items: map[uint32]*item{}}
		return m, m.parse(b[4:])
	}
	return nil, ErrFormat
}

// parse takes the boxes in the order in which they need each other.
func (m *meta) parse(b []byte) error {
	if found, ok := box.Find(b, "idat"); ok {
		m.data = found.Body
	}
	if found, ok := box.Find(b, "iprp", "ipco"); ok {
		for p := range box.Children(found.Body) {
			if m.properties = append(m.properties, p); len(m.properties) > maxProperties {
				return fmt.Errorf("%w: too many properties", ErrDamaged)
			}
		}
	}
	for _, part := range []struct {
		path []string
		read func(box.Box) error
	}{
		{[]string{"pitm"}, m.readPrimary},
		{[]string{"iinf"}, m.readItems},
		{[]string{"iloc"}, m.readPlaces},
		{[]string{"iprp", "ipma"}, m.readProperties},
		{[]string{"iref"}, m.readReferences},
	} {
		found, ok := box.Find(b, part.path...)
		if !ok {
			continue // what is missed later is said then
		}
		if err := part.read(found); err != nil {
			return err
		}
	}
	return nil
}

func (m *meta) readPrimary(b box.Box) error {
	version, _, c := full(b)
	m.primary = uint32(c.uint(wide(version, 1)))
	return nil
}

func (m *meta) readItems(b box.Box) error {
	version, _, c := full(b)
	c.uint(wide(version, 1)) // how many there are shows
	for entry := range box.Children(c.b) {
		version, _, c := full(entry)
		if entry.Name != "infe" || version < 2 {
			continue
		}
		it := &item{id: uint32(c.uint(wide(version, 3)))}
		c.uint(2)
		if len(c.b) < 4 {
			continue
		}
		it.kind = string(c.b[:4])
		if m.items[it.id] = it; len(m.items) > maxItems {
			return fmt.Errorf("%w: too many items", ErrDamaged)
		}
	}
	return nil
}

// readPlaces reads where the bytes of each item are.
func (m *meta) readPlaces(b box.Box) error {
	version, _, c := full(b)
	sizes := c.uint(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12&15), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		indexSize = 0
	}
	if offsetSize > 8 || lengthSize > 8 || baseSize > 8 || indexSize > 8 {
		return fmt.Errorf("%w: numbers of more than 8 bytes", ErrDamaged)
	}
	for n := c.uint(wide(version, 2)); n > 0 && !c.bad; n-- {
		it := m.items[uint32(c.uint(wide(version, 2)))]
		method := uint64(0)
		if version > 0 {
			method = c.uint(2) & 15
		}
		elsewhere := c.uint(2)
		base := c.uint(baseSize)
		for k := c.uint(2); k > 0 && !c.bad; k-- {
			c.uint(indexSize)
			at, length := base+c.uint(offsetSize), c.uint(lengthSize)
			if it == nil || elsewhere != 0 || c.bad {
				continue
			}
			e, err := m.place(method, at, length)
			if err != nil {
				return err
			}
			if it.extents = append(it.extents, e); len(it.extents) > maxItems {
				return fmt.Errorf("%w: item %d is in too many parts", ErrDamaged, it.id)
			}
		}
	}
	return nil
}

// place checks where an extent lies.
func (m *meta) place(method, at, length uint64) (extent, error) {
	whole := uint64(m.size)
	if method == 1 {
		whole = uint64(len(m.data))
	}
	if at > whole || length > whole-at || method > 1 {
		return extent{}, fmt.Errorf("%w: %d bytes at %d are not there", ErrDamaged, length, at)
	}
	if length == 0 {
		length = whole - at
	}
	if method == 1 {
		return extent{data: m.data[at : at+length], size: int64(length)}, nil
	}
	return extent{at: int64(at), size: int64(length)}, nil
}

func (m *meta) readProperties(b box.Box) error {
	version, flags, c := full(b)
	for n := c.uint(4); n > 0 && !c.bad; n-- {
		it := m.items[uint32(c.uint(wide(version, 1)))]
		for k := c.uint(1); k > 0 && !c.bad; k-- {
			var index int
			if flags&1 != 0 {
				index = int(c.uint(2) & 0x7fff)
			} else {
				index = int(c.uint(1) & 0x7f)
			}
			if it != nil && index > 0 && index <= len(m.properties) && len(it.properties) < 256 {
				it.properties = append(it.properties, index)
			}
		}
	}
	return nil
}

func (m *meta) readReferences(b box.Box) error {
	version, _, c := full(b)
	n := 0
	for entry := range box.Children(c.b) {
		c := cursor{b: entry.Body}
		ref := reference{kind: entry.Name, from: uint32(c.uint(wide(version, 1)))}
		for k := c.uint(2); k > 0 && !c.bad; k-- {
			if id := uint32(c.uint(wide(version, 1))); !c.bad {
				ref.to = append(ref.to, id)
			}
		}
		if n += 1 + len(ref.to); n > 8*maxItems {
			return fmt.Errorf("%w: too many references", ErrDamaged)
		}
		m.references = append(m.references, ref)
	}
	return nil
}

// of are the properties of an item.
func (m *meta) of(it *item) (list []box.Box) {
	for _, i := range it.properties {
		list = append(list, m.properties[i-1])
	}
	return list
}

// extent is the size of an item in pixels, 0 if it does not say.
func (m *meta) extent(it *item) (width, height int) {
	for _, p := range m.of(it) {
		if p.Name == "ispe" && len(p.Body) >= 12 {
			return int(binary.BigEndian.Uint32(p.Body[4:])), int(binary.BigEndian.Uint32(p.Body[8:]))
		}
	}
	return 0, 0
}

// rotation is by how much an item is to be turned clockwise, in degrees; the
// file counts the other way.
func (m *meta) rotation(it *item) int {
	for _, p := range m.of(it) {
		if p.Name == "irot" && len(p.Body) >= 1 {
			return (4 - int(p.Body[0]&3)) % 4 * 90
		}
	}
	return 0
}

// profile is the ICC profile of an item (ISO/IEC 14496-12, 12.1.5), nil for none.
func (m *meta) profile(it *item) []byte {
	for _, p := range m.of(it) {
		if p.Name == "colr" && len(p.Body) > 4 && (string(p.Body[:4]) == "prof" || string(p.Body[:4]) == "rICC") {
			return p.Body[4:]
		}
	}
	return nil
}

// read returns the bytes of a small item.
func (m *meta) read(it *item, limit int64) ([]byte, error) {
	var b []byte
	for _, e := range it.extents {
		if e.size > limit-int64(len(b)) {
			return nil, fmt.Errorf("%w: item %d is too long", ErrDamaged, it.id)
		}
		part := e.data
		if part == nil {
			part = make([]byte, e.size)
			if _, err := io.ReadFull(io.NewSectionReader(m.file, e.at, e.size), part); err != nil {
				return nil, fmt.Errorf("heif: %w", err)
			}
		}
		b = append(b, part...)
	}
	return b, nil
}

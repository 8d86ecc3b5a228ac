package heif

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Film is one tile as an MP4 of one frame.
type Film struct {
	parts []part
	size  int64
}

type part struct {
	from io.ReaderAt
	at   int64 // in from
	size int64
}

// Tiles is how many films the picture has.
func (p *Picture) Tiles() int { return len(p.tiles) }

// Tile returns tile i, from 0, row by row. It reads from the file as it is read.
func (p *Picture) Tile(i int) *Film {
	t := p.tiles[i]
	var length int64
	for _, e := range t.extents {
		length += e.size
	}
	head := film(p.Codec, p.TileWidth, p.TileHeight, t, length)
	f := &Film{size: int64(len(head)) + length, parts: []part{{bytes.NewReader(head), 0, int64(len(head))}}}
	for _, e := range t.extents {
		if e.data != nil {
			f.parts = append(f.parts, part{bytes.NewReader(e.data), 0, e.size})
		} else {
			f.parts = append(f.parts, part{p.file, e.at, e.size})
		}
	}
	return f
}

// Size in bytes.
func (f *Film) Size() int64 { return f.size }

// ReadAt implements io.ReaderAt.
func (f *Film) ReadAt(b []byte, at int64) (n int, err error) {
	if at < 0 || at >= f.size {
		return 0, io.EOF
	}
	for _, p := range f.parts {
		if at >= p.size {
			at -= p.size
			continue
		}
		want := b[n:min(int64(len(b)), int64(n)+p.size-at)]
		k, err := p.from.ReadAt(want, p.at+at)
		n += k
		if k < len(want) {
			if err == nil || err == io.EOF { // the file is shorter than it was
				err = io.ErrUnexpectedEOF
			}
			return n, err
		}
		if n == len(b) {
			return n, nil
		}
		at = 0
	}
	return n, io.EOF
}

// film is everything before the coded picture of length bytes.
func film(codec string, width, height int, t tile, length int64) []byte {
	type list = [][]byte
	u16 := func(n int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(n)) }
	u32 := func(n int64) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
	zero := func(n int) []byte { return make([]byte, n) }
	made := func(name string, parts ...[]byte) []byte {
		body := bytes.Join(parts, nil)
		return append(append(u32(int64(8+len(body))), name...), body...)
	}
	join := func(l list) []byte { return bytes.Join(l, nil) }
	one := int64(1 << 16) // 1 as a number with a fraction
	matrix := join(list{u32(one), zero(12), u32(one), zero(12), u32(1 << 30)})

	entry := made(codec, zero(6), u16(1), zero(16), u16(width), u16(height), u32(72<<16), u32(72<<16), zero(4), u16(1), zero(32), u16(24), u16(-1),
		t.config.Whole, made("colr", t.colour[:]))
	build := func(at int64) []byte {
		table := made("stbl",
			made("stsd", zero(4), u32(1), entry),
			made("stts", zero(4), u32(1), u32(1), u32(1)),
			made("stsc", zero(4), u32(1), u32(1), u32(1), u32(1)),
			made("stsz", zero(4), u32(length), u32(1)),
			made("stco", zero(4), u32(1), u32(at)))
		media := made("mdia",
			made("mdhd", zero(12), u32(1), u32(1), u16(0x55c4), zero(2)),
			made("hdlr", zero(8), []byte("vide"), zero(13)),
			made("minf", made("vmhd", []byte{0, 0, 0, 1}, zero(8)),
				made("dinf", made("dref", zero(4), u32(1), made("url ", []byte{0, 0, 0, 1}))), table))
		return bytes.Join(list{
			made("ftyp", []byte("isom"), zero(4), []byte("isom")),
			made("moov",
				made("mvhd", zero(12), u32(1), u32(1), u32(one), u16(0x100), zero(10), matrix, zero(24), u32(2)),
				made("trak", made("tkhd", []byte{0, 0, 0, 3}, zero(8), u32(1), zero(4), u32(1), zero(8), zero(8), matrix, u32(int64(width)<<16), u32(int64(height)<<16)), media)),
			u32(8 + length), []byte("mdat"),
		}, nil)
	}
	return build(int64(len(build(0))))
}

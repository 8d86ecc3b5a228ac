package picture

import (
	"bytes"
	"compress/zlib"
	"io"

	"magpie/media/colour"
)

// colours reads what a picture says of its colours, nil if these are those of sRGB, or
// what it says is of no use: it is shown then as if it said nothing.
func colours(r io.ReaderAt, size int64, f Format) *colour.Table {
	b := profile(r, size, f)
	if b == nil {
		return nil
	}
	t, err := colour.Read(b)
	if err != nil {
		return nil
	}
	return t
}

// profile is the ICC profile of a picture, nil without one that may be used.
func profile(r io.ReaderAt, size int64, f Format) []byte {
	switch f {
	case JPEG:
		return jpegICC(r, size)
	case PNG:
		return pngICC(r, size)
	case WebP:
		for p := range parts(r, size, f) {
			if p.name == "ICCP" {
				return read(r, p)
			}
		}
	case TIFF:
		const tag, undefined = 0x8773, 7
		if e, order := tiffEntry(r, size, tag); e != nil && order.Uint16(e[2:]) == undefined {
			p := part{at: int64(order.Uint32(e[8:])), length: int64(order.Uint32(e[4:]))}
			if p.at+p.length <= size {
				return read(r, p)
			}
		}
	}
	return nil
}

func read(r io.ReaderAt, p part) []byte {
	if p.length > colour.MaxProfile {
		return nil
	}
	b := make([]byte, p.length)
	if !readAt(r, b, p.at, p.at+p.length) {
		return nil
	}
	return b
}

// jpegICC puts a profile together: a segment holds 64 KB, and each says which of how
// many it is (ICC.1:2010, B.4). What is not in its order is not understood.
func jpegICC(r io.ReaderAt, size int64) []byte {
	const name = "ICC_PROFILE\x00"
	var whole []byte
	next, all := 1, 0
	for p := range segments(r, size) {
		if p.name != jpegProfile || !p.starts(r, name) {
			continue
		}
		b := read(r, p.from(len(name)))
		if len(b) < 2 || int(b[0]) != next || next > 1 && int(b[1]) != all {
			return nil
		}
		all = int(b[1])
		if whole = append(whole, b[2:]...); len(whole) > colour.MaxProfile {
			return nil
		}
		if next == all {
			return whole
		}
		next++
	}
	return nil
}

// pngICC unpacks a profile: after a name and the number of the method (PNG, 11.3.2.3).
func pngICC(r io.ReaderAt, size int64) []byte {
	for p := range parts(r, size, PNG) {
		if p.name == "IDAT" || p.name == "sRGB" {
			return nil // it must be before the pixels; and sRGB is said in two ways
		}
		if p.name != "iCCP" {
			continue
		}
		name, packed, ok := bytes.Cut(read(r, p), []byte{0})
		if !ok || len(name) == 0 || len(packed) < 1 || packed[0] != 0 {
			return nil
		}
		z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
		if err != nil {
			return nil
		}
		b, err := io.ReadAll(io.LimitReader(z, colour.MaxProfile+1))
		if err != nil || len(b) > colour.MaxProfile {
			return nil
		}
		return b
	}
	return nil
}

package picture

import (
	"encoding/binary"
	"io"
	"iter"
)

// maxParts bounds the segments or chunks that are looked at.
const maxParts = 1000

// Names of segments of JPEG.
const (
	jpegExif    = "APP1"
	jpegProfile = "APP2"
)

// part is a segment of JPEG or a chunk of PNG or WebP, by where its content lies.
type part struct {
	name       string
	at, length int64
}

func (p part) reader(r io.ReaderAt) *io.SectionReader { return io.NewSectionReader(r, p.at, p.length) }

// from leaves out the first n bytes.
func (p part) from(n int) part {
	n = int(min(int64(n), p.length))
	return part{p.name, p.at + int64(n), p.length - int64(n)}
}

func (p part) starts(r io.ReaderAt, with string) bool {
	b := make([]byte, len(with))
	return readAt(r, b, p.at, p.at+p.length) && string(b) == with
}

// parts are those of a picture before its pixels in JPEG, all in PNG and WebP; none of
// other formats. Each lies within the file.
func parts(r io.ReaderAt, size int64, f Format) iter.Seq[part] {
	switch f {
	case JPEG:
		return segments(r, size)
	case PNG:
		return chunks(r, size, 8, binary.BigEndian, 4)
	case WebP:
		return chunks(r, size, 12, binary.LittleEndian, 0)
	}
	return func(func(part) bool) {}
}

// segments are those of JPEG (ITU-T T.81, annex B), named if they are for applications.
func segments(r io.ReaderAt, size int64) iter.Seq[part] {
	const scan = 0xda
	return func(yield func(part) bool) {
		at := int64(2)
		for range maxParts {
			var b [4]byte
			if !readAt(r, b[:], at, size) || b[0] != 0xff || b[1] == scan {
				return
			}
			if b[1] == 0xff { // fill
				at++
				continue
			}
			length := int64(binary.BigEndian.Uint16(b[2:]))
			if length < 2 {
				return
			}
			p := part{map[byte]string{0xe1: jpegExif, 0xe2: jpegProfile}[b[1]], at + 4, min(length-2, size-at-4)}
			if !yield(p) {
				return
			}
			at += 2 + length
		}
	}
}

// chunks are those of PNG or RIFF, which differ in the order of name and length, in that
// of bytes, and in the checksum behind each.
func chunks(r io.ReaderAt, size, at int64, order binary.ByteOrder, sum int64) iter.Seq[part] {
	return func(yield func(part) bool) {
		at := at
		for range maxParts {
			var b [8]byte
			if !readAt(r, b[:], at, size) {
				return
			}
			label, lengthAt := b[4:], 0
			if sum == 0 {
				label, lengthAt = b[:4], 4
			}
			length := int64(order.Uint32(b[lengthAt:]))
			at += 8
			if !yield(part{string(label), at, min(length, size-at)}) {
				return
			}
			at += length + sum
			if sum == 0 {
				at += length & 1
			}
		}
	}
}

package picture

import (
	"bytes"
	"encoding/binary"
	"io"
)

const (
	// maxParts bounds the segments or chunks that are passed over before EXIF.
	maxParts = 1000
	// maxEntries bounds the entries of the directory that is read.
	maxEntries = 512
)

// orientation finds how a picture is to be turned, 1 if it does not say. EXIF is
// a hint: what cannot be read of it is no error.
func orientation(r io.ReaderAt, size int64, f Format) int {
	switch f {
	case TIFF:
		return tiffOrientation(r, size)
	case JPEG:
		return jpegOrientation(r, size)
	case PNG:
		return chunkOrientation(r, size, 8, "eXIf", binary.BigEndian, 4)
	case WebP:
		return chunkOrientation(r, size, 12, "EXIF", binary.LittleEndian, 0)
	}
	return 1
}

// jpegOrientation walks the segments to the one of EXIF (APP1).
func jpegOrientation(r io.ReaderAt, size int64) int {
	const (
		app1 = 0xe1
		scan = 0xda
	)
	at := int64(2)
	for range maxParts {
		var b [10]byte
		if !readAt(r, b[:], at, size) || b[0] != 0xff || b[1] == scan {
			return 1
		}
		if b[1] == 0xff { // fill
			at++
			continue
		}
		length := int64(binary.BigEndian.Uint16(b[2:]))
		if length < 2 {
			return 1
		}
		if b[1] == app1 && string(b[4:10]) == "Exif\x00\x00" {
			return tiffOrientation(io.NewSectionReader(r, at+10, length-8), min(length-8, size-at-10))
		}
		at += 2 + length
	}
	return 1
}

// chunkOrientation walks the chunks of PNG or RIFF, which differ in the order of
// name and length, in that of bytes, and in the checksum behind each.
func chunkOrientation(r io.ReaderAt, size, at int64, name string, order binary.ByteOrder, sum int64) int {
	for range maxParts {
		var b [8]byte
		if !readAt(r, b[:], at, size) {
			return 1
		}
		label, lengthAt := b[4:], 0
		if sum == 0 {
			label, lengthAt = b[:4], 4
		}
		length := int64(order.Uint32(b[lengthAt:]))
		at += 8
		if string(label) == name {
			length = min(length, size-at)
			var prefix [6]byte // some programs write the one of JPEG
			if readAt(r, prefix[:], at, size) && string(prefix[:]) == "Exif\x00\x00" {
				at, length = at+6, length-6
			}
			return tiffOrientation(io.NewSectionReader(r, at, max(length, 0)), length)
		}
		at += length + sum
		if sum == 0 {
			at += length & 1
		}
	}
	return 1
}

// tiffOrientation reads tag 0x0112 of the first directory (TIFF 6.0, section 2).
func tiffOrientation(r io.ReaderAt, size int64) int {
	const (
		tag   = 0x0112
		short = 3
	)
	var head [8]byte
	if !readAt(r, head[:], 0, size) {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(head[:], []byte("II*\x00")):
	case bytes.HasPrefix(head[:], []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(head[4:]))
	var count [2]byte
	if !readAt(r, count[:], at, size) {
		return 1
	}
	at += 2
	for range min(int(order.Uint16(count[:])), maxEntries) {
		var e [12]byte
		if !readAt(r, e[:], at, size) {
			return 1
		}
		if order.Uint16(e[:]) == tag {
			if v := int(order.Uint16(e[8:])); order.Uint16(e[2:]) == short && v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		at += 12
	}
	return 1
}

// readAt reports whether all of b could be read within size.
func readAt(r io.ReaderAt, b []byte, at, size int64) bool {
	if at < 0 || at+int64(len(b)) > size {
		return false
	}
	_, err := io.ReadFull(io.NewSectionReader(r, at, int64(len(b))), b)
	return err == nil
}

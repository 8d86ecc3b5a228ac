package picture

import (
	"bytes"
	"encoding/binary"
	"io"
)

// maxEntries bounds the entries of the directory that is read.
const maxEntries = 512

// exifPrefix stands before EXIF in JPEG, and some programs write it elsewhere too.
const exifPrefix = "Exif\x00\x00"

// orientation finds how a picture is to be turned, 1 if it does not say. EXIF is
// a hint: what cannot be read of it is no error.
func orientation(r io.ReaderAt, size int64, f Format) int {
	if f == TIFF {
		return tiffOrientation(r, size)
	}
	name := map[Format]string{JPEG: jpegExif, PNG: "eXIf", WebP: "EXIF"}[f]
	for p := range parts(r, size, f) {
		if p.name != name {
			continue
		}
		if p.starts(r, exifPrefix) {
			p = p.from(len(exifPrefix))
		} else if f == JPEG {
			continue // other things are in such segments too
		}
		return tiffOrientation(p.reader(r), p.length)
	}
	return 1
}

// tiffOrientation reads tag 0x0112.
func tiffOrientation(r io.ReaderAt, size int64) int {
	const (
		tag   = 0x0112
		short = 3
	)
	e, order := tiffEntry(r, size, tag)
	if e == nil || order.Uint16(e[2:]) != short {
		return 1
	}
	if v := int(order.Uint16(e[8:])); v >= 1 && v <= 8 {
		return v
	}
	return 1
}

// tiffEntry finds a tag in the first directory (TIFF 6.0, section 2): its 12 bytes, nil
// if it is not there.
func tiffEntry(r io.ReaderAt, size int64, tag uint16) ([]byte, binary.ByteOrder) {
	var head [8]byte
	if !readAt(r, head[:], 0, size) {
		return nil, nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(head[:], []byte("II*\x00")):
	case bytes.HasPrefix(head[:], []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return nil, nil
	}
	at := int64(order.Uint32(head[4:]))
	var count [2]byte
	if !readAt(r, count[:], at, size) {
		return nil, nil
	}
	at += 2
	for range min(int(order.Uint16(count[:])), maxEntries) {
		e := make([]byte, 12)
		if !readAt(r, e, at, size) {
			return nil, nil
		}
		if order.Uint16(e) == tag {
			return e, order
		}
		at += 12
	}
	return nil, nil
}

// readAt reports whether all of b could be read within size.
func readAt(r io.ReaderAt, b []byte, at, size int64) bool {
	if at < 0 || at+int64(len(b)) > size {
		return false
	}
	_, err := io.ReadFull(io.NewSectionReader(r, at, int64(len(b))), b)
	return err == nil
}

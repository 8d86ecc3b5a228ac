package picture

import (
	"encoding/binary"
	"io"

	"magpie/media/internal/box"
)

// maxMeta bounds the header of AVIF and HEIC, in bytes.
const maxMeta = 1 << 20

// spatialExtent reads the size of an AVIF or HEIC picture: the largest of its
// parts, 0 if it does not say (ISO/IEC 23008-12, 6.5.3). It is for pictures that
// package heif does not understand.
func spatialExtent(r io.ReaderAt, size int64) (width, height int) {
	for p, err := range box.Top(r, size) {
		if err != nil {
			break
		}
		if p.Name != "meta" || p.Cut || p.Size > maxMeta || p.Size-p.Head < 4 {
			continue
		}
		b := make([]byte, p.Size-p.Head)
		if !readAt(r, b, p.At+p.Head, size) {
			break
		}
		properties, ok := box.Find(b[4:], "iprp", "ipco")
		if !ok {
			break
		}
		for e := range box.Children(properties.Body) {
			if e.Name != "ispe" || len(e.Body) < 12 {
				continue
			}
			w, h := int(binary.BigEndian.Uint32(e.Body[4:])), int(binary.BigEndian.Uint32(e.Body[8:]))
			if int64(w)*int64(h) > int64(width)*int64(height) {
				width, height = w, h
			}
		}
		break
	}
	return width, height
}

package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"io"
)

// animatedWebP reads the flag of the extended header.
func animatedWebP(head []byte) bool {
	return len(head) > 20 && string(head[12:16]) == "VP8X" && head[20]&2 != 0
}

// maxChunks bounds what may come before the first frame of a WebP that moves.
const maxChunks = 1000

// firstFrame gives the first frame of a WebP that moves as one that does not, and
// where on the canvas it belongs. The error wraps [ErrDamaged] or is that of r.
func firstFrame(r io.ReaderAt, size int64) (io.Reader, image.Rectangle, error) {
	at := int64(12)
	for range maxChunks {
		var head [8 + 16]byte
		if size-at < int64(len(head)) {
			break
		}
		if _, err := r.ReadAt(head[:], at); err != nil {
			return nil, image.Rectangle{}, fmt.Errorf("picture: %w", err)
		}
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		if string(head[:4]) != "ANMF" {
			at += 8 + length + length&1
			continue
		}
		if length < 16 || length > size-at-8 {
			break
		}
		u24 := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
		x, y, w, h := 2*u24(head[8:]), 2*u24(head[11:]), u24(head[14:])+1, u24(head[17:])+1
		frame := io.NewSectionReader(r, at+24, length-16)
		still, err := still(frame, w, h)
		return still, image.Rect(x, y, x+w, y+h), err
	}
	return nil, image.Rectangle{}, fmt.Errorf("%w: there is no frame", ErrDamaged)
}

// still puts a header before the chunks of one frame of w x h pixels.
func still(frame *io.SectionReader, w, h int) (io.Reader, error) {
	var kind [4]byte
	if _, err := frame.ReadAt(kind[:], 0); err != nil {
		return nil, fmt.Errorf("%w: the frame is empty", ErrDamaged)
	}
	b := []byte("RIFF\x00\x00\x00\x00WEBP")
	if string(kind[:]) == "ALPH" { // that of other frames is in the picture itself
		u24 := func(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16)} }
		b = append(b, "VP8X\x0a\x00\x00\x00\x10\x00\x00\x00"...)
		b = append(append(b, u24(w-1)...), u24(h-1)...)
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(int64(len(b)-8)+frame.Size()))
	return io.MultiReader(bytes.NewReader(b), frame), nil
}

// placed is a picture somewhere else.
type placed struct {
	image.Image
	by image.Point
}

func (p placed) Bounds() image.Rectangle { return p.Image.Bounds().Add(p.by) }

func (p placed) At(x, y int) color.Color { return p.Image.At(x-p.by.X, y-p.by.Y) }

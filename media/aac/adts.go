package aac

import (
	"encoding/binary"
	"fmt"

	codec "github.com/tphakala/go-aac"
)

// Bounds of an ADTS header in bytes: without and with a checksum.
const (
	headerBytes = 7
	crcBytes    = 2
)

// header is what an ADTS frame says of itself (ISO/IEC 13818-7, 6.2).
type header struct {
	rate     int // Hz
	channels int // 1 or 2
	head     int // bytes before the access unit
	frame    int // bytes of header and access unit
}

// parseHeader reads the header at the beginning of b, of which it needs seven
// bytes. The error wraps [ErrNotADTS], or [ErrUnsupported] if it is ADTS of a
// kind that is not decoded here.
func parseHeader(b []byte) (header, error) {
	if len(b) < headerBytes {
		return header{}, fmt.Errorf("%w: %d bytes of a header", ErrNotADTS, len(b))
	}
	// Twelve bits of sync, one of version, two of layer, which is always 0; MP3
	// has the same sync and another layer.
	if b[0] != 0xff || b[1]&0xf6 != 0xf0 {
		return header{}, fmt.Errorf("%w: no sync word", ErrNotADTS)
	}
	h := header{head: headerBytes, frame: int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5}
	if b[1]&1 == 0 {
		h.head += crcBytes
	}
	index := int(b[2] >> 2 & 15)
	if index >= len(codec.SampleRates) || h.frame <= h.head {
		return header{}, fmt.Errorf("%w: rate %d, %d bytes", ErrNotADTS, index, h.frame)
	}
	h.rate = codec.SampleRates[index]
	h.channels = int(b[2]&1)<<2 | int(b[3]>>6)
	const lowComplexity = 1
	if object := b[2] >> 6; object != lowComplexity || h.channels < 1 || h.channels > 2 || b[6]&3 != 0 {
		return h, fmt.Errorf("%w: object %d, %d channels, %d units a frame", ErrUnsupported, object+1, h.channels, b[6]&3+1)
	}
	return h, nil
}

// config is the AudioSpecificConfig that says the same as the header
// (ISO/IEC 14496-3, 1.6.2.1).
func (h header) config() []byte {
	const objectLC = 2
	index := 0
	for i, r := range codec.SampleRates {
		if r == h.rate {
			index = i
		}
	}
	return binary.BigEndian.AppendUint16(nil, uint16(objectLC<<11|index<<7|h.channels<<3))
}

// Sniff reports whether a file that begins with b, all of it or at least 8 KiB, is
// ADTS: a whole frame, and another where the first ends unless the file ends too.
func Sniff(b []byte) bool {
	b = b[min(len(b), id3(b)):]
	h, _ := parseHeader(b)
	if h.frame == 0 || len(b) < h.frame {
		return false
	}
	if b = b[h.frame:]; len(b) < headerBytes {
		return true
	}
	next, _ := parseHeader(b)
	return next.frame != 0
}

// id3 is the length of the ID3v2 tag that b begins with, 0 if there is none.
func id3(b []byte) int {
	if len(b) < 10 || string(b[:3]) != "ID3" {
		return 0
	}
	n := 10
	for i, c := range b[6:10] {
		n += int(c&0x7f) << (7 * (3 - i))
	}
	return n
}

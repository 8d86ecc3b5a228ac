package picture

import (
	"encoding/binary"
	"slices"
)

// Format of a picture, by its usual name.
type Format string

// Formats.
const (
	JPEG Format = "jpeg"
	PNG  Format = "png"
	GIF  Format = "gif"
	WebP Format = "webp"
	BMP  Format = "bmp"
	TIFF Format = "tiff"
	AVIF Format = "avif"
	HEIC Format = "heic"
)

// SniffBytes is how much of a file's beginning [Sniff] looks at.
const SniffBytes = 64

// Sniff tells the format of a file that begins with b, "" if it is no picture.
func Sniff(b []byte) Format {
	has := func(at int, s string) bool { return len(b) >= at+len(s) && string(b[at:at+len(s)]) == s }
	switch {
	case has(0, "\xff\xd8\xff"):
		return JPEG
	case has(0, "\x89PNG\r\n\x1a\n"):
		return PNG
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return GIF
	case has(0, "RIFF") && has(8, "WEBP"):
		return WebP
	case has(0, "II*\x00"), has(0, "MM\x00*"):
		return TIFF
	case has(0, "BM") && len(b) >= 18:
		// Two letters are too little; the length of the second header is one of few.
		if slices.Contains([]uint32{12, 40, 52, 56, 64, 108, 124}, binary.LittleEndian.Uint32(b[14:])) {
			return BMP
		}
	case has(4, "ftyp"):
		return sniffBrands(b)
	}
	return ""
}

// sniffBrands tells pictures from films by the brands of an ftyp box.
func sniffBrands(b []byte) Format {
	end := min(int(binary.BigEndian.Uint32(b)), len(b))
	for at := 8; at+4 <= end; at += 4 {
		if at == 12 {
			continue // the version
		}
		switch string(b[at : at+4]) {
		case "avif", "avis":
			return AVIF
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return HEIC
		}
	}
	return ""
}

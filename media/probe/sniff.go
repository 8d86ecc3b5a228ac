package probe

import (
	"bytes"
	"encoding/binary"
)

// sniffMP4 reports whether a file begins with a box of ISO base media.
func sniffMP4(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	switch string(b[4:8]) {
	case "ftyp", "moov", "mdat", "wide", "free", "skip", "styp":
		return true
	}
	return false
}

// sniffForeign tells the kind of what only the isolated decoder reads.
func sniffForeign(b []byte) (Info, bool) {
	has := func(at int, s string) bool { return len(b) >= at+len(s) && string(b[at:at+len(s)]) == s }
	audio := func(format, codec string) (Info, bool) {
		return Info{Kind: KindAudio, Format: format, Codec: codec, Isolated: true}, true
	}
	video := func(format string) (Info, bool) {
		return Info{Kind: KindVideo, Format: format, Isolated: true}, true
	}
	switch {
	case has(0, "#!AMR-WB\n"):
		return audio("amr", "amr_wb")
	case has(0, "#!AMR\n"):
		return audio("amr", "amr_nb")
	case has(0, "fLaC"):
		return audio("flac", "flac")
	case has(0, "caff"):
		return audio("caf", "")
	case has(0, "FORM") && (has(8, "AIFF") || has(8, "AIFC")):
		return audio("aiff", "pcm")
	case has(0, "ID3"), mp3(b):
		return audio("mp3", "mp3")
	case has(0, "OggS"):
		first := b[:min(len(b), 200)]
		switch {
		case bytes.Contains(first, []byte("OpusHead")):
			return audio("ogg", "opus")
		case bytes.Contains(first, []byte("\x01vorbis")):
			return audio("ogg", "vorbis")
		case bytes.Contains(first, []byte("\x80theora")):
			return video("ogg")
		}
		return audio("ogg", "")
	case has(0, "\x1a\x45\xdf\xa3"):
		return video("matroska")
	case has(0, "RIFF") && has(8, "AVI "):
		return video("avi")
	case has(0, "FLV\x01"):
		return video("flv")
	case has(0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"):
		return video("asf")
	case has(0, "\x00\x00\x01\xba"):
		return video("mpeg")
	case has(0, "G") && has(188, "G") && has(376, "G"):
		return video("mpegts")
	}
	return Info{}, false
}

// mp3 reports whether b begins with two frames of MPEG layer III.
func mp3(b []byte) bool {
	n := mp3Frame(b)
	return n > 0 && len(b) >= n && mp3Frame(b[n:]) > 0
}

// mp3Frame is the length of the frame that b begins with, 0 if it is none
// (ISO/IEC 11172-3, 2.4.2.3, and 13818-3 for the lower rates).
func mp3Frame(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	h := binary.BigEndian.Uint32(b)
	version, layer, rate, sampling := h>>19&3, h>>17&3, int(h>>12&15), int(h>>10&3)
	const layerIII = 1
	if h>>21 != 0x7ff || version == 1 || layer != layerIII || rate == 0 || rate == 15 || sampling == 3 {
		return 0
	}
	kbps := [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}[rate]
	hertz, samples := [...]int{44100, 48000, 32000}[sampling], 144
	if version != 3 { // MPEG 2 or 2.5
		kbps = [...]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}[rate]
		hertz, samples = hertz/2, 72
		if version == 0 {
			hertz /= 2
		}
	}
	return samples*kbps*1000/hertz + int(h>>9&1)
}

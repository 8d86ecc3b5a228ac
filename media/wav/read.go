package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// What can be wrong with a file.
var (
	// ErrNotWAV: the file is no WAV, or one without sound.
	ErrNotWAV = errors.New("wav: not a WAV file")
	// ErrUnsupported: a WAV of something else than plain samples.
	ErrUnsupported = errors.New("wav: not plain samples of one to eight channels")
)

const (
	maxChannels = 8
	maxRate     = 384_000
	// maxChunks bounds the chunks before the sound.
	maxChunks = 1000

	formatPCM        = 1
	formatFloat      = 3
	formatExtensible = 0xfffe
)

// Reader gives the samples of a WAV file as 16 bits.
type Reader struct {
	Rate     int // Hz
	Channels int
	Frames   int64 // samples of each channel

	r       io.ReaderAt
	at      int64 // of the first sample
	pos     int64
	width   int // bytes a sample
	isFloat bool
	buf     []byte
}

// Open reads the header of a file of size bytes. Sound that the file claims and
// does not have is not counted. The error wraps [ErrNotWAV], [ErrUnsupported] or
// is that of the reader.
func Open(r io.ReaderAt, size int64) (*Reader, error) {
	var head [12]byte
	if size < int64(len(head)) {
		return nil, fmt.Errorf("%w: %d bytes", ErrNotWAV, size)
	}
	if err := readAt(r, head[:], 0); err != nil {
		return nil, err
	}
	if string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return nil, ErrNotWAV
	}
	w := &Reader{r: r}
	at := int64(len(head))
	for range maxChunks {
		var b [8]byte
		if size-at < int64(len(b)) {
			break
		}
		if err := readAt(r, b[:], at); err != nil {
			return nil, err
		}
		at += int64(len(b))
		length := int64(binary.LittleEndian.Uint32(b[4:]))
		switch string(b[:4]) {
		case "fmt ":
			if err := w.readFormat(at, min(length, size-at)); err != nil {
				return nil, err
			}
		case "data":
			if w.width == 0 {
				return nil, fmt.Errorf("%w: sound before its format", ErrNotWAV)
			}
			w.at = at
			w.Frames = min(length, size-at) / int64(w.width*w.Channels)
			return w, nil
		}
		at += length + length&1
	}
	return nil, fmt.Errorf("%w: no sound", ErrNotWAV)
}

func (w *Reader) readFormat(at, length int64) error {
	b := make([]byte, min(length, 40))
	if len(b) < 16 {
		return fmt.Errorf("%w: a format of %d bytes", ErrNotWAV, len(b))
	}
	if err := readAt(w.r, b, at); err != nil {
		return err
	}
	format, bits := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[14:]))
	if format == formatExtensible && len(b) >= 26 {
		format = binary.LittleEndian.Uint16(b[24:])
	}
	w.Channels = int(binary.LittleEndian.Uint16(b[2:]))
	rate := binary.LittleEndian.Uint32(b[4:])
	w.Rate, w.width, w.isFloat = int(min(rate, maxRate+1)), bits/8, format == formatFloat
	ok := format == formatPCM && bits >= 8 && bits <= 32 && bits%8 == 0 || format == formatFloat && bits == 32
	if !ok || w.Channels < 1 || w.Channels > maxChannels || rate < 1 || rate > maxRate {
		return fmt.Errorf("%w: format %d, %d bits, %d channels, %d Hz", ErrUnsupported, format, bits, w.Channels, rate)
	}
	return nil
}

// SeekTo makes frame the next one that Read gives.
func (w *Reader) SeekTo(frame int64) error {
	if frame < 0 || frame > w.Frames {
		return fmt.Errorf("wav: frame %d of %d", frame, w.Frames)
	}
	w.pos = frame
	return nil
}

// Position is the frame at which Read goes on.
func (w *Reader) Position() int64 { return w.pos }

// Read fills p with samples, the channels of one moment side by side, and returns
// how many it gave; at the end the error is io.EOF.
func (w *Reader) Read(p []int16) (int, error) {
	frames := min(int64(len(p)/w.Channels), w.Frames-w.pos, 4096)
	if frames == 0 {
		if w.pos == w.Frames {
			return 0, io.EOF
		}
		return 0, nil
	}
	n := int(frames) * w.Channels
	if len(w.buf) < n*w.width {
		w.buf = make([]byte, n*w.width)
	}
	if err := readAt(w.r, w.buf[:n*w.width], w.at+w.pos*int64(w.width*w.Channels)); err != nil {
		return 0, err
	}
	for i := range n {
		p[i] = w.sample(w.buf[i*w.width:])
	}
	w.pos += frames
	return n, nil
}

// sample is the first sample of b as 16 bits: the upper ones, rounded down.
func (w *Reader) sample(b []byte) int16 {
	switch {
	case w.isFloat:
		v := float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
		if math.IsNaN(v) {
			return 0
		}
		return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v*(math.MaxInt16+1)))))
	case w.width == 1:
		return int16(int(b[0])-128) << 8 // the only width without a sign
	}
	return int16(binary.LittleEndian.Uint16(b[w.width-2:]))
}

func readAt(r io.ReaderAt, b []byte, at int64) error {
	if _, err := io.ReadFull(io.NewSectionReader(r, at, int64(len(b))), b); err != nil {
		return fmt.Errorf("wav: %w", err)
	}
	return nil
}

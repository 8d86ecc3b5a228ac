package aac

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	codec "github.com/tphakala/go-aac"
)

const (
	// UnitSamples is how many samples of each channel an access unit holds.
	UnitSamples = codec.FrameSize
	// Priming is how many samples of nothing the encoder puts before the first
	// that it was given.
	Priming = codec.EncoderDelay
	// MaxUnit bounds an access unit, in bytes. The format allows 768 a channel;
	// the rest is room for what others write into them.
	MaxUnit = 16 << 10
	// MaxUnits bounds the access units of a file: 6 hours at 44,100 Hz.
	MaxUnits = 1 << 20
	// maxJunk bounds what is passed over between two frames, in bytes.
	maxJunk = 64 << 10
)

// Span says where an access unit lies in its file.
type Span struct {
	At   uint32
	Size uint16
}

// Track is AAC in a file: where its access units are, and which of the samples
// that they hold are sound.
type Track struct {
	File     io.ReaderAt
	Config   []byte // AudioSpecificConfig
	Rate     int    // Hz
	Channels int
	Units    []Span
	// Priming is how many decoded samples come before the sound, Samples how many
	// of each channel are the sound.
	Priming, Samples int64
	// Damaged: a part is missing or was passed over.
	Damaged bool
}

// Duration of the sound.
func (t *Track) Duration() time.Duration {
	if t.Rate <= 0 {
		return 0
	}
	return time.Duration(float64(t.Samples) / float64(t.Rate) * float64(time.Second))
}

// AppendUnit appends access unit i to b.
func (t *Track) AppendUnit(b []byte, i int) ([]byte, error) {
	s := t.Units[i]
	n := len(b)
	b = append(b, make([]byte, s.Size)...)
	if _, err := io.ReadFull(io.NewSectionReader(t.File, int64(s.At), int64(s.Size)), b[n:]); err != nil {
		return b[:n], fmt.Errorf("aac: access unit %d: %w", i, err)
	}
	return b, nil
}

// OpenADTS finds the access units of an ADTS file of size bytes. What is no frame
// is passed over, up to 64 KiB at a time, and makes the Track Damaged, as does a
// last frame that is not whole. ADTS cannot say where the sound begins: one unit
// is taken for priming, which is what this encoder and most others write.
//
// The error wraps [ErrNotADTS], [ErrUnsupported], [ErrTooLarge] or is that of the
// reader.
func OpenADTS(r io.ReaderAt, size int64) (*Track, error) {
	if size > math.MaxUint32 {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, size)
	}
	t := &Track{File: r, Priming: Priming}
	in := bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 32<<10)
	at, err := skipTag(in)
	if err != nil {
		return nil, err
	}
	junk := 0
	var first header
	for {
		b, err := in.Peek(headerBytes)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("aac: %w", err)
		}
		if len(b) < headerBytes {
			t.Damaged = t.Damaged || len(b) > 0
			break
		}
		h, err := parseHeader(b)
		switch {
		case len(t.Units) == 0 && errors.Is(err, ErrUnsupported):
			return nil, err
		case err != nil || len(t.Units) > 0 && (h.rate != first.rate || h.channels != first.channels):
			if junk++; len(t.Units) == 0 || junk > maxJunk {
				return t.finish(first, err)
			}
			t.Damaged = true
			at++
			if _, err := in.Discard(1); err != nil {
				return nil, fmt.Errorf("aac: %w", err)
			}
			continue
		case at+int64(h.frame) > size:
			t.Damaged = true
			return t.finish(first, nil)
		case len(t.Units) == MaxUnits:
			return nil, ErrTooLarge
		}
		if junk = 0; len(t.Units) == 0 {
			first = h
		}
		t.Units = append(t.Units, Span{uint32(at) + uint32(h.head), uint16(h.frame - h.head)})
		at += int64(h.frame)
		if _, err := in.Discard(h.frame); err != nil {
			return nil, fmt.Errorf("aac: %w", err)
		}
	}
	return t.finish(first, nil)
}

// finish fills in what the frames together say.
func (t *Track) finish(first header, err error) (*Track, error) {
	if len(t.Units) == 0 {
		if err == nil {
			err = fmt.Errorf("%w: no whole frame", ErrNotADTS)
		}
		return nil, err
	}
	t.Rate, t.Channels, t.Config = first.rate, first.channels, first.config()
	t.Samples = max(int64(len(t.Units))*UnitSamples-t.Priming, 0)
	return t, nil
}

// skipTag passes over an ID3v2 tag and returns its length.
func skipTag(in *bufio.Reader) (int64, error) {
	b, err := in.Peek(10)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("aac: %w", err)
	}
	n, err := in.Discard(id3(b))
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("aac: %w", err)
	}
	return int64(n), nil
}

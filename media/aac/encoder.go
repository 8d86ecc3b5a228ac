package aac

import (
	"encoding/binary"
	"fmt"

	"github.com/tphakala/go-aac/pcm"
)

// What a voice note is made of.
const (
	SampleRate = 44100 // Hz, one channel
	// MinBitrate and MaxBitrate bound what an [Encoder] may be asked for, in bits
	// a second.
	MinBitrate = 16_000
	MaxBitrate = 192_000
)

// Encoder makes AAC-LC of 44,100 Hz mono. It is not safe for concurrent use.
type Encoder struct {
	enc     *pcm.FrameEncoder
	emit    func(unit []byte, samples int) error
	bytes   []byte
	samples int64
}

// NewEncoder returns an Encoder that gives each access unit to emit as soon as it
// is made; the unit is valid during the call only. bitrate is in bits a second,
// from [MinBitrate] to [MaxBitrate].
func NewEncoder(bitrate int, emit func(unit []byte) error) (*Encoder, error) {
	if bitrate < MinBitrate || bitrate > MaxBitrate {
		return nil, fmt.Errorf("aac: %d bit/s; %d to %d are possible", bitrate, MinBitrate, MaxBitrate)
	}
	enc, err := pcm.NewFrameEncoder(pcm.Config{SampleRate: SampleRate, BitDepth: 16, Channels: 1, Bitrate: bitrate})
	if err != nil {
		return nil, fmt.Errorf("aac: %w", err)
	}
	return &Encoder{enc: enc, emit: func(unit []byte, _ int) error { return emit(unit) }}, nil
}

// Write encodes samples. The error is that of emit or of the codec, and stays.
func (e *Encoder) Write(samples []int16) error {
	e.bytes = e.bytes[:0]
	for _, s := range samples {
		e.bytes = binary.LittleEndian.AppendUint16(e.bytes, uint16(s))
	}
	if err := e.enc.EncodeInterleaved(e.bytes, e.emit); err != nil {
		return fmt.Errorf("aac: encode: %w", err)
	}
	e.samples += int64(len(samples))
	return nil
}

// Close encodes what is left. Without it the last two units are missing.
func (e *Encoder) Close() error {
	if err := e.enc.Flush(e.emit); err != nil {
		return fmt.Errorf("aac: encode: %w", err)
	}
	return nil
}

// Samples is how many samples were written: the exact length of the sound, which
// the units do not tell.
func (e *Encoder) Samples() int64 { return e.samples }

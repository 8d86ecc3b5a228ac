package voice

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/faiface/beep"

	"magpie/media/aac"
	"magpie/media/m4a"
	"magpie/media/wav"
)

// Why a note cannot be opened.
var (
	// ErrNotSound: nothing here can decode it.
	ErrNotSound = errors.New("voice: no sound that can be decoded")
	// ErrNeedsIsolation: it may be sound, but only the isolated decoder, which is
	// not there, could tell.
	ErrNeedsIsolation = errors.New("voice: to be decoded in isolation only")
)

// File is what is read: bytes at any place, and how many there are.
type File interface {
	io.ReaderAt
	Size() int64
}

// Isolated decodes what is not decoded here, where it can do no harm.
type Isolated interface {
	// PCM decodes the sound of f: 16-bit samples, the lower byte first, the
	// channels (1 or 2) of one moment side by side. ctx is for reading too. Of
	// damaged sound r gives what can be decoded before its error.
	PCM(ctx context.Context, f File) (r io.ReadCloser, rate, channels int, err error)
}

// source is a decoder. Read and SeekTo are as those of aac.Decoder.
type source interface {
	Read(p []int16) (int, error)
	SeekTo(frame int64) error
	Position() int64
}

// Sound is a voice note as a stream; it implements beep.StreamSeekCloser. It is
// not safe for concurrent use.
type Sound struct {
	src      source
	rate     int
	channels int
	length   func() int64
	damaged  func() bool
	close    func() error
	buf      []int16
	err      error
}

// Open opens a voice note; isolated may be nil. ctx is for as long as the Sound
// is used. The error wraps [ErrNotSound] or [ErrNeedsIsolation], or is that of the
// file, of the isolated decoder or ctx's.
func Open(ctx context.Context, f File, isolated Isolated) (*Sound, error) {
	s, err := open(f)
	if err == nil {
		return s, nil
	}
	if !foreign(err) {
		return nil, err
	}
	if isolated == nil {
		return nil, fmt.Errorf("%w: %w", ErrNeedsIsolation, err)
	}
	r, rate, channels, err := isolated.PCM(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotSound, err)
	}
	if channels < 1 || channels > 2 || rate < 1 {
		return nil, errors.Join(fmt.Errorf("%w: %d channels, %d Hz", ErrNotSound, channels, rate), r.Close())
	}
	m := newMemory(r, rate, channels)
	return &Sound{src: m, rate: rate, channels: channels, length: m.length, damaged: func() bool { return m.damaged }, close: r.Close}, nil
}

// foreign tells sound of another kind from failures to read the file. Damage is
// foreign too: the isolated decoder makes more of it.
func foreign(err error) bool {
	for _, e := range []error{
		aac.ErrNotADTS, aac.ErrUnsupported, aac.ErrDamaged, m4a.ErrNotMP4, m4a.ErrNoAAC, m4a.ErrDamaged, wav.ErrNotWAV, wav.ErrUnsupported,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// open opens what is decoded here.
func open(f File) (*Sound, error) {
	head := make([]byte, min(f.Size(), 16))
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, f.Size()), head); err != nil {
		return nil, fmt.Errorf("voice: %w", err)
	}
	if len(head) >= 4 && string(head[:4]) == "RIFF" {
		return openWAV(f)
	}
	var track *aac.Track
	file, err := m4a.Open(f, f.Size())
	switch {
	case err == nil:
		track, err = file.AAC()
	case errors.Is(err, m4a.ErrNotMP4):
		track, err = aac.OpenADTS(f, f.Size())
	}
	if err != nil {
		return nil, err
	}
	d, err := aac.NewDecoder(track)
	if err != nil {
		return nil, err
	}
	return &Sound{src: d, rate: d.Rate(), channels: d.Channels(), length: d.Len, damaged: d.Damaged, close: nothing}, nil
}

func openWAV(f File) (*Sound, error) {
	r, err := wav.Open(f, f.Size())
	if err != nil {
		return nil, err
	}
	if r.Channels > 2 {
		return nil, fmt.Errorf("%w: %d channels", wav.ErrUnsupported, r.Channels)
	}
	return &Sound{src: r, rate: r.Rate, channels: r.Channels, length: func() int64 { return r.Frames }, damaged: func() bool { return false }, close: nothing}, nil
}

func nothing() error { return nil }

// Format of the stream; Precision is that of the decoder.
func (s *Sound) Format() beep.Format {
	return beep.Format{SampleRate: beep.SampleRate(s.rate), NumChannels: s.channels, Precision: 2}
}

// Damaged reports whether something was missing of what was decoded up to now.
func (s *Sound) Damaged() bool { return s.damaged() }

// Read gives samples as they were decoded, the channels of one moment side by
// side; at the end the error is io.EOF.
func (s *Sound) Read(p []int16) (int, error) { return s.src.Read(p) }

// Stream implements beep.Streamer. Mono sounds on both sides.
func (s *Sound) Stream(samples [][2]float64) (n int, ok bool) {
	if s.err != nil {
		return 0, false
	}
	if len(s.buf) < len(samples)*s.channels {
		s.buf = make([]int16, len(samples)*s.channels)
	}
	const scale = 1.0 / (1 << 15)
	for n < len(samples) {
		m, err := s.src.Read(s.buf[:(len(samples)-n)*s.channels])
		for i := 0; i < m; i += s.channels {
			samples[n] = [2]float64{float64(s.buf[i]) * scale, float64(s.buf[i+s.channels-1]) * scale}
			n++
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
			break
		}
	}
	return n, n > 0
}

// Err implements beep.Streamer.
func (s *Sound) Err() error { return s.err }

// Len is the number of frames; of isolated sound those that are decoded up to now.
func (s *Sound) Len() int { return int(s.length()) }

// Position is the frame that is next.
func (s *Sound) Position() int { return int(s.src.Position()) }

// Seek makes frame the next one.
func (s *Sound) Seek(frame int) error {
	s.err = nil
	return s.src.SeekTo(int64(frame))
}

// Close ends the isolated decoder if one is at work; the file is its owner's.
func (s *Sound) Close() error { return s.close() }

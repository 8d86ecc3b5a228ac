// Package isolated lets package probe and package voice use the sandbox for what
// they do not read themselves.
package isolated

import (
	"context"
	"image"
	"io"

	"magpie/media/probe"
	"magpie/media/sandbox"
	"magpie/media/voice"
)

// Decoder is a sandbox as a probe.Isolated and a voice.Isolated.
type Decoder struct{ s *sandbox.Sandbox }

var _ probe.Isolated = Decoder{}

// New uses s, which its owner closes.
func New(s *sandbox.Sandbox) Decoder { return Decoder{s} }

// Probe implements probe.Isolated.
func (d Decoder) Probe(ctx context.Context, f voice.File) (probe.Stream, error) {
	info, err := d.s.Probe(ctx, f)
	return probe.Stream{
		VideoCodec: info.VideoCodec, AudioCodec: info.AudioCodec,
		Width: info.Width, Height: info.Height, Rotation: info.Rotation, Duration: info.Duration,
	}, err
}

// Still implements probe.Isolated.
func (d Decoder) Still(ctx context.Context, f voice.File, maxSide int) (image.Image, error) {
	img, _, err := d.s.Still(ctx, f, maxSide)
	if err != nil {
		return nil, err // not an interface that holds nil
	}
	return img, nil
}

// PCM implements voice.Isolated.
func (d Decoder) PCM(ctx context.Context, f voice.File) (r io.ReadCloser, rate, channels int, err error) {
	sound, err := d.s.PCM(ctx, f)
	if err != nil {
		return nil, 0, 0, err
	}
	return sound, sound.Rate, sound.Channels, nil
}

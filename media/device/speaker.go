package device

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"sync/atomic"

	"github.com/faiface/beep"

	"magpie/media/play"
)

// OpenSpeaker opens the speaker with this ID, "" for the default one, under a limit
// of time, at the rate it has. Lost gives [ErrUnplugged] when it is gone, and
// [ErrTimeout] when it never took a sample.
func OpenSpeaker(ctx context.Context, id string) (play.Output, error) {
	return openSpeaker(ctx, func(s *speaker) (handle, int, error) { return playOn(id, s) })
}

func openSpeaker(ctx context.Context, open func(s *speaker) (handle, int, error)) (play.Output, error) {
	s := &speaker{line: newLine(), lost: make(chan error, 1)}
	o, err := within(ctx, openLimit, func() (atRate, error) {
		h, rate, err := open(s)
		return atRate{h, rate}, err
	}, func(o atRate) { o.Close() })
	if err != nil {
		return nil, err
	}
	s.line.handle, s.rate = o.handle, o.rate
	return s, nil
}

// speaker is a play.Output on a device that takes 32-bit floats of two channels.
type speaker struct {
	line   *line
	rate   int
	lost   chan error
	stream atomic.Pointer[beep.Streamer]
	frames [][2]float64 // used by the device only
}

// Rate implements play.Output.
func (s *speaker) Rate() int { return s.rate }

// Lost implements play.Output.
func (s *speaker) Lost() <-chan error { return s.lost }

// Start implements play.Output.
func (s *speaker) Start(stream beep.Streamer) error {
	s.stream.Store(&stream)
	err := s.line.start(context.Background(), func(err error) { s.lost <- err })
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// Close implements play.Output. The error is ErrTimeout if the device hangs.
func (s *speaker) Close() error {
	s.stream.Store(nil)
	return s.line.close()
}

// read fills b for the device.
func (s *speaker) read(b []byte) {
	s.line.beat()
	const frame = 8 // bytes
	n := len(b) / frame
	if cap(s.frames) < n {
		s.frames = make([][2]float64, n)
	}
	frames := s.frames[:n]
	clear(frames)
	if stream := s.stream.Load(); stream != nil {
		(*stream).Stream(frames)
	}
	for i, f := range frames {
		for ch, v := range f {
			v = max(-1, min(1, v))
			binary.LittleEndian.PutUint32(b[frame*i+4*ch:], math.Float32bits(float32(v)))
		}
	}
}

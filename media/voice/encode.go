package voice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/faiface/beep"

	"magpie/media/aac"
	"magpie/media/m4a"
)

// resampleQuality is how many samples on each side one is interpolated from; 4 is
// what beep means by good, and higher ones cost much and are not heard.
const resampleQuality = 4

// Encode writes s from where it is to its end as the M4A of a voice note: both
// channels as one, at 44,100 Hz. Until it is complete the sound is kept in a file
// in dir, which is gone afterwards.
func Encode(ctx context.Context, w io.Writer, dir string, s *Sound, bitrate int) (err error) {
	temp, err := os.MkdirTemp(dir, ".magpie-*")
	if err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	path := temp + "/note.aac"
	samples, err := encodeADTS(ctx, path, s, bitrate)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	track, err := aac.OpenADTS(f, info.Size())
	if err != nil {
		return err
	}
	track.Samples = samples
	return m4a.Write(w, track)
}

func encodeADTS(ctx context.Context, path string, s *Sound, bitrate int) (samples int64, err error) {
	g, err := aac.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	e, err := aac.NewEncoder(bitrate, g.Append)
	if err != nil {
		return 0, err
	}
	var stream beep.Streamer = s
	if s.rate != aac.SampleRate {
		stream = beep.Resample(resampleQuality, beep.SampleRate(s.rate), aac.SampleRate, s)
	}
	var frames [2048][2]float64
	pcm := make([]int16, 0, len(frames))
	for {
		if err := ctx.Err(); err != nil {
			return 0, fmt.Errorf("voice: %w", err)
		}
		n, ok := stream.Stream(frames[:])
		if !ok {
			break
		}
		pcm = pcm[:0]
		for _, f := range frames[:n] {
			v := math.Round((f[0] + f[1]) / 2 * (1 << 15))
			pcm = append(pcm, int16(max(math.MinInt16, min(math.MaxInt16, v))))
		}
		if err := e.Write(pcm); err != nil {
			return 0, err
		}
	}
	if err := s.Err(); err != nil {
		return 0, err
	}
	return e.Samples(), e.Close()
}

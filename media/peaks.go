package media

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/faiface/beep"

	"magpie/im"
)

const (
	// chunkFrames is how many frames are asked of a stream at once, and so how
	// soon an end of the context is seen: 43 ms of sound at 48 kHz.
	chunkFrames = 2048
	// fineBuckets bounds the buckets that are kept while the length is not known
	// yet. At the end between half and all of them are in use, so the border of a
	// peak is off by at most 1/16 of its width.
	fineBuckets = 32 * im.MaxPeaks
	// maxEmptyReads is how often a stream may give nothing and say it has more.
	maxEmptyReads = 100
)

// Peaks reads s to its end, or its first total frames if total is positive, and
// returns its waveform: at most im.MaxPeaks values over equal parts of its
// length, each the largest absolute sample of its part in either channel, with
// 0 for silence and 255 for full scale. What lies above full scale counts as
// full. A stream of fewer frames has a value for each, an empty one none.
//
// Memory does not depend on the length. The error is ctx's, that of the stream
// ([beep.Streamer].Err), or says how the stream broke its contract; there are no
// values then.
func Peaks(ctx context.Context, s beep.Streamer, total int) ([]byte, error) {
	var (
		w     Waveform
		chunk [chunkFrames][2]float64
		read  int
		empty int
	)
	for {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("media: waveform: %w", err)
		}
		want := chunk[:]
		if total > 0 {
			want = want[:min(len(want), total-read)]
		}
		if len(want) == 0 {
			break
		}
		n, ok := s.Stream(want)
		if n < 0 || n > len(want) {
			return nil, fmt.Errorf("media: waveform: the stream gave %d of %d frames", n, len(want))
		}
		w.Add(want[:n])
		read += n
		if !ok {
			break
		}
		if n > 0 {
			empty = 0
		} else if empty++; empty == maxEmptyReads {
			return nil, fmt.Errorf("media: waveform: %w", io.ErrNoProgress)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("media: waveform: read the sound: %w", err)
	}
	return w.Peaks(), nil
}

// Waveform gathers peaks of a sound whose length is not known, as it is recorded:
// when all buckets are full, each two become one and a bucket spans twice as many
// frames. Its zero value is ready.
type Waveform struct {
	fine  [fineBuckets]float64
	used  int     // full buckets
	width int     // frames a bucket spans; 0 is 1
	open  float64 // peak of the bucket that is being filled
	in    int     // frames in it
}

// Add takes the next frames.
func (w *Waveform) Add(frames [][2]float64) {
	for len(frames) > 0 {
		run := frames[:min(len(frames), max(w.width, 1)-w.in)]
		open := w.open
		for i := range run {
			// A comparison with NaN is false, so NaN counts as silence.
			if v := math.Abs(run[i][0]); v > open {
				open = v
			}
			if v := math.Abs(run[i][1]); v > open {
				open = v
			}
		}
		w.open = open
		w.in += len(run)
		if w.in >= w.width {
			w.close()
		}
		frames = frames[len(run):]
	}
}

// close ends the bucket that is being filled.
func (w *Waveform) close() {
	if w.used == len(w.fine) {
		for i := range len(w.fine) / 2 {
			w.fine[i] = max(w.fine[2*i], w.fine[2*i+1])
		}
		w.used = len(w.fine) / 2
		w.width = 2 * max(w.width, 1)
		if w.in < w.width {
			return // it spans more now and is not full yet
		}
	}
	w.fine[w.used] = w.open
	w.used++
	w.open, w.in = 0, 0
}

// Peaks are the values, as of [Peaks], of all that was added up to now.
func (w *Waveform) Peaks() []byte {
	all := w.fine[:w.used]
	if w.in > 0 { // what did not fill a bucket
		all = append(all[:w.used:w.used], w.open)
	}
	n := min(len(all), im.MaxPeaks)
	out := make([]byte, n)
	for i := range n {
		peak := 0.0
		for _, v := range all[i*len(all)/n : (i+1)*len(all)/n] {
			peak = max(peak, v)
		}
		out[i] = byte(math.Round(255 * min(peak, 1)))
	}
	return out
}

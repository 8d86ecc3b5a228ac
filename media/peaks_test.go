package media_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/faiface/beep"

	"magpie/im"
	"magpie/media"
)

// tone is a stream of n frames of f.
func tone(n int, f func(i int) (left, right float64)) *stream { return &stream{left: n, f: f} }

// stream keeps to the contract of beep.Streamer, but for what a test sets.
type stream struct {
	f    func(i int) (left, right float64)
	i    int
	left int
	err  error
	// most bounds what one call gives; 0 is no bound.
	most int
}

func (s *stream) Stream(samples [][2]float64) (int, bool) {
	n := min(len(samples), s.left)
	if s.most > 0 {
		n = min(n, s.most)
	}
	for k := range n {
		l, r := s.f(s.i)
		samples[k] = [2]float64{l, r}
		s.i++
	}
	s.left -= n
	return n, n > 0
}

func (s *stream) Err() error {
	if s.left > 0 {
		return nil
	}
	return s.err
}

func mono(v float64) func(int) (float64, float64) {
	return func(int) (float64, float64) { return v, v }
}

func peaks(t *testing.T, s beep.Streamer, total int) []byte {
	t.Helper()
	p, err := media.Peaks(t.Context(), s, total)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSine(t *testing.T) {
	// 3 s of 440 Hz at half of full scale.
	const rate = 48000
	p := peaks(t, tone(3*rate, func(i int) (float64, float64) {
		v := 0.5 * math.Sin(2*math.Pi*440*float64(i)/rate)
		return v, v
	}), 0)
	if len(p) != im.MaxPeaks {
		t.Fatalf("%d values", len(p))
	}
	for i, v := range p {
		if v < 127 || v > 128 {
			t.Errorf("value %d is %d", i, v)
		}
	}
}

func TestSilence(t *testing.T) {
	p := peaks(t, tone(100_000, mono(0)), 0)
	for i, v := range p {
		if v != 0 {
			t.Errorf("value %d of silence is %d", i, v)
		}
	}
	if len(p) != im.MaxPeaks {
		t.Errorf("%d values", len(p))
	}
}

// A ramp from 0 to 1 has the same waveform whatever its length, which the
// function does not know beforehand.
func TestRampOfAnyLength(t *testing.T) {
	for _, n := range []int{100, 101, 999, 3199, 3200, 3201, 6400, 6401, 44100, 1_234_567} {
		p := peaks(t, tone(n, func(i int) (float64, float64) { return float64(i+1) / float64(n), 0 }), 0)
		if len(p) != im.MaxPeaks {
			t.Fatalf("%d frames have %d values", n, len(p))
		}
		for i, v := range p {
			if want := 255 * float64(i+1) / im.MaxPeaks; math.Abs(float64(v)-want) > 255.0/100+1 {
				t.Errorf("%d frames: value %d is %d, want about %.1f", n, i, v, want)
			}
		}
	}
}

func TestShort(t *testing.T) {
	for n := range 100 {
		p := peaks(t, tone(n, func(i int) (float64, float64) { return float64(i) / 255, 0 }), 0)
		if len(p) != n {
			t.Fatalf("%d frames have %d values", n, len(p))
		}
		for i, v := range p {
			if int(v) != i {
				t.Errorf("%d frames: value %d is %d", n, i, v)
			}
		}
	}
}

// A single click anywhere in a long silence must be seen, in its place.
func TestClick(t *testing.T) {
	const n = 1_000_000
	for _, at := range []int{0, 1, 123_456, 500_000, n - 1} {
		p := peaks(t, tone(n, func(i int) (float64, float64) {
			if i == at {
				return 0, -1
			}
			return 0, 0
		}), 0)
		for i, v := range p {
			if v != 0 && v != 255 || v == 255 && math.Abs(float64(i)+0.5-100*float64(at)/n) > 0.6 {
				t.Errorf("click at %d: value %d is %d", at, i, v)
			}
		}
		if max(p[max(at*100/n-1, 0)], p[at*100/n], p[min(at*100/n+1, 99)]) != 255 {
			t.Errorf("the click at %d is lost", at)
		}
	}
}

func TestStrangeSamples(t *testing.T) {
	for _, c := range []struct {
		left, right float64
		want        byte
	}{
		{1, 0, 255}, {-1, 0, 255}, {0, 1, 255}, {0, -0.5, 128}, {7, 0, 255}, {math.Inf(-1), 0, 255},
		{math.NaN(), 0, 0}, {math.NaN(), 0.2, 51}, {1e-9, 0, 0},
	} {
		p := peaks(t, tone(1000, func(int) (float64, float64) { return c.left, c.right }), 0)
		for _, v := range p {
			if v != c.want {
				t.Errorf("%g, %g: %d, want %d", c.left, c.right, v, c.want)
				break
			}
		}
	}
}

func TestTotalBoundsWhatIsRead(t *testing.T) {
	s := tone(math.MaxInt, mono(1)) // without end
	if p := peaks(t, s, 48000); len(p) != im.MaxPeaks || s.i != 48000 {
		t.Errorf("%d values of %d frames", len(p), s.i)
	}
	if p := peaks(t, tone(10, mono(1)), 48000); len(p) != 10 {
		t.Errorf("a stream shorter than told has %d values", len(p))
	}
	if p := peaks(t, tone(5000, mono(1)), 50); len(p) != 50 {
		t.Errorf("50 frames have %d values", len(p))
	}
}

// A decoder may give its frames in small pieces.
func TestSmallPieces(t *testing.T) {
	s := tone(10_000, func(i int) (float64, float64) { return float64(i) / 10_000, 0 })
	whole := peaks(t, s, 0)
	s = tone(10_000, func(i int) (float64, float64) { return float64(i) / 10_000, 0 })
	s.most = 7
	if got := peaks(t, s, 0); string(got) != string(whole) {
		t.Errorf("in pieces %v, whole %v", got, whole)
	}
}

func TestErrorMidway(t *testing.T) {
	broken := errors.New("damaged frame")
	s := tone(5000, mono(1))
	s.err = broken
	if p, err := media.Peaks(t.Context(), s, 0); !errors.Is(err, broken) || p != nil {
		t.Errorf("%d values, %v", len(p), err)
	}
}

// stuck says that it has more and gives nothing.
type stuck struct{ give int }

func (s stuck) Stream([][2]float64) (int, bool) { return s.give, true }
func (s stuck) Err() error                      { return nil }

func TestBrokenStreams(t *testing.T) {
	if _, err := media.Peaks(t.Context(), stuck{0}, 0); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("nothing for ever: %v", err)
	}
	for _, n := range []int{-1, 1 << 20} {
		if _, err := media.Peaks(t.Context(), stuck{n}, 0); err == nil {
			t.Errorf("%d frames at once were taken", n)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := media.Peaks(ctx, tone(100, mono(1)), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("before: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	s := tone(math.MaxInt, func(i int) (float64, float64) {
		if i == 100_000 {
			cancel()
		}
		return 0, 0
	})
	if _, err := media.Peaks(ctx, s, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("during: %v", err)
	}
	if s.i > 105_000 {
		t.Errorf("%d frames were read after the end of the context", s.i-100_000)
	}
}

// A voice note of the greatest length takes the memory of a short one.
func TestMemoryIsBounded(t *testing.T) {
	took := func(n int) uint64 {
		var before, after runtime.MemStats
		s := tone(n, mono(0.3))
		runtime.ReadMemStats(&before)
		peaks(t, s, 0)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if got := took(int(im.MaxAudio.Seconds()) * 48000); got > 256<<10 {
		t.Errorf("10 minutes take %d bytes", got)
	}
}

func FuzzPeaks(f *testing.F) {
	f.Add(uint(5000), uint(0), uint(7), 0.5)
	f.Add(uint(3200), uint(3201), uint(0), -1.0)
	f.Add(uint(0), uint(1), uint(1), math.Inf(1))
	f.Fuzz(func(t *testing.T, n, total, most uint, v float64) {
		n, total = n%20_000, total%20_000
		s := tone(int(n), mono(v))
		s.most = int(most % 5000)
		p, err := media.Peaks(t.Context(), s, int(total))
		if err != nil {
			t.Fatal(err)
		}
		read := n
		if total > 0 {
			read = min(n, total)
		}
		if want := min(int(read), im.MaxPeaks); len(p) != want {
			t.Fatalf("%d values of %d frames", len(p), read)
		}
		for _, got := range p {
			if got != p[0] {
				t.Fatalf("a level sound has the values %v", p)
			}
		}
	})
}

// noise is cheap to make, so that the benchmark measures what it is for.
type noise struct{ left int }

func (s *noise) Stream(samples [][2]float64) (int, bool) {
	n := min(len(samples), s.left)
	s.left -= n
	for i := range n {
		samples[i] = [2]float64{float64(i) / 4096, float64(i) / -4096}
	}
	return n, n > 0
}

func (s *noise) Err() error { return nil }

func BenchmarkPeaks(b *testing.B) {
	n := int(im.MaxAudio.Seconds()) * 48000
	for b.Loop() {
		if _, err := media.Peaks(b.Context(), &noise{n}, 0); err != nil {
			b.Fatal(err)
		}
	}
	per := b.Elapsed() / time.Duration(b.N)
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "media/peaks of a 10 min note", per.Seconds()*1000, "ms", "<= 250")
}

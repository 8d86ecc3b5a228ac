package device

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"

	"github.com/faiface/beep"

	"magpie/media/aac"
)

// resampleQuality is how many samples on each side one is interpolated from; 4 is
// what beep means by good.
const resampleQuality = 4

// converter makes samples of 44,100 Hz of those of a microphone with another rate.
type converter struct {
	src   io.ReadCloser
	in    *bufio.Reader
	out   *beep.Resampler
	err   error // of in
	buf   []byte
	ready []byte // of buf, not given yet
}

func newConverter(src io.ReadCloser, rate int) *converter {
	c := &converter{src: src, in: bufio.NewReaderSize(src, 4096)}
	c.out = beep.Resample(resampleQuality, beep.SampleRate(rate), aac.SampleRate, beep.StreamerFunc(c.stream))
	return c
}

// stream gives what the microphone gives, as much as is asked for but at the end.
func (c *converter) stream(samples [][2]float64) (n int, ok bool) {
	var b [2]byte
	for n < len(samples) && c.err == nil {
		if _, c.err = io.ReadFull(c.in, b[:]); c.err == nil {
			v := float64(int16(binary.LittleEndian.Uint16(b[:]))) / (1 << 15)
			samples[n] = [2]float64{v, v}
			n++
		}
	}
	return n, n > 0
}

// Read implements io.Reader.
func (c *converter) Read(p []byte) (int, error) {
	if len(c.ready) == 0 {
		var frames [256][2]float64
		n, _ := c.out.Stream(frames[:])
		if n == 0 {
			return 0, c.err
		}
		c.buf = c.buf[:0]
		for _, f := range frames[:n] {
			v := max(math.MinInt16, min(math.MaxInt16, math.Round(f[0]*(1<<15))))
			c.buf = binary.LittleEndian.AppendUint16(c.buf, uint16(int16(v)))
		}
		c.ready = c.buf
	}
	n := copy(p, c.ready)
	c.ready = c.ready[n:]
	return n, nil
}

// Close implements io.Closer.
func (c *converter) Close() error { return c.src.Close() }

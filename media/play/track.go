package play

import (
	"sync/atomic"
	"time"

	"github.com/faiface/beep"
)

// resampleQuality is how many samples on each side one is interpolated from; 4 is
// what beep means by good.
const resampleQuality = 4

// track is the sound that plays. Its goroutine is the only one that uses src,
// except for closing it.
type track struct {
	id     string
	src    Source
	rate   int
	paused bool
	frames atomic.Int64 // that src has, as far as it knows
	grows  bool         // it knows only what it has decoded
	orders chan order   // holds the last one
	stop   chan struct{}
}

// order is what is to be decoded next.
type order struct {
	turn  int
	at    float64 // frame of the source
	speed float64
	rate  int // of the device
}

func newTrack(id string, s Source) *track {
	t := &track{id: id, src: s, rate: int(s.Format().SampleRate), orders: make(chan order, 1), stop: make(chan struct{})}
	t.frames.Store(int64(s.Len()))
	t.grows = s.Len() == 0
	return t
}

// frame is the one at a moment of the sound.
func (t *track) frame(at time.Duration) float64 {
	return at.Seconds() * float64(t.rate)
}

func (t *track) time(frame float64) time.Duration {
	return time.Duration(frame / float64(t.rate) * float64(time.Second))
}

// moment is the time of a frame and the length of the sound as far as it is known.
func (t *track) moment(frame float64) (at, length time.Duration) {
	at, length = t.time(frame), t.time(float64(t.frames.Load()))
	if t.grows {
		return at, max(at, length)
	}
	return min(at, length), length
}

// give makes o the next order. One goroutine calls it at a time.
func (t *track) give(o order) {
	select {
	case <-t.orders: // an older one that was not begun
	default:
	}
	t.orders <- o
}

// end stops the goroutine and closes the source. Closing may wait for a decoder.
func (t *track) end() {
	close(t.stop)
	go func() { _ = t.src.Close() }() // nobody listens any more
}

// run decodes into f what it is ordered to.
func (t *track) run(f *feed) {
	for {
		select {
		case <-t.stop:
			return
		case o := <-t.orders:
			if end, ok := t.fill(f, o); ok {
				f.finish(o.turn, end)
			}
		}
	}
}

// fill decodes from o.at to the end and reports how that was; false if it was not
// reached because the turn is over.
func (t *track) fill(f *feed, o order) (ending, bool) {
	from, err := t.seek(int(o.at + 0.5))
	if err != nil {
		return ending{err, t.src.Damaged()}, true
	}
	var s beep.Streamer = t.src
	if o.speed != 1 {
		s = newStretcher(s, t.rate, o.speed)
	}
	if o.rate != t.rate {
		s = beep.Resample(resampleQuality, beep.SampleRate(t.rate), beep.SampleRate(o.rate), s)
	}
	var b block
	b.at, b.step = float64(from), o.speed*float64(t.rate)/float64(o.rate)
	for {
		b.n, _ = s.Stream(b.frames[:])
		t.frames.Store(int64(t.src.Len()))
		if b.n > 0 && !f.put(o.turn, &b) {
			return ending{}, false
		}
		b.at += float64(b.n) * b.step
		if b.n < len(b.frames) {
			break
		}
	}
	end := ending{t.src.Err(), t.src.Damaged()}
	if end.damaged && b.at > 0 {
		end.err = nil // what there is was heard
	}
	return end, true
}

// seek makes frame the next one of the source, or its end if that comes before.
func (t *track) seek(frame int) (int, error) {
	err := t.src.Seek(frame)
	if n := t.src.Len(); err != nil && frame > n {
		frame, err = n, t.src.Seek(n)
	}
	return frame, err
}

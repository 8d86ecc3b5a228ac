package play_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/faiface/beep"

	"magpie/media/play"
)

// sound is a source of known frames.
type sound struct {
	rate    int
	frames  [][2]float64
	pos     int
	damaged bool
	err     error         // instead of an end
	wait    chan struct{} // if not nil, Stream waits for it at frame waitAt
	waitAt  int
	slow    time.Duration // that each Stream takes
	grows   bool          // Len is what was streamed or sought up to now
	known   int
	once    sync.Once
	closed  chan struct{}
}

func newSound(rate int, frames [][2]float64) *sound {
	return &sound{rate: rate, frames: frames, closed: make(chan struct{})}
}

func (s *sound) Stream(samples [][2]float64) (n int, ok bool) {
	if s.wait != nil && s.pos+len(samples) > s.waitAt {
		select {
		case <-s.wait:
		case <-s.closed:
			return 0, false
		}
	}
	time.Sleep(s.slow) // of the bubble's clock
	n = copy(samples, s.frames[s.pos:])
	s.pos += n
	s.known = max(s.known, s.pos)
	return n, n > 0
}

func (s *sound) Err() error {
	if s.pos == len(s.frames) {
		return s.err
	}
	return nil
}
func (s *sound) Position() int { return s.pos }
func (s *sound) Damaged() bool { return s.damaged }
func (s *sound) Close() error  { s.once.Do(func() { close(s.closed) }); return nil }
func (s *sound) Format() beep.Format {
	return beep.Format{SampleRate: beep.SampleRate(s.rate), NumChannels: 1, Precision: 2}
}

func (s *sound) Seek(frame int) error {
	if frame < 0 || frame > len(s.frames) {
		s.known = len(s.frames) // it has looked for it
		return fmt.Errorf("frame %d of %d", frame, len(s.frames))
	}
	s.pos, s.known = frame, max(s.known, frame)
	return nil
}

func (s *sound) Len() int {
	if s.grows {
		return s.known
	}
	return len(s.frames)
}

func (s *sound) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// period is how often the speaker pulls, and of how much.
const period = 20 * time.Millisecond

// speaker is an output that pulls in time, and keeps all that it got.
type speaker struct {
	rate   int
	ahead  int           // periods that are pulled at once at first
	fail   error         // of Start
	hang   chan struct{} // if not nil, Start waits for it
	lost   chan error
	closed chan struct{}
	once   sync.Once

	mu  sync.Mutex
	got [][2]float64
}

func newSpeaker(rate int) *speaker {
	return &speaker{rate: rate, lost: make(chan error, 1), closed: make(chan struct{})}
}

func (s *speaker) Rate() int          { return s.rate }
func (s *speaker) Lost() <-chan error { return s.lost }
func (s *speaker) Close() error       { s.once.Do(func() { close(s.closed) }); return nil }

func (s *speaker) Start(stream beep.Streamer) error {
	if s.hang != nil {
		<-s.hang
	}
	if s.fail != nil {
		return s.fail
	}
	pull := func(buf [][2]float64) {
		if n, ok := stream.Stream(buf); n != len(buf) || !ok {
			panic("the stream ended")
		}
		s.mu.Lock()
		s.got = append(s.got, buf...)
		s.mu.Unlock()
	}
	go func() {
		pull(make([][2]float64, s.ahead*s.rate/int(time.Second/period)))
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		buf := make([][2]float64, s.rate*int(period/time.Millisecond)/1000)
		for {
			select {
			case <-s.closed:
				return
			case <-ticker.C:
			}
			pull(buf)
		}
	}()
	return nil
}

func (s *speaker) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// pulled returns what was pulled up to now.
func (s *speaker) pulled() [][2]float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([][2]float64(nil), s.got...)
}

// rig is a player on speakers that are made as it opens them.
type rig struct {
	*play.Player
	t    *testing.T
	rate int
	make func(ctx context.Context) (play.Output, error) // nil makes a speaker

	mu       sync.Mutex
	speakers []*speaker
	events   []play.Event
}

// with runs f in a bubble where time costs nothing, with a player whose speakers
// have a rate. The player is closed at the end.
func with(t *testing.T, rate int, f func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, rate: rate}
		r.Player = play.New(r.open, r.say)
		f(r)
		r.Close()
		synctest.Wait()
	})
}

func (r *rig) open(ctx context.Context) (play.Output, error) {
	if r.make != nil {
		return r.make(ctx)
	}
	s := newSpeaker(r.rate)
	r.mu.Lock()
	r.speakers = append(r.speakers, s)
	r.mu.Unlock()
	return s, nil
}

func (r *rig) say(e play.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// after lets time pass in the bubble, and what happens in it.
func (r *rig) after(d time.Duration) {
	time.Sleep(d) // of the bubble's clock
	synctest.Wait()
}

func (r *rig) speaker(i int) *speaker {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if i >= len(r.speakers) {
		r.t.Fatalf("%d speakers were opened", len(r.speakers))
	}
	return r.speakers[i]
}

// last returns the last event.
func (r *rig) last() play.Event {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.events) == 0 {
		return nil
	}
	return r.events[len(r.events)-1]
}

// all returns the events up to now.
func (r *rig) all() []play.Event {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]play.Event(nil), r.events...)
}

// take returns the events up to now and forgets them.
func (r *rig) take() []play.Event {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() { r.events = nil }()
	return r.events
}

// at returns the position that was said last.
func (r *rig) at() time.Duration {
	r.t.Helper()
	p, ok := r.last().(play.Position)
	if !ok {
		r.t.Fatalf("the last event is %+v", r.last())
	}
	return p.At
}

// ramp is sound whose every frame tells its number, from 1.
func ramp(n int) [][2]float64 {
	frames := make([][2]float64, n)
	for i := range frames {
		frames[i] = [2]float64{float64(i + 1), -float64(i + 1)}
	}
	return frames
}

// tone is a sine of a frequency and amplitude 0.5.
func tone(rate, n int, hz float64) [][2]float64 {
	frames := make([][2]float64, n)
	for i := range frames {
		v := math.Sin(2*math.Pi*hz*float64(i)/float64(rate)) / 2
		frames[i] = [2]float64{v, v}
	}
	return frames
}

// heard cuts silence off both ends.
func heard(frames [][2]float64) [][2]float64 {
	for len(frames) > 0 && frames[0] == [2]float64{} {
		frames = frames[1:]
	}
	for len(frames) > 0 && frames[len(frames)-1] == [2]float64{} {
		frames = frames[:len(frames)-1]
	}
	return frames
}

var errGone = errors.New("unplugged")

package play_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"magpie/media/play"
	"magpie/media/voice"
)

var _ play.Source = (*voice.Sound)(nil)

const rate = 44100

// A sound comes out as it went in, and what is said of it is true.
func TestPlay(t *testing.T) {
	with(t, rate, func(r *rig) {
		s := newSound(rate, ramp(rate))
		r.Play("a", s, 0)
		if e := r.take(); len(e) != 1 || e[0] != (play.Position{ID: "a", Length: time.Second, Playing: true}) {
			t.Fatalf("at once: %+v", e)
		}
		r.after(2 * time.Second)
		if got := heard(r.speaker(0).pulled()); !slices.Equal(got, s.frames) {
			t.Errorf("%d frames came out, not those that went in", len(got))
		}
		events := r.take()
		if len(events) < 20 || len(events) > 23 {
			t.Errorf("%d events in a second", len(events))
		}
		for i, e := range events[:len(events)-1] {
			p, ok := e.(play.Position)
			if want := time.Duration(i+1) * 50 * time.Millisecond; !ok || (p.At-want).Abs() > 2*period || !p.Playing {
				t.Errorf("event %d is %+v, want about %v", i, e, want)
			}
		}
		if last := events[len(events)-1]; last != (play.Ended{ID: "a"}) {
			t.Errorf("the last event is %+v", last)
		}
		if !s.isClosed() {
			t.Error("the source is not closed")
		}
	})
}

// Paused sound is silence, and goes on with the very next frame.
func TestPause(t *testing.T) {
	with(t, rate, func(r *rig) {
		s := newSound(rate, ramp(rate))
		r.Play("a", s, 0)
		r.after(310 * time.Millisecond)
		r.take()
		r.Pause()
		r.Pause()
		if e := r.take(); len(e) != 1 || e[0] != (play.Position{ID: "a", At: 300 * time.Millisecond, Length: time.Second}) {
			t.Errorf("paused: %+v", e)
		}
		before := len(r.speaker(0).pulled())
		r.after(time.Second)
		if pause := r.speaker(0).pulled()[before:]; len(pause) < rate*9/10 || len(heard(pause)) > 0 {
			t.Errorf("%d frames of the pause are not silent", len(heard(pause)))
		}
		if e := r.take(); len(e) != 0 {
			t.Errorf("while paused: %+v", e)
		}
		r.Resume()
		r.after(time.Second)
		got := r.speaker(0).pulled()
		if got = slices.Concat(heard(got[:before]), heard(got[before:])); !slices.Equal(got, s.frames) {
			t.Errorf("%d frames came out, not those that went in", len(got))
		}
		if r.last() != (play.Ended{ID: "a"}) {
			t.Errorf("the last event is %+v", r.last())
		}
	})
}

func TestSeek(t *testing.T) {
	for name, c := range map[string]struct {
		to    time.Duration
		frame int // that is heard next, 0 if none
		at    time.Duration
	}{
		"forward":        {7 * time.Second, 7*rate + 1, 7 * time.Second},
		"back":           {250 * time.Millisecond, rate/4 + 1, 250 * time.Millisecond},
		"exactly":        {time.Second * 12345 / rate, 12346, time.Second * 12345 / rate},
		"before it all":  {-time.Second, 1, 0},
		"beyond the end": {time.Hour, 0, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			for _, paused := range []bool{false, true} {
				with(t, rate, func(r *rig) {
					s := newSound(rate, ramp(10*rate))
					r.Play("a", s, time.Second)
					r.after(500 * time.Millisecond)
					if first := heard(r.speaker(0).pulled())[0][0]; first != rate+1 {
						t.Errorf("began with frame %v", first)
					}
					if paused {
						r.Pause()
					}
					before := len(r.speaker(0).pulled())
					r.take()
					r.Seek(c.to)
					if e := r.all(); e[0] != (play.Position{ID: "a", At: c.at, Length: 10 * time.Second, Playing: !paused}) {
						t.Errorf("at once: %+v", e)
					}
					if paused {
						r.after(time.Second)
						if e := r.take(); len(e) != 1 || len(heard(r.speaker(0).pulled()[before:])) != 0 {
							t.Errorf("while paused: %+v", e)
						}
						r.Resume()
					}
					r.after(100 * time.Millisecond)
					got := heard(r.speaker(0).pulled()[before:])
					if c.frame == 0 {
						if len(got) > 0 || r.last() != (play.Ended{ID: "a"}) {
							t.Errorf("%d frames and %+v", len(got), r.last())
						}
						return
					}
					if len(got) == 0 || got[0][0] != float64(c.frame) {
						t.Fatalf("frame %v is heard, want %d", got, c.frame)
					}
				})
			}
		})
	}
}

// Of sound whose length is not known beforehand the position is right all the same.
func TestSoundThatGrows(t *testing.T) {
	with(t, rate, func(r *rig) {
		s := newSound(rate, ramp(10*rate))
		s.grows = true
		r.Play("a", s, 7*time.Second)
		if p := r.all()[0].(play.Position); p.At != 7*time.Second || p.Length != 7*time.Second {
			t.Errorf("at once: %+v", p)
		}
		r.after(time.Second)
		if p, ok := r.last().(play.Position); !ok || (p.At-8*time.Second).Abs() > 50*time.Millisecond || p.Length < p.At || p.Length > p.At+time.Second {
			t.Errorf("after a second: %+v", r.last())
		}
		r.Seek(time.Hour)
		r.after(time.Second)
		if r.last() != (play.Ended{ID: "a"}) {
			t.Errorf("%+v", r.last())
		}
	})
}

// One sound at a time: nothing more is heard or said of the one before.
func TestReplaceAndStop(t *testing.T) {
	with(t, rate, func(r *rig) {
		a, b := newSound(rate, ramp(rate)), newSound(rate, tone(rate, rate, 440))
		r.Play("a", a, 0)
		r.after(200 * time.Millisecond)
		r.take()
		before := len(r.speaker(0).pulled())
		r.Play("b", b, 0)
		r.after(400 * time.Millisecond)
		for _, e := range r.take() {
			if p, ok := e.(play.Position); !ok || p.ID != "b" {
				t.Errorf("%+v", e)
			}
		}
		for _, f := range r.speaker(0).pulled()[before:] {
			if math.Abs(f[0]) > 0.5 {
				t.Fatal("the sound before is still heard")
			}
		}
		if !a.isClosed() || b.isClosed() {
			t.Errorf("closed: %v, %v", a.isClosed(), b.isClosed())
		}
		before = len(r.speaker(0).pulled())
		r.Stop()
		r.Pause()
		r.Resume()
		r.Seek(0)
		r.Stop()
		r.after(time.Second)
		if e := r.take(); len(e) != 0 || !b.isClosed() || len(heard(r.speaker(0).pulled()[before:])) > 0 {
			t.Errorf("after Stop: %+v, closed %v", e, b.isClosed())
		}
		c := newSound(rate, ramp(rate))
		r.Close()
		r.Close()
		r.Play("c", c, 0)
		r.after(time.Second)
		if e := r.take(); len(e) != 0 || !c.isClosed() || !r.speaker(0).isClosed() {
			t.Errorf("after Close: %+v, closed %v", e, c.isClosed())
		}
	})
}

// What is said may be answered by playing the next; and whoever does not listen in
// time is told where the sound is, not where it was.
func TestSayMayCallThePlayer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, ended := newSpeaker(rate), make(chan string, 10)
		var p *play.Player
		var said atomic.Int64
		slow := make(chan struct{})
		p = play.New(func(context.Context) (play.Output, error) { return out, nil }, func(e play.Event) {
			switch e := e.(type) {
			case play.Position:
				if n := said.Add(1); e.ID == "b" && n > 20 {
					<-slow
				}
				p.SetVolume(1)
				p.SetSpeed(1)
			case play.Ended:
				ended <- e.ID
				if e.ID == "a" {
					p.Play("b", newSound(rate, ramp(rate)), 0)
				}
			}
		})
		p.Play("a", newSound(rate, ramp(rate/2)), 0)
		if id := <-ended; id != "a" {
			t.Error(id)
		}
		time.Sleep(5 * time.Second) // of the bubble's clock
		before := said.Load()
		close(slow)
		if id := <-ended; id != "b" || said.Load() > before+1 {
			t.Errorf("%s, after %d positions more", id, said.Load()-before)
		}
		p.Close()
	})
}

// A decoder that hangs is silence. The device is not kept waiting by it, nor is
// anybody else, and it goes on where it was.
func TestSlowSource(t *testing.T) {
	with(t, rate, func(r *rig) {
		s := newSound(rate, ramp(rate))
		s.wait, s.waitAt = make(chan struct{}), rate/2
		r.Play("a", s, 0)
		r.after(5 * time.Second)
		pulled := r.speaker(0).pulled()
		if len(pulled) < rate*49/10 {
			t.Errorf("the device got %d frames in 5 s", len(pulled))
		}
		at := len(heard(pulled))
		if at < rate/2-1000 || at > rate/2 {
			t.Errorf("%d frames were heard", at)
		}
		if p, ok := r.last().(play.Position); !ok || !p.Playing || (p.At-time.Duration(at)*time.Second/rate).Abs() > time.Millisecond {
			t.Errorf("%+v, %d frames were heard", r.last(), at)
		}
		close(s.wait)
		r.after(time.Second)
		if got := heard(r.speaker(0).pulled()); got[len(got)-1] != s.frames[rate-1] || r.last() != (play.Ended{ID: "a"}) {
			t.Errorf("it did not go on: %v, %+v", got[len(got)-1], r.last())
		}

		hangs := newSound(rate, ramp(rate))
		hangs.wait = make(chan struct{})
		r.Play("b", hangs, 0)
		r.after(time.Second)
		r.Seek(500 * time.Millisecond)
		r.SetSpeed(2)
		r.Play("c", newSound(rate, ramp(100)), 0)
		r.after(time.Second)
		if r.last() != (play.Ended{ID: "c"}) || !hangs.isClosed() {
			t.Errorf("%+v, closed %v", r.last(), hangs.isClosed())
		}
	})
}

// Sound has no holes where the decoder is only just fast enough, and none at its
// beginning, when the device wants much at once.
func TestNoHoles(t *testing.T) {
	for name, slow := range map[string]time.Duration{"fast": 0, "starts slowly": 3 * time.Millisecond, "just fast enough": 10 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			with(t, rate, func(r *rig) {
				s := newSpeaker(rate)
				s.ahead = 5
				r.make = func(context.Context) (play.Output, error) { return s, nil }
				a := newSound(rate, ramp(rate))
				a.slow = slow
				r.Play("a", a, 0)
				r.after(2 * time.Second)
				if got := heard(s.pulled()); !slices.Equal(got, a.frames) {
					t.Errorf("%d frames came out, not those that went in", len(got))
				}
				// From a device that is open already it is heard as soon.
				began := len(s.pulled())
				b := newSound(rate, ramp(rate))
				b.slow = slow
				r.Play("b", b, 0)
				r.after(2 * time.Second)
				got := s.pulled()[began:]
				if silence := slices.IndexFunc(got, func(f [2]float64) bool { return f[0] != 0 }); silence > int(rate*(10*slow+period).Seconds()) {
					t.Errorf("%d frames of silence", silence)
				}
				if !slices.Equal(heard(got), b.frames) {
					t.Errorf("%d frames came out of the second, not those that went in", len(heard(got)))
				}
			})
		})
	}
}

func TestDamaged(t *testing.T) {
	with(t, rate, func(r *rig) {
		failed := errors.New("it does not decode")
		s := newSound(rate, ramp(rate))
		s.err, s.damaged = failed, true
		r.Play("a", s, 0)
		r.after(2 * time.Second)
		if got := heard(r.speaker(0).pulled()); !slices.Equal(got, s.frames) {
			t.Errorf("%d frames were heard", len(got))
		}
		if r.last() != (play.Ended{ID: "a", Damaged: true}) {
			t.Errorf("damaged tail: %+v", r.last())
		}

		nothing := newSound(rate, nil)
		nothing.err, nothing.damaged = failed, true
		r.Play("b", nothing, 0)
		r.Pause()
		r.after(100 * time.Millisecond)
		if r.last() != (play.Failed{ID: "b", Err: failed}) || !nothing.isClosed() {
			t.Errorf("nothing to be heard: %+v", r.last())
		}

		unreadable := newSound(rate, ramp(rate))
		unreadable.err = failed
		r.Play("c", unreadable, 0)
		r.after(2 * time.Second)
		if r.last() != (play.Failed{ID: "c", Err: failed}) {
			t.Errorf("unreadable: %+v", r.last())
		}
	})
}

func TestVolume(t *testing.T) {
	with(t, rate, func(r *rig) {
		r.Play("a", newSound(rate, tone(rate, 10*rate, 1000)), 0)
		r.after(0)
		var loud []float64
		for _, v := range []float64{1, 0.5, 0, math.NaN(), 7} {
			before := len(r.speaker(0).pulled())
			r.SetVolume(v)
			r.after(500 * time.Millisecond)
			most := 0.0
			for _, f := range r.speaker(0).pulled()[before:] {
				most = max(most, math.Abs(f[0]))
			}
			loud = append(loud, math.Round(1000*most)/1000)
		}
		if want := []float64{0.5, 0.158, 0, 0, 0.5}; !slices.Equal(loud, want) {
			t.Errorf("volumes 1, 0.5, 0, none, 7: amplitudes %v, want %v", loud, want)
		}
	})
}

package play_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"magpie/media/play"
)

// A device is opened when it is needed and closed when it was not for five seconds.
func TestDeviceIsOpenWhileNeeded(t *testing.T) {
	with(t, rate, func(r *rig) {
		r.after(time.Minute)
		if len(r.speakers) != 0 {
			t.Fatal("opened for nothing")
		}
		r.Play("a", newSound(rate, ramp(rate)), 0)
		r.after(5900 * time.Millisecond)
		r.Play("b", newSound(rate, ramp(10*rate)), 0)
		r.after(9 * time.Second)
		r.Pause()
		r.after(4900 * time.Millisecond)
		if len(r.speakers) != 1 || r.speaker(0).isClosed() {
			t.Fatalf("%d speakers, closed %v", len(r.speakers), r.speaker(0).isClosed())
		}
		r.after(200 * time.Millisecond)
		if !r.speaker(0).isClosed() {
			t.Error("not closed after five seconds of pause")
		}
		r.Resume()
		r.after(2 * time.Second)
		if got := heard(r.speaker(1).pulled()); len(got) < rate/2 || got[0][0] < 8.9*rate || got[len(got)-1][0] != 10*rate {
			t.Errorf("resumed with %d frames", len(got))
		}
		if r.last() != (play.Ended{ID: "b"}) {
			t.Errorf("%+v", r.last())
		}
		r.after(6 * time.Second)
		if !r.speaker(1).isClosed() {
			t.Error("not closed after the end")
		}
	})
}

func TestDeviceFails(t *testing.T) {
	type open = func(ctx context.Context) (play.Output, error)
	broken := newSpeaker(rate)
	broken.fail = errGone
	for name, c := range map[string]struct {
		open open
		want error
		last time.Duration
	}{
		"does not open":  {func(context.Context) (play.Output, error) { return nil, errGone }, errGone, 0},
		"does not start": {func(context.Context) (play.Output, error) { return broken, nil }, errGone, 0},
		"gives up in time": {func(ctx context.Context) (play.Output, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, context.DeadlineExceeded, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			with(t, rate, func(r *rig) {
				r.make = c.open
				s := newSound(rate, ramp(rate))
				r.Play("a", s, 0)
				r.after(c.last + time.Millisecond)
				if f, ok := r.last().(play.Failed); !ok || f.ID != "a" || !errors.Is(f.Err, c.want) || !s.isClosed() {
					t.Fatalf("%+v, closed %v", r.last(), s.isClosed())
				}
				r.make = nil // the next one is tried anew
				r.Play("b", newSound(rate, ramp(rate)), 0)
				r.after(2 * time.Second)
				if r.last() != (play.Ended{ID: "b"}) {
					t.Errorf("%+v", r.last())
				}
			})
		})
	}
}

// What a device that was given up brings at last is closed, and never heard.
func TestHangingDevice(t *testing.T) {
	for name, start := range map[string]bool{"open": false, "start": true} {
		t.Run(name, func(t *testing.T) {
			with(t, rate, func(r *rig) {
				late, answer := newSpeaker(rate), make(chan struct{})
				if start {
					late.hang = answer
				}
				r.make = func(context.Context) (play.Output, error) {
					if !start {
						<-answer
					}
					return late, nil
				}
				r.Play("a", newSound(rate, ramp(rate)), 0)
				r.after(6 * time.Second)
				if f, ok := r.last().(play.Failed); !ok || !errors.Is(f.Err, context.DeadlineExceeded) {
					t.Fatalf("%+v", r.last())
				}
				close(answer)
				r.after(time.Second)
				if !late.isClosed() || len(heard(late.pulled())) > 0 {
					t.Errorf("closed %v, %d frames", late.isClosed(), len(late.pulled()))
				}
			})
		})
	}
}

func TestDeviceIsLost(t *testing.T) {
	with(t, rate, func(r *rig) {
		r.Play("a", newSound(rate, ramp(rate)), 0)
		r.after(300 * time.Millisecond)
		r.speaker(0).lost <- errGone
		r.after(100 * time.Millisecond)
		if r.last() != (play.Failed{ID: "a", Err: errGone}) || !r.speaker(0).isClosed() {
			t.Errorf("%+v, closed %v", r.last(), r.speaker(0).isClosed())
		}
		// While paused that is no matter.
		r.Play("b", newSound(rate, ramp(rate)), 0)
		r.after(310 * time.Millisecond)
		r.Pause()
		r.take()
		r.speaker(1).lost <- errGone
		r.after(100 * time.Millisecond)
		if e := r.take(); len(e) != 0 {
			t.Errorf("%+v", e)
		}
		r.Resume()
		r.after(time.Second)
		if got := heard(r.speaker(2).pulled()); got[0][0] != 0.3*rate+1 || r.last() != (play.Ended{ID: "b"}) {
			t.Errorf("went on at %v, %+v", got[0], r.last())
		}
	})
}

// The sound goes on at the same place on another device, whatever its rate.
func TestChangeOutput(t *testing.T) {
	with(t, rate, func(r *rig) {
		r.Play("a", newSound(rate, ramp(2*rate)), 0)
		r.after(510 * time.Millisecond)
		r.rate = 48000
		r.ChangeOutput()
		r.after(300 * time.Millisecond)
		if !r.speaker(0).isClosed() {
			t.Error("the device before is not closed")
		}
		got := heard(r.speaker(1).pulled())
		// After the edge the resampled ramp is a ramp again.
		if v := got[1000][0]; math.Abs(v-(0.5*rate+1000*rate/48000.+1)) > 2 {
			t.Errorf("frame 1000 is %v", v)
		}
		if at := r.at(); (at - 800*time.Millisecond).Abs() > 50*time.Millisecond {
			t.Errorf("at %v after 810 ms", at)
		}
	})
}

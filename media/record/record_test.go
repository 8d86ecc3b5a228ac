package record_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"magpie/im"
	"magpie/media/aac"
	"magpie/media/m4a"
	"magpie/media/record"
)

// sine is samples of 440 Hz at half of full scale, as bytes.
func sine(samples int) []byte {
	var b []byte
	for i := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(16384*math.Sin(2*math.Pi*440*float64(i)/aac.SampleRate))))
	}
	return b
}

// events gathers what a recording says; on is called with each.
type events struct {
	mu  sync.Mutex
	all []record.Event
	on  func(record.Event)
}

func (e *events) say(event record.Event) {
	e.mu.Lock()
	e.all = append(e.all, event)
	e.mu.Unlock()
	if e.on != nil {
		e.on(event)
	}
}

// of returns the events of one type.
func of[T record.Event](e *events) (found []T) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, event := range e.all {
		if t, ok := event.(T); ok {
			found = append(found, t)
		}
	}
	return found
}

func recorder(t *testing.T, o record.Options, e *events) *record.Recorder {
	t.Helper()
	if o.Path == "" {
		o.Path = filepath.Join(t.TempDir(), "note.aac")
	}
	r, err := record.New(o, e.say)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// source gives b, and then waits until it is closed or ends with an error.
func source(b []byte, end error) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		_, _ = w.Write(b) // refused when the recording ended before
		if end != nil {
			_ = w.CloseWithError(end)
		}
	}()
	return r
}

func TestWholeRecording(t *testing.T) {
	var e events
	const samples = 100_000
	note, err := recorder(t, record.Options{}, &e).Run(t.Context(), source(sine(samples), io.EOF))
	if err != nil {
		t.Fatal(err)
	}
	if note.Samples != samples || len(note.Peaks) != im.MaxPeaks || note.Duration().Round(time.Millisecond) != 2268*time.Millisecond {
		t.Errorf("%d samples, %d peaks, %v", note.Samples, len(note.Peaks), note.Duration())
	}
	for i, p := range note.Peaks {
		if p < 125 || p > 130 {
			t.Errorf("peak %d of half of full scale is %d", i, p)
		}
	}
	levels := of[record.Level](&e)
	if len(levels) != 46 || math.Abs(levels[3].Peak-0.5) > 0.01 || math.Abs(levels[3].RMS-0.5/math.Sqrt2) > 0.01 || levels[3].Length != 200*time.Millisecond {
		t.Errorf("%d levels, the fourth %+v", len(levels), levels[3])
	}
	if _, ok := e.all[0].(record.Started); !ok {
		t.Errorf("the first event is %T", e.all[0])
	}
	stopped, ok := e.all[len(e.all)-1].(record.Stopped)
	if !ok || stopped.Reason != record.BySource || stopped.Note.Samples != samples {
		t.Errorf("the last event is %+v", e.all[len(e.all)-1])
	}
	var b bytes.Buffer
	if err := note.WriteM4A(&b); err != nil {
		t.Fatal(err)
	}
	f, err := m4a.Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if track, err := f.AAC(); err != nil || track.Samples != samples {
		t.Errorf("the M4A has %+v, %v", track, err)
	}
}

func TestLimit(t *testing.T) {
	var e events
	r := recorder(t, record.Options{Limit: 12 * time.Second, Bitrate: 32_000}, &e)
	note, err := r.Run(t.Context(), source(sine(13*aac.SampleRate), nil))
	if err != nil || note.Samples != 12*aac.SampleRate {
		t.Errorf("%d samples, %v", note.Samples, err)
	}
	if w := of[record.Warning](&e); len(w) != 1 || w[0].Left != record.WarnBefore {
		t.Errorf("warnings: %v", w)
	}
	if s := of[record.Stopped](&e); len(s) != 1 || s[0].Reason != record.ByLimit {
		t.Errorf("stopped: %+v", s)
	}
	r.Pause() // after the end they do nothing
	r.Resume()
	r.Stop()
	r.Stop()

	var short events
	if _, err := recorder(t, record.Options{Limit: time.Second, Bitrate: 32_000}, &short).Run(t.Context(), source(sine(2*aac.SampleRate), nil)); err != nil {
		t.Fatal(err)
	}
	if w := of[record.Warning](&short); len(w) != 0 {
		t.Errorf("a limit of one second warns: %v", w)
	}
	for _, limit := range []time.Duration{-1, im.MaxAudio + 1} {
		if _, err := record.New(record.Options{Limit: limit}, nil); im.CodeOf(err) != im.CodeInvalidParameter {
			t.Errorf("a limit of %v: %v", limit, err)
		}
	}
}

// Two seconds are recorded, two passed over, and the rest recorded until the stop.
func TestPauseAndStop(t *testing.T) {
	in, out := io.Pipe()
	var e events
	r := recorder(t, record.Options{}, &e)
	type result struct {
		note record.Note
		err  error
	}
	done := make(chan result)
	go func() {
		note, err := r.Run(t.Context(), in)
		done <- result{note, err}
	}()
	write := func(seconds int) {
		if _, err := out.Write(sine(seconds * aac.SampleRate)); err != nil {
			t.Error(err)
		}
	}
	// What was written last may not be taken yet when a command comes: the
	// recording may differ by the chunk that was in between.
	write(2)
	r.Pause()
	r.Pause()
	write(2)
	r.Resume()
	write(1)
	r.Stop()
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	if d := got.note.Duration() - 3*time.Second; d.Abs() > 150*time.Millisecond {
		t.Errorf("recorded %v, want about 3 s", got.note.Duration())
	}
	if p, r := of[record.Paused](&e), of[record.Resumed](&e); len(p) != 1 || len(r) != 1 {
		t.Errorf("paused %d times, resumed %d times", len(p), len(r))
	}
	if s := of[record.Stopped](&e); len(s) != 1 || s[0].Reason != record.ByRequest {
		t.Errorf("stopped: %+v", s)
	}
	if _, err := out.Write([]byte{1}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the source is not closed: %v", err)
	}
}

// Whatever goes wrong, what was recorded is kept.
func TestFailuresKeepTheRecording(t *testing.T) {
	unplugged := errors.New("unplugged")
	ctx, cancel := context.WithCancel(t.Context())
	for name, c := range map[string]struct {
		ctx  context.Context
		end  error
		want error
		on   func(record.Event)
	}{
		"unplugged": {t.Context(), unplugged, unplugged, nil},
		"shut down": {ctx, nil, context.Canceled, func(e record.Event) {
			if l, ok := e.(record.Level); ok && l.Length >= 950*time.Millisecond {
				cancel()
			}
		}},
	} {
		e := events{on: c.on}
		note, err := recorder(t, record.Options{}, &e).Run(c.ctx, source(sine(aac.SampleRate), c.end))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if note.Duration() < 900*time.Millisecond {
			t.Errorf("%s: %v were kept", name, note.Duration())
		}
		if f := of[record.Failed](&e); len(f) != 1 || f[0].Note.Samples != note.Samples || len(of[record.Stopped](&e)) != 0 {
			t.Errorf("%s: %+v", name, f)
		}
		if err := note.WriteM4A(io.Discard); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if again, err := record.Recover(t.Context(), note.Path); err != nil || again.Samples < note.Samples || len(again.Peaks) != im.MaxPeaks {
			t.Errorf("%s: recovered %d of %d samples, %v", name, again.Samples, note.Samples, err)
		}
	}
}

// A source that hangs is dead after five seconds.
func TestDeadSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e events
		start := time.Now()
		note, err := recorder(t, record.Options{}, &e).Run(t.Context(), source(sine(aac.SampleRate), nil))
		if !errors.Is(err, record.ErrNoSound) || note.Duration() != time.Second || time.Since(start) != 5*time.Second {
			t.Errorf("%v after %v, %v", err, time.Since(start), note.Duration())
		}
	})
}

// A source may rest while the recording is paused, but not longer.
func TestPausedSourceMayRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e events
		r := recorder(t, record.Options{}, &e)
		done := make(chan error)
		go func() {
			_, err := r.Run(t.Context(), source(sine(aac.SampleRate), nil))
			done <- err
		}()
		synctest.Wait() // all of it is recorded
		r.Pause()
		time.Sleep(time.Hour) // of the bubble's clock
		r.Resume()
		began := time.Now()
		if err := <-done; !errors.Is(err, record.ErrNoSound) || time.Since(began) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestFullDisk(t *testing.T) {
	var e events
	r := recorder(t, record.Options{}, &e)
	r.FillDisk(40, &os.PathError{Op: "write", Path: "note.aac", Err: syscall.ENOSPC})
	note, err := r.Run(t.Context(), source(sine(2*aac.SampleRate), nil))
	if im.CodeOf(err) != im.CodeDiskFull {
		t.Errorf("%v, want code %d", err, im.CodeDiskFull)
	}
	if note.Samples != 39*aac.UnitSamples { // the first unit is priming
		t.Errorf("%d samples were kept", note.Samples)
	}
	if err := note.WriteM4A(io.Discard); err != nil {
		t.Error(err)
	}
	if f := of[record.Failed](&e); len(f) != 1 || f[0].Note.Samples != note.Samples {
		t.Errorf("%+v", f)
	}

	missing := recorder(t, record.Options{Path: filepath.Join(t.TempDir(), "missing", "note.aac")}, &e)
	if _, err := missing.Run(t.Context(), source(nil, nil)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

func TestNothingRecorded(t *testing.T) {
	var e events
	note, err := recorder(t, record.Options{}, &e).Run(t.Context(), source(nil, io.EOF))
	if err != nil || note.Samples != 0 || len(of[record.Started](&e)) != 0 {
		t.Errorf("%+v, %v", note, err)
	}
	if err := note.WriteM4A(io.Discard); im.CodeOf(err) != im.CodeFileEmpty {
		t.Errorf("%v", err)
	}
	if _, err := record.Recover(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, slices.Repeat([]byte("text "), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Recover(t.Context(), path); !errors.Is(err, aac.ErrNotADTS) {
		t.Errorf("%v", err)
	}
}

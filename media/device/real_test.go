//go:build soundtest

package device_test

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/faiface/beep"

	"magpie/internal/soundtest"
	"magpie/media/aac"
	"magpie/media/device"
	"magpie/media/record"
)

func id(t *testing.T, list func(context.Context) ([]device.Info, error), name string) string {
	t.Helper()
	all, err := list(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Name == name {
			return d.ID
		}
	}
	t.Fatalf("%s is not among %+v", name, all)
	return ""
}

func TestLists(t *testing.T) {
	soundtest.Need(t)
	for name, c := range map[string]struct {
		list func(context.Context) ([]device.Info, error)
		want map[string]bool // names, and whether it is the default
	}{
		"microphones": {device.Microphones, map[string]bool{"Microphone": true}},
		"speakers":    {device.Speakers, map[string]bool{"Speaker": true, "Feed": false}},
	} {
		all, err := c.list(t.Context())
		if err != nil || len(all) != len(c.want) {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
		for _, d := range all {
			if isDefault, ok := c.want[d.Name]; !ok || d.Default != isDefault || d.ID == "" {
				t.Errorf("%s: %+v", name, d)
			}
		}
	}
}

// recording is one that goes on.
type recording struct {
	*record.Recorder
	length atomic.Int64 // time.Duration
	longer chan struct{}
	done   chan struct{}
	note   record.Note
	err    error
}

func recordFrom(t *testing.T, id string) *recording {
	t.Helper()
	src, err := device.OpenMicrophone(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	r := &recording{longer: make(chan struct{}, 1), done: make(chan struct{})}
	r.Recorder, err = record.New(record.Options{Path: t.TempDir() + "/note.aac"}, func(e record.Event) {
		if l, ok := e.(record.Level); ok {
			r.length.Store(int64(l.Length))
			select {
			case r.longer <- struct{}{}:
			default:
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		r.note, r.err = r.Run(t.Context(), src)
		close(r.done)
	}()
	return r
}

// until waits until the recording has a length.
func (r *recording) until(t *testing.T, length time.Duration) {
	t.Helper()
	for time.Duration(r.length.Load()) < length {
		select {
		case <-r.longer:
		case <-r.done:
			t.Fatalf("the recording ended after %v: %v", time.Duration(r.length.Load()), r.err)
		}
	}
}

// A microphone that is pulled out ends the recording, which is kept.
func TestUnpluggedWhileRecording(t *testing.T) {
	soundtest.Need(t)
	module := soundtest.Pactl(t, "load-module", "module-remap-source", "source_name=usb", "master="+soundtest.MicrophoneFeed+".monitor",
		"source_properties=device.description=USB")
	r := recordFrom(t, id(t, device.Microphones, "USB"))
	r.until(t, 500*time.Millisecond)
	began := time.Now()
	soundtest.Pactl(t, "unload-module", module)
	<-r.done
	if !errors.Is(r.err, device.ErrUnplugged) || time.Since(began) > 4*time.Second {
		t.Errorf("%v after %v", r.err, time.Since(began))
	}
	if kept := r.note.Duration(); kept < 500*time.Millisecond || kept > 3*time.Second {
		t.Errorf("%v were kept", kept)
	}
	path := t.TempDir() + "/note.m4a"
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.note.WriteM4A(f), f.Close()); err != nil {
		t.Fatal(err)
	}
	if n, want := len(soundtest.Decode(t, path)), int(r.note.Samples); n < want || n >= want+aac.UnitSamples {
		t.Errorf("another decoder finds %d samples, want %d", n, want)
	}
}

func TestUnpluggedWhilePlaying(t *testing.T) {
	soundtest.Need(t)
	module := soundtest.Pactl(t, "load-module", "module-null-sink", "sink_name=usb", "sink_properties=device.description=USB")
	out, err := device.OpenSpeaker(t.Context(), id(t, device.Speakers, "USB"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	pulled := make(chan struct{}, 1)
	err = out.Start(beep.StreamerFunc(func(samples [][2]float64) (int, bool) {
		select {
		case pulled <- struct{}{}:
		default:
		}
		return len(samples), true
	}))
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		<-pulled
	}
	soundtest.Pactl(t, "unload-module", module)
	select {
	case err := <-out.Lost():
		if !errors.Is(err, device.ErrUnplugged) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("nothing was said")
	}
	if err := out.Close(); err != nil {
		t.Error(err)
	}
}

// A source that never gives a sample does not keep anybody waiting.
func TestSourceThatNeverDelivers(t *testing.T) {
	soundtest.Need(t)
	soundtest.Pactl(t, "load-module", "module-pipe-source", "source_name=dead", "file="+t.TempDir()+"/pipe", "source_properties=device.description=Dead")
	began := time.Now()
	src, err := device.OpenMicrophone(t.Context(), id(t, device.Microphones, "Dead"))
	if err == nil {
		_, err = src.Read(make([]byte, 2))
		src.Close()
	}
	if !errors.Is(err, device.ErrTimeout) || time.Since(began) > 8*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	// The others go on working.
	recordFrom(t, "").until(t, 100*time.Millisecond)
}

func TestNoSuchDevice(t *testing.T) {
	soundtest.Need(t)
	for _, id := range []string{"6e6f6e65" /* "none" */, "no ID"} {
		if _, err := device.OpenMicrophone(t.Context(), id); !errors.Is(err, device.ErrNoDevice) {
			t.Errorf("microphone %s: %v", id, err)
		}
		if _, err := device.OpenSpeaker(t.Context(), id); !errors.Is(err, device.ErrNoDevice) {
			t.Errorf("speaker %s: %v", id, err)
		}
	}
}

// Without a sound server there is an error, at once.
func TestNoServer(t *testing.T) {
	soundtest.Need(t)
	t.Setenv("PULSE_SERVER", "unix:"+t.TempDir()+"/none")
	began := time.Now()
	_, err1 := device.Microphones(t.Context())
	_, err2 := device.Speakers(t.Context())
	_, err3 := device.OpenMicrophone(t.Context(), "")
	_, err4 := device.OpenSpeaker(t.Context(), "")
	for _, err := range []error{err1, err2, err3, err4} {
		if !errors.Is(err, device.ErrNoBackend) && !errors.Is(err, device.ErrNoDevice) {
			t.Error(err)
		}
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

//go:build soundtest

package device_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
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

// A microphone of another rate than ours is heard as it is.
func TestMicrophoneOf48000Hz(t *testing.T) {
	soundtest.Need(t)
	t.Parallel()
	soundtest.Load(t, "module-null-sink", "sink_name=studiofeed", "rate=48000", "channels=1")
	soundtest.Load(t, "module-remap-source", "source_name=studio", "master=studiofeed.monitor",
		"source_properties=device.description=Studio")
	soundtest.Retry(t, func() string {
		r := recordFrom(t, id(t, device.Microphones, "Studio"))
		r.until(t, 100*time.Millisecond)
		soundtest.SpeakTo(t, "studiofeed", soundtest.Tone(1000, 1))
		r.until(t, time.Duration(r.length.Load())+300*time.Millisecond)
		r.Stop()
		<-r.done
		if r.err != nil {
			t.Fatal(r.err)
		}
		got := soundtest.Trim(soundtest.Decode(t, r.note.Path), 0.05)
		hz, took := soundtest.Pitch(got), float64(len(got))/soundtest.Rate
		if math.Abs(hz-1000) > 1 || math.Abs(took-1) > 0.01 {
			return fmt.Sprintf("%.2f Hz for %.3f s, want 1000 Hz for 1 s", hz, took)
		}
		return ""
	})
}

// A microphone that is pulled out ends the recording, which is kept.
func TestUnpluggedWhileRecording(t *testing.T) {
	soundtest.Need(t)
	t.Parallel()
	unplug := soundtest.Load(t, "module-remap-source", "source_name=usb", "master="+soundtest.MicrophoneFeed+".monitor",
		"source_properties=device.description=USB")
	r := recordFrom(t, id(t, device.Microphones, "USB"))
	r.until(t, 500*time.Millisecond)
	began := time.Now()
	unplug()
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
	t.Parallel()
	unplug := soundtest.Load(t, "module-null-sink", "sink_name=usb", "sink_properties=device.description=USB")
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
	unplug()
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

// A sound server that dies is a microphone and a speaker that are gone.
func TestServerDies(t *testing.T) {
	soundtest.Need(t)
	server := exec.Command(filepath.Join("..", "..", "scripts", "with-sound"), "sh", "-c", "echo $PULSE_SERVER; exec sleep 60")
	out, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PULSE_SERVER", strings.TrimSpace(address))
	r := recordFrom(t, "")
	speaker, err := device.OpenSpeaker(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := speaker.Start(beep.StreamerFunc(func(samples [][2]float64) (int, bool) { return len(samples), true })); err != nil {
		t.Fatal(err)
	}
	r.until(t, 500*time.Millisecond)
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait() // it was ended
	if err := <-speaker.Lost(); !errors.Is(err, device.ErrUnplugged) {
		t.Errorf("the speaker: %v", err)
	}
	<-r.done
	if !errors.Is(r.err, device.ErrUnplugged) || r.note.Duration() < 500*time.Millisecond {
		t.Errorf("the microphone: %v, %v were kept", r.err, r.note.Duration())
	}
	if err := speaker.Close(); err != nil {
		t.Error(err)
	}
}

// A source that never gives a sample does not keep anybody waiting.
func TestSourceThatNeverDelivers(t *testing.T) {
	soundtest.Need(t)
	t.Parallel()
	soundtest.Load(t, "module-pipe-source", "source_name=dead", "file="+t.TempDir()+"/pipe", "source_properties=device.description=Dead")
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

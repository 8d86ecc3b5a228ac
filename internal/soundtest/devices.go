package soundtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// Speech is what a computer's voice says, at its own loudness.
func Speech(t testing.TB, words string) []float64 {
	t.Helper()
	path := t.TempDir() + "/speech.wav"
	run(t, nil, "espeak-ng", "-v", "en", "-w", path, words)
	return Decode(t, path)
}

// Decode reads any file of sound, by a decoder that is none of ours.
func Decode(t testing.TB, path string) []float64 {
	t.Helper()
	return samples(run(t, nil, "ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-ac", "1", "-ar", fmt.Sprint(Rate), "-"))
}

// Speak plays samples into the default microphone and returns when all of it was
// heard there.
func Speak(t testing.TB, samples []float64) {
	t.Helper()
	SpeakTo(t, MicrophoneFeed, samples)
}

// SpeakTo is Speak for the sink that feeds another microphone.
func SpeakTo(t testing.TB, sink string, samples []float64) {
	t.Helper()
	run(t, bytes.NewReader(raw(samples)), "pacat", "--playback", "--device="+sink, "--latency-msec=200",
		"--rate="+fmt.Sprint(Rate), "--channels=1", "--format=s16le", "--raw")
}

// Capture is what is heard of a device.
type Capture struct {
	t    testing.TB
	cmd  *exec.Cmd
	errs bytes.Buffer

	mu    sync.Mutex
	more  sync.Cond
	bytes []byte
	ended bool
}

// Listen begins to listen to a source of PulseAudio, as SpeakerMonitor, and returns
// when it is heard.
func Listen(t testing.TB, source string) *Capture {
	t.Helper()
	c := &Capture{t: t}
	c.more.L = &c.mu
	c.cmd = exec.Command("parec", "--device="+source, "--latency-msec=20", "--rate="+fmt.Sprint(Rate), "--channels=1", "--format=s16le", "--raw")
	c.cmd.Stderr = &c.errs
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go c.read(out)
	t.Cleanup(func() { c.Stop() })
	c.Wait(1)
	return c
}

func (c *Capture) read(r io.Reader) {
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		c.mu.Lock()
		c.bytes = append(c.bytes, buf[:n]...)
		c.ended = err != nil
		c.more.Broadcast()
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Wait returns when n samples were heard, silence included.
func (c *Capture) Wait(n int) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.bytes) < 2*n && !c.ended {
		c.more.Wait()
	}
	if len(c.bytes) < 2*n {
		c.t.Fatalf("soundtest: parec ended after %d samples: %s", len(c.bytes)/2, c.errs.String())
	}
}

// Len is how many samples were heard up to now.
func (c *Capture) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.bytes) / 2
}

// Heard is what was heard up to now.
func (c *Capture) Heard() []float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return samples(c.bytes)
}

// Stop ends it and returns what was heard. It may be called again.
func (c *Capture) Stop() []float64 {
	c.mu.Lock()
	ended := c.ended
	c.mu.Unlock()
	if !ended {
		_ = c.cmd.Process.Signal(os.Interrupt) // it may have ended
	}
	c.mu.Lock()
	for !c.ended {
		c.more.Wait()
	}
	got := samples(c.bytes)
	c.mu.Unlock()
	_ = c.cmd.Wait() // how it ended does not matter, or was waited for
	return got
}

// Load adds a module to the sound system until the end of the test and returns what
// takes it out before.
func Load(t testing.TB, module string, args ...string) (unload func()) {
	t.Helper()
	number := strings.TrimSpace(string(run(t, nil, "pactl", append([]string{"load-module", module}, args...)...)))
	unload = sync.OnceFunc(func() {
		t.Helper()
		run(t, nil, "pactl", "unload-module", number)
	})
	t.Cleanup(unload)
	return unload
}

func run(t testing.TB, in io.Reader, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = in, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, errs.String())
	}
	return out
}

func samples(b []byte) []float64 {
	s := make([]float64, len(b)/2)
	for i := range s {
		s[i] = float64(int16(binary.LittleEndian.Uint16(b[2*i:]))) / (1 << 15)
	}
	return s
}

func raw(samples []float64) []byte {
	b := make([]byte, 0, 2*len(samples))
	for _, v := range samples {
		v = max(math.MinInt16, min(math.MaxInt16, math.Round(v*(1<<15))))
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(v)))
	}
	return b
}

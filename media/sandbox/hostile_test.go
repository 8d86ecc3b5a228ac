package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"magpie/media/sandbox"
)

const (
	goodInfo  = "format wav\naudio pcm_s16le 8000 1\n\n"
	goodSound = goodInfo + "sound 8000 1\n"
)

var anyFile = strings.NewReader("any bytes")

// over returns a sandbox around a hostile guest.
func over(t *testing.T, options sandbox.Options, guest func() ([]byte, error)) *sandbox.Sandbox {
	t.Helper()
	if options.Deadline == 0 {
		options.Deadline = time.Minute
	}
	s := sandbox.NewOver(options, guest)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// Whatever the guest does, the call ends with an error that says it.
func TestHostileGuestIsStopped(t *testing.T) {
	short := sandbox.Options{Deadline: 50 * time.Millisecond}
	for _, test := range []struct {
		name    string
		options sandbox.Options
		guest   func() ([]byte, error)
		want    error
	}{
		{"loops", short, module("", forever()), sandbox.ErrTimeout},
		{"loops after a good answer", short, module(goodInfo, say(), forever()), sandbox.ErrTimeout},
		{"eats memory", short, module("", forever(number(16), memoryGrow, drop)), sandbox.ErrTimeout},
		{"writes without end", sandbox.Options{}, module(strings.Repeat("x", 500), forever(say())), sandbox.ErrTooLarge},
		{"writes nothing", sandbox.Options{}, module(""), sandbox.ErrDamaged},
		{"writes what is no answer", sandbox.Options{}, module("\x00\xff%s\n\n", say()), sandbox.ErrDamaged},
		{"writes an answer that does not end", sandbox.Options{}, module("format wav\n", say()), sandbox.ErrDamaged},
		{"claims too much", sandbox.Options{}, module("format mov\nvideo h264 99999999 99999999 0 1 1\n\n", say()), sandbox.ErrDamaged},
		{"crashes", sandbox.Options{}, module("", unreachable), sandbox.ErrDamaged},
		{"calls itself without end", sandbox.Options{}, module("", again), sandbox.ErrDamaged},
		{"says that it cannot", sandbox.Options{}, module("", exit(number(2))), sandbox.ErrUnsupported},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := over(t, test.options, test.guest)
			if _, err := s.Probe(context.Background(), anyFile); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

// The guest asks for more memory until it gets none, touching all of it, and says
// how many pages of 64 KiB it has.
func TestMemoryIsLimited(t *testing.T) {
	const pages = 256
	guest := module("", forever(
		number(1), memoryGrow, number(-1), equal,
		when(number(0), number(0xaa), memorySize, number(65536), multiply, memoryFill, exit(memorySize)),
	))
	s := over(t, sandbox.Options{MemoryLimit: pages * 65536}, guest)
	_, err := s.Probe(context.Background(), anyFile)
	if want := fmt.Sprintf("ended with %d:", pages); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}

// A still whose pixels are fewer than it says, or whose size was not asked for.
func TestStillThatLies(t *testing.T) {
	const info = "format mov\nvideo h264 640 360 0 1 1\n\n"
	for _, answer := range []string{
		info, info + "still 2 2\n", info + "still 2 2\n" + strings.Repeat("x", 15), info + "still 0 2\n", info + "still -1 -1\n",
		info + "still 11 2\n" + strings.Repeat("x", 88), info + "still 2\n", info + "sound 2 2\n",
	} {
		picture, got, err := over(t, sandbox.Options{}, module(answer, say())).Still(context.Background(), anyFile, 10)
		if picture != nil || !errors.Is(err, sandbox.ErrDamaged) {
			t.Errorf("%q: error %v", answer, err)
		}
		if got.Width != 640 {
			t.Errorf("%q: the size of the video is lost", answer)
		}
	}
	picture, _, err := over(t, sandbox.Options{}, module(info+"still 2 2\n"+strings.Repeat("x", 16), say())).Still(context.Background(), anyFile, 10)
	if err != nil || picture.RGBAAt(1, 1).A != 255 {
		t.Errorf("a still that does not lie: %v", err)
	}
}

func TestSoundThatLies(t *testing.T) {
	for _, answer := range []string{"", goodInfo, goodInfo + "sound 8000 3\n", goodInfo + "sound 0 1\n", goodInfo + "sound 99999999 1\n", goodInfo + "still 1 1\n"} {
		if _, err := over(t, sandbox.Options{}, module(answer, say())).PCM(context.Background(), anyFile); !errors.Is(err, sandbox.ErrDamaged) {
			t.Errorf("%q: error %v", answer, err)
		}
	}
}

// Sound that comes without end is cut off: here at 1 Hz, so that four hours of it
// are 28,800 bytes.
func TestSoundIsLimited(t *testing.T) {
	s := over(t, sandbox.Options{}, module(goodInfo+"sound 1 1\n", forever(say())))
	sound, err := s.PCM(context.Background(), anyFile)
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	n, err := io.Copy(io.Discard, sound)
	if !errors.Is(err, sandbox.ErrTooLarge) {
		t.Errorf("error %v", err)
	}
	if n > 29_000 {
		t.Errorf("%d bytes", n)
	}
}

// Sound that stops coming is an error where it is read.
func TestSoundThatHangs(t *testing.T) {
	s := over(t, sandbox.Options{Deadline: 50 * time.Millisecond}, module(goodSound+"abcd", say(), forever()))
	sound, err := s.PCM(context.Background(), anyFile)
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	got, err := io.ReadAll(sound)
	if string(got) != "abcd" || !errors.Is(err, sandbox.ErrTimeout) {
		t.Errorf("%q, error %v", got, err)
	}
}

// Whoever pauses the sound for hours has not used up the guest's time.
func TestPausedSoundIsNotTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.NewOver(sandbox.Options{Deadline: time.Second}, module(goodSound, say(), say(), exit(number(0))))
		defer s.Close()
		sound, err := s.PCM(context.Background(), anyFile)
		if err != nil {
			t.Fatal(err)
		}
		defer sound.Close()
		time.Sleep(3 * time.Hour) // as the bubble counts it
		if rest, err := io.ReadAll(sound); string(rest) != goodSound || err != nil {
			t.Errorf("%q, error %v", rest, err)
		}
	})
}

// While a guest loops the process lives: its memory is collected, other calls
// work, and the guest can be stopped.
func TestLoopingGuestHoldsNothingUp(t *testing.T) {
	s := over(t, sandbox.Options{}, module(goodSound, say(), forever()))
	sound, err := s.PCM(context.Background(), anyFile)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		runtime.GC()
	}
	if _, err := ffmpeg.Probe(context.Background(), bytes.NewReader(load(t, "f_h264.mp4"))); err != nil {
		t.Errorf("another sandbox: %v", err)
	}
	if err := sound.Close(); err != nil {
		t.Error(err)
	}
}

func TestContextStopsTheGuest(t *testing.T) {
	s := over(t, sandbox.Options{}, module(goodSound, say(), forever()))
	ctx, cancel := context.WithCancel(context.Background())
	sound, err := s.PCM(ctx, anyFile)
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	cancel()
	if _, err := io.ReadAll(sound); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := s.Probe(ctx, anyFile); !errors.Is(err, context.Canceled) {
		t.Errorf("probe: error %v", err)
	}
}

// A guest that waits for its reader is let go, too.
func TestCloseStopsAllGuests(t *testing.T) {
	s := over(t, sandbox.Options{}, module(goodSound, forever(say())))
	var sounds []*sandbox.Sound
	for range 3 {
		sound, err := s.PCM(context.Background(), anyFile)
		if err != nil {
			t.Fatal(err)
		}
		defer sound.Close()
		sounds = append(sounds, sound)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	for _, sound := range sounds {
		if _, err := io.ReadAll(sound); !errors.Is(err, sandbox.ErrClosed) {
			t.Errorf("reading: %v", err)
		}
	}
	for range 2 {
		if _, err := s.Probe(context.Background(), anyFile); !errors.Is(err, sandbox.ErrClosed) {
			t.Errorf("probe: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("close again: %v", err)
		}
	}
}

// There is one file to open, to read, and nothing else.
func TestGuestSeesOneFile(t *testing.T) {
	const folder, create = 3, 1
	for _, test := range []struct {
		path  string
		flags int
		opens bool
	}{
		{"file", 0, true},
		{"other", 0, false},
		{"other", create, false},
		{"file/../other", create, false},
		{"/etc/passwd", 0, false},
		{"../etc/passwd", 0, false},
		{"../../../../../../etc/passwd", 0, false},
		{"./../file", 0, false},
	} {
		guest := module(test.path, exit(
			number(folder), number(0), number(dataAt), number(len(test.path)), number(test.flags), wide(), wide(), number(0), number(resultAt),
			call(pathOpen)))
		_, err := over(t, sandbox.Options{}, guest).Probe(context.Background(), anyFile)
		// A guest that ends with 0 without a word gives no sense, one with an error
		// number says it.
		if opened := strings.Contains(err.Error(), "makes no sense"); opened != test.opens {
			t.Errorf("%q with flags %d: %v", test.path, test.flags, err)
		}
	}
}

package app

import (
	"context"
	"encoding/binary"
	"io"
	"math"
	"sync"
	"time"

	"magpie/media/aac"
	"magpie/media/device"
	"magpie/media/play"
)

// haste is how much faster than a real one the sound of the tests is.
const haste = 20

// fakeSound is a computer with a microphone that hears a tone of 440 Hz, at half of
// full scale, and a speaker that keeps what it gets.
type fakeSound struct {
	mu          sync.Mutex
	microphones []device.Info
	speakers    []device.Info
	// What opening fails with; opening that hangs waits for its context.
	noMicrophone, noSpeaker error
	hangs                   bool
	slow                    bool     // what is opened is no faster than real
	opened                  []string // ids of microphones and speakers
	mic                     *fakeMic
	speaker                 *fakeSpeaker
}

func newFakeSound() *fakeSound {
	return &fakeSound{
		microphones: []device.Info{{ID: "m1", Name: "Desk microphone", Default: true}, {ID: "m2", Name: "Headset"}},
		speakers:    []device.Info{{ID: "s1", Name: "Loudspeaker", Default: true}},
	}
}

func (f *fakeSound) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeSound) Microphones(context.Context) ([]device.Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.microphones, f.noMicrophone
}

func (f *fakeSound) Speakers(context.Context) ([]device.Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.speakers, f.noSpeaker
}

func (f *fakeSound) OpenMicrophone(ctx context.Context, id string) (io.ReadCloser, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opened = append(f.opened, "microphone "+id)
	if f.hangs {
		f.mu.Unlock()
		<-ctx.Done()
		f.mu.Lock()
		return nil, ctx.Err()
	}
	if f.noMicrophone != nil {
		return nil, f.noMicrophone
	}
	f.mic = &fakeMic{slow: f.slow, closed: make(chan struct{}), broken: make(chan error, 1)}
	return f.mic, nil
}

func (f *fakeSound) OpenSpeaker(_ context.Context, id string) (play.Output, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opened = append(f.opened, "speaker "+id)
	if f.noSpeaker != nil {
		return nil, f.noSpeaker
	}
	f.speaker = &fakeSpeaker{slow: f.slow, closed: make(chan struct{}), lost: make(chan error, 1)}
	return f.speaker, nil
}

// heard is what came out of the speakers that were opened last, without silence.
func (f *fakeSound) heard() []float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.speaker == nil {
		return nil
	}
	f.speaker.mu.Lock()
	defer f.speaker.mu.Unlock()
	return append([]float64(nil), f.speaker.got...)
}

// microphone is the one that was opened last.
func (f *fakeSound) microphone() *fakeMic {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mic
}

// tone writes samples of the tone from the nth on.
func tone(b []byte, from, n int) {
	for i := range n {
		v := 16384 * math.Sin(2*math.Pi*440*float64(from+i)/aac.SampleRate)
		binary.LittleEndian.PutUint16(b[2*i:], uint16(int16(v)))
	}
}

// limitedMic hears a number of samples at once, and then nothing more.
type limitedMic struct{ at, left int }

func (m *limitedMic) Read(b []byte) (int, error) {
	n := min(len(b)/2, m.left)
	if n == 0 {
		return 0, io.EOF
	}
	tone(b, m.at, n)
	m.at, m.left = m.at+n, m.left-n
	return 2 * n, nil
}

func (m *limitedMic) Close() error { return nil }

// fakeMic hears the tone as fast as haste says.
type fakeMic struct {
	slow   bool
	at     int
	closed chan struct{}
	once   sync.Once
	broken chan error
}

func (m *fakeMic) Read(b []byte) (int, error) {
	n := min(len(b)/2, aac.SampleRate/20)
	takes := time.Duration(n) * time.Second / aac.SampleRate
	if !m.slow {
		takes /= haste
	}
	select {
	case <-m.closed:
		return 0, io.ErrClosedPipe
	case err := <-m.broken:
		return 0, err
	case <-time.After(takes):
	}
	tone(b, m.at, n)
	m.at += n
	return 2 * n, nil
}

func (m *fakeMic) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

func (m *fakeMic) isClosed() bool {
	select {
	case <-m.closed:
		return true
	default:
		return false
	}
}

// fakeSpeaker pulls as fast as haste says.
type fakeSpeaker struct {
	slow   bool
	closed chan struct{}
	once   sync.Once
	lost   chan error
	mu     sync.Mutex
	got    []float64
}

func (s *fakeSpeaker) Rate() int          { return aac.SampleRate }
func (s *fakeSpeaker) Lost() <-chan error { return s.lost }

func (s *fakeSpeaker) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

func (s *fakeSpeaker) Start(from play.Streamer) error {
	const period = 2 * time.Millisecond // in haste
	every := period
	if s.slow {
		every *= haste
	}
	go func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		buf := make([][2]float64, aac.SampleRate*haste*int(period)/int(time.Second))
		for {
			select {
			case <-s.closed:
				return
			case <-ticker.C:
			}
			n, _ := from.Stream(buf)
			s.mu.Lock()
			for _, f := range buf[:n] {
				if f[0] != 0 {
					s.got = append(s.got, f[0])
				}
			}
			s.mu.Unlock()
		}
	}()
	return nil
}

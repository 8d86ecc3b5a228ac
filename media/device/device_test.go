package device

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/faiface/beep"

	"magpie/im"
	"magpie/media/aac"
	"magpie/media/record"
)

// fake is a device that does as it is told.
type fake struct {
	fail      error         // of Start
	hangStart chan struct{} // Start waits for it
	hangClose chan struct{} // Close waits for it
	started   func()        // if not nil, called by Start
	closed    atomic.Bool
}

func (f *fake) Start() error {
	if f.hangStart != nil {
		<-f.hangStart
	}
	if f.fail == nil && f.started != nil {
		f.started()
	}
	return f.fail
}

func (f *fake) Close() {
	if f.hangClose != nil {
		<-f.hangClose
	}
	f.closed.Store(true)
}

// every gives b to the microphone each period until it is closed or n times.
func every(m *microphone, period time.Duration, n int, b []byte) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for range n {
		select {
		case <-ticker.C:
			m.write(b)
		case <-m.line.closed:
			return
		}
	}
}

// pieces is 20 ms of something that is not silence.
func piece() []byte { return bytes.Repeat([]byte{1, 2}, aac.SampleRate/50) }

func TestMicrophone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		r, err := openMicrophone(t.Context(), func(m *microphone) (handle, int, error) {
			f.started = func() { go every(m, 20*time.Millisecond, math.MaxInt, piece()) }
			return f, aac.SampleRate, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		// More than the ring holds goes through it.
		got := make([]byte, 3*backlog/2)
		if _, err := io.ReadFull(r, got); err != nil {
			t.Fatal(err)
		}
		if want := bytes.Repeat(piece(), len(got)/len(piece())+1)[:len(got)]; !bytes.Equal(got, want) {
			t.Error("what was read is not what came")
		}
		waiting := make(chan error, 1)
		go func() {
			_, err := io.Copy(io.Discard, r)
			waiting <- err
		}()
		if err := r.Close(); err != nil || !f.closed.Load() {
			t.Errorf("%v, closed %v", err, f.closed.Load())
		}
		if err := <-waiting; !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("a Read after Close: %v", err)
		}
		if err := r.Close(); err != nil {
			t.Errorf("closed again: %v", err)
		}
	})
}

// Whatever a microphone does, the program goes on and learns of it.
func TestMicrophoneFails(t *testing.T) {
	failed := errors.New("failed")
	forever := make(chan struct{})
	for name, c := range map[string]struct {
		open  func(m *microphone) (handle, int, error)
		want  error         // of opening
		read  error         // of reading, if that is nil
		bytes int           // that are read before
		after time.Duration // all in all
	}{
		"does not open":  {open: func(*microphone) (handle, int, error) { return nil, 0, failed }, want: failed},
		"does not start": {open: func(*microphone) (handle, int, error) { return &fake{fail: failed}, aac.SampleRate, nil }, want: failed},
		"hangs opening": {open: func(*microphone) (handle, int, error) {
			<-forever
			return &fake{}, aac.SampleRate, nil
		}, want: ErrTimeout, after: openLimit},
		"hangs starting": {open: func(*microphone) (handle, int, error) {
			return &fake{hangStart: forever}, aac.SampleRate, nil
		}, want: ErrTimeout, after: openLimit + closeLimit},
		"never gives a sample": {open: func(*microphone) (handle, int, error) { return &fake{}, aac.SampleRate, nil }, read: ErrTimeout, after: silenceLimit},
		"falls silent": {open: func(m *microphone) (handle, int, error) {
			return &fake{started: func() { go every(m, 20*time.Millisecond, 50, piece()) }}, aac.SampleRate, nil
		}, read: ErrUnplugged, bytes: 50 * 1764, after: time.Second + silenceLimit},
		"says that it stopped": {open: func(m *microphone) (handle, int, error) {
			return &fake{started: func() {
				go func() {
					every(m, 20*time.Millisecond, 50, piece())
					m.line.stopped()
				}()
			}}, aac.SampleRate, nil
		}, read: ErrUnplugged, bytes: 50 * 1764, after: time.Second + stoppedLimit},
		"stops and comes back": {open: func(m *microphone) (handle, int, error) {
			return &fake{started: func() {
				go func() {
					every(m, 20*time.Millisecond, 50, piece())
					m.line.stopped()
					every(m, 300*time.Millisecond, 1, piece())
					every(m, 20*time.Millisecond, 49, piece())
				}()
			}}, aac.SampleRate, nil
		}, read: ErrUnplugged, bytes: 100 * 1764, after: 2280*time.Millisecond + silenceLimit},
		"is muted for us": {open: func(m *microphone) (handle, int, error) {
			m.zerosAreRefusal = true
			return &fake{started: func() { go every(m, 20*time.Millisecond, math.MaxInt, make([]byte, 1764)) }}, aac.SampleRate, nil
		}, read: ErrNotAllowed, bytes: 99 * 1764, after: 2 * time.Second},
		"is muted by a person who then speaks": {open: func(m *microphone) (handle, int, error) {
			m.zerosAreRefusal = true
			return &fake{started: func() {
				go func() {
					every(m, 20*time.Millisecond, 1, piece())
					every(m, 20*time.Millisecond, 199, make([]byte, 1764))
				}()
			}}, aac.SampleRate, nil
		}, read: ErrUnplugged, bytes: 200 * 1764, after: 4*time.Second + silenceLimit},
		"is faster than its reader": {open: func(m *microphone) (handle, int, error) {
			return &fake{started: func() {
				for range backlog/1764 + 1 {
					m.write(piece())
				}
			}}, aac.SampleRate, nil
		}, read: errLate, bytes: backlog / 1764 * 1764},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if c.want != nil && c.after > 0 {
					forever = make(chan struct{}) // of this bubble
					defer func() { close(forever); synctest.Wait() }()
				}
				began := time.Now()
				r, err := openMicrophone(t.Context(), c.open)
				if !errors.Is(err, c.want) {
					t.Fatalf("opening: %v, want %v", err, c.want)
				}
				if err == nil {
					got, err := io.ReadAll(r)
					if !errors.Is(err, c.read) || len(got) != c.bytes {
						t.Errorf("%d bytes, then %v; want %d, then %v", len(got), err, c.bytes, c.read)
					}
				}
				if took := time.Since(began); (took - c.after).Abs() > 2*watchEvery {
					t.Errorf("after %v, want %v", took, c.after)
				}
				if r != nil {
					if err := r.Close(); err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
}

// What opens when nobody waits for it any more is closed again.
func TestLateDeviceIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late, answer := &fake{}, make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		_, err := openMicrophone(ctx, func(*microphone) (handle, int, error) { <-answer; return late, aac.SampleRate, nil })
		if !errors.Is(err, context.Canceled) || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		close(answer)
		synctest.Wait()
		if !late.closed.Load() {
			t.Error("it stays open")
		}

		slow, answer2 := &fake{}, make(chan struct{})
		_, err = openSpeaker(t.Context(), func(*speaker) (handle, int, error) { <-answer2; return slow, 48000, nil })
		if !errors.Is(err, ErrTimeout) {
			t.Error(err)
		}
		close(answer2)
		synctest.Wait()
		if !slow.closed.Load() {
			t.Error("it stays open")
		}
	})
}

// A device that hangs when it is given back is left behind.
func TestHangingClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{hangClose: make(chan struct{})}
		r, err := openMicrophone(t.Context(), func(*microphone) (handle, int, error) { return f, aac.SampleRate, nil })
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := r.Close(); !errors.Is(err, ErrTimeout) || time.Since(began) != closeLimit {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		close(f.hangClose)
	})
}

// A recording from a microphone that is unplugged is kept, up to its last sample.
func TestRecordingOfAnUnpluggedMicrophoneIsKept(t *testing.T) {
	path := t.TempDir() + "/note.aac"
	synctest.Test(t, func(t *testing.T) {
		src, err := openMicrophone(t.Context(), func(m *microphone) (handle, int, error) {
			return &fake{started: func() { go every(m, 20*time.Millisecond, 50, piece()) }}, aac.SampleRate, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var last record.Event
		r, err := record.New(record.Options{Path: path}, func(e record.Event) { last = e })
		if err != nil {
			t.Fatal(err)
		}
		note, err := r.Run(t.Context(), src)
		if !errors.Is(err, ErrUnplugged) || note.Duration() != time.Second || len(note.Peaks) != im.MaxPeaks {
			t.Errorf("%v, %v kept with %d peaks", err, note.Duration(), len(note.Peaks))
		}
		if f, ok := last.(record.Failed); !ok || !errors.Is(f.Err, ErrUnplugged) {
			t.Errorf("the last event is %+v", last)
		}
		if err := note.WriteM4A(io.Discard); err != nil {
			t.Error(err)
		}
	})
}

// A microphone of another rate gives what was spoken: a tone of the same pitch and
// length, up to its last sample.
func TestMicrophoneOfAnotherRate(t *testing.T) {
	for _, rate := range []int{8000, 16000, 48000} {
		synctest.Test(t, func(t *testing.T) {
			const hz, seconds = 1000, 2
			r, err := openMicrophone(t.Context(), func(m *microphone) (handle, int, error) {
				return &fake{started: func() {
					go func() {
						for i := 0; i < seconds*rate; i += rate / 50 {
							time.Sleep(20 * time.Millisecond) // of the bubble's clock
							var b []byte
							for j := range rate / 50 {
								v := 16384 * math.Sin(2*math.Pi*hz*float64(i+j)/float64(rate))
								b = binary.LittleEndian.AppendUint16(b, uint16(int16(math.Round(v))))
							}
							m.write(b)
						}
					}()
				}}, rate, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			b, err := io.ReadAll(r)
			if n := len(b) / 2; !errors.Is(err, ErrUnplugged) || n < seconds*aac.SampleRate-10 || n > seconds*aac.SampleRate+10 {
				t.Fatalf("%d Hz: %d samples, %v", rate, n, err)
			}
			var worst float64
			for i := 200; i < len(b)/2-200; i++ {
				want := 0.5 * math.Sin(2*math.Pi*hz*float64(i)/aac.SampleRate)
				got := float64(int16(binary.LittleEndian.Uint16(b[2*i:]))) / (1 << 15)
				worst = max(worst, math.Abs(got-want))
			}
			if worst > 0.005 {
				t.Errorf("%d Hz: differs by up to %.4f", rate, worst)
			}
		})
	}
}

func TestSpeaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		var s *speaker
		out, err := openSpeaker(t.Context(), func(sp *speaker) (handle, int, error) { s = sp; return f, 48000, nil })
		if err != nil || out.Rate() != 48000 {
			t.Fatal(out, err)
		}
		early := bytes.Repeat([]byte{7}, 80)
		s.read(early)
		if !bytes.Equal(early, make([]byte, 80)) {
			t.Error("not silent before its start")
		}
		err = out.Start(beep.StreamerFunc(func(samples [][2]float64) (int, bool) {
			for i := range samples {
				samples[i] = [2]float64{0.25, -3}
			}
			return len(samples), true
		}))
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 16)
		s.read(b)
		for i, want := range []float32{0.25, -1, 0.25, -1} {
			if got := math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])); got != want {
				t.Errorf("sample %d is %v, want %v", i, got, want)
			}
		}
		began := time.Now()
		if err := <-out.Lost(); !errors.Is(err, ErrUnplugged) || time.Since(began) > silenceLimit+2*watchEvery {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if err := errors.Join(out.Close(), out.Close()); err != nil || !f.closed.Load() {
			t.Error(err)
		}
		s.read(b)
		if !bytes.Equal(b, make([]byte, 16)) {
			t.Error("not silent after Close")
		}
		if err := out.Start(nil); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("started after Close: %v", err)
		}
		select {
		case err := <-out.Lost():
			t.Errorf("lost by Close: %v", err)
		default:
		}
	})
}

func TestSpeakerDoesNotStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed := errors.New("failed")
		f := &fake{fail: failed}
		out, err := openSpeaker(t.Context(), func(*speaker) (handle, int, error) { return f, 48000, nil })
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Start(nil); !errors.Is(err, failed) || !f.closed.Load() {
			t.Errorf("%v, closed %v", err, f.closed.Load())
		}
	})
}

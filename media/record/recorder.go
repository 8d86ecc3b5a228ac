package record

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"magpie/im"
	"magpie/media"
	"magpie/media/aac"
)

const (
	// DefaultLimit is how long a note may be unless Options say otherwise; im.MaxAudio
	// is the most they may.
	DefaultLimit = time.Minute
	// WarnBefore is how long before the limit [Warning] comes.
	WarnBefore = 10 * time.Second
	// maxSilence is how long a source may give nothing before it counts as dead. A device says
	// by itself that it is gone, and better why, within 3 s.
	maxSilence = 5 * time.Second
	// chunkSamples are read at once: 50 ms.
	chunkSamples = aac.SampleRate / 20
)

// ErrNoSound says that the source stopped giving samples without an error.
var ErrNoSound = errors.New("record: the microphone gives no sound any more")

// Options of a recording.
type Options struct {
	Path    string        // of the file, which must not exist
	Limit   time.Duration // 0 is [DefaultLimit]
	Bitrate int           // bits a second, 0 is aac.MaxBitrate
	// Create makes the file at Path; nil is aac.Create.
	Create func(path string) (Growing, error)
}

// Recorder records one note. Its methods may be called from any goroutine.
type Recorder struct {
	options Options
	limit   int64 // samples
	say     func(Event)
	pause   chan bool
	stop    chan struct{}
	once    sync.Once
	ended   chan struct{}
}

// Growing is the file that is written to, as an [aac.Growing] does: what was
// appended stays, whatever becomes of the process.
type Growing interface {
	Append(unit []byte) error
	Close() error
}

func create(path string) (Growing, error) { return aac.Create(path) }

// New prepares a recording; nothing is opened yet. say is called from Run with
// every event, and must return soon.
func New(o Options, say func(Event)) (*Recorder, error) {
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.Limit < 0 || o.Limit > im.MaxAudio {
		return nil, im.Errorf(im.CodeInvalidParameter, "a limit of %v, at most %v is allowed", o.Limit, im.MaxAudio)
	}
	if o.Bitrate == 0 {
		o.Bitrate = aac.MaxBitrate
	}
	if o.Create == nil {
		o.Create = create
	}
	return &Recorder{
		options: o, say: say, limit: int64(o.Limit) * aac.SampleRate / int64(time.Second),
		pause: make(chan bool), stop: make(chan struct{}), ended: make(chan struct{}),
	}, nil
}

// Pause passes over what the source gives until Resume. It does nothing when it
// is so already, and after the end; before Run it waits for it.
func (r *Recorder) Pause() { r.setPaused(true) }

// Resume records again after Pause, under the same conditions.
func (r *Recorder) Resume() { r.setPaused(false) }

func (r *Recorder) setPaused(paused bool) {
	select {
	case r.pause <- paused:
	case <-r.ended:
	}
}

// Stop ends the recording, which Run then returns. It may be called again.
func (r *Recorder) Stop() { r.once.Do(func() { close(r.stop) }) }

// Run records src, 16-bit samples of 44,100 Hz mono with the lower byte first,
// until Stop, the limit, the end of src, an error or the end of ctx, and closes
// src, which must end a Read that waits. It may be called once.
//
// Whenever a file was made the Note says what is in it, with an error too. The
// error is that of src, [ErrNoSound], the disk's, or ctx's.
func (r *Recorder) Run(ctx context.Context, src io.ReadCloser) (Note, error) {
	defer close(r.ended)
	t, err := r.newTake()
	if err != nil {
		return Note{}, errors.Join(err, src.Close())
	}
	chunks := make(chan []byte)
	read := make(chan error, 1)
	done := make(chan struct{})
	go func() { read <- readChunks(src, chunks, done) }()

	reason, err := r.loop(ctx, t, chunks)
	close(done)
	closed := src.Close()
	ended := <-read // the reader has left src
	if err == nil && reason == BySource && !errors.Is(ended, io.EOF) {
		err = fmt.Errorf("record: %w", ended)
	} else if err == nil && reason != BySource && closed != nil {
		err = fmt.Errorf("record: %w", closed)
	}
	note, finished := t.finish()
	if err == nil {
		err = finished // else it says the same once more
	}
	if err != nil {
		r.say(Failed{note, err})
		return note, err
	}
	r.say(Stopped{note, reason})
	return note, nil
}

// readChunks gives out what src gives, in pieces of 50 ms and a rest, and returns
// why it ended.
func readChunks(src io.Reader, chunks chan<- []byte, done <-chan struct{}) error {
	defer close(chunks)
	for {
		b := make([]byte, 2*chunkSamples)
		n, err := io.ReadFull(src, b)
		if n >= 2 {
			select {
			case chunks <- b[:n/2*2]:
			case <-done:
				return io.EOF
			}
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return io.EOF
		}
		if err != nil {
			return err
		}
	}
}

// loop takes chunks until there is a reason to end.
func (r *Recorder) loop(ctx context.Context, t *take, chunks <-chan []byte) (Reason, error) {
	started, warned, paused := false, r.options.Limit <= WarnBefore, false
	alive := time.NewTimer(maxSilence)
	defer alive.Stop()
	for {
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("record: %w", ctx.Err())
		case <-r.stop:
			return ByRequest, nil
		case <-alive.C:
			return 0, ErrNoSound
		case p := <-r.pause:
			if p != paused {
				if paused = p; paused {
					alive.Stop() // the source may rest too
					r.say(Paused{})
				} else {
					alive.Reset(maxSilence)
					r.say(Resumed{})
				}
			}
		case b, ok := <-chunks:
			if !ok {
				return BySource, nil
			}
			if !started {
				started = true
				r.say(Started{})
			}
			if paused {
				continue
			}
			alive.Reset(maxSilence)
			level, err := t.add(b[:min(int64(len(b)), 2*(r.limit-t.samples))])
			if err != nil {
				return 0, err
			}
			r.say(level)
			left := r.limit - t.samples
			if left == 0 {
				return ByLimit, nil
			}
			if !warned && left <= int64(WarnBefore/time.Second)*aac.SampleRate {
				warned = true
				r.say(Warning{time.Duration(left) * time.Second / aac.SampleRate})
			}
		}
	}
}

// take is the file that grows, and what is known of it.
type take struct {
	path    string
	file    Growing
	enc     *aac.Encoder
	wave    media.Waveform
	samples int64
	units   int64
	pcm     []int16
	frames  [][2]float64
}

func (r *Recorder) newTake() (*take, error) {
	t := &take{path: r.options.Path}
	var err error
	if t.enc, err = aac.NewEncoder(r.options.Bitrate, t.append); err != nil {
		return nil, err
	}
	if t.file, err = r.options.Create(t.path); err != nil {
		return nil, diskError(err)
	}
	return t, nil
}

func (t *take) append(unit []byte) error {
	if err := t.file.Append(unit); err != nil {
		return err
	}
	t.units++
	return nil
}

// add records the samples of b.
func (t *take) add(b []byte) (Level, error) {
	t.pcm, t.frames = t.pcm[:0], t.frames[:0]
	var peak, sum float64
	for ; len(b) >= 2; b = b[2:] {
		s := int16(binary.LittleEndian.Uint16(b))
		v := float64(s) / (1 << 15)
		t.pcm, t.frames = append(t.pcm, s), append(t.frames, [2]float64{v, v})
		peak = max(peak, math.Abs(v))
		sum += v * v
	}
	if err := t.enc.Write(t.pcm); err != nil {
		return Level{}, diskError(err)
	}
	t.wave.Add(t.frames)
	t.samples += int64(len(t.pcm))
	return Level{peak, math.Sqrt(sum / float64(max(len(t.pcm), 1))), time.Duration(t.samples) * time.Second / aac.SampleRate}, nil
}

// finish closes the file. The note has what reached it.
func (t *take) finish() (Note, error) {
	err := errors.Join(t.enc.Close(), t.file.Close())
	samples := max(min(t.samples, t.units*aac.UnitSamples-aac.Priming), 0)
	return Note{Path: t.path, Samples: samples, Peaks: t.wave.Peaks()}, diskError(err)
}

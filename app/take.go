package app

import (
	"context"
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"magpie/app/voicedraft"
	"magpie/im"
	"magpie/media/device"
	"magpie/media/record"
	"magpie/widgets/loop"
)

// micPatience is how long a microphone may take to open.
const micPatience = 8 * time.Second

// take is one recording, from the microphone that is being opened to the note that
// is on the disk. One is made at a time. What is not said to be otherwise belongs to
// the goroutine of the user interface.
type take struct {
	limit time.Duration
	// changed is told of everything below, ended once at the end.
	changed func()
	ended   func()

	live   bool // samples come
	warned bool
	length time.Duration
	levels []byte // how loud each 50 ms was, as [loudness]
	// note is what there is at the end, err why that was, byLimit that it is as long
	// as it may be.
	note    record.Note
	err     error
	byLimit bool

	recorder *record.Recorder // nil until it is live, as path is ""
	path     string
	stopping chan struct{}
	stopped  sync.Once
	// done is closed when the microphone is closed and the file complete; ended was
	// queued before.
	done chan struct{}

	// settle, if set, is asked beside the user interface, also when that is about to
	// end, whether it deals with what was recorded; settled is its answer.
	settle  atomic.Pointer[func(record.Note, error) bool]
	settled bool

	// pausing makes one change of the recorder at a time; paused is what is wanted.
	pausing sync.Mutex
	paused  atomic.Bool
}

// takes are the recordings of the application.
type takes struct {
	sound Sound
	last  *take // may still be ending
	all   sync.WaitGroup
}

// begin records into a new draft of a conversation.
func (ts *takes) begin(folder *voicedraft.Folder, conv im.ConversationID, now time.Time, microphone string, limit time.Duration) *take {
	t := &take{limit: limit, changed: func() {}, ended: func() {}, stopping: make(chan struct{}), done: make(chan struct{})}
	before := ts.last
	ts.last = t
	ts.all.Add(1)
	go func() {
		defer ts.all.Done()
		defer close(t.done)
		if before != nil {
			<-before.done // one microphone at a time
		}
		note, err := t.run(ts.sound, folder, conv, now, microphone)
		settled := false
		if f := t.settle.Load(); f != nil {
			settled = (*f)(note, err)
		}
		loop.Do(func() {
			t.note, t.err, t.settled = note, err, settled
			t.ended()
		})
	}()
	return t
}

// run records to the end. It runs beside the user interface.
func (t *take) run(sound Sound, folder *voicedraft.Folder, conv im.ConversationID, now time.Time, microphone string) (record.Note, error) {
	ctx, cancel := context.WithTimeout(context.Background(), micPatience)
	defer cancel()
	over := make(chan struct{})
	defer close(over)
	go func() {
		select {
		case <-t.stopping:
			cancel()
		case <-over:
		}
	}()
	path, done, err := folder.New(conv, now)
	if err != nil {
		return record.Note{}, err
	}
	defer done()
	mic, err := sound.OpenMicrophone(ctx, microphone)
	select {
	case <-t.stopping: // before anything came of it
		if err == nil {
			_ = mic.Close() // nothing was read from it
		}
		return record.Note{}, nil
	default:
	}
	if err != nil {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = errors.Join(device.ErrTimeout, err)
		}
		return record.Note{}, err
	}
	var r *record.Recorder
	r, err = record.New(record.Options{Path: path, Limit: t.limit, Create: folder.Create}, func(e record.Event) {
		loop.Do(func() { t.event(r, path, e) })
	})
	if err != nil {
		return record.Note{}, errors.Join(err, mic.Close())
	}
	go func() {
		select {
		case <-t.stopping:
			r.Stop()
		case <-over:
		}
	}()
	return r.Run(context.Background(), mic)
}

// event takes in what the recorder says.
func (t *take) event(r *record.Recorder, path string, e record.Event) {
	switch e := e.(type) {
	case record.Started:
		t.live, t.recorder, t.path = true, r, path
	case record.Level:
		t.length = e.Length
		t.levels = append(t.levels, loudness(e.Peak))
	case record.Warning:
		t.warned = true
	case record.Stopped:
		t.byLimit = e.Reason == record.ByLimit
		return // its end follows
	default:
		return
	}
	t.changed()
}

// loudness is what a meter shows of an amplitude, 0 to 1: quiet speech moves it too.
func loudness(amplitude float64) byte { return byte(math.Sqrt(min(amplitude, 1))*255 + 0.5) }

// stop ends the recording; ended follows.
func (t *take) stop() { t.stopped.Do(func() { close(t.stopping) }) }

// setPaused pauses or goes on, beside the user interface; then, which may be nil, is
// called there once the recorder has done so. It counts only while it is live.
func (t *take) setPaused(paused bool, then func()) {
	r := t.recorder
	if r == nil {
		return
	}
	t.paused.Store(paused)
	go func() {
		t.pausing.Lock() // several may be under way; the last wish counts
		if t.paused.Load() {
			r.Pause()
		} else {
			r.Resume()
		}
		t.pausing.Unlock()
		if then != nil {
			then()
		}
	}()
}

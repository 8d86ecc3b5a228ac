package record

import "time"

// Event is what happens to a recording, one of the types below.
type Event interface{ event() }

// Started: the first samples came.
type Started struct{}

// Level is said every 50 ms while recording: the largest and the mean (RMS)
// amplitude of them, 0 to 1, and the length of the note up to here.
type Level struct {
	Peak, RMS float64
	Length    time.Duration
}

// Paused and Resumed: samples are passed over, or recorded again.
type (
	Paused  struct{}
	Resumed struct{}
)

// Warning: the recording ends by itself when so much more was recorded.
type Warning struct{ Left time.Duration }

// Stopped: the note is complete and its file closed. It is the last event.
type Stopped struct {
	Note   Note
	Reason Reason
}

// Failed: the recording ended by an error. Note is what was recorded until then,
// and its file is closed. It is the last event.
type Failed struct {
	Note Note
	Err  error
}

func (Started) event() {}
func (Level) event()   {}
func (Paused) event()  {}
func (Resumed) event() {}
func (Warning) event() {}
func (Stopped) event() {}
func (Failed) event()  {}

// Reason of the end of a recording.
type Reason int

// Reasons.
const (
	ByRequest Reason = iota // [Recorder.Stop]
	ByLimit
	BySource // the source has no more
)

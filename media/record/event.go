package record

import "time"

// Event is what happens to a recording, one of the types below.
type Event interface{ event() }

// Started comes with the first samples.
type Started struct{}

// Level comes every 50 ms while recording: the largest and the mean (RMS)
// amplitude of them, 0 to 1, and the length of the note up to here.
type Level struct {
	Peak, RMS float64
	Length    time.Duration
}

// Paused comes when samples begin to be passed over.
type Paused struct{}

// Resumed comes when they are recorded again.
type Resumed struct{}

// Warning comes before the recording ends by itself, Left later.
type Warning struct{ Left time.Duration }

// Stopped is the last event: the note is complete and its file closed.
type Stopped struct {
	Note   Note
	Reason Reason
}

// Failed is the last event after an error: Note is what was recorded until then,
// and its file is closed.
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

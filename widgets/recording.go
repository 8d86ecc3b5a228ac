package widgets

import (
	"fmt"
	"time"
)

// RecorderState is what is being done with a voice note in the composer.
type RecorderState int

// States of the recorder.
const (
	// RecorderHeld: recording while the button is held.
	RecorderHeld RecorderState = iota
	// RecorderLocked: recording by itself.
	RecorderLocked
	// RecorderPaused: nothing is recorded until it is resumed.
	RecorderPaused
	// RecorderDone: the note is complete and waits to be heard, deleted or sent.
	RecorderDone
)

// RecordAction is what a person wants of the recorder.
type RecordAction int

// Actions. RecordStart begins, with the button held; RecordLock lets it go on
// without; RecordListen begins to play what was recorded up to now, or ends that.
const (
	RecordStart RecordAction = iota
	RecordLock
	RecordPause
	RecordResume
	RecordListen
	RecordDelete
	RecordSend
)

// Recording is what the recorder shows. It is a value: to change something, show
// another one.
type Recording struct {
	State RecorderState
	// At and Total are the two times: how much was recorded, and of how much; or,
	// while listening, where that is and of what. Total 0 is not shown.
	At, Total time.Duration
	// Levels is how loud it was, 0 to 255, in equal steps. While recording the last
	// ones are shown, otherwise all of them.
	Levels []byte
	// Listening: what was recorded is being played. Played is how much of Levels that
	// has come to, 0 to 1.
	Listening bool
	Played    float64
	// Notice is said instead of the hint, and Warning whether it is about time.
	Notice  string
	Warning bool
}

// RecorderWords are the words of the recorder.
type RecorderWords struct {
	// Names of the buttons.
	Record, Pause, Resume, Listen, StopListening, Delete, Send string
	// Held say what can be done while the button is held; the first that has room is
	// shown.
	Held []string
	// Cancels says that to let the button go now deletes the note.
	Cancels string
}

// recordingClock is a length in minutes and seconds.
func recordingClock(d time.Duration) string {
	s := int(d / time.Second)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

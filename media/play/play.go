package play

import (
	"github.com/faiface/beep"
)

// Source is a sound; *voice.Sound is one. All but Close is called by one goroutine
// at a time. Close may come while another call waits, and must end that.
type Source interface {
	// Len is 0 if only what was decoded is known, and grows then.
	beep.StreamSeekCloser
	Format() beep.Format
	// Damaged reports whether something was missing of what was streamed up to now.
	Damaged() bool
}

// Streamer is what an Output pulls, for those that know no beep.
type Streamer = beep.Streamer

// Output is an open device that plays.
type Output interface {
	// Rate is how many frames a second it pulls.
	Rate() int
	// Start begins to pull frames of s, which never waits and never ends. It is
	// called once.
	Start(s beep.Streamer) error
	// Close ends that. It may be called again.
	Close() error
	// Lost gives at most one error: why the device plays no more. Nothing comes
	// because of Close.
	Lost() <-chan error
}

package play

import "time"

// Event is what happens to a sound, one of the types below.
type Event interface{ event() }

// Position says where a sound is: at once when it begins and with every change,
// and every 50 ms while it plays.
type Position struct {
	ID string
	// At and Length are times of the sound, whatever the speed. Of sound that is
	// decoded in isolation Length is how much of it has been up to now.
	At, Length time.Duration
	// Playing is false while paused. While the device is being opened or the decoder
	// is late it is true, and At stands still.
	Playing bool
}

// Ended is the last event of a sound that was played to its end.
type Ended struct {
	ID      string
	Damaged bool // a part was missing
}

// Failed is the last event of a sound that cannot be played, or not any further:
// the device does not open or is gone, or the sound cannot be read.
type Failed struct {
	ID  string
	Err error
}

func (Position) event() {}
func (Ended) event()    {}
func (Failed) event()   {}

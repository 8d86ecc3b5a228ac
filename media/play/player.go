package play

import (
	"context"
	"time"
)

// Player plays one sound at a time. Its methods return at once and may be called
// from any goroutine.
type Player struct {
	open func(ctx context.Context) (Output, error)
	say  func(Event)
}

// New returns a player that opens its device with open when there is something to
// play. say is called with every event, one at a time, and never after Close. It
// must hand the event on and return: it may neither call the Player nor wait for
// somebody who does.
func New(open func(ctx context.Context) (Output, error), say func(Event)) *Player {
	return &Player{open: open, say: say}
}

// Play plays s from a moment on and closes it at the end. What played before ends
// without an event.
func (p *Player) Play(id string, s Source, from time.Duration) {}

// Pause holds the sound where it is.
func (p *Player) Pause() {}

// Resume goes on after Pause.
func (p *Player) Resume() {}

// Seek goes to a moment of the sound, exactly; beyond its end, to the end.
func (p *Player) Seek(to time.Duration) {}

// SetSpeed plays this sound and those that follow x times as fast, with the pitch
// kept; x is from 0.5 to 3.
func (p *Player) SetSpeed(x float64) {}

// SetVolume sets how loud this sound and those that follow are: from 0, silence, to
// 1, as recorded; half of it sounds half as loud.
func (p *Player) SetVolume(v float64) {}

// ChangeOutput closes the device; what is playing goes on at the same place on the
// one that is opened now.
func (p *Player) ChangeOutput() {}

// Stop ends the sound without an event; when it returns none comes any more.
func (p *Player) Stop() {}

// Close stops, and closes the device.
func (p *Player) Close() {}

package app

import "time"

// jumpAtLeast is by how much a clock must go otherwise than time does for it to have
// been set.
const jumpAtLeast = time.Minute

// passing notices what changes the words for times beside their passing: another day,
// another zone, and a clock that somebody has set.
type passing struct {
	words timeWords
	today string
	zone  *time.Location
	// wall is what the clock said last, at when that was by a clock that nobody sets.
	wall, at time.Time
}

func newPassing(w timeWords, at time.Time) passing {
	now := w.now()
	return passing{words: w, today: w.today(), zone: now.Location(), wall: now.Round(0), at: at}
}

// moved reports whether times have other words than when it was asked before; at is
// the time by a clock that nobody sets.
func (p *passing) moved(at time.Time) bool {
	was := *p
	*p = newPassing(p.words, at)
	off := p.wall.Sub(was.wall) - at.Sub(was.at)
	return p.today != was.today || p.zone != was.zone || off.Abs() >= jumpAtLeast
}

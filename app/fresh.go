package app

import (
	"slices"

	"magpie/widgets/canvas"
)

// freshness keeps what was read from the disk a while ago from covering what
// came since. Changes come in two ways: from events, which are as new as the
// moment, and from reads, which are as old as their beginning.
type freshness struct {
	clock uint64
	reads int // under way
	// stamps say, while something is being read, how new what the canvas has of
	// an item is.
	stamps map[canvas.Key]uint64
}

// begin is called when a read begins and returns its stamp.
func (f *freshness) begin() uint64 {
	f.clock++
	f.reads++
	return f.clock
}

// now notes changes that an event brought.
func (f *freshness) now(ch canvas.Changes) {
	if f.reads == 0 {
		return
	}
	f.clock++
	f.note(ch, f.clock)
}

// done ends a read and returns those of its changes that nothing newer covers.
func (f *freshness) done(stamp uint64, ch canvas.Changes) canvas.Changes {
	covered := func(k canvas.Key) bool { return f.stamps[k] > stamp }
	ch.Put = slices.DeleteFunc(ch.Put, func(it canvas.Item) bool { return covered(it.Key) })
	ch.Remove = slices.DeleteFunc(ch.Remove, covered)
	if f.reads--; f.reads == 0 {
		clear(f.stamps)
	} else {
		f.note(ch, stamp)
	}
	return ch
}

func (f *freshness) note(ch canvas.Changes, stamp uint64) {
	if f.stamps == nil {
		f.stamps = map[canvas.Key]uint64{}
	}
	for i := range ch.Put {
		f.stamps[ch.Put[i].Key] = stamp
	}
	for _, k := range ch.Remove {
		f.stamps[k] = stamp
	}
}

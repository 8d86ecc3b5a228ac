package canvas

import "time"

// joinWithin is how long after a message the next one of the same sender still
// joins it.
const joinWithin = 5 * time.Minute

// look is what an entry shows beside its own content. It follows from its
// neighbours.
type look struct {
	first   bool // nothing comes before it: no gap above
	day     bool // a day separator above
	divider bool // the unread divider above
	joined  bool // belongs to the message before it: a small gap, no name
	name    bool
	avatar  bool
}

// divider is where the unread divider stands.
type divider struct {
	after uint64 // above the first message of others after this sequence
	n     int    // what it says; 0 for no divider
}

// decorate works out the look of every entry that is held, and drops the layouts
// of those whose look has changed.
func (c *Canvas) decorate() {
	w := &c.window
	looks := make([]look, len(w.entries))
	here := c.now().Location()
	var prev *entry // the last entry that is not a hole
	dividerDone := c.divider.n == 0
	for i, e := range w.entries {
		k := &looks[i]
		k.first = i == 0 && !w.older
		if e.Kind != KindHole {
			switch {
			case e.Kind == KindCard: // says its day itself
			case prev == nil:
				k.day = !w.older
			default:
				k.day = !sameDay(prev.Time.In(here), e.Time.In(here))
			}
			if !dividerDone && !e.Own && e.Sequence > c.divider.after {
				dividerDone = true
				k.divider = i > 0 || !w.older
			}
			prev = e
		} else if !dividerDone && e.Until > c.divider.after {
			dividerDone = true // what it stands for was not read
			k.divider = i > 0 || !w.older
		}
		k.joined = i > 0 && !k.day && !k.divider && joins(w.entries[i-1], e)
		if e.spoken() && !e.Own {
			k.name = !k.joined && e.Sender.Name != ""
			k.avatar = e.Sender.Color != nil
		}
		if k.joined {
			looks[i-1].avatar = false // it goes with the last of the group
		}
	}
	for i, e := range w.entries {
		if e.look != looks[i] {
			e.look, e.layout = looks[i], nil
		}
	}
}

// spoken reports whether an entry stands on the side of who said it.
func (e *entry) spoken() bool {
	switch e.Kind {
	case KindText, KindOther, KindSticker, KindVoice, KindImage, KindVideo, KindFile, KindMerged:
		return true
	}
	return false
}

// joins reports whether b follows a closely enough to be drawn as one with it.
func joins(a, b *entry) bool {
	if !a.spoken() || !b.spoken() || a.Own != b.Own || !a.Own && a.Sender.ID != b.Sender.ID {
		return false
	}
	d := b.Time.Sub(a.Time)
	return d >= -joinWithin && d <= joinWithin
}

func sameDay(a, b time.Time) bool {
	y, m, d := a.Date()
	y2, m2, d2 := b.Date()
	return d == d2 && m == m2 && y == y2
}

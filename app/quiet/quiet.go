// Package quiet says when a person wants not to be disturbed: for a while from now, and
// in certain hours of every day. It goes by the clock on the wall, which goes on while
// the computer sleeps and jumps when it is set; nothing here runs or waits.
package quiet

import "time"

// Rules are what a person chose. The zero value is never quiet.
type Rules struct {
	// Since and Until are the while, in milliseconds since 1970, both 0 for none.
	Since int64 `json:"since,omitempty"`
	Until int64 `json:"until,omitempty"`
	// Daily turns on the hours From to To, in minutes after midnight where the person
	// is. They may go over midnight; equal ones are the whole day.
	Daily bool `json:"daily,omitempty"`
	From  int  `json:"from,omitempty"`
	To    int  `json:"to,omitempty"`
	// Awake is until when the hours of the day are passed over, in milliseconds since
	// 1970: somebody wanted to be disturbed again in the middle of them.
	Awake int64 `json:"awake,omitempty"`
	// Mentions lets messages that mention the person through.
	Mentions bool `json:"mentions,omitempty"`
}

// Usual hours, for who turns them on for the first time.
const (
	UsualFrom = 22 * 60
	UsualTo   = 8 * 60
)

// Morning is when "until tomorrow" ends, in hours.
const Morning = 8

// slack is how far a clock may be set back while a pause lasts. One that is set back
// farther was wrong when the pause began, and the pause is over.
const slack = 5 * time.Minute

// At reports whether it is quiet at now, and when that ends; the hours are those of
// the place that now is in. Both may be true of a pause and of the hours of the day:
// end is then when neither is any more, as far as the next day.
func (r Rules) At(now time.Time) (end time.Time, quiet bool) {
	now = now.Round(0)
	if r.pauses(now) {
		end, quiet = time.UnixMilli(r.Until).In(now.Location()), true
	}
	at := now
	if quiet {
		at = end
	}
	if hours, in := r.hours(at); in {
		end, quiet = hours, true
	}
	return end, quiet
}

// pauses reports whether the while lasts.
func (r Rules) pauses(now time.Time) bool {
	ms := now.UnixMilli()
	return ms < r.Until && ms >= r.Since-slack.Milliseconds()
}

// hours reports whether now is in the hours of the day, and when those end.
func (r Rules) hours(now time.Time) (end time.Time, in bool) {
	if !r.Daily || r.awake(now) {
		return time.Time{}, false
	}
	minute := now.Hour()*60 + now.Minute()
	switch {
	case r.From < r.To:
		in = minute >= r.From && minute < r.To
	case r.From > r.To:
		in = minute >= r.From || minute < r.To
	default:
		in = true
	}
	if !in {
		return time.Time{}, false
	}
	day := now.Day()
	if minute >= r.To {
		day++
	}
	return time.Date(now.Year(), now.Month(), day, 0, r.To, 0, 0, now.Location()), true
}

// awake reports whether the hours of the day are passed over. They are for less than
// a day: a clock that says more was set back.
func (r Rules) awake(now time.Time) bool {
	left := r.Awake - now.UnixMilli()
	return left > 0 && left <= (25*time.Hour).Milliseconds()
}

// For begins a pause of d.
func (r Rules) For(now time.Time, d time.Duration) Rules {
	r.Since, r.Until = now.UnixMilli(), now.Add(d).UnixMilli()
	return r
}

// UntilMorning begins a pause that lasts until the next morning; in the small hours that
// is the one before which the person sleeps.
func (r Rules) UntilMorning(now time.Time) Rules {
	day := now.Day()
	if now.Hour() >= 4 {
		day++
	}
	end := time.Date(now.Year(), now.Month(), day, Morning, 0, 0, 0, now.Location())
	return r.For(now, end.Sub(now))
}

// Ended ends what lasts at now: the pause, and the hours of the day until they come
// again.
func (r Rules) Ended(now time.Time) Rules {
	r.Since, r.Until = 0, 0
	if end, in := r.hours(now); in {
		r.Awake = end.UnixMilli()
	}
	return r
}

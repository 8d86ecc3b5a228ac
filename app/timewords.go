package app

import (
	"time"

	"magpie/app/i18n"
)

// timeWords says when something was, in the words of a chat: the closer, the
// shorter. Days are those of the clock on the wall, not of 24 hours.
type timeWords struct {
	tr  *i18n.Translator
	now func() time.Time
}

// aheadAtMost is how far two clocks that are not quite the same may be apart.
const aheadAtMost = time.Hour

// clock is the time of a message within its day, "10:42".
func (w timeWords) clock(t time.Time) string { return w.here(t).Format("15:04") }

// here is t where the clock on the wall hangs.
func (w timeWords) here(t time.Time) time.Time { return t.In(w.now().Location()) }

// list is the time of a conversation's last message: the clock today, then
// yesterday, the weekday within a week, the day within a year, the date. A clock
// that was put back finds messages of tomorrow: they have their date, unless the
// server's clock is only a little ahead.
func (w timeWords) list(t time.Time) string {
	t = w.here(t)
	switch days := w.daysAgo(t); {
	case days == 0, days < 0 && t.Sub(w.now()) < aheadAtMost:
		return w.clock(t)
	case days == 1:
		return w.tr.T("day.yesterday")
	case days > 1 && days < 7:
		return w.tr.T(weekdayKey("day.short.", t))
	}
	return w.date(t)
}

// day is the separator above the messages of a day.
func (w timeWords) day(t time.Time) string {
	t = w.here(t)
	switch days := w.daysAgo(t); {
	case days == 0:
		return w.tr.T("day.today")
	case days == 1:
		return w.tr.T("day.yesterday")
	case days > 1 && days < 7:
		return w.tr.T(weekdayKey("day.long.", t))
	}
	return w.date(t)
}

func (w timeWords) date(t time.Time) string {
	t = w.here(t)
	args := i18n.Args{
		"Day":   t.Day(),
		"Month": w.tr.T(monthKey(t)),
		"Year":  t.Year(),
	}
	if t.Year() == w.now().Year() {
		return w.tr.F("day.date", args)
	}
	return w.tr.F("day.dateYear", args)
}

// today says which day it is on the clock on the wall, and how that is set: while
// it stays the same, so do the words for all days.
func (w timeWords) today() string { return w.now().Format("2006-01-02 -0700") }

// daysAgo counts the midnights between t and now; summer time makes some days
// 23 or 25 hours long, so it compares dates.
func (w timeWords) daysAgo(t time.Time) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	now := w.now()
	return int(date(now).Sub(date(t.In(now.Location()))).Hours() / 24)
}

func weekdayKey(prefix string, t time.Time) string {
	return prefix + [...]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}[t.Weekday()]
}

func monthKey(t time.Time) string {
	return "month." + [...]string{"january", "february", "march", "april", "may", "june", "july",
		"august", "september", "october", "november", "december"}[t.Month()-1]
}

// until is when something ends: the clock today, else with the day before it.
func (w timeWords) until(t time.Time) string {
	if w.daysAgo(t) == 0 {
		return w.clock(t)
	}
	return w.date(t) + " " + w.clock(t)
}

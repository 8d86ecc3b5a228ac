package app

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"magpie/app/i18n"
)

// period is a range of days, for a search or an export. The zero period is all
// time.
type period struct {
	// key names one that is counted from today; "" for dates that somebody chose.
	key string
	// from is the first day and to the one after the last, both at midnight; zero
	// for no bound.
	from, to time.Time
}

func (p period) set() bool { return !p.from.IsZero() || !p.to.IsZero() }

// bounds are the first and the last moment, to the second, both included.
func (p period) bounds() (since, until time.Time) {
	if !p.to.IsZero() {
		until = p.to.Add(-time.Second)
	}
	return p.from, until
}

// words are what a person calls it.
func (p period) words(w timeWords) string {
	if p.key != "" {
		return w.tr.T("find.time." + p.key)
	}
	return p.dates(w)
}

// dates are its first and last day.
func (p period) dates(w timeWords) string {
	last := p.to.AddDate(0, 0, -1)
	switch {
	case !p.set():
		return ""
	case p.to.IsZero():
		return w.tr.F("find.time.since", i18n.Args{"Date": w.date(p.from)})
	case p.from.IsZero():
		return w.tr.F("find.time.until", i18n.Args{"Date": w.date(last)})
	case last.Equal(p.from):
		return w.date(p.from)
	}
	return w.tr.F("find.time.between", i18n.Args{"From": w.date(p.from), "To": w.date(last)})
}

// midnight is the beginning of a day of the clock on the wall.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// namedPeriods are those that are offered.
func namedPeriods(now time.Time) []period {
	today := midnight(now)
	tomorrow := today.AddDate(0, 0, 1)
	year := time.Date(now.Year(), 1, 1, 0, 0, 0, 0, now.Location())
	return []period{
		{"today", today, tomorrow},
		{"yesterday", today.AddDate(0, 0, -1), today},
		{"week", today.AddDate(0, 0, -6), tomorrow},
		{"month", today.AddDate(0, 0, -29), tomorrow},
		{"year", year, year.AddDate(1, 0, 0)},
		{"lastYear", year.AddDate(-1, 0, 0), year},
	}
}

// dateIn is a date as people write it: 2026-11-20, 2026/11, 2026, 2026年11月20日.
var dateIn = regexp.MustCompile(`(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})日?|月)?|年)?`)

// typedPeriods are what somebody may mean by a date, or by two: none if there is
// no date in it. A year or a month means all of it.
func typedPeriods(typed string, now time.Time) []period {
	if strings.Trim(dateIn.ReplaceAllString(typed, ""), " -–—.~至到to") != "" {
		return nil
	}
	var days []period
	for _, m := range dateIn.FindAllStringSubmatch(typed, 3) {
		p, ok := readDate(m[1], m[2], m[3], now.Location())
		if !ok {
			return nil
		}
		days = append(days, p)
	}
	switch {
	case len(days) == 1:
		d := days[0]
		return []period{d, {from: d.from}, {to: d.to}}
	case len(days) == 2 && days[0].from.Before(days[1].to):
		return []period{{from: days[0].from, to: days[1].to}}
	}
	return nil
}

func readDate(year, month, day string, zone *time.Location) (p period, ok bool) {
	y, _ := strconv.Atoi(year) // digits, by the expression
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	switch {
	case y < 1970 || m > 12 || month != "" && m == 0 || day != "" && d == 0:
		return p, false
	case month == "":
		p.from = time.Date(y, 1, 1, 0, 0, 0, 0, zone)
		p.to = p.from.AddDate(1, 0, 0)
	case day == "":
		p.from = time.Date(y, time.Month(m), 1, 0, 0, 0, 0, zone)
		p.to = p.from.AddDate(0, 1, 0)
	default:
		p.from = time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone)
		p.to = p.from.AddDate(0, 0, 1)
		ok = p.from.Day() == d // there is no 31 November
		return p, ok
	}
	return p, true
}

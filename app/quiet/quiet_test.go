package quiet

import (
	"testing"
	"time"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, berlin(t))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// berlin has a summer time.
func berlin(t *testing.T) *time.Location {
	t.Helper()
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestHoursOfTheDay(t *testing.T) {
	night := Rules{Daily: true, From: 22 * 60, To: 7*60 + 30}
	noon := Rules{Daily: true, From: 12 * 60, To: 13 * 60}
	always := Rules{Daily: true, From: 60, To: 60}
	for _, c := range []struct {
		rules    Rules
		now, end string // "" for not quiet
	}{
		{night, "2026-11-26 21:59", ""},
		{night, "2026-11-26 22:00", "2026-11-27 07:30"},
		{night, "2026-11-27 07:29", "2026-11-27 07:30"},
		{night, "2026-11-27 07:30", ""},
		{night, "2026-12-31 23:00", "2027-01-01 07:30"},
		{night, "2026-10-24 23:00", "2026-10-25 07:30"}, // an hour longer by summer time
		{noon, "2026-11-26 12:30", "2026-11-26 13:00"},
		{noon, "2026-11-26 13:00", ""},
		{always, "2026-11-26 00:30", "2026-11-26 01:00"},
		{always, "2026-11-26 01:00", "2026-11-27 01:00"},
		{Rules{From: 60, To: 120}, "2026-11-26 01:30", ""},
		{Rules{}, "2026-11-26 01:30", ""},
	} {
		end, quiet := c.rules.At(at(t, c.now))
		if quiet != (c.end != "") || quiet && !end.Equal(at(t, c.end)) {
			t.Errorf("%+v at %s: %v, %v", c.rules, c.now, end, quiet)
		}
	}
}

// A pause ends by the clock on the wall, through sleep and jumps of the clock.
func TestPauseEndsByItself(t *testing.T) {
	begin := at(t, "2026-11-26 15:00")
	r := Rules{}.For(begin, time.Hour)
	for now, want := range map[string]bool{
		"2026-11-26 15:00": true,
		"2026-11-26 15:59": true,
		"2026-11-26 16:00": false,
		"2026-11-27 09:00": false, // slept over it
		"2026-11-26 14:56": true,  // set back a little
		"2026-11-26 14:30": false, // was wrong by half an hour
		"2025-01-01 00:00": false,
		"2036-01-01 00:00": false,
	} {
		end, quiet := r.At(at(t, now))
		if quiet != want || quiet && !end.Equal(begin.Add(time.Hour)) {
			t.Errorf("at %s: %v, %v", now, end, quiet)
		}
	}
}

func TestUntilMorning(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-26 15:00": "2026-11-27 08:00",
		"2026-11-26 23:59": "2026-11-27 08:00",
		"2026-11-27 01:30": "2026-11-27 08:00",
		"2026-11-27 06:00": "2026-11-28 08:00",
		"2026-12-31 20:00": "2027-01-01 08:00",
		"2026-10-24 20:00": "2026-10-25 08:00",
	} {
		if end, quiet := (Rules{}).UntilMorning(at(t, now)).At(at(t, now)); !quiet || !end.Equal(at(t, want)) {
			t.Errorf("at %s: until %v, %v", now, end, quiet)
		}
	}
}

// A pause that ends in the hours of the day goes on with them, and to end it is to end
// both.
func TestPauseAndHours(t *testing.T) {
	now := at(t, "2026-11-26 21:30")
	r := Rules{Daily: true, From: UsualFrom, To: UsualTo, Mentions: true}.For(now, time.Hour)
	if end, quiet := r.At(now); !quiet || !end.Equal(at(t, "2026-11-27 08:00")) {
		t.Errorf("until %v, %v", end, quiet)
	}
	if _, quiet := r.Ended(now).At(now); quiet {
		t.Error("still quiet")
	}
	if _, quiet := r.Ended(now).At(at(t, "2026-11-26 22:00")); !quiet {
		t.Error("the hours do not begin")
	}
	awake := r.Ended(at(t, "2026-11-26 22:10"))
	for now, want := range map[string]bool{
		"2026-11-26 22:10": false, "2026-11-27 07:59": false, "2026-11-27 21:59": false, "2026-11-27 22:00": true,
		"2026-10-01 23:00": true, // the clock was wrong
	} {
		if _, quiet := awake.At(at(t, now)); quiet != want {
			t.Errorf("ended in the hours, at %s: %v", now, quiet)
		}
	}
}

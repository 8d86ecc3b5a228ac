package app

import (
	"testing"
	"time"
)

func TestTimeWords(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 29, 12, 0, 0, 0, loc) // a Sunday of 23 hours
	tr := english(t)
	w := timeWords{tr, func() time.Time { return now }}
	for _, c := range []struct {
		at                       time.Time
		list, day, listZH, dayZH string
	}{
		{now.Add(-time.Hour), "11:00", "Today", "11:00", "今天"},
		{now.Add(2 * time.Hour), "14:00", "Today", "14:00", "今天"}, // another clock is ahead
		{time.Date(2026, 3, 28, 23, 59, 0, 0, loc), "Yesterday", "Yesterday", "昨天", "昨天"},
		{time.Date(2026, 3, 27, 0, 0, 0, 0, loc), "Fri", "Friday", "周五", "星期五"},
		{time.Date(2026, 3, 23, 12, 0, 0, 0, loc), "Mon", "Monday", "周一", "星期一"},
		{time.Date(2026, 3, 22, 12, 0, 0, 0, loc), "22 Mar", "22 Mar", "3月22日", "3月22日"},
		{time.Date(2025, 12, 31, 12, 0, 0, 0, loc), "31 Dec 2025", "31 Dec 2025", "2025年12月31日", "2025年12月31日"},
	} {
		tr.Use("en")
		if got := w.list(c.at); got != c.list {
			t.Errorf("%v in the list: %q, want %q", c.at, got, c.list)
		}
		if got := w.day(c.at); got != c.day {
			t.Errorf("%v as a day: %q, want %q", c.at, got, c.day)
		}
		tr.Use("zh-Hans")
		if got := w.list(c.at); got != c.listZH {
			t.Errorf("%v in the list: %q, want %q", c.at, got, c.listZH)
		}
		if got := w.day(c.at); got != c.dayZH {
			t.Errorf("%v as a day: %q, want %q", c.at, got, c.dayZH)
		}
	}
}

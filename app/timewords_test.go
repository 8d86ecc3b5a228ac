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

// Midnight, another zone and a clock that is put change the words, and what is now in
// them: the list is shown anew whenever today is another.
func TestTimeWordsStayTrue(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 27, 20, 30, 0, 0, berlin) // a Friday
	var now time.Time
	w := timeWords{english(t), func() time.Time { return now }}
	today := ""
	for _, c := range []struct {
		what string
		now  time.Time
		want string
	}{
		{"a moment later", at.Add(time.Second), "20:30"},
		{"before midnight", time.Date(2026, 3, 27, 23, 59, 59, 0, berlin), "20:30"},
		{"at midnight", time.Date(2026, 3, 28, 0, 0, 0, 0, berlin), "Yesterday"},
		{"the next day", time.Date(2026, 3, 29, 0, 0, 0, 0, berlin), "Fri"},
		{"when the week is over", time.Date(2026, 4, 3, 0, 0, 0, 0, berlin), "27 Mar"},
		{"in the next year", time.Date(2027, 3, 27, 21, 0, 0, 0, berlin), "27 Mar 2026"},
		{"back again", at.Add(time.Hour), "20:30"},
		{"in Tokyo, where it was in the night", at.Add(time.Hour).In(tokyo), "04:30"},
		{"with a clock a little behind", at.Add(-time.Minute), "20:30"},
		{"with a clock put back by a week", at.AddDate(0, 0, -7), "27 Mar"},
	} {
		now = c.now
		if got := w.list(at); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		if c.want != "20:30" && w.today() == today {
			t.Errorf("%s: today is the same as before", c.what)
		}
		today = w.today()
	}
}

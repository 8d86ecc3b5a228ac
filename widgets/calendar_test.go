package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

var calendarEnglish = CalendarWords{
	Month:   func(t time.Time) string { return t.Format("January 2006") },
	Weekday: func(d time.Weekday) string { return d.String()[:3] },
	Before:  "Month before", After: "Month after",
}

var calendarChinese = CalendarWords{
	Month:   func(t time.Time) string { return t.Format("2006年1月") },
	Weekday: func(d time.Weekday) string { return "周" + string([]rune("日一二三四五六")[d]) },
	Before:  "上个月", After: "下个月",
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestLookCalendar(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		c := NewCalendar(calendarEnglish, date(2026, 11, 3), date(2026, 11, 26), func(time.Time) {})
		w := window(t, mode, container.NewPadded(c), 360, 300)
		w.Canvas().Focus(c)
		c.point(16)
		golden(t, w, "calendar"+suffix)
	})
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	golden(t, window(t, theme.Light, container.NewPadded(NewCalendar(calendarChinese, date(2024, 2, 29), date(2026, 11, 26), nil)), 300, 300), "calendar-chinese")
}

func TestCalendarChooses(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	var taken []string
	c := NewCalendar(calendarEnglish, time.Date(2026, 3, 31, 17, 2, 0, 0, time.UTC), time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), func(d time.Time) { taken = append(taken, d.Format(time.DateOnly)) })
	w := newWindow(t, c)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(364, 320))
	w.Canvas().Focus(c)
	key := func(names ...fyne.KeyName) {
		for _, n := range names {
			c.TypedKey(&fyne.KeyEvent{Name: n})
		}
	}
	for _, s := range []struct {
		keys []fyne.KeyName
		want string
	}{
		{nil, "2026-03-31"},
		{[]fyne.KeyName{fyne.KeyLeft, fyne.KeyUp}, "2026-03-23"},
		{[]fyne.KeyName{fyne.KeyRight, fyne.KeyDown, fyne.KeyDown}, "2026-04-07"},
		{[]fyne.KeyName{fyne.KeyPageUp}, "2026-03-07"},
		{[]fyne.KeyName{fyne.KeyHome, fyne.KeyRight, fyne.KeyPageDown}, "2026-11-26"}, // none after the last
	} {
		if key(s.keys...); c.Day().Format(time.DateOnly) != s.want {
			t.Fatalf("after %v it is %s, not %s", s.keys, c.Day().Format(time.DateOnly), s.want)
		}
	}
	key(fyne.KeyReturn)
	// November 2026 begins on a Sunday: the first row is 26 October to 1 November.
	at := func(cell int) fyne.Position {
		return fyne.NewPos(float32(cell%7)*c.cell()+4, calendarHead+calendarWeek+float32(cell/7)*calendarCell+4)
	}
	c.Tapped(&fyne.PointEvent{Position: at(0)})
	c.goTo(date(2026, 11, 2))
	c.Tapped(&fyne.PointEvent{Position: at(6)})
	c.Tapped(&fyne.PointEvent{Position: at(41)})            // 6 December: not yet
	c.Tapped(&fyne.PointEvent{Position: fyne.NewPos(4, 4)}) // the head
	c.after.Tapped(nil)
	c.before.Tapped(nil)
	c.before.Tapped(nil)
	if got := c.Day().Format(time.DateOnly); got != "2026-09-26" {
		t.Errorf("the buttons lead to %s", got)
	}
	c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(3)}})
	if c.Cursor() != desktop.PointerCursor {
		t.Error("a day does not look like something to click")
	}
	c.MouseOut()
	if c.Cursor() != desktop.DefaultCursor {
		t.Error("beside the days it does")
	}
	esc := ""
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { esc = string(k.Name) })
	key(fyne.KeyEscape)
	if esc != string(fyne.KeyEscape) {
		t.Error("Escape does not reach the window")
	}
	if want := []string{"2026-11-26", "2026-10-26", "2026-11-01"}; len(taken) != 3 || taken[0] != want[0] || taken[1] != want[1] || taken[2] != want[2] {
		t.Errorf("chosen %v, want %v", taken, want)
	}
}

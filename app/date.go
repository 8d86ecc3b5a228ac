package app

import (
	"context"
	"time"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/widgets"
)

// askDate asks for a day and goes to its first message; day is where to begin.
func (m *mainScreen) askDate(day time.Time) {
	if m.chat == nil {
		return
	}
	var sheet *widgets.Sheet
	calendar := widgets.NewCalendar(m.calendarWords(), m.times.here(day), m.app.now(), func(day time.Time) {
		sheet.Close()
		m.inChat(func(c *chat) { c.goToDate(day) })
	})
	sheet = widgets.NewSheet(m.tr.T("date.title"), "", calendar,
		widgets.NewSecondaryButton(m.tr.T("action.cancel"), func() { sheet.Close() }))
	sheet.Open(m.app.canvas, calendar)
}

// askDateHere is askDate from the day that is on the screen.
func (m *mainScreen) askDateHere() {
	day := m.app.now()
	if first, _, ok := m.canvas.OnScreen(); ok && !first.Time.IsZero() {
		day = first.Time
	}
	m.askDate(day)
}

func (m *mainScreen) calendarWords() widgets.CalendarWords {
	return widgets.CalendarWords{
		Month: func(t time.Time) string {
			return m.tr.F("date.month", i18n.Args{"Month": m.tr.T(monthKey(t)), "Year": t.Year()})
		},
		Weekday: func(d time.Weekday) string {
			return m.tr.T(weekdayKey("day.short.", time.Date(2023, 1, 1+int(d), 0, 0, 0, 0, time.UTC))) // a Sunday
		},
		Before: m.tr.T("date.before"),
		After:  m.tr.T("date.after"),
	}
}

// goToDate goes to the first message of a day, or the next one, or the last there is.
// Without a connection it may be another that is here, which is said.
func (c *chat) goToDate(day time.Time) {
	client, conv := c.m.s.client, c.conv
	beside(c.ctx, func(ctx context.Context) (core.DateHit, error) {
		return client.FindDate(ctx, conv, day)
	}, func(hit core.DateHit, err error) {
		if err != nil {
			c.m.report(err)
			return
		}
		if hit.Nearest {
			c.m.app.say(c.m.tr.T("date.nearest"))
		}
		if hit.Sequence > 0 {
			c.m.canvas.JumpTo(hit.Sequence)
		}
	})
}

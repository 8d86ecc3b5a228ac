package app

import (
	"slices"
	"testing"
	"time"
)

// What somebody may mean by a date, and what is none.
func TestTypedPeriods(t *testing.T) {
	now := time.Date(2026, 11, 26, 15, 4, 5, 0, time.UTC)
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	three := func(from, to time.Time) []period { return []period{{from: from, to: to}, {from: from}, {to: to}} }
	for typed, want := range map[string][]period{
		"2026-11-20":              three(day(2026, 11, 20), day(2026, 11, 21)),
		"2026/2/3":                three(day(2026, 2, 3), day(2026, 2, 4)),
		"2026.11.20":              three(day(2026, 11, 20), day(2026, 11, 21)),
		"2026年11月20日":             three(day(2026, 11, 20), day(2026, 11, 21)),
		"2026年2月":                 three(day(2026, 2, 1), day(2026, 3, 1)),
		"2024-12":                 three(day(2024, 12, 1), day(2025, 1, 1)),
		"2025":                    three(day(2025, 1, 1), day(2026, 1, 1)),
		"2025年":                   three(day(2025, 1, 1), day(2026, 1, 1)),
		"2026-01-05 – 2026-02-10": {{from: day(2026, 1, 5), to: day(2026, 2, 11)}},
		"2025 to 2026-02":         {{from: day(2025, 1, 1), to: day(2026, 3, 1)}},
		"2026-01-05至2026-01-05":   {{from: day(2026, 1, 5), to: day(2026, 1, 6)}},
		"2026-02-10 2026-01-05":   nil, // backwards
		"2026-11-31":              nil,
		"2026-13":                 nil,
		"2026-00-10":              nil,
		"1815":                    nil,
		"yesterday":               nil,
		"":                        nil,
		"2026-01 2026-02 2026-03": nil,
		"call 2026-01":            nil,
	} {
		if got := typedPeriods(typed, now); !slices.Equal(got, want) {
			t.Errorf("%q is %v, want %v", typed, got, want)
		}
	}
}

func TestNamedPeriods(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 30, 0, 0, time.UTC)
	want := map[string][2]string{
		"today": {"2026-03-01T00:00:00Z", "2026-03-01T23:59:59Z"}, "yesterday": {"2026-02-28T00:00:00Z", "2026-02-28T23:59:59Z"},
		"week": {"2026-02-23T00:00:00Z", "2026-03-01T23:59:59Z"}, "month": {"2026-01-31T00:00:00Z", "2026-03-01T23:59:59Z"},
		"year": {"2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"}, "lastYear": {"2025-01-01T00:00:00Z", "2025-12-31T23:59:59Z"},
	}
	for _, p := range namedPeriods(now) {
		since, until := p.bounds()
		if got := [2]string{since.Format(time.RFC3339), until.Format(time.RFC3339)}; got != want[p.key] {
			t.Errorf("%s is %v, want %v", p.key, got, want[p.key])
		}
		delete(want, p.key)
	}
	if len(want) > 0 {
		t.Errorf("there is no %v", want)
	}
	if (period{}).set() || !(period{to: now}).set() {
		t.Error("all time is bounded, or a bound is none")
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 1204331: "1,204,331", -1234: "-1,234", -123: "-123"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
}

func TestPlainName(t *testing.T) {
	for name, want := range map[string]string{
		"设计小组 Design": "设计小组 Design", "a/b\\c:d": "abcd", "..": "", " x. ": "x", "👩‍👩‍👧 family": "family", "con\x00\u202etrol": "control",
	} {
		if got := plainName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
	long := plainName("很长很长很长很长很长很长很长很长很长很长很长很长很长很长")
	if len(long) > 60 || len(long) < 57 {
		t.Errorf("%d bytes", len(long))
	}
}

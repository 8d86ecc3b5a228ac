package app

import (
	"testing"
	"time"

	"magpie/im"
)

func TestSizes(t *testing.T) {
	w := mediaWords{english(t)}
	for n, want := range map[int64]string{
		-1: "0 B", 0: "0 B", 999: "999 B", 1000: "1.0 KB", 1024: "1.0 KB", 12_345: "12.1 KB", 102_348: "99.9 KB", 102_349: "100 KB",
		999 << 10: "999 KB", 1_000 << 10: "1.0 MB", 32_925_286: "31.4 MB", im.MaxFileBytes: "100 MB", 4 << 30: "4.0 GB", 1 << 62: "4194304 TB",
	} {
		if got := w.bytes(n); got != spaced(want) {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// spaced puts a space that does not break before the unit.
func spaced(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == ' ' {
			return s[:i] + "\u00a0" + s[i+1:]
		}
	}
	return s
}

func TestProgressWords(t *testing.T) {
	tr := english(t)
	w := mediaWords{tr}
	for _, c := range []struct {
		done, total          int64
		en, zh, paused, zhAt string
	}{
		{19_084_083, 32_925_286, "18.2 of 31.4\u00a0MB · 58%", "18.2 / 31.4\u00a0MB · 58%", "Paused · 58%", "已暂停 · 58%"},
		{0, 900, "0 of 900\u00a0B · 0%", "0 / 900\u00a0B · 0%", "Paused · 0%", "已暂停 · 0%"},
		{32_925_285, 32_925_286, "31.4 of 31.4\u00a0MB · 99%", "31.4 / 31.4\u00a0MB · 99%", "Paused · 99%", "已暂停 · 99%"},
		{7, 5, "5 of 5\u00a0B · 100%", "5 / 5\u00a0B · 100%", "Paused · 100%", "已暂停 · 100%"},
		{2_048, 0, "2.0\u00a0KB", "2.0\u00a0KB", "Paused", "已暂停"},
	} {
		for tag, want := range map[string][2]string{"en": {c.en, c.paused}, "zh-Hans": {c.zh, c.zhAt}} {
			tr.Use(tag)
			if got := w.progress(c.done, c.total); got != want[0] {
				t.Errorf("%s: %d of %d is %q, want %q", tag, c.done, c.total, got, want[0])
			}
			if got := w.paused(c.done, c.total); got != want[1] {
				t.Errorf("%s: %d of %d, paused, is %q, want %q", tag, c.done, c.total, got, want[1])
			}
		}
	}
}

func TestLengthsAndSpeeds(t *testing.T) {
	w := mediaWords{english(t)}
	for d, want := range map[time.Duration]string{
		-time.Second: "0:00", 0: "0:00", 1999 * time.Millisecond: "0:01", 42 * time.Second: "0:42", 10 * time.Minute: "10:00",
		time.Hour + 2*time.Minute + 3*time.Second: "1:02:03",
	} {
		if got := w.length(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	for x, want := range map[float64]string{1: "1×", 1.5: "1.5×", 2: "2×"} {
		if got := w.speed(x); got != want {
			t.Errorf("%g is %q, want %q", x, got, want)
		}
	}
}

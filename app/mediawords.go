package app

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"magpie/app/i18n"
)

// mediaWords says how large and how long things are.
type mediaWords struct{ tr *i18n.Translator }

// length is that of a sound or film, or a place in one: "0:42", "1:02:03". What is
// left of a second does not count.
func (w mediaWords) length(d time.Duration) string {
	s := int64(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// speed is that of playing: "1×", "1.5×".
func (w mediaWords) speed(x float64) string { return strconv.FormatFloat(x, 'g', 2, 64) + "×" }

// byteUnits are those of sizes, each 1,024 of the one before, as the limits of the
// service count: a file of 100 MB may still be sent.
var byteUnits = [...]string{"B", "KB", "MB", "GB", "TB"}

// bytes is a size: "31.4 MB". One digit follows the point below 100.
func (w mediaWords) bytes(n int64) string {
	unit := unitOf(n)
	return inUnit(n, unit) + "\u00a0" + byteUnits[unit]
}

// limit is a size that somebody chose, without digits of nothing: "10 MB".
func (w mediaWords) limit(n int64) string { return strings.Replace(w.bytes(n), ".0", "", 1) }

// progress is how far something has come, in the unit of the whole: "18.2 of 31.4
// MB · 58%". Where the whole is not known it is only what has come.
func (w mediaWords) progress(done, total int64) string {
	if total <= 0 {
		return w.bytes(done)
	}
	done = min(max(done, 0), total)
	unit := unitOf(total)
	return w.tr.F("media.progress", i18n.Args{
		"Done": inUnit(done, unit), "Total": w.bytes(total), "Percent": percent(done, total),
	})
}

// paused is progress for something that a person has halted.
func (w mediaWords) paused(done, total int64) string {
	if total <= 0 {
		return w.tr.T("media.paused")
	}
	return w.tr.F("media.pausedAt", i18n.Args{"Percent": percent(min(max(done, 0), total), total)})
}

// percent is 100 only when everything has come.
func percent(done, total int64) int {
	if done >= total {
		return 100
	}
	return min(int(float64(done)/float64(total)*100+0.5), 99)
}

// unitOf is the largest unit of which n has one, as it is rounded.
func unitOf(n int64) int {
	unit, v := 0, float64(max(n, 0))
	for unit < len(byteUnits)-1 && v >= 999.5 {
		unit, v = unit+1, v/1024
	}
	return unit
}

func inUnit(n int64, unit int) string {
	v := float64(max(n, 0))
	for range unit {
		v /= 1024
	}
	if unit == 0 || v >= 99.95 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// grouped is a number as people read it, its digits in threes: "1,204,331".
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

package editing

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of what can be taken back: beyond them the oldest steps go.
const (
	maxSteps = 1000
	maxBytes = 4 << 20 // of all that steps put in and took out
)

// pause is how long nothing must be typed for the next letter to be a step of its
// own.
const pause = 1500 * time.Millisecond

// kind says how a change came about, which decides what it is gathered with.
type kind uint8

const (
	whole    kind = iota // by itself
	typing               // with the letters of the same word
	deleting             // with those before it
)

// step is one change: at that place out made way for in. anchor and caret are
// what they were before.
type step struct {
	at            int
	out, in       string
	anchor, caret int
}

func (s *step) bytes() int { return len(s.out) + len(s.in) }

// history is what was done and can be taken back, and what was taken back.
type history struct {
	past, future []step
	bytes        int // of past
	open         kind
	last         time.Time
}

// close makes the next change a step of its own.
func (h *history) close() { h.open = whole }

// add notes a change. What was taken back is over with it.
func (h *history) add(s step, k kind, now time.Time) {
	h.future = nil
	joins := k != whole && k == h.open && len(h.past) > 0 && now.Sub(h.last) < pause && now.Sub(h.last) >= 0
	if !joins || !h.join(s, k) {
		h.past = append(h.past, s)
	}
	h.bytes += s.bytes()
	h.open, h.last = k, now
	for len(h.past) > 1 && (len(h.past) > maxSteps || h.bytes > maxBytes) {
		h.bytes -= h.past[0].bytes()
		h.past[0] = step{} // its text may go
		h.past = h.past[1:]
	}
}

// join makes s a part of the last step if it goes on where that ended.
func (h *history) join(s step, k kind) bool {
	last := &h.past[len(h.past)-1]
	switch {
	case k == typing && s.out == "" && s.at == last.at+len(last.in) && !newWord(last.in, s.in):
		last.in += s.in
	case k == deleting && last.in == "" && s.at+len(s.out) == last.at: // Backspace
		last.at, last.out = s.at, s.out+last.out
	case k == deleting && last.in == "" && s.at == last.at: // Delete
		last.out += s.out
	default:
		return false
	}
	return true
}

// newWord reports whether next begins a word behind what was typed before: the
// blanks around a word belong to it, and a line feed begins anew.
func newWord(before, next string) bool {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(next)
	return b == '\n' || unicode.IsSpace(a) && !unicode.IsSpace(b) && strings.TrimSpace(before) != ""
}

func (h *history) back() (s step, ok bool) {
	n := len(h.past)
	if n == 0 {
		return step{}, false
	}
	s = h.past[n-1]
	h.past, h.future = h.past[:n-1], append(h.future, s)
	h.bytes -= s.bytes()
	h.close()
	return s, true
}

func (h *history) forth() (s step, ok bool) {
	n := len(h.future)
	if n == 0 {
		return step{}, false
	}
	s = h.future[n-1]
	h.future, h.past = h.future[:n-1], append(h.past, s)
	h.bytes += s.bytes()
	h.close()
	return s, true
}

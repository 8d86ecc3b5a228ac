package editing

import (
	"time"
	"unicode/utf8"
)

// Text is a text being written. Its zero value is empty and not ready: make one
// with [New]. It is not for use by several goroutines at once.
type Text struct {
	text          string
	caret, anchor int
	history       history
	now           func() time.Time
}

// New makes an empty text. now tells the time, by which what is typed is
// gathered into steps of undo.
func New(now func() time.Time) *Text { return &Text{now: now} }

// String returns what the text says.
func (t *Text) String() string { return t.text }

// Caret is where the cursor is.
func (t *Text) Caret() int { return t.caret }

// Selection returns the bytes that are marked, from == to if none are.
func (t *Text) Selection() (from, to int) {
	return min(t.caret, t.anchor), max(t.caret, t.anchor)
}

// Selected returns what is marked, "" for nothing.
func (t *Text) Selected() string {
	from, to := t.Selection()
	return t.text[from:to]
}

// Move puts the cursor at a place, and no marks. What is typed next is a new step
// of undo.
func (t *Text) Move(to int) { t.Mark(to, to) }

// Mark marks what is between anchor and caret, where the cursor then is.
func (t *Text) Mark(anchor, caret int) {
	anchor, caret = t.inside(anchor), t.inside(caret)
	if anchor == t.anchor && caret == t.caret {
		return
	}
	t.anchor, t.caret = anchor, caret
	t.history.close()
}

// inside brings an offset into the text and to the beginning of a character.
func (t *Text) inside(at int) int {
	at = min(max(at, 0), len(t.text))
	for at > 0 && at < len(t.text) && !utf8.RuneStart(t.text[at]) {
		at--
	}
	return at
}

// Type puts s where the cursor is, in place of what is marked, as letters that
// come one by one: they are taken back by words, or by what was written without
// a pause.
func (t *Text) Type(s string) {
	from, to := t.Selection()
	t.change(from, to, s, typing)
}

// Insert is Type for what comes at once, as from a clipboard: it is a step of its
// own.
func (t *Text) Insert(s string) {
	from, to := t.Selection()
	t.change(from, to, s, whole)
}

// Replace puts s in place of the bytes from from to to, as a step of its own, and
// the cursor behind it.
func (t *Text) Replace(from, to int, s string) {
	t.change(t.inside(from), t.inside(to), s, whole)
}

// Delete takes out the bytes from from to to, as keys do: those deleted one after
// another are taken back together.
func (t *Text) Delete(from, to int) {
	t.change(t.inside(from), t.inside(to), "", deleting)
}

// Reset begins another text, with the cursor at its end and nothing to take back.
func (t *Text) Reset(s string) {
	t.text, t.caret, t.anchor = s, len(s), len(s)
	t.history = history{}
}

func (t *Text) change(from, to int, s string, kind kind) {
	if from > to {
		from, to = to, from
	}
	if from == to && s == "" {
		return
	}
	t.history.add(step{
		at: from, out: t.text[from:to], in: s,
		anchor: t.anchor, caret: t.caret,
	}, kind, t.now())
	t.text = t.text[:from] + s + t.text[to:]
	t.caret = from + len(s)
	t.anchor = t.caret
}

// CanUndo and CanRedo report whether Undo and Redo would do anything.
func (t *Text) CanUndo() bool { return len(t.history.past) > 0 }

// CanRedo reports whether Redo would do anything.
func (t *Text) CanRedo() bool { return len(t.history.future) > 0 }

// Undo takes back the last step, with the cursor and the marks as they were
// before it. It reports whether there was one.
func (t *Text) Undo() bool {
	s, ok := t.history.back()
	if ok {
		t.text = t.text[:s.at] + s.out + t.text[s.at+len(s.in):]
		t.anchor, t.caret = s.anchor, s.caret
	}
	return ok
}

// Redo does again what Undo took back last. It reports whether there was anything.
func (t *Text) Redo() bool {
	s, ok := t.history.forth()
	if ok {
		t.text = t.text[:s.at] + s.in + t.text[s.at+len(s.out):]
		t.caret = s.at + len(s.in)
		t.anchor = t.caret
	}
	return ok
}

package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

// KeyDown implements desktop.Keyable.
func (a *textArea) KeyDown(key *fyne.KeyEvent) {
	if isShift(key.Name) {
		a.shift = true
	}
	passKeyDown(a, key)
}

// KeyUp implements desktop.Keyable.
func (a *textArea) KeyUp(key *fyne.KeyEvent) {
	if isShift(key.Name) {
		a.shift = false
	}
}

func isShift(k fyne.KeyName) bool {
	return k == desktop.KeyShiftLeft || k == desktop.KeyShiftRight
}

// shiftHeld asks the driver, which knows even when the key went down in another
// window, and falls back on the keys seen.
func (a *textArea) shiftHeld() bool {
	if m, ok := a.modifiers(); ok {
		return m&fyne.KeyModifierShift != 0
	}
	return a.shift
}

// TypedRune implements fyne.Focusable. What an input method commits arrives here
// too.
func (a *textArea) TypedRune(r rune) { a.typed(string(r)) }

// TypedKey implements fyne.Focusable.
func (a *textArea) TypedKey(key *fyne.KeyEvent) {
	a.wake()
	if a.taken != nil && a.taken(key) {
		return
	}
	if key.Name == fyne.KeyEscape || key.Name == fyne.KeyF1 || key.Name == fyne.KeyF6 {
		passKey(a, key)
		return
	}
	if a.Disabled() {
		return
	}
	switch key.Name {
	case fyne.KeyBackspace:
		a.erase(a.layout.Prev)
	case fyne.KeyDelete:
		a.erase(a.layout.Next)
	case fyne.KeyReturn, fyne.KeyEnter:
		a.typed("\n")
	case fyne.KeyLeft, fyne.KeyRight:
		a.step(key.Name == fyne.KeyRight)
	case fyne.KeyUp:
		a.moveLines(-1)
	case fyne.KeyDown:
		a.moveLines(+1)
	case fyne.KeyPageUp:
		a.moveLines(-a.page())
	case fyne.KeyPageDown:
		a.moveLines(a.page())
	case fyne.KeyHome:
		a.toLineStart()
	case fyne.KeyEnd:
		a.toLineEnd()
	}
}

// goTo moves the cursor; with Shift what it passes is marked.
func (a *textArea) goTo(at int) { a.reach(at, a.shiftHeld()) }

// reach is goTo by a shortcut, which knows whether Shift is held.
func (a *textArea) reach(at int, marks bool) {
	if marks {
		a.text.Mark(a.anchor(), at)
	} else {
		a.text.Move(at)
	}
	a.cursorMoved()
}

// anchor is the end of what is marked at which the cursor is not.
func (a *textArea) anchor() int {
	from, to := a.text.Selection()
	if a.text.Caret() == from {
		return to
	}
	return from
}

// erase takes out what is marked, or the text between the cursor and where far
// leads from it.
func (a *textArea) erase(far func(int) int) {
	a.lay()
	from, to := a.text.Selection()
	if from < to {
		a.insertNothing()
		return
	}
	if at := far(from); at != from {
		a.text.Delete(min(at, from), max(at, from))
		a.edited()
	}
}

// step is the arrow to the left or right: one character, or to that end of what
// is marked. In a paragraph from right to left the text goes on to the left.
func (a *textArea) step(right bool) {
	a.lay()
	on := right != a.layout.Lines[a.caretLine()].RTL
	from, to := a.text.Selection()
	marks := a.shiftHeld()
	switch {
	case from < to && !marks && on:
		a.reach(to, false)
	case from < to && !marks:
		a.reach(from, false)
	case on:
		a.reach(a.layout.Next(a.text.Caret()), marks)
	default:
		a.reach(a.layout.Prev(a.text.Caret()), marks)
	}
}

// page is how many lines PgUp and PgDn go.
func (a *textArea) page() int { return max(int(a.view()/theme.LineHeight)-1, 1) }

// moveLines moves the cursor up or down, as near as can be to where it began;
// beyond the first or last line to that end of the text.
func (a *textArea) moveLines(by int) {
	a.lay()
	if a.goal < 0 {
		a.goal = a.caretPlace().X
	}
	goal, marks := a.goal, a.shiftHeld()
	at, upstream := 0, false
	switch i := a.caretLine() + by; {
	case i < 0:
	case i >= len(a.layout.Lines):
		at = len(a.text.String())
	default:
		at, upstream = a.placeOn(i, goal)
	}
	anchor := at
	if marks {
		anchor = a.anchor()
	}
	a.text.Mark(anchor, at)
	a.goal, a.upstream = goal, upstream
	a.follow()
}

func (a *textArea) toLineStart() {
	a.lay()
	a.goTo(a.layout.Lines[a.caretLine()].Start)
}

// toLineEnd goes behind the last letter of the line; where that goes on in the
// next, the cursor stays on this one.
func (a *textArea) toLineEnd() {
	a.lay()
	i := a.caretLine()
	ln := &a.layout.Lines[i]
	at := ln.Visible
	if i == len(a.layout.Lines)-1 || a.layout.Text[ln.End-1] == '\n' {
		at = ln.End // with the blanks that were typed
		if i < len(a.layout.Lines)-1 {
			at--
		}
	}
	anchor := at
	if a.shiftHeld() {
		anchor = a.anchor()
	}
	a.markTo(anchor, at, at == ln.End && i < len(a.layout.Lines)-1)
}

// wordBefore and wordBehind are where the word before or behind a place begins or
// ends, over the blanks between.
func (a *textArea) wordBefore(at int) int {
	a.lay()
	for at > 0 {
		before := a.layout.Prev(at)
		if !blank(a.layout.Text[before]) {
			from, _ := a.layout.Word(before)
			return from
		}
		at = before
	}
	return 0
}

func (a *textArea) wordBehind(at int) int {
	a.lay()
	for at < len(a.layout.Text) {
		if !blank(a.layout.Text[at]) {
			_, to := a.layout.Word(at)
			return max(to, a.layout.Next(at))
		}
		at = a.layout.Next(at)
	}
	return at
}

func blank(b byte) bool { return b == ' ' || b == '\n' || b == '\t' }

// TypedShortcut keeps what edits text and hands on the rest.
func (a *textArea) TypedShortcut(s fyne.Shortcut) {
	a.wake()
	switch s := s.(type) {
	case *fyne.ShortcutUndo:
		a.undo()
	case *fyne.ShortcutRedo:
		a.redo()
	case *fyne.ShortcutSelectAll:
		a.selectAll()
	case *fyne.ShortcutCopy:
		a.copyTo(s.Clipboard)
	case *fyne.ShortcutCut:
		a.cutTo(s.Clipboard)
	case *fyne.ShortcutPaste:
		if a.pasted == nil || !a.pasted(s.Clipboard) {
			a.insert(s.Clipboard.Content())
		}
	case *desktop.CustomShortcut:
		if a.chord(s) {
			return
		}
		a.handOn(s)
	default:
		a.handOn(s)
	}
}

func (a *textArea) handOn(s fyne.Shortcut) {
	if a.shortcut != nil && a.shortcut(s) {
		return
	}
	passShortcut(a, s)
}

// chord does what a key with modifiers does to text, and reports whether there is
// such a thing.
func (a *textArea) chord(s *desktop.CustomShortcut) bool {
	marks := s.Modifier&fyne.KeyModifierShift != 0
	modifier := s.Modifier &^ fyne.KeyModifierShift
	at := a.text.Caret()
	if s.KeyName == fyne.KeyZ && marks && modifier == fyne.KeyModifierShortcutDefault {
		a.redo()
		return true
	}
	words := fyne.KeyModifierShortcutDefault
	if altMovesWords() {
		words = fyne.KeyModifierAlt
		if modifier == fyne.KeyModifierSuper {
			return a.lineChord(s.KeyName, marks)
		}
	}
	if modifier != words {
		return false
	}
	switch s.KeyName {
	case fyne.KeyLeft:
		a.reach(a.wordBefore(at), marks)
	case fyne.KeyRight:
		a.reach(a.wordBehind(at), marks)
	case fyne.KeyHome:
		a.reach(0, marks)
	case fyne.KeyEnd:
		a.reach(len(a.text.String()), marks)
	case fyne.KeyBackspace:
		a.erase(a.wordBefore)
	case fyne.KeyDelete:
		a.erase(a.wordBehind)
	default:
		return false
	}
	return true
}

// lineChord is chord with the Command key of macOS.
func (a *textArea) lineChord(key fyne.KeyName, marks bool) bool {
	a.lay()
	ln := &a.layout.Lines[a.caretLine()]
	switch key {
	case fyne.KeyLeft:
		a.reach(ln.Start, marks)
	case fyne.KeyRight:
		a.reach(ln.Visible, marks)
	case fyne.KeyUp:
		a.reach(0, marks)
	case fyne.KeyDown:
		a.reach(len(a.text.String()), marks)
	case fyne.KeyBackspace:
		a.erase(func(int) int { return ln.Start })
	default:
		return false
	}
	return true
}

package textlayout

import "unicode/utf8"

// LineOf returns the number of the line on which a cursor at byte at stands: where
// one line ends and the next begins, the next.
func (l *Layout) LineOf(at int) int {
	low, high := 0, len(l.Lines)-1
	for low < high {
		mid := (low + high + 1) / 2
		if l.Lines[mid].Start <= at {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// CaretX returns where on line i a cursor at byte at stands, from the left edge of
// the line: negative behind the blanks that end a line from right to left.
func (f *Face) CaretX(l *Layout, i, at int) float32 {
	ln := &l.Lines[i]
	at = max(at, ln.Start)
	if at >= ln.Visible {
		end := at
		if end > ln.Visible && l.Text[end-1] == '\n' {
			end--
		}
		blank := f.Width(l.Text[ln.Visible:end])
		if ln.RTL {
			return -blank
		}
		return ln.Width + blank
	}
	if ln.Pieces == nil {
		return f.Width(l.Text[ln.Start:at])
	}
	for _, p := range ln.Pieces {
		if p.Start <= at && at < p.End {
			return f.along(l, p, at)
		}
	}
	return 0
}

// Next returns where the character at byte at ends: a picture, or letters with all
// that belongs to them. At the end of the text it is at.
func (l *Layout) Next(at int) int {
	if at >= len(l.Text) {
		return len(l.Text)
	}
	if n, end := l.part(at); l.picture(n) > 0 {
		return end
	}
	r, size := utf8.DecodeRuneInString(l.Text[at:])
	return l.stopAt(at+size, clusterEnd(l.Text, at+size, r))
}

// stopAt returns end, or the beginning of a picture between from and it.
func (l *Layout) stopAt(from, end int) int {
	for i := from; i < end; i++ {
		if n, _ := l.part(i); l.picture(n) > 0 {
			return i
		}
	}
	return end
}

// Prev returns where the character that ends at byte at begins, 0 at the beginning.
func (l *Layout) Prev(at int) int {
	if at <= 0 {
		return 0
	}
	if n, _ := l.part(at - 1); l.picture(n) > 0 {
		return l.Parts[n-1].Start
	}
	// From a place where a character surely begins, forward.
	from := at
	for limit := at - 4*maxUnit; from > max(limit, 0); {
		if n, _ := l.part(from - 1); l.picture(n) > 0 {
			break
		}
		r, size := utf8.DecodeLastRuneInString(l.Text[:from])
		from -= size
		before, _ := utf8.DecodeLastRuneInString(l.Text[:from])
		if !extends(r) && before != zwj && !continues(r) {
			break
		}
	}
	for next := l.Next(from); next < at; next = l.Next(from) {
		from = next
	}
	return from
}

// continues reports whether r may belong to what is before it without extending it:
// the second half of a flag, the vowels and finals of Hangul.
func continues(r rune) bool {
	return r >= 0x1f1e6 && r <= 0x1f1ff || r >= 0x1160 && r <= 0x11ff
}

package canvas

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Sizes of emoji: among letters, a quarter larger than they are, and alone.
const (
	emojiSide    = 18
	emojiAdvance = theme.LineHeight
	bigSide      = 10 * theme.Grid
	bigAdvance   = bigSide + theme.Grid
	bigMost      = 3 // more emoji than this are of the usual size
)

// layText lays out the text of a message: its emoji as pictures, its links and
// mentions as words of their own.
func (c *Canvas) layText(l *rowLayout, e *entry, limit float32) {
	f := &c.face().text
	text := textlayout.Clean(e.Text)
	if e.Kind != KindText || !mayHoldRuns(text) {
		l.text = f.LayoutParts(text, nil, limit)
		return
	}
	runs := im.ParseText(text, e.Mentions)
	advance := emojiAdvance
	if onlyEmoji(runs) {
		advance, l.line = bigAdvance, bigAdvance
	}
	var parts []textlayout.Part
	at := 0
	for _, r := range runs {
		p := textlayout.Part{Start: at, End: at + len(r.Text)}
		at = p.End
		if r.Kind == im.RunText {
			continue
		}
		if r.Kind == im.RunEmoji {
			p.Advance = advance
		}
		parts = append(parts, p)
		l.runs = append(l.runs, r)
	}
	l.text = f.LayoutParts(text, parts, limit)
}

// onlyEmoji reports whether runs are a few emoji and nothing else but blanks
// between them.
func onlyEmoji(runs []im.Run) bool {
	n := 0
	for _, r := range runs {
		switch {
		case r.Kind == im.RunEmoji:
			n++
		case r.Kind != im.RunText || strings.Trim(r.Text, " ") != "":
			return false
		}
	}
	return n > 0 && n <= bigMost
}

// mayHoldRuns reports whether a text could hold anything but plain text: a quick
// look at its bytes that spares most messages the parsing. It may say so of a
// text that has nothing, never the other way round.
func mayHoldRuns(text string) bool {
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '[', b == '@':
			return true
		case b == ':':
			if strings.HasPrefix(text[i:], "://") {
				return true
			}
		case b == '.':
			if i >= 3 && strings.EqualFold(text[i-3:i], "www") {
				return true
			}
		case b < 0xe2:
		case b == 0xf0: // everything from U+10000 on
			return true
		case b == 0xe2: // signs, but not the quotation marks, dashes and dots
			if i+2 < len(text) && (text[i+1] != 0x80 || text[i+2] == 0xbc) {
				return true
			}
		case b == 0xe3: // 〰 〽 ㊗ ㊙, but not kana and the marks of Chinese
			if i+2 < len(text) && (text[i+1] == 0x8a || text[i+1] == 0x80 && text[i+2] >= 0xb0) {
				return true
			}
		case b == 0xef: // a variation selector, which makes an emoji of a sign
			if i+2 < len(text) && text[i+1] == 0xb8 && text[i+2] == 0x8f {
				return true
			}
		}
	}
	return false
}

// run returns what a piece of text is a part of; a text run for none.
func (l *rowLayout) run(p textlayout.Piece) im.Run {
	if p.Part == 0 {
		return im.Run{}
	}
	return l.runs[p.Part-1]
}

// pieceAt returns the piece of text of a row that is at a point of the canvas.
func (c *Canvas) pieceAt(r *row, p fyne.Position) (textlayout.Piece, bool) {
	l := r.layout
	y := p.Y - r.y
	if y < l.textY || y >= l.textBottom() {
		return textlayout.Piece{}, false
	}
	i := l.lineAt(y)
	return l.text.PieceAt(i, p.X-l.lineX(i))
}

// linkAt returns the address of the link at a point in the text of a row, "" for
// none.
func (c *Canvas) linkAt(r *row, p fyne.Position) string {
	if piece, ok := c.pieceAt(r, p); ok {
		return r.layout.run(piece).URL
	}
	return ""
}

// piece draws a part of a line that begins at x and whose text begins at y.
func (r *row) piece(c *Canvas, l *rowLayout, p textlayout.Piece, x, y, lineY float32, ink textInk) {
	f := &c.face().text
	run := l.run(p)
	at := label{text: p.Text, x: c.snap(x + p.X), w: p.Width}
	switch run.Kind {
	case im.RunEmoji:
		side := float32(emojiSide)
		if l.line != theme.LineHeight {
			side = bigSide
		}
		if !c.mayMake(run.Emoji, c.pixels(side)) {
			r.waits = true
			return
		}
		if m, ok := c.pictures.Emoji(run.Emoji, c.pixels(side)); ok {
			// One lower than the middle: so are the letters.
			r.image(area{c.snap(x + p.X + (p.Width-side)/2), c.snap(lineY + (l.line-side)/2 + 1), side, side}, m, 0)
			return
		}
		at.text, at.y = run.Emoji, y // the font may have it
		r.text(at, f, ink.plain)
	case im.RunLink, im.RunMention:
		if at.text == "" {
			return
		}
		at.y = c.snap(y + f.Drop(at.text))
		r.text(at, f, ink.link)
		if run.Kind == im.RunLink {
			r.rect(area{at.x, y + f.base + 2, c.snapUp(at.w), theme.LineThickness}, ink.link, 0)
		}
	default:
		if run.Kind == runName {
			y += f.base - c.face().title.base // both stand on one line
			f = &c.face().title
		}
		if at.text != "" {
			at.y = c.snap(y + f.Drop(at.text))
			r.text(at, f, ink.plain)
		}
	}
}

// makeMost is how many pictures of emoji are made at once. The first look at one
// costs a third of a millisecond, and a message may hold thousands: what is
// beyond that many comes with the next frames.
const (
	makeMost   = 48
	makePeriod = 16 * time.Millisecond
)

// mayMake reports whether the picture of an emoji is there or may be made now, and
// sees to it that it will be otherwise.
func (c *Canvas) mayMake(sequence string, side int) bool {
	if c.pictures.HasEmoji(sequence, side) {
		return true
	}
	if now := c.now(); now.Sub(c.madeSince) >= makePeriod {
		c.made, c.madeSince = 0, now
	}
	if c.made++; c.made <= makeMost {
		return true
	}
	if !c.makes {
		c.makes = true
		c.after(makePeriod, c.makeMore)
	}
	return false
}

// makeMore draws the rows again that wait for pictures.
func (c *Canvas) makeMore() {
	c.made, c.makes = 0, false
	waited := false
	for _, r := range c.shown {
		if r.waits && r.entry.layout != nil {
			waited = true
			r.bind(c, r.entry, r.y, c.Size().Height)
		}
	}
	if waited {
		c.refreshAll()
	}
}

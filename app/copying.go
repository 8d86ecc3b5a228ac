package app

import (
	"strings"
	"time"

	"magpie/app/i18n"
	"magpie/im"
)

// copying.go is what messages are outside of the window: in a copy.

// said heads a message in a copy of several: who said it and when. The time is in
// figures and in full, because a copy is read elsewhere and later. author may be
// empty.
func (w timeWords) said(author string, t time.Time) string {
	at := w.here(t).Format("2006-01-02 15:04")
	if author == "" {
		return at
	}
	return w.tr.F("copy.said", i18n.Args{"Author": author, "Time": at})
}

// author is who said a message, by the name that others know.
func (p *presenter) author(m *im.Message) string {
	if m.From == p.me {
		return first(p.self, string(p.me))
	}
	return p.name(m)
}

// wordsOf are what a copy has of a payload: its words, with the emoji that their
// codes stand for.
func wordsOf(p im.Payload, l im.Language) string {
	words := im.MessageForShow(p, l)
	if _, ok := p.(im.TextPayload); ok {
		return im.ShowEmoji(words)
	}
	return words
}

// copyOf is a copy of messages, in the form of [canvas.Canvas.Selected].
func (c *chat) copyOf(list []im.Message) string {
	if len(list) == 1 {
		return wordsOf(list[0].Payload, c.m.tr.Language())
	}
	parts := make([]string, len(list))
	for i := range list {
		m := &list[i]
		parts[i] = c.m.times.said(c.present.author(m), time.UnixMilli(m.Time)) + "\n" + wordsOf(m.Payload, c.m.tr.Language())
	}
	return strings.Join(parts, "\n\n")
}

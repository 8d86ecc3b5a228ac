package app

import (
	"context"

	"magpie/im"
	"magpie/widgets/canvas"
)

// voice shows a voice note. One that has no sequence yet is our own, or was said to
// those who are here now: there is nothing to be marked as heard.
func (p *presenter) voice(it *canvas.Item, m *im.Message, note im.AudioPayload) {
	it.Kind = canvas.KindVoice
	it.Text = im.MessageForShow(note, p.tr.Language())
	o, ok := mediaOf(m)
	if !ok {
		return
	}
	it.Media = &canvas.Media{
		Duration: noteLength(note),
		Size:     note.Size,
		Peaks:    note.Peaks,
		Unheard:  m.From != p.me && m.Sequence > 0 && !m.IsHeard,
		Here:     p.here != nil && o.address != "" && p.here(o.address),
	}
	if p.shown != nil && !m.IsRevoked && !m.IsPlaceMessage {
		p.shown(o)
	}
}

// listenedTo takes the dots from voice notes that were listened to.
func (c *chat) listenedTo(ids []im.MessageID) {
	client := c.m.s.client
	beside(c.ctx, func(ctx context.Context) ([]im.Message, error) {
		var found []im.Message
		for _, id := range ids {
			m, ok, err := client.Message(id)
			if err != nil {
				return found, err
			}
			if ok {
				found = append(found, m)
			}
		}
		return found, nil
	}, func(messages []im.Message, err error) {
		var ch canvas.Changes
		for i := range messages {
			ch.Put = append(ch.Put, c.present.item(&messages[i]))
		}
		if len(ch.Put) > 0 {
			c.apply(ch)
		}
		c.m.report(err)
	})
}

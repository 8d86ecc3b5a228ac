package app

import (
	"context"
	"slices"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/canvas"
)

// historian is what a source reads from: the client core.
type historian interface {
	History(ctx context.Context, conv im.ConversationID, q core.HistoryQuery) (core.HistoryPage, error)
}

// source hands the history of one conversation to the canvas. Reading runs
// beside the user interface; turning messages into items runs on it, as the
// words and names are its own.
type source struct {
	ctx     context.Context // ends when the conversation is left
	history historian
	conv    im.ConversationID
	present *presenter
	// messages has what others answer, nil where none is looked for.
	messages messageReader
	do       func(func()) // loop.Do
	failed   func(error)
	// top is the highest sequence that was handed out.
	top uint64
}

var _ canvas.Source = (*source)(nil)

// Older implements canvas.Source.
func (s *source) Older(before canvas.Cursor, limit int, done func(canvas.Page)) {
	q := core.HistoryQuery{Before: before.Sequence, Limit: limit}
	s.read(q, done, func(p core.HistoryPage) canvas.Page {
		items := s.items(p)
		cut, _ := slices.BinarySearchFunc(items, before, func(it canvas.Item, c canvas.Cursor) int { return it.Cursor().Compare(c) })
		older := p.HasOlder || cut > limit
		return canvas.Page{Items: items[max(0, cut-limit):cut], Older: older}
	})
}

// Newer implements canvas.Source.
func (s *source) Newer(after canvas.Cursor, limit int, done func(canvas.Page)) {
	q := core.HistoryQuery{After: after.Sequence, Limit: limit}
	if after.Sequence == 0 { // an unacknowledged one: only such ones can follow
		q = core.HistoryQuery{Limit: 1}
	}
	s.read(q, done, func(p core.HistoryPage) canvas.Page {
		items := s.items(p)
		cut, found := slices.BinarySearchFunc(items, after, func(it canvas.Item, c canvas.Cursor) int { return it.Cursor().Compare(c) })
		if found {
			cut++
		}
		items = items[cut:]
		newer := p.HasNewer
		if len(items) > limit {
			items, newer = items[:limit], true
		}
		return canvas.Page{Items: items, Newer: newer}
	})
}

// Around implements canvas.Source.
func (s *source) Around(sequence uint64, limit int, done func(canvas.Page)) {
	s.read(core.HistoryQuery{Around: sequence, Limit: limit}, done, func(p core.HistoryPage) canvas.Page {
		return canvas.Page{Items: s.items(p), Older: p.HasOlder, Newer: p.HasNewer}
	})
}

// read fetches a page beside the user interface and answers on it.
func (s *source) read(q core.HistoryQuery, done func(canvas.Page), build func(core.HistoryPage) canvas.Page) {
	go func() {
		p, err := s.page(q)
		found := s.originals(p)
		s.do(func() {
			switch {
			case s.ctx.Err() != nil: // left meanwhile
				done(canvas.Page{Failed: true})
			case err != nil:
				done(canvas.Page{Failed: true})
				s.failed(err)
			default:
				if found != nil {
					s.present.originals.learn(found)
				}
				done(build(p))
			}
		})
	}()
}

// originals looks up what the messages of a page answer; it blocks on the disk.
func (s *source) originals(p core.HistoryPage) map[im.MessageID]original {
	if s.messages == nil {
		return nil
	}
	return lookUp(s.messages, answered(p.Messages, p.Pending))
}

// page reads a page that has something to show, if there is any in its direction.
// The numbers that recalls took show nothing, nor do those of what was deleted here;
// there may be more of them in a row than a page holds.
func (s *source) page(q core.HistoryQuery) (core.HistoryPage, error) {
	for {
		p, err := s.history.History(s.ctx, s.conv, q)
		if err != nil || len(p.Messages) == 0 || len(p.Holes)+len(p.Pending) > 0 {
			return p, err
		}
		lowest, highest := p.Messages[0].Sequence, p.Messages[len(p.Messages)-1].Sequence
		if slices.ContainsFunc(p.Messages, func(m im.Message) bool { return !s.hidden(&m) }) {
			return p, nil
		}
		switch {
		case q.After > 0 && p.HasNewer:
			q.After = highest
		case q.After == 0 && p.HasOlder:
			q = core.HistoryQuery{Before: lowest, Limit: q.Limit}
		default:
			return p, nil
		}
	}
}

// hidden is for places where nothing is to be seen: what a message recalled shows that.
func (s *source) hidden(m *im.Message) bool { return m.Revokes != nil || m.IsDeleted }

// items are the messages, holes and unacknowledged messages of a page in the
// order of the canvas.
func (s *source) items(p core.HistoryPage) []canvas.Item {
	items := make([]canvas.Item, 0, len(p.Messages)+len(p.Holes)+len(p.Pending))
	for i := range p.Messages {
		s.top = max(s.top, p.Messages[i].Sequence)
		if m := &p.Messages[i]; !s.hidden(m) && !s.present.originals.deleted(m.ID) {
			items = append(items, s.present.item(m))
		}
	}
	for _, h := range p.Holes {
		items = append(items, s.present.hole(h))
	}
	for i := range p.Pending {
		items = append(items, s.present.item(&p.Pending[i]))
	}
	slices.SortStableFunc(items, func(a, b canvas.Item) int { return a.Cursor().Compare(b.Cursor()) })
	return slices.CompactFunc(items, func(a, b canvas.Item) bool { return a.Key == b.Key })
}

package standard

import (
	"context"
	"iter"
	"math/rand/v2"

	"magpie/im"
	"magpie/store"
)

// Batches yields what the network would have brought, in that order: live
// messages, a few of one conversation and then a few of another, and between
// them pages of older history.
func (p *Plan) Batches() iter.Seq[store.Batch] {
	return func(yield func(store.Batch) bool) {
		r := rand.New(rand.NewPCG(p.options.Seed, 2))
		next := make([]uint64, len(p.convs))  // the next live message
		older := make([]uint64, len(p.convs)) // the last that is still to come of the older ones
		var open []int                        // conversations that are not complete, weighted by what they have
		for i := range p.convs {
			c := &p.convs[i]
			next[i], older[i] = c.older+1, c.older
			for range 1 + c.count/500 {
				open = append(open, i)
			}
		}
		for len(open) > 0 {
			at := r.IntN(len(open))
			i := open[at]
			c := &p.convs[i]
			from, to := next[i], min(next[i]+uint64(r.IntN(12)), c.count)
			late := older[i] > 0 && next[i] > c.older+1 && (r.IntN(8) == 0 || from > c.count)
			switch {
			case late:
				from, to = older[i]+1-min(pageSize, older[i]), older[i]
				older[i] = from - 1
			case from > c.count && older[i] == 0:
				open[at] = open[len(open)-1]
				open = open[:len(open)-1]
				continue
			case from > c.count:
				continue
			default:
				next[i] = to + 1
			}
			if !yield(p.batch(i, from, to)) {
				return
			}
		}
	}
}

func (p *Plan) batch(conv int, from, to uint64) store.Batch {
	b := store.Batch{Conversation: p.convs[conv].id, From: from, To: to}
	for n := from; n <= to; n++ {
		m := p.Message(conv, n)
		if m.Revokes != nil {
			target := p.Message(conv, m.Revokes.Sequence)
			if target.IsPlaceMessage {
				m.Revokes = nil // there is nothing to recall
			} else {
				m.Revoker, m.Revokes.ID, m.Revokes.From, m.Revokes.Type = target.From, target.ID, target.From, target.Type
			}
		}
		b.Messages = append(b.Messages, m)
	}
	return b
}

// rows is the conversation list.
func (p *Plan) rows() []store.Conversation {
	list := make([]store.Conversation, 0, len(p.convs))
	for i := range p.convs {
		c := &p.convs[i]
		row := store.Conversation{First: 1, Last: c.count}
		row.ConversationID, row.Type, row.Read = c.id, c.id.Type(), c.count
		if row.Type == im.ConvGroup {
			row.SubType = im.GroupWork
			row.GroupProfile = &im.Group{GroupID: c.id.Group(), Name: p.zh.words[i%len(p.zh.words)] + "群", Type: im.GroupWork}
		} else {
			row.UserProfile = &im.Profile{UserID: c.id.Peer(), Nick: nicks[i%len(nicks)]}
		}
		list = append(list, row)
	}
	return list
}

// gathered is how many messages share a call of Ingest, as when a client that
// was away catches up.
const gathered = 1000

// Write ingests the corpus into an empty store. progress is told the number of
// messages that are there; nil if nobody asks.
func (p *Plan) Write(ctx context.Context, s *store.Store, progress func(messages int)) error {
	// Messages are made while others are written.
	batches := make(chan []store.Batch, 2)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer close(batches)
		var list []store.Batch
		n := 0
		send := func() bool {
			select {
			case batches <- list:
				list, n = nil, 0
				return true
			case <-ctx.Done():
				return false
			}
		}
		for b := range p.Batches() {
			list = append(list, b)
			if n += len(b.Messages); n >= gathered && !send() {
				return
			}
		}
		send()
	}()
	total := 0
	for list := range batches {
		if err := s.Ingest(ctx, list...); err != nil {
			return err
		}
		for i := range list {
			total += len(list[i].Messages)
		}
		if progress != nil {
			progress(total)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.PutConversations(ctx, p.rows())
}

package standard

import (
	"container/heap"
	"context"
	"iter"
	"math/rand/v2"

	"magpie/im"
	"magpie/store"
)

// Batches yields what the network would have brought, in that order: live
// messages of all conversations by their time, and between them pages of older
// history.
func (p *Plan) Batches() iter.Seq[store.Batch] {
	return func(yield func(store.Batch) bool) {
		r := rand.New(rand.NewPCG(p.options.Seed, 2))
		live := make(schedule, 0, len(p.convs))
		older := make([]uint64, len(p.convs)) // the last that is still to come of the older ones
		for i := range p.convs {
			older[i] = p.convs[i].older
			live = append(live, p.turn(i, p.convs[i].older+1))
		}
		heap.Init(&live)
		for len(live) > 0 {
			i, from := live[0].conv, live[0].next
			c := &p.convs[i]
			to := min(from/talk*talk+talk-1, c.count)
			if !yield(p.batch(i, from, to)) {
				return
			}
			if to == c.count {
				heap.Pop(&live)
			} else {
				live[0] = p.turn(i, to+1)
				heap.Fix(&live, 0)
			}
			for older[i] > 0 && (to == c.count || r.IntN(8) == 0) {
				last := older[i]
				older[i] -= min(pageSize, last)
				if !yield(p.batch(i, older[i]+1, last)) {
					return
				}
			}
		}
	}
}

// turn is when a conversation goes on, with message next.
type turn struct {
	conv int
	next uint64
	at   int64
}

func (p *Plan) turn(conv int, next uint64) turn {
	return turn{conv, next, p.convs[conv].at(next, p.random(conv, next))}
}

// schedule is a heap of turns, the earliest first.
type schedule []turn

func (s schedule) Len() int { return len(s) }
func (s schedule) Less(i, j int) bool {
	return s[i].at < s[j].at || s[i].at == s[j].at && s[i].conv < s[j].conv
}
func (s schedule) Swap(i, j int) { s[i], s[j] = s[j], s[i] }
func (s *schedule) Push(x any)   { *s = append(*s, x.(turn)) }
func (s *schedule) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
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

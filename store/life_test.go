package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"magpie/im"
	"magpie/store"
)

// lifeConvs and lifeWords are what a life writes and what is searched in it.
var (
	lifeConvs = []im.ConversationID{bob, team, "C2Ccarol"}
	lifeWords = []string{"消息", "number7", "owl", "咖啡"}
)

// lifeOptions make a few messages a segment of the index, and stop the clock.
func lifeOptions() store.Options {
	o, _ := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 24, 0)
	o.Now = func() time.Time { return time.UnixMilli(1_700_000_500_000) }
	return o
}

// life is one of everything that a store is asked to write: each step is one call,
// and all of it or nothing.
func life() []func(context.Context, *store.Store) error {
	var steps []func(context.Context, *store.Store) error
	do := func(f func(context.Context, *store.Store) error) { steps = append(steps, f) }
	in := func(conv im.ConversationID, list ...im.Message) {
		do(func(ctx context.Context, s *store.Store) error {
			return s.Ingest(ctx, store.Batch{Conversation: conv, Messages: list})
		})
	}
	pages := func(conv im.ConversationID, from, to, each uint64) {
		for ; from <= to; from += each {
			b := store.Batch{Conversation: conv, From: from, To: from + each - 1}
			for n := b.From; n <= b.To; n++ {
				m := said(conv, n, fmt.Sprintf("消息 number%d 的内容 %s", n%10, strings.Repeat("and more ", int(n%5))))
				if n%7 == 0 {
					m.Type, m.Payload = im.MsgImage, im.ImagePayload{UUID: fmt.Sprint("picture", n), ImageFormat: 1}
				}
				b.Messages = append(b.Messages, m)
			}
			b.Row = func(c *store.Conversation) { c.UnreadCount += each }
			do(func(ctx context.Context, s *store.Store) error { return s.Ingest(ctx, b) })
		}
	}
	do(func(ctx context.Context, s *store.Store) error { return s.SetMeta(ctx, "device", "pc-7") })
	do(func(ctx context.Context, s *store.Store) error {
		return s.PutProfiles(ctx, []im.Profile{{UserID: "bob", Nick: "Bob"}})
	})
	do(func(ctx context.Context, s *store.Store) error {
		return s.PutGroup(ctx, im.Group{GroupID: team.Group(), Name: "Team"})
	})
	do(func(ctx context.Context, s *store.Store) error {
		return s.PutMembers(ctx, team.Group(), []im.GroupMember{{UserID: "bob"}, {UserID: me}})
	})
	pages(bob, 1, 40, 8)
	pages(team, 1, 30, 10)
	do(func(ctx context.Context, s *store.Store) error {
		c := store.Conversation{First: 1, Last: 40}
		c.ConversationID, c.Type, c.Read, c.IsPinned = bob, im.ConvC2C, 39, true
		return s.PutConversations(ctx, []store.Conversation{c})
	})
	for i := range 4 {
		id := im.MessageID(fmt.Sprint("wren-pc-life", i))
		words := fmt.Sprint("咖啡馆见 ", i)
		do(func(ctx context.Context, s *store.Store) error { return s.SetDraft(ctx, bob, words) })
		do(func(ctx context.Context, s *store.Store) error {
			_, err := s.Enqueue(ctx, mine(bob, id, words))
			return err
		})
		do(func(ctx context.Context, s *store.Store) error {
			return s.UpdateOutbox(ctx, id, func(r *store.OutboxRow) error { r.Tries++; return nil })
		})
		switch i {
		case 1: // stays
		case 2:
			do(func(ctx context.Context, s *store.Store) error { return s.RemoveOutbox(ctx, id) })
		default:
			do(func(ctx context.Context, s *store.Store) error {
				_, err := s.Acknowledge(ctx, id, 41+uint64(i), 1_700_000_300_000)
				return err
			})
		}
	}
	in(bob, said(bob, 50, secretOf(50)))
	in(bob, said(bob, 51, secretOf(51)))
	in(bob, recall(bob, 52, 50))
	in(bob, recall(bob, 53, 60)) // its message comes later
	in(bob, said(bob, 60, secretOf(60)))
	do(func(ctx context.Context, s *store.Store) error {
		return s.UpdateConversation(ctx, team, func(c *store.Conversation) error {
			c.Read, c.UnreadCount = 30, 0
			return nil
		})
	})
	pages(team, 31, 60, 5)
	in(team, recall(team, 61, 12), recall(team, 62, 33))
	do(func(ctx context.Context, s *store.Store) error { return s.SetDraft(ctx, team, "half a sentence") })
	pages("C2Ccarol", 1, 20, 10)
	do(func(ctx context.Context, s *store.Store) error { return s.Truncate(ctx, "C2Ccarol", 7) })
	do(func(ctx context.Context, s *store.Store) error { return s.SetDraft(ctx, team, "") })
	do(func(ctx context.Context, s *store.Store) error {
		return s.UpdateConversation(ctx, "C2Ccarol", func(c *store.Conversation) error { c.Hidden = true; return nil })
	})
	do(func(ctx context.Context, s *store.Store) error {
		return s.SetMeta(ctx, "token", strings.Repeat("t", 5000))
	})
	pages(bob, 61, 90, 10)
	return steps
}

// childLifeEnv, set beside childEnv, makes the child live its life and end.
const childLifeEnv = "MAGPIE_STORE_TEST_CHILD_LIFE"

// childLife says after each step that it is durable.
func childLife(s *store.Store) error {
	for i, step := range life() {
		if err := step(context.Background(), s); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
		fmt.Println("durable", i+1)
	}
	return s.Close()
}

// childOpenEnv, set beside childEnv, makes the child open the store, wait until
// there is nothing to do any more, and close it. With "unseal" it is to be plain.
const childOpenEnv = "MAGPIE_STORE_TEST_CHILD_OPENS"

// openingOptions are those of a child that opens, with a channel for
// [store.WaitIdle].
func openingOptions(how string) (store.Options, <-chan struct{}) {
	o, idle := store.SmallIndex(store.Options{Account: me}, 24, time.Hour)
	o = withKey(o)
	if how == "unseal" {
		o.Key, o.Unseal = testKey(), true
	}
	return o, idle
}

func childOpen(path, how string) error {
	o, idle := openingOptions(how)
	s, _, err := store.Open(path, o)
	if err != nil {
		return err
	}
	return errors.Join(store.WaitIdle(context.Background(), s, idle), s.Close())
}

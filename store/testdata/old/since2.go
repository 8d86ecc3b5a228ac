package main

import (
	"context"

	"magpie/im"
	"magpie/store"
)

func init() {
	since = append(since, func(ctx context.Context, s *store.Store) error {
		recall := func(n, target uint64) im.Message {
			of := message(bob, target)
			return im.Message{
				ConversationID: bob, ConversationType: im.ConvC2C, Sequence: n, Time: 1_700_008_000_000, IsPlaceMessage: true,
				Revoker: "bob", RevokerNick: "鲍勃",
				Revokes: &im.Revocation{Sequence: target, ID: of.ID, Type: of.Type, From: of.From, Time: of.Time},
			}
		}
		// Of a message that is here, and of one in the hole.
		return s.Ingest(ctx, store.Batch{Conversation: bob, Messages: []im.Message{recall(91, 7), recall(92, 45)}})
	})
}

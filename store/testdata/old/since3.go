package main

import (
	"context"
	"errors"

	"magpie/im"
	"magpie/store"
)

func init() {
	since = append(since, func(ctx context.Context, s *store.Store) error {
		note := message(bob, 93)
		note.Type, note.Payload, note.IsHeard = im.MsgAudio, im.AudioPayload{UUID: "v93", URL: "voice", Second: 4, Size: 900}, true
		err := s.Ingest(ctx, store.Batch{Conversation: bob, Messages: []im.Message{note}})
		return errors.Join(err, s.UpdateConversation(ctx, bob, func(c *store.Conversation) error {
			c.Heard = "93"
			return nil
		}))
	})
}

package app

import (
	"context"

	"magpie/app/core"
	"magpie/im"
)

// rowPage is how many messages are looked at for the next voice note of a row.
const rowPage = 32

// nextUnheard returns the first voice note after a message that nobody listened to
// here, as long as one voice note of others follows the other. Its id is "" if there
// is none.
func nextUnheard(ctx context.Context, s *session, after *im.Message) (im.Message, error) {
	for sequence := after.Sequence; ; {
		page, err := s.client.History(ctx, after.ConversationID, core.HistoryQuery{After: sequence, Limit: rowPage})
		if err != nil {
			return im.Message{}, err
		}
		for i := range page.Messages {
			m := &page.Messages[i]
			if m.Sequence > sequence+1 { // what is between is not here
				return im.Message{}, nil
			}
			sequence = m.Sequence
			if m.Revokes != nil || m.IsRevoked || m.IsPlaceMessage {
				continue // nothing to hear, and nothing in between
			}
			if m.Type != im.MsgAudio || m.From == s.account.User {
				return im.Message{}, nil
			}
			if !m.IsHeard {
				return *m, nil
			}
		}
		if !page.HasNewer || len(page.Messages) == 0 {
			return im.Message{}, nil
		}
	}
}

package store

import (
	"context"

	"magpie/im"
)

// MaxDraftBytes is how long a draft may be.
const MaxDraftBytes = longestValue / 8 // up to four of them are on one page

// SetDraft keeps what was typed in a conversation and not sent, at once; ""
// removes it. One longer than [MaxDraftBytes] is im.CodeMessageTooLong, and what was
// kept before stays.
func (s *Store) SetDraft(ctx context.Context, conv im.ConversationID, text string) error {
	if err := checkConversation(conv); err != nil {
		return err
	}
	if len(text) > MaxDraftBytes {
		return im.Errorf(im.CodeMessageTooLong, "store: a draft of %d bytes", len(text))
	}
	return s.putStamped(ctx, bucketDraft, kindDraft, s.form.name(string(conv)), text)
}

// Draft returns what SetDraft kept, "" if nothing.
func (s *Store) Draft(conv im.ConversationID) (string, error) {
	var text string
	err := s.view(func(tx *txn) error {
		var err error
		text, err = getDraft(tx, conv)
		return err
	})
	return text, err
}

func getDraft(tx *txn, conv im.ConversationID) (string, error) {
	key := tx.name(string(conv))
	raw := tx.Bucket(bucketDraft).Get(key)
	if raw == nil {
		return "", nil
	}
	text, _, err := tx.decodeStamped(kindDraft, key, raw)
	return text, err
}

// maxKeyBytes bounds what names a record: far above every limit of the model,
// far below that of the file format.
const maxKeyBytes = 1024

// checkConversation refuses ids that cannot be a key. Whether the id is well
// formed is the business of who made it.
func checkConversation(conv im.ConversationID) error {
	if conv == "" || len(conv) > maxKeyBytes {
		return im.Errorf(im.CodeInvalidConversationID, "store: conversation id of %d bytes", len(conv))
	}
	return nil
}

package core

import (
	"context"
	"encoding/json"
	"maps"
	"sync"

	"magpie/im"
)

// floors remember, for each conversation, the sequence up to which messages
// were history when this device first saw it or came back after long: they are
// fetched in the background and never announced. A conversation without one
// began while this device was signed in. They are few and change rarely, so
// all are kept in one value of the store.
//
// The places up to which a history was forgotten are kept in the same way.
type floors struct {
	key   string // of the store's meta
	mu    sync.Mutex
	known bool // the account has been listed on this device before
	at    map[im.ConversationID]uint64
}

func (f *floors) load(db storage, key string) error {
	f.key = key
	text, err := db.Meta(key)
	if err != nil {
		return err
	}
	f.at = make(map[im.ConversationID]uint64)
	if text == "" {
		return nil
	}
	// A value that cannot be read counts as none: the next list makes it anew.
	if json.Unmarshal([]byte(text), &f.at) == nil && f.at != nil {
		f.known = true
		return nil
	}
	f.at = make(map[im.ConversationID]uint64)
	return nil
}

func (f *floors) get(id im.ConversationID) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at[id]
}

// sum is all of them together.
func (f *floors) sum() (n uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, at := range f.at {
		n += at
	}
	return n
}

// begin gives every listed conversation its last sequence as floor, the first
// time that the account is listed on this device.
func (f *floors) begin(ctx context.Context, db storage, last map[im.ConversationID]uint64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known {
		return nil
	}
	at := maps.Clone(last)
	if at == nil {
		at = make(map[im.ConversationID]uint64)
	}
	if err := f.write(ctx, db, at); err != nil {
		return err
	}
	f.at, f.known = at, true
	return nil
}

// set changes the floor of one conversation.
func (f *floors) set(ctx context.Context, db storage, id im.ConversationID, n uint64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at[id] == n {
		return nil
	}
	at := maps.Clone(f.at)
	at[id] = n
	if err := f.write(ctx, db, at); err != nil {
		return err
	}
	f.at = at
	return nil
}

func (f *floors) write(ctx context.Context, db storage, at map[im.ConversationID]uint64) error {
	text, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return db.SetMeta(ctx, f.key, string(text))
}

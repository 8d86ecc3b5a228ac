package store

import (
	"errors"
	"time"

	"magpie/im"
	"magpie/internal/seal"
)

// Errors that callers tell apart. What a person should hear of is an *im.Error.
var (
	// ErrInUse: another process, or another Store of this one, has the file open.
	ErrInUse = errors.New("store: the file is in use by another process")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store: closed")
	// ErrNotFound: no message of this id is in the outbox.
	ErrNotFound = errors.New("store: no such message")
	// ErrOtherAccount: the file belongs to another account than Options.Account.
	ErrOtherAccount = errors.New("store: the file belongs to another account")
)

// Options are how to open a store. The zero value is ready to use.
type Options struct {
	// Account is whose store it is. It is written into a new file; a file of
	// another account is refused ([ErrOtherAccount]). "" checks nothing.
	Account im.UserID
	// OpenTimeout is how long Open waits for another process to let go of the
	// file; 0 means 1 s.
	OpenTimeout time.Duration
	// BatchWindow is how long a write from the network waits for others to share
	// its transaction; 0 means 5 ms, negative not at all.
	BatchWindow time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Compacted, if not nil, is told of every compaction in the background: what came
	// of it, or why it was given up until the next one.
	Compacted func(Compaction, error)
	// Key encrypts the file; nil means that it is not encrypted. A file that is not
	// is written anew on Open, in place of the old one, which is overwritten with
	// zeros and removed. An encrypted file without a key is refused with an
	// *im.Error of code [im.CodeSealed], with another key than its own with
	// [im.CodeWrongKey].
	Key *seal.Key
	// Unseal makes an encrypted file one that is not, in the same way; Key is that
	// of the file.
	Unseal bool
	// Progress, if not nil, hears how far such writing anew is: done of about total
	// bytes. It is called by Open.
	Progress func(done, total int64)
	// Looking, if not nil, hears how far looking at everything is, or saving what can
	// be read: done of about total bytes. It is called by Examine, Repair and Open.
	Looking func(done, total int64)

	// Set by tests: smaller bounds of the search index, and who hears that there
	// is nothing more to do for it.
	indexLimits *indexLimits
	indexIdle   func()
}

// newKey is that of a file which is written anew.
func (o Options) newKey() *seal.Key {
	if o.Unseal {
		return nil
	}
	return o.Key
}

func (o Options) withDefaults() Options {
	if o.OpenTimeout <= 0 {
		o.OpenTimeout = time.Second
	}
	if o.BatchWindow == 0 {
		o.BatchWindow = 5 * time.Millisecond
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Report is what Open had to do.
type Report struct {
	// Created: there was no file (or an empty one) and now there is one.
	Created bool
	// MigratedFrom is the schema version that the file had, if it was older than
	// this program's; 0 if nothing was migrated.
	MigratedFrom int
	// ReadOnly: the file may not be written, so everything that writes is an error.
	ReadOnly bool
	// Backup is the copy of the file as it was before it was migrated, "" if it was
	// not.
	Backup string
	// SetAside is where the damaged file is now, "" if nothing was damaged.
	SetAside string
	// Salvaged counts the records that were copied out of it, Lost the places in it
	// that could not be read, at least.
	Salvaged, Lost int
	// Outside counts those of them that are messages to which no tree led any more. They
	// may be older than what there was, and the server is asked for them again.
	Outside int
	// Sealed: the file was not encrypted and is now; Unsealed: the reverse.
	Sealed, Unsealed bool
}

// Conversation is a row of the conversation list with what the store keeps
// beside it.
type Conversation struct {
	im.Conversation
	// First..Last are the sequences that can be read on the server, 0..0 if
	// nothing is known.
	First, Last uint64
	// Hidden: deleted from the list; the history is still there.
	Hidden bool
}

// Batch is a run of messages of one conversation as the network brought it.
//
// After Ingest every sequence From..To is known to be here: what Messages lacks
// within it is a hole for good. With To 0 only the messages themselves are.
type Batch struct {
	Conversation im.ConversationID
	Messages     []im.Message
	From, To     uint64
	// Row, if not nil, changes the conversation's row in the same transaction,
	// after the messages are in. It may be called more than once and must not call
	// the store.
	Row func(c *Conversation)
}

// Range is a run of sequences, both ends included.
type Range struct{ From, To uint64 }

// OutboxRow is a message on its way. Order is the store's, ascending in the
// order of Enqueue and never used twice; Base is the last sequence known when
// it was written; Tries counts the attempts to send it.
type OutboxRow struct {
	Order   uint64
	Message im.Message
	Base    uint64
	Options im.SendOptions
	Tries   int
	// Batch is the same for messages that are to go out in their order, whatever each
	// waits for; "" for one that is alone.
	Batch string
}

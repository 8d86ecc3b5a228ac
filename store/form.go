package store

import (
	"encoding/binary"
	"hash/crc32"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// form is how a file keeps its values and its ids: the one place that all of them
// pass. A nil form is that of a file that is not encrypted.
type form struct{}

// plain is the form of a file that is not encrypted.
var plain *form

// txn is a transaction of a file, with the form of that.
type txn struct {
	*bbolt.Tx
	*form
}

// viewDB and updateDB are those of bbolt.
func viewDB(db *bbolt.DB, f *form, run func(*txn) error) error {
	return db.View(func(tx *bbolt.Tx) error { return run(&txn{tx, f}) })
}

func updateDB(db *bbolt.DB, f *form, run func(*txn) error) error {
	return db.Update(func(tx *bbolt.Tx) error { return run(&txn{tx, f}) })
}

// conversation returns the bucket that parent (msg, gap, recall or media) has of a
// conversation, nil if there is none.
func (tx *txn) conversation(parent []byte, conv im.ConversationID) *bbolt.Bucket {
	return tx.Bucket(parent).Bucket(tx.name(string(conv)))
}

// makeConversation is conversation for those who write.
func (tx *txn) makeConversation(parent []byte, conv im.ConversationID) (*bbolt.Bucket, error) {
	return tx.Bucket(parent).CreateBucketIfNotExists(tx.name(string(conv)))
}

// meta is the bucket of the program's own values.
func (tx *txn) meta() *bbolt.Bucket { return tx.Bucket(bucketMeta) }

// name is an id (of a conversation, a user, a group …) as it is in the keys.
func (f *form) name(id string) []byte { return []byte(id) }

// id is what name was made of.
func (f *form) id(name []byte) (string, error) { return string(name), nil }

// sealer seals and opens the values of one kind in one bucket, one after the
// other. It belongs to one goroutine.
type sealer struct {
	table *crc32.Table
	base  uint32
}

// sealer returns what seals values of a kind. The scope is the conversation of
// values in nested buckets.
func (f *form) sealer(k kind, scope string) *sealer {
	t := crc32.MakeTable(crc32.Castagnoli)
	// Hashing the bucket's name once makes a page of messages cheaper.
	return &sealer{table: t, base: crc32.Update(crc32.Update(0, t, []byte{byte(k)}), t, []byte(scope))}
}

func (c *sealer) sum(key, value []byte) uint32 {
	return crc32.Update(crc32.Update(c.base, c.table, key), c.table, value)
}

// seal makes a value of what an encoder wrote, in the same memory.
func (c *sealer) seal(key, value []byte) []byte {
	return binary.BigEndian.AppendUint32(value, c.sum(key, value))
}

// open checks a value and returns a decoder of its body, which is good until the
// next call.
func (c *sealer) open(key, value []byte) (*decoder, error) {
	if len(value) < 1+checksumSize {
		return nil, errShort
	}
	n := len(value) - checksumSize
	if binary.BigEndian.Uint32(value[n:]) != c.sum(key, value[:n]) {
		return nil, errChecksum
	}
	if value[0] != formatVersion {
		return nil, errVersion
	}
	return &decoder{rest: value[1:n]}, nil
}

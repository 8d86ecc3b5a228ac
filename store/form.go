package store

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/internal/seal"
)

// form is how a file keeps its values and its ids: the one place that all of them
// pass. A nil form is that of a file that is not encrypted.
//
// In a sealed file every value is AES-256-GCM, and every id in a key is a sealed
// name or a hash; docs/storage.md says what stays visible.
type form struct {
	marker marker
	key    seal.Key                         // of the file
	values [256]atomic.Pointer[seal.Values] // by kind, made when they are needed
	names  *seal.Names
	known  knownNames
	idle   [256]sync.Pool // of sealers by kind, with their memory; see lend
}

// plain is the form of a file that is not encrypted.
var plain *form

// txn is a transaction of a file, with the form of that.
type txn struct {
	*bbolt.Tx
	*form
	file *os.File // that it reads and writes, of a store that is open
	// mapped: the pages of the file are mapped, so the mapping is quicker than asking the
	// system for one.
	mapped bool
}

// viewDB and updateDB are those of bbolt.
func viewDB(db *bbolt.DB, f *form, run func(*txn) error) error {
	return db.View(func(tx *bbolt.Tx) error { return run(&txn{Tx: tx, form: f}) })
}

func updateDB(db *bbolt.DB, f *form, run func(*txn) error) error {
	return db.Update(func(tx *bbolt.Tx) error { return run(&txn{Tx: tx, form: f}) })
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
func (tx *txn) meta() *bbolt.Bucket { return tx.Bucket(tx.metaBucket()) }

// metaBucket is meta, or in a sealed file a bucket of its own: what is in meta is
// what every program can read, so that older ones say that they cannot read the
// rest.
func (f *form) metaBucket() []byte {
	if f == plain {
		return bucketMeta
	}
	return bucketOwn
}

// metaKey is the key of a value of the program. Those of the store itself begin
// with NUL and are no secret.
func (f *form) metaKey(key string) []byte {
	if key == "" || key[0] == 0 {
		return []byte(key)
	}
	return f.name(key)
}

// buckets are those that every file of this form has.
func (f *form) buckets() [][]byte {
	if f == plain {
		return allBuckets()
	}
	return append(allBuckets(), bucketOwn, bucketSealed)
}

// name is an id (of a conversation, a user, a group …) as it is in the keys. It is
// not to be changed.
func (f *form) name(id string) []byte {
	if f == plain {
		return []byte(id)
	}
	if name, ok := f.known.name(id); ok {
		return name
	}
	name := f.names.Seal(nil, id)
	f.known.add(id, name)
	return name
}

// id is what name was made of; it fails for what name never made.
func (f *form) id(name []byte) (string, error) {
	if f == plain {
		return string(name), nil
	}
	if id, ok := f.known.id(name); ok {
		return id, nil
	}
	id, err := f.names.Open(name)
	if err == nil {
		f.known.add(id, bytes.Clone(name))
	}
	return id, err
}

// knownNames remembers sealed names: the same few come again and again.
type knownNames struct {
	mu    sync.RWMutex
	names map[string][]byte
	ids   map[string]string
}

// mostNames bounds what is remembered.
const mostNames = 4096

func (n *knownNames) name(id string) ([]byte, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	name, ok := n.names[id]
	return name, ok
}

func (n *knownNames) id(name []byte) (string, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	id, ok := n.ids[string(name)]
	return id, ok
}

func (n *knownNames) add(id string, name []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.names == nil || len(n.names) >= mostNames {
		n.names, n.ids = map[string][]byte{}, map[string]string{}
	}
	n.names[id], n.ids[string(name)] = name, id
}

// sealer seals and opens the values of one kind in one bucket, one after the
// other. It belongs to one goroutine.
type sealer struct {
	table *crc32.Table
	base  uint32

	kind   kind
	values *seal.Values // nil in a file that is not encrypted
	beside []byte       // what is authenticated with a value, up to its key
	room   []byte       // where the last one was opened to
	d      decoder
}

// sealer returns what seals values of a kind. The scope is the conversation of
// values in nested buckets.
func (f *form) sealer(k kind, scope string) *sealer {
	if f == plain {
		t := crc32.MakeTable(crc32.Castagnoli)
		// Hashing the bucket's name once makes a page of messages cheaper.
		return &sealer{table: t, base: crc32.Update(crc32.Update(0, t, []byte{byte(k)}), t, []byte(scope))}
	}
	beside := make([]byte, 0, 64+len(scope))
	beside = binary.AppendUvarint(append(beside, byte(k)), uint64(len(scope)))
	return &sealer{kind: k, values: f.valuesOf(k), beside: append(beside, scope...)}
}

// lend is sealer for those who need it for one value, outside of conversations, and
// give it back.
func (f *form) lend(k kind) *sealer {
	if f != plain {
		if c, ok := f.idle[k].Get().(*sealer); ok {
			return c
		}
	}
	return f.sealer(k, "")
}

// back ends what lend began.
func (f *form) back(c *sealer) {
	if f != plain {
		f.idle[c.kind].Put(c)
	}
}

// valuesOf returns what seals values of a kind, each with a key of its own.
func (f *form) valuesOf(k kind) *seal.Values {
	if v := f.values[k].Load(); v != nil {
		return v
	}
	v := seal.NewValues(f.key.Derive("value/" + string(k)))
	f.values[k].Store(v) // who makes another meanwhile makes the same
	return v
}

func (c *sealer) sum(key, value []byte) uint32 {
	return crc32.Update(crc32.Update(c.base, c.table, key), c.table, value)
}

// seal makes a value of what an encoder wrote, in the same memory. The key is as
// it is in the file.
func (c *sealer) seal(key, value []byte) []byte {
	if c.values == nil {
		return binary.BigEndian.AppendUint32(value, c.sum(key, value))
	}
	value[0] = sealedVersion
	return c.values.Seal(value, 1, c.with(key))
}

// with is what is authenticated with the value of a key; the next call writes over
// it.
func (c *sealer) with(key []byte) []byte {
	n := len(c.beside)
	all := append(c.beside, key...)
	c.beside = all[:n]
	return all
}

// open checks a value and returns a decoder of its body, which is good until the
// next call.
func (c *sealer) open(key, value []byte) (*decoder, error) {
	body, err := c.body(c.room[:0], key, value)
	if err != nil {
		return nil, err
	}
	if c.values != nil {
		c.room = body
	}
	c.d = decoder{rest: body}
	return &c.d, nil
}

// longestValue is longer than any that is written. A damaged page can claim gigabytes,
// and what opens a value takes room for it before it finds that it is forged.
const longestValue = 64 << 20

// body checks a value and returns what is in it: of a sealed one what is appended
// to room, otherwise a part of the value itself.
func (c *sealer) body(room, key, value []byte) ([]byte, error) {
	if len(value) < 1+checksumSize {
		return nil, errShort
	}
	if len(value) > longestValue || len(key) > bbolt.MaxKeySize {
		return nil, errLong
	}
	if c.values != nil {
		body, err := c.values.Open(room, value[1:], c.with(key))
		switch {
		case err != nil:
			return nil, err
		case value[0] != sealedVersion:
			return nil, errVersion
		}
		return body, nil
	}
	n := len(value) - checksumSize
	if binary.BigEndian.Uint32(value[n:]) != c.sum(key, value[:n]) {
		return nil, errChecksum
	}
	if value[0] != formatVersion {
		return nil, errVersion
	}
	return value[1:n], nil
}

// same reports whether two values of a key have the same content.
func (c *sealer) same(key, a, b []byte) bool {
	if c.values == nil {
		return bytes.Equal(a, b)
	}
	if len(a) != len(b) {
		return false
	}
	x, errX := c.body(nil, key, a)
	y, errY := c.body(nil, key, b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

package store

import (
	"strings"

	"github.com/oklog/ulid/v2"
	"go.etcd.io/bbolt"

	"magpie/im"
)

// place is where a message is: in the history of a conversation at a sequence,
// or (sequence 0) in the outbox at an order.
type place struct {
	conv     im.ConversationID
	sequence uint64
	order    uint64
}

// places leads from the id of a message to its place. A file of schema 3 has
// them in msg_by_id, under the ids as they are; since schema 4 they are in the
// bucket place, under keys that begin with the time in the id: what arrives
// together is written together, at the end, instead of on a page of its own for
// every sender. Conversations are numbers there, given in the bucket conv_no.
// What is left in msg_by_id is still found, and moves when it is written again
// or when the search index is built.
type places struct {
	*form
	now, old, numbers *bbolt.Bucket
}

func openPlaces(tx *txn) places {
	p := places{form: tx.form, now: tx.Bucket(bucketPlace), old: tx.Bucket(bucketMsgByID), numbers: tx.Bucket(bucketConvNo)}
	p.now.FillPercent = 0.9
	return p
}

// placeKey puts the ULID of an id, in its 16 bytes, before the rest of it. An
// id without one is its own key.
func placeKey(id im.MessageID) []byte {
	owner, unique, ok := cutULID(id)
	if !ok {
		return []byte(id)
	}
	key := make([]byte, 0, len(unique)+len(owner))
	return append(append(key, unique[:]...), owner...)
}

// cutULID splits USER-DEVICE-ULID at its last dash; false if an id is of another
// form or would not be the same when it is put together again.
func cutULID(id im.MessageID) (owner string, unique ulid.ULID, ok bool) {
	at := len(id) - ulid.EncodedSize
	if at < 1 || id[at-1] != '-' {
		return "", unique, false
	}
	unique, err := ulid.ParseStrict(string(id[at:]))
	if err != nil || unique.String() != string(id[at:]) {
		return "", unique, false
	}
	return string(id[:at-1]), unique, true
}

func joinULID(owner string, unique ulid.ULID) im.MessageID {
	var b strings.Builder
	b.Grow(len(owner) + 1 + ulid.EncodedSize)
	b.WriteString(owner)
	b.WriteByte('-')
	b.WriteString(unique.String())
	return im.MessageID(b.String())
}

// get returns where a message is; found is false if nobody knows.
func (b places) get(id im.MessageID) (p place, found bool, err error) {
	key := placeKey(id)
	if raw := b.now.Get(key); raw != nil {
		p, err = b.decode(key, raw)
		return p, err == nil, err
	}
	raw := b.old.Get([]byte(id))
	if raw == nil {
		return place{}, false, nil
	}
	p, err = b.decodeOldPlace([]byte(id), raw)
	return p, err == nil, err
}

// move takes what msg_by_id has of a message into the bucket of today.
func (b places) move(id im.MessageID) error {
	p, found, err := b.get(id)
	if err != nil {
		return b.old.Delete([]byte(id)) // it says nothing
	}
	if !found {
		return nil
	}
	return b.put(id, p)
}

func (b places) put(id im.MessageID, p place) error {
	number, err := b.number(p.conv)
	if err != nil {
		return err
	}
	return b.putNumbered(id, number, p)
}

// putNumbered is put for those who know the number of the conversation.
func (b places) putNumbered(id im.MessageID, number uint64, p place) error {
	if err := b.old.Delete([]byte(id)); err != nil {
		return err
	}
	key := placeKey(id)
	return b.now.Put(key, b.encodePlace(key, number, p))
}

func (b places) delete(id im.MessageID) error {
	if err := b.old.Delete([]byte(id)); err != nil {
		return err
	}
	return b.now.Delete(placeKey(id))
}

// number returns the number of a conversation, and gives it one if it has none.
func (b places) number(conv im.ConversationID) (uint64, error) {
	if raw := b.numbers.Get([]byte(conv)); raw != nil {
		return b.decodeNumber([]byte(conv), raw)
	}
	n, err := b.numbers.NextSequence()
	if err != nil {
		return 0, err
	}
	e := newEncoder(10)
	e.uint(n)
	if err := b.numbers.Put([]byte(conv), b.sealer(kindNumber, "").seal([]byte(conv), e.b)); err != nil {
		return 0, err
	}
	e = newEncoder(len(conv))
	e.string(string(conv))
	return n, b.numbers.Put(numberKey(n), b.sealer(kindNumber, "").seal(numberKey(n), e.b))
}

// numberKey is not a conversation: those do not begin with NUL.
func numberKey(n uint64) []byte { return append([]byte{0}, sequenceKey(n)...) }

func (f *form) decodeNumber(key, value []byte) (uint64, error) {
	d, err := f.sealer(kindNumber, "").open(key, value)
	if err != nil {
		return 0, damaged("number of conversation", key, err)
	}
	n := d.uint()
	if err := d.done(); err != nil {
		return 0, damaged("number of conversation", key, err)
	}
	return n, nil
}

// conversation is the one that has a number.
func (b places) conversation(n uint64) (im.ConversationID, error) {
	key := numberKey(n)
	d, err := b.sealer(kindNumber, "").open(key, b.numbers.Get(key))
	if err != nil {
		return "", damaged("conversation by number", key, err)
	}
	conv := im.ConversationID(d.string())
	if err := d.done(); err != nil {
		return "", damaged("conversation by number", key, err)
	}
	return conv, nil
}

func (f *form) encodePlace(key []byte, number uint64, p place) []byte {
	e := newEncoder(12)
	e.uint(number)
	e.uint(p.sequence)
	if p.sequence == 0 {
		e.uint(p.order)
	}
	return f.sealer(kindPlace, "").seal(key, e.b)
}

func (b places) decode(key, value []byte) (place, error) {
	number, p, err := b.decodePlace(key, value)
	if err == nil {
		p.conv, err = b.conversation(number)
	}
	return p, err
}

func (f *form) decodePlace(key, value []byte) (number uint64, p place, err error) {
	d, err := f.sealer(kindPlace, "").open(key, value)
	if err != nil {
		return 0, place{}, damaged("place of message", key, err)
	}
	number, p.sequence = d.uint(), d.uint()
	if p.sequence == 0 {
		p.order = d.uint()
	}
	if err := d.done(); err != nil {
		return 0, place{}, damaged("place of message", key, err)
	}
	return number, p, nil
}

// decodeOldPlace reads what schema 1 to 3 wrote.
func (f *form) decodeOldPlace(key, value []byte) (place, error) {
	d, err := f.sealer(kindOldPlace, "").open(key, value)
	if err != nil {
		return place{}, damaged("place of message", key, err)
	}
	p := place{conv: im.ConversationID(d.string()), sequence: d.uint()}
	if p.sequence == 0 {
		p.order = d.uint()
	}
	if err := d.done(); err != nil {
		return place{}, damaged("place of message", key, err)
	}
	return p, nil
}

package store

import (
	"strings"

	"github.com/oklog/ulid/v2"
	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/internal/seal"
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
	sum               *sealer // of now
}

func openPlaces(tx *txn) places {
	p := places{form: tx.form, sum: tx.sealer(kindPlace, ""), now: tx.Bucket(bucketPlace), old: tx.Bucket(bucketMsgByID), numbers: tx.Bucket(bucketConvNo)}
	p.now.FillPercent = 0.9
	return p
}

// placeKey is the key of a place. In a sealed file only the time in it can be
// read, so that what arrives together is still written together.
func (f *form) placeKey(id im.MessageID) []byte {
	key := orderedID(id)
	if f == plain {
		return key
	}
	return f.sealPlaceKey(key)
}

// sealPlaceKey makes the key in a sealed file of that in one that is not: the time
// of the ULID, and a hash. An id without a ULID is printable, and has no time.
func (f *form) sealPlaceKey(key []byte) []byte {
	const timeBytes = 6
	out := make([]byte, timeBytes, timeBytes+seal.NameSize)
	if len(key) > timeBytes && key[0] < ' ' {
		copy(out, key)
	} else {
		copy(out, "\xff\xff\xff\xff\xff\xff")
	}
	return f.names.Hash(out, key)
}

// orderedID puts the ULID of an id, in its 16 bytes, before the rest of it. An
// id without one stays as it is.
func orderedID(id im.MessageID) []byte {
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
	key := b.placeKey(id)
	if raw := b.now.Get(key); raw != nil {
		p, err = b.decode(key, raw)
		return p, err == nil, err
	}
	raw := b.getOld(id)
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
		return b.deleteOld(id) // it says nothing
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

// getOld is what msg_by_id has of a message. A sealed file has nothing there.
func (b places) getOld(id im.MessageID) []byte {
	if b.form != plain {
		return nil
	}
	return b.old.Get([]byte(id))
}

func (b places) deleteOld(id im.MessageID) error {
	if b.form != plain {
		return nil
	}
	return b.old.Delete([]byte(id))
}

// putNumbered is put for those who know the number of the conversation.
func (b places) putNumbered(id im.MessageID, number uint64, p place) error {
	if err := b.deleteOld(id); err != nil {
		return err
	}
	key := b.placeKey(id)
	return b.now.Put(key, encodePlace(b.sum, key, number, p))
}

func (b places) delete(id im.MessageID) error {
	if err := b.deleteOld(id); err != nil {
		return err
	}
	return b.now.Delete(b.placeKey(id))
}

// number returns the number of a conversation, and gives it one if it has none.
func (b places) number(conv im.ConversationID) (uint64, error) {
	name := b.name(string(conv))
	if raw := b.numbers.Get(name); raw != nil {
		return b.decodeNumber(name, raw)
	}
	n, err := b.numbers.NextSequence()
	if err != nil {
		return 0, err
	}
	e := newEncoder(10)
	e.uint(n)
	if err := b.numbers.Put(name, b.sealer(kindNumber, "").seal(name, e.b)); err != nil {
		return 0, err
	}
	e = newEncoder(len(conv))
	e.string(string(conv))
	return n, b.numbers.Put(numberKey(n), b.sealer(kindNumber, "").seal(numberKey(n), e.b))
}

// numberKey is not a conversation: those do not begin with NUL, and their sealed
// names are longer.
func numberKey(n uint64) []byte { return append([]byte{0}, sequenceKey(n)...) }

func (f *form) decodeNumber(key, value []byte) (uint64, error) {
	sum := f.lend(kindNumber)
	defer f.back(sum)
	d, err := sum.open(key, value)
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

func encodePlace(sum *sealer, key []byte, number uint64, p place) []byte {
	e := newEncoder(12)
	e.uint(number)
	e.uint(p.sequence)
	if p.sequence == 0 {
		e.uint(p.order)
	}
	return sum.seal(key, e.b)
}

func (b places) decode(key, value []byte) (place, error) {
	number, p, err := decodePlace(b.sum, key, value)
	if err == nil {
		p.conv, err = b.conversation(number)
	}
	return p, err
}

func decodePlace(sum *sealer, key, value []byte) (number uint64, p place, err error) {
	d, err := sum.open(key, value)
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

package store

import (
	"bytes"
	"encoding/binary"
	"slices"

	"magpie/im"
	"magpie/store/fulltext"
)

// The buckets of the search index and their keys; docs/storage.md says more.
//
//	search       "s"                    searchState
//	             "g" segment            fulltext.Summary
//	             "d" segment chunk      which of 32,768 slots are dead
//	search_page  segment section page   a page, as package fulltext fills it
//	search_tail  order                  places of messages that are in no segment yet
//
// Numbers in keys are big-endian, 4 bytes but for the order. All values go
// through the sealer, pages included.

const (
	prefixSegment = 'g'
	prefixDead    = 'd'
	// deadChunk is how many slots share one value.
	deadChunk = 1 << 15
)

var keySearchState = []byte("s")

// searchState says what the index is of.
type searchState struct {
	version uint64 // fulltext.Version of those who made it
	// done: every message is in it. Otherwise those up to the cursor are, in the
	// order of the bucket msg, and what was written since the making began.
	done     bool
	conv     im.ConversationID
	sequence uint64
}

func (st searchState) put(tx *txn) error {
	e := newEncoder(len(st.conv) + 16)
	e.uint(st.version)
	if st.done {
		e.uint(1)
	} else {
		e.uint(0)
	}
	e.string(string(st.conv))
	e.uint(st.sequence)
	return tx.Bucket(bucketSearch).Put(keySearchState, tx.sealer(kindSearchState, "").seal(keySearchState, e.b))
}

// unindexed has the search index made of all messages that are there.
func unindexed(tx *txn) error {
	first, _ := tx.Bucket(bucketMsg).Cursor().First()
	return searchState{version: fulltext.Version, done: first == nil}.put(tx)
}

func getSearchState(tx *txn) (searchState, error) {
	d, err := tx.sealer(kindSearchState, "").open(keySearchState, tx.Bucket(bucketSearch).Get(keySearchState))
	if err != nil {
		return searchState{}, err
	}
	st := searchState{version: d.uint(), done: d.uint() == 1, conv: im.ConversationID(d.string()), sequence: d.uint()}
	return st, d.done()
}

func segmentKey(id uint32) []byte { return binary.BigEndian.AppendUint32([]byte{prefixSegment}, id) }

func putSegment(tx *txn, g fulltext.Summary) error {
	e := newEncoder(32)
	e.uint(uint64(g.Level))
	e.uint(g.Docs)
	e.uint(uint64(g.Slots))
	for _, n := range g.Pages {
		e.uint(uint64(n))
	}
	key := segmentKey(g.ID)
	return tx.Bucket(bucketSearch).Put(key, tx.sealer(kindSearchSegment, "").seal(key, e.b))
}

func (f *form) decodeSegment(key, value []byte) (fulltext.Summary, error) {
	d, err := f.sealer(kindSearchSegment, "").open(key, value)
	if err != nil || len(key) != 5 {
		return fulltext.Summary{}, fulltext.ErrDamaged
	}
	g := fulltext.Summary{ID: binary.BigEndian.Uint32(key[1:]), Level: uint8(d.uint()), Docs: d.uint(), Slots: uint32(d.uint())}
	for i := range g.Pages {
		g.Pages[i] = uint32(d.uint())
	}
	if d.done() != nil {
		return fulltext.Summary{}, fulltext.ErrDamaged
	}
	return g, nil
}

func deadKey(segment, chunk uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte{prefixDead}, segment), chunk)
}

// putDead marks slots of a segment as dead, beside those that are.
func putDead(tx *txn, segment uint32, slots []uint32) error {
	slices.Sort(slots)
	b, sum := tx.Bucket(bucketSearch), tx.sealer(kindSearchDead, "")
	for len(slots) > 0 {
		chunk := slots[0] / deadChunk
		key := deadKey(segment, chunk)
		e := newEncoder(deadChunk / 8)
		e.b = append(e.b, make([]byte, deadChunk/8)...)
		bitmap := e.b[1:]
		if old := b.Get(key); old != nil {
			d, err := sum.open(key, old)
			if err != nil || len(d.rest) != len(bitmap) {
				return fulltext.ErrDamaged
			}
			copy(bitmap, d.rest)
		}
		for len(slots) > 0 && slots[0]/deadChunk == chunk {
			at := slots[0] % deadChunk
			bitmap[at/8] |= 1 << (at % 8)
			slots = slots[1:]
		}
		if err := b.Put(key, sum.seal(key, e.b)); err != nil {
			return err
		}
	}
	return nil
}

// eachDead calls yield for the dead slots of one value.
func (f *form) eachDead(key, value []byte, yield func(segment, slot uint32)) error {
	d, err := f.sealer(kindSearchDead, "").open(key, value)
	if err != nil || len(key) != 9 || len(d.rest) != deadChunk/8 {
		return fulltext.ErrDamaged
	}
	segment, chunk := binary.BigEndian.Uint32(key[1:]), binary.BigEndian.Uint32(key[5:])
	for i, b := range d.rest {
		for bit := range uint32(8) {
			if b&(1<<bit) != 0 {
				yield(segment, chunk*deadChunk+uint32(i)*8+bit)
			}
		}
	}
	return nil
}

// dropSegment forgets a segment. Its pages are swept later.
func dropSegment(tx *txn, id uint32) error {
	b := tx.Bucket(bucketSearch)
	if err := b.Delete(segmentKey(id)); err != nil {
		return err
	}
	prefix := binary.BigEndian.AppendUint32([]byte{prefixDead}, id)
	for {
		k, _ := b.Cursor().Seek(prefix)
		if len(k) < len(prefix) || string(k[:len(prefix)]) != string(prefix) {
			return nil
		}
		if err := b.Delete(k); err != nil {
			return err
		}
	}
}

func pageKey(segment uint32, s fulltext.Section, n uint32) []byte {
	key := binary.BigEndian.AppendUint32(make([]byte, 0, 9), segment)
	return binary.BigEndian.AppendUint32(append(key, byte(s)), n)
}

// pagesOf reads the pages of the index in a transaction.
func pagesOf(tx *txn) fulltext.PageReader {
	b, sum := tx.Bucket(bucketSearchPage), tx.sealer(kindSearchPage, "")
	return func(segment uint32, s fulltext.Section, n uint32) ([]byte, error) {
		key := pageKey(segment, s, n)
		// Several are looked at side by side, so each has memory of its own.
		page, err := sum.body(nil, key, b.Get(key))
		if err != nil {
			return nil, fulltext.ErrDamaged
		}
		return page, nil
	}
}

// putTail notes which messages are in the tail, and returns the order of the note.
func putTail(tx *txn, places []fulltext.Place) (order uint64, err error) {
	b := tx.Bucket(bucketSearchTail)
	b.FillPercent = 1
	if order, err = b.NextSequence(); err != nil {
		return 0, err
	}
	slices.SortFunc(places, fulltext.Place.Compare)
	e := newEncoder(len(places) * 4)
	for i := 0; i < len(places); {
		conv, j := places[i].Conversation, i
		for j < len(places) && places[j].Conversation == conv {
			j++
		}
		e.string(conv)
		e.uint(uint64(j - i))
		last := uint64(0)
		for ; i < j; i++ {
			e.uint(places[i].Sequence - last)
			last = places[i].Sequence
		}
	}
	key := sequenceKey(order)
	return order, b.Put(key, tx.sealer(kindSearchTail, "").seal(key, e.b))
}

// dropDamagedTail removes the notes that cannot be read. An index that is made
// anew needs none of them.
func dropDamagedTail(tx *txn) error {
	b := tx.Bucket(bucketSearchTail)
	var bad [][]byte
	for k, v := range all(b) {
		if _, err := tx.decodeTail(k, v); err != nil || len(k) != 8 {
			bad = append(bad, bytes.Clone(k))
		}
	}
	for _, k := range bad {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

func (f *form) decodeTail(key, value []byte) ([]fulltext.Place, error) {
	d, err := f.sealer(kindSearchTail, "").open(key, value)
	if err != nil {
		return nil, fulltext.ErrDamaged
	}
	var list []fulltext.Place
	for len(d.rest) > 0 && d.err == nil {
		conv, last := d.string(), uint64(0)
		for range d.count() {
			last += d.uint()
			list = append(list, fulltext.Place{Conversation: conv, Sequence: last})
		}
	}
	if d.done() != nil {
		return nil, fulltext.ErrDamaged
	}
	return list, nil
}

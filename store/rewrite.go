package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/internal/seal"
)

const (
	// rewriteBytes is how much one transaction of the fresh file writes.
	rewriteBytes = 4 << 20
	// rewriteKeys bounds the keys that are put into order in memory.
	rewriteKeys = 1 << 17
)

// rewrite copies everything that a read transaction sees into a fresh, empty
// file, in the order of its keys, so that its pages are full; f is the form of
// the fresh file. If that is the form of the transaction, values are copied as they
// are. Otherwise each is opened and sealed again, and the schema must be today's.
//
// progress, if not nil, is told of bytes copied, of about how many. Who calls it
// has looked at all of the file first ([inspect]), and syncs the fresh one after. When
// ctx ends it gives up.
func rewrite(ctx context.Context, from *txn, to *bbolt.DB, f *form, progress func(done, total int64)) error {
	w := &rewriter{ctx: ctx, from: from, db: to, form: f, total: from.Size(), progress: progress}
	defer w.rollback()
	if err := w.begin(); err != nil {
		return err
	}
	visit := w.copy
	if from.form != f {
		visit = w.convert
		if err := w.prepare(); err != nil {
			return err
		}
	}
	if err := from.ForEach(visit); err != nil {
		return err
	}
	if err := w.tx.Commit(); err != nil {
		return err
	}
	w.tx = nil
	w.tell(w.total)
	return nil
}

type rewriter struct {
	ctx      context.Context
	from     *txn
	db       *bbolt.DB
	form     *form
	progress func(done, total int64)

	tx          *txn
	path        [][]byte // the bucket that is written to
	into        *bbolt.Bucket
	sequence    uint64 // of into
	bytes       int    // in tx
	done, total int64
}

func (w *rewriter) begin() error {
	tx, err := w.db.Begin(true)
	if err == nil {
		w.tx, w.bytes = &txn{Tx: tx, form: w.form}, 0
	}
	return err
}

func (w *rewriter) rollback() {
	if w.tx != nil {
		_ = w.tx.Rollback() // of what is thrown away
	}
}

func (w *rewriter) tell(done int64) {
	w.done = min(done, w.total)
	if w.progress != nil {
		w.progress(w.done, w.total)
	}
}

// enter makes a bucket, if it is not there, the one that is written to.
func (w *rewriter) enter(sequence uint64, path ...[]byte) error {
	w.path, w.sequence = path, sequence
	return w.open()
}

func (w *rewriter) open() error {
	b, err := w.tx.CreateBucketIfNotExists(w.path[0])
	for _, name := range w.path[1:] {
		if err == nil {
			b, err = b.CreateBucketIfNotExists(name)
		}
	}
	if err != nil {
		return err
	}
	b.FillPercent = 1
	w.into = b
	return b.SetSequence(max(w.sequence, b.Sequence()))
}

// put writes an entry, and now and then commits.
func (w *rewriter) put(key, value []byte) error {
	if err := w.into.Put(key, value); err != nil {
		return err
	}
	w.bytes += len(key) + len(value) + elementSize
	if w.bytes < rewriteBytes {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.tell(w.done + int64(w.bytes))
	if err := w.tx.Commit(); err != nil {
		w.tx = nil
		return err
	}
	if err := w.begin(); err != nil {
		w.tx = nil
		return err
	}
	return w.open()
}

// copy copies a bucket of the root as it is.
func (w *rewriter) copy(name []byte, b *bbolt.Bucket) error { return w.copyInto(b, name) }

func (w *rewriter) copyInto(b *bbolt.Bucket, path ...[]byte) error {
	if err := w.enter(b.Sequence(), path...); err != nil {
		return err
	}
	err := b.ForEach(func(k, v []byte) error {
		if v == nil {
			return nil
		}
		return w.put(k, v)
	})
	if err != nil {
		return err
	}
	return b.ForEachBucket(func(name []byte) error {
		return w.copyInto(b.Bucket(name), append(slices.Clone(path), name)...)
	})
}

// prepare makes what a file of the other form has and this one has not.
func (w *rewriter) prepare() error {
	if err := createBuckets(allBuckets()...)(w.tx); err != nil {
		return err
	}
	if w.form == plain {
		return nil
	}
	return w.tx.marker.put(w.tx)
}

// convert brings a bucket of the root into the other form.
func (w *rewriter) convert(name []byte, b *bbolt.Bucket) error {
	switch string(name) {
	case string(bucketMeta), string(bucketOwn):
		return w.meta(b)
	case string(bucketSealed):
		return nil
	case string(bucketMsg):
		return w.nested(name, b, kindMessage)
	case string(bucketGap):
		return w.nested(name, b, kindRange)
	case string(bucketRecall):
		return w.nested(name, b, kindRecall)
	case string(bucketMedia):
		return w.nested(name, b, kindMedia)
	case string(bucketConv):
		return w.byID(name, b, kindConv)
	case string(bucketDraft):
		return w.byID(name, b, kindDraft)
	case string(bucketProfile):
		return w.byID(name, b, kindProfile)
	case string(bucketGroup):
		return w.byID(name, b, kindGroup)
	case string(bucketConvByTime):
		return w.entries(b, entries{path: [][]byte{name}, key: w.timeKey, together: together(timeKeyID)})
	case string(bucketConvNo):
		return w.entries(b, entries{path: [][]byte{name}, kind: kindNumber, key: w.numberKey, together: together(0)})
	case string(bucketMember):
		return w.entries(b, entries{path: [][]byte{name}, kind: kindMember, key: w.memberKey, together: together(0)})
	case string(bucketPlace):
		return w.places(name, b)
	case string(bucketOutbox):
		return w.entries(b, entries{path: [][]byte{name}, kind: kindOutbox})
	case string(bucketSearch):
		return w.search(b)
	case string(bucketSearchPage):
		return w.entries(b, entries{path: [][]byte{name}, kind: kindSearchPage})
	case string(bucketSearchTail):
		return w.entries(b, entries{path: [][]byte{name}, kind: kindSearchTail})
	case string(bucketMsgByID):
		if k, _ := b.Cursor().First(); k == nil {
			return nil // see movePlaces
		}
	}
	return fmt.Errorf("store: bucket %.32q has no other form", name)
}

// entries is how the entries of a bucket are brought into the other form.
type entries struct {
	path  [][]byte
	kind  kind // 0: they have no values
	scope string
	// key makes the new key; nil for keys that are the same in every form. It
	// returns nil for an entry that is left out.
	key func(key, value []byte) ([]byte, error)
	// together reports whether two new keys may have another order than the old
	// ones; nil if that never is so.
	together func(a, b []byte) bool
}

// together says so of keys that have the first bytes in common.
func together(prefix int) func(a, b []byte) bool {
	return func(a, b []byte) bool {
		return len(a) >= prefix && len(b) >= prefix && bytes.Equal(a[:prefix], b[:prefix])
	}
}

func (w *rewriter) entries(b *bbolt.Bucket, how entries) error {
	if err := w.enter(b.Sequence(), how.path...); err != nil {
		return err
	}
	type entry struct{ old, key, value []byte }
	var list []entry
	in, out := w.from.sealer(how.kind, how.scope), w.form.sealer(how.kind, how.scope)
	flush := func() error {
		slices.SortFunc(list, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
		for _, e := range list {
			value := e.value
			if how.kind != 0 {
				d, err := in.open(e.old, e.value)
				if err != nil {
					return damaged("value", e.old, err)
				}
				n := newEncoder(len(d.rest))
				n.b = append(n.b, d.rest...)
				value = out.seal(e.key, n.b)
			}
			if err := w.put(e.key, value); err != nil {
				return err
			}
		}
		list = list[:0]
		return nil
	}
	err := b.ForEach(func(k, v []byte) error {
		if v == nil {
			return nil // a nested bucket; see nested
		}
		e := entry{old: k, key: k, value: v}
		if how.key != nil {
			var err error
			if e.key, err = how.key(k, v); err != nil || e.key == nil {
				return err
			}
		}
		if n := len(list); n > 0 && (how.together == nil || n >= rewriteKeys || !how.together(list[n-1].key, e.key)) {
			if err := flush(); err != nil {
				return err
			}
		}
		list = append(list, e)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// rename makes the name of an id in one form that of the other.
func (w *rewriter) rename(name []byte) ([]byte, error) {
	id, err := w.from.id(name)
	if err != nil {
		return nil, damaged("name", name, err)
	}
	return w.form.name(id), nil
}

// byID is for buckets whose keys are ids.
func (w *rewriter) byID(name []byte, b *bbolt.Bucket, k kind) error {
	return w.entries(b, entries{
		path: [][]byte{name}, kind: k, together: together(0),
		key: func(key, _ []byte) ([]byte, error) { return w.rename(key) },
	})
}

// nested is for those with a bucket for each conversation.
func (w *rewriter) nested(name []byte, b *bbolt.Bucket, k kind) error {
	if err := w.enter(b.Sequence(), name); err != nil {
		return err
	}
	type conversation struct{ old, name []byte }
	var list []conversation
	if err := b.ForEachBucket(func(old []byte) error {
		name, err := w.rename(old)
		list = append(list, conversation{old, name})
		return err
	}); err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b conversation) int { return bytes.Compare(a.name, b.name) })
	for _, c := range list {
		scope, err := w.from.id(c.old)
		if err != nil {
			return damaged("name", c.old, err)
		}
		if err := w.entries(b.Bucket(c.old), entries{path: [][]byte{name, c.name}, kind: k, scope: scope}); err != nil {
			return err
		}
	}
	return nil
}

// meta sorts the values of the program from those that every program reads.
func (w *rewriter) meta(b *bbolt.Bucket) error {
	if value := b.Get(keySchema); value != nil {
		if err := w.enter(0, bucketMeta); err != nil {
			return err
		}
		if err := w.put(keySchema, value); err != nil {
			return err
		}
	}
	return w.entries(b, entries{
		path: [][]byte{w.form.metaBucket()}, kind: kindMeta, together: together(0),
		key: func(key, _ []byte) ([]byte, error) {
			switch {
			case bytes.Equal(key, keySchema), bytes.Equal(key, keySealed), bytes.Equal(key, keyErase):
				return nil, nil // nothing of the old file is in this one
			case key[0] == 0 && len(key) < 2*seal.NameSize:
				return key, nil
			}
			return w.rename(key)
		},
	})
}

func (w *rewriter) timeKey(key, _ []byte) ([]byte, error) {
	id, err := w.from.timeKeyConversation(key)
	if err != nil {
		return nil, err
	}
	return append(bytes.Clone(key[:timeKeyID]), w.form.name(string(id))...), nil
}

func (w *rewriter) numberKey(key, _ []byte) ([]byte, error) {
	if key[0] == 0 && len(key) == len(numberKey(0)) {
		return key, nil
	}
	return w.rename(key)
}

func (w *rewriter) memberKey(key, _ []byte) ([]byte, error) {
	group, user, err := w.from.memberIDs(key)
	if err != nil {
		return nil, damaged("member", key, err)
	}
	return append(w.form.memberPrefix(group), w.form.name(string(user))...), nil
}

// places are under hashes in a sealed file, which lead nowhere: on the way back the
// id is that of the message.
func (w *rewriter) places(name []byte, b *bbolt.Bucket) error {
	how := entries{path: [][]byte{name}, kind: kindPlace, together: together(6)}
	how.key = func(key, _ []byte) ([]byte, error) { return w.form.sealPlaceKey(key), nil }
	if w.form == plain {
		from := openPlaces(w.from)
		how.key = func(key, value []byte) ([]byte, error) {
			p, err := from.decode(key, value)
			if err != nil {
				return nil, err
			}
			id, err := w.idAt(p)
			if id == "" || err != nil {
				return nil, err
			}
			return orderedID(id), nil
		}
	}
	return w.entries(b, how)
}

// idAt is the id of the message at a place, "" if there is none.
func (w *rewriter) idAt(p place) (im.MessageID, error) {
	if p.sequence == 0 {
		r, _, err := getOutbox(w.from, p.order)
		return r.Message.ID, err
	}
	b := w.from.conversation(bucketMsg, p.conv)
	if b == nil {
		return "", nil
	}
	key := sequenceKey(p.sequence)
	value := b.Get(key)
	if value == nil {
		return "", nil
	}
	m, err := openMessage(w.from.sealer(kindMessage, string(p.conv)), p.conv, key, value)
	return m.ID, err
}

// search copies the list of the index. How far its making is depends on the order
// of the conversations, so that begins anew.
func (w *rewriter) search(b *bbolt.Bucket) error {
	path := [][]byte{bucketSearch}
	for _, part := range []struct {
		prefix byte
		kind   kind
	}{{prefixDead, kindSearchDead}, {prefixSegment, kindSearchSegment}} {
		if err := w.entries(b, entries{path: path, kind: part.kind, key: func(key, _ []byte) ([]byte, error) {
			if key[0] != part.prefix {
				return nil, nil
			}
			return key, nil
		}}); err != nil {
			return err
		}
	}
	st, err := getSearchState(w.from)
	if err != nil {
		return damaged("search", keySearchState, err)
	}
	if !st.done {
		st = searchState{version: st.version}
	}
	return st.put(w.tx)
}

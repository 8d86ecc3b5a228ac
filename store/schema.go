package store

import (
	"fmt"

	"magpie/im"
)

// The buckets, docs/storage.md says what is in each.
var (
	bucketMeta       = []byte("meta")
	bucketConv       = []byte("conv")
	bucketConvByTime = []byte("conv_by_time")
	bucketMsg        = []byte("msg")
	bucketMsgByID    = []byte("msg_by_id")
	bucketOutbox     = []byte("outbox")
	bucketDraft      = []byte("draft")
	bucketMedia      = []byte("media")
	bucketMember     = []byte("member")
	bucketProfile    = []byte("profile")
	bucketGroup      = []byte("group")
	bucketGap        = []byte("gap")
	bucketRecall     = []byte("recall")
	bucketPlace      = []byte("place")
	bucketConvNo     = []byte("conv_no")
	bucketSearch     = []byte("search")
	bucketSearchPage = []byte("search_page")
	bucketSearchTail = []byte("search_tail")
	bucketOwn        = []byte("own")    // of sealed files, see form.metaBucket
	bucketSealed     = []byte("sealed") // of sealed files, see marker
)

// firstBuckets are those of schema 1.
func firstBuckets() [][]byte {
	return [][]byte{bucketMeta, bucketConv, bucketConvByTime, bucketMsg, bucketMsgByID, bucketOutbox, bucketDraft,
		bucketMedia, bucketMember, bucketProfile, bucketGroup, bucketGap}
}

// derivedBuckets are those of schema 4, which can be made from the messages.
func derivedBuckets() [][]byte {
	return [][]byte{bucketPlace, bucketConvNo, bucketSearch, bucketSearchPage, bucketSearchTail}
}

func allBuckets() [][]byte { return append(append(firstBuckets(), bucketRecall), derivedBuckets()...) }

// Keys of the bucket meta that are the store's own. Those of SetMeta begin with
// another byte, so that no name can collide.
var (
	keySchema  = []byte("\x00schema")
	keyAccount = []byte("\x00account")
	keyErase   = []byte("\x00erase")  // see eraser
	keySealed  = []byte("\x00sealed") // see marker
)

// SchemaVersion is the schema that this program writes and the newest it reads.
const SchemaVersion = 7

// migration brings a file from the version before it to version `to`.
type migration struct {
	to  int
	run func(*txn) error
}

// migrations is every step from an empty bbolt file (version 0) to today's
// schema, in order. A step is never changed once it was released.
func migrations() []migration {
	return []migration{
		{to: 1, run: createBuckets(firstBuckets()...)},
		// Recalls, and who recalled a message: values of schema 1 read as they are.
		{to: 2, run: createBuckets(bucketRecall)},
		// Voice notes that were heard, in the rows of the list: those of schema 2
		// read as they are.
		{to: 3, run: func(*txn) error { return nil }},
		// The place of a message by its id, in a bucket of its own, and the search
		// index, which is made in the background.
		{to: 4, run: func(tx *txn) error {
			if err := createBuckets(derivedBuckets()...)(tx); err != nil {
				return err
			}
			return unindexed(tx)
		}},
		// The bucket media is filled, in the background.
		{to: 5, run: mediaUnfilled},
		// A file may be sealed, which programs of schema 5 would take for damage.
		{to: 6, run: func(*txn) error { return nil }},
		// Messages that were deleted here: values of schema 6 read as they are.
		{to: 7, run: func(*txn) error { return nil }},
	}
}

func createBuckets(names ...[]byte) func(*txn) error {
	return func(tx *txn) error {
		for _, name := range names {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return fmt.Errorf("bucket %s: %w", name, err)
			}
		}
		return nil
	}
}

// schemaVersion reads the version of the file: 0 for a file without any bucket.
// A file with buckets and no readable version is damaged.
func schemaVersion(tx *txn) (int, error) {
	meta := tx.Bucket(bucketMeta)
	if meta == nil {
		if k, _ := tx.Cursor().First(); k == nil {
			return 0, nil
		}
		return 0, damaged("schema", bucketMeta, errShort)
	}
	return decodeSchema(meta.Get(keySchema))
}

func decodeSchema(value []byte) (int, error) {
	d, err := plain.sealer(kindSchema, "").open(keySchema, value)
	if err != nil {
		return 0, damaged("schema", keySchema, err)
	}
	v := d.uint()
	if err := d.done(); err != nil {
		return 0, damaged("schema", keySchema, err)
	}
	return int(min(v, 1<<30)), nil
}

// errNewer is for a file that a later program wrote.
func errNewer(have, know int) error {
	return im.Errorf(im.CodeVersion, "store: the file has schema %d, this program knows up to %d; it was left as it is", have, know)
}

// migrate brings the file to the newest version of steps in one transaction and
// returns the version it had.
func migrate(tx *txn, steps []migration) (from int, err error) {
	if from, err = schemaVersion(tx); err != nil {
		return 0, err
	}
	newest := steps[len(steps)-1].to
	if from > newest {
		return from, errNewer(from, newest)
	}
	for _, step := range steps {
		if step.to <= from {
			continue
		}
		if err := step.run(tx); err != nil {
			return from, fmt.Errorf("store: migrating to schema %d: %w", step.to, err)
		}
	}
	if from == newest {
		return from, nil
	}
	if from == 0 && tx.form != plain {
		if err := tx.marker.put(tx); err != nil {
			return from, fmt.Errorf("store: marker: %w", err)
		}
	}
	e := newEncoder(2)
	e.uint(uint64(newest))
	value := plain.sealer(kindSchema, "").seal(keySchema, e.b)
	if err := tx.Bucket(bucketMeta).Put(keySchema, value); err != nil {
		return from, fmt.Errorf("store: schema version: %w", err)
	}
	return from, nil
}

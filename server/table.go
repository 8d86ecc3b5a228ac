package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Tables: key-value streams that keep the last record of each key.
const (
	tableHeads    = "h"    // conversation heads and counters, derived
	tablePreviews = "pk"   // keys of the last messages in heads
	tableRecalls  = "rv"   // what is left of recalled messages
	tableInbox    = "ux"   // what a user has read, hidden, joined
	tableGroups   = "grp"  // group profiles
	tableMembers  = "gm"   // group members
	tableProfiles = "prof" // user profiles
	tableAccounts = "acct" // passwords
	tableInvites  = "inv"  // the invitation that is valid, and who joined

	tableApplications = "app" // requests to join and invitations that wait
	tableBlocks       = "blk" // whose messages a user refuses

	tableBlobDue  = "bdue" // when files may have to go
	tableBlobRefs = "bref" // who may read a file
)

// table is one key-value stream. A revision is the stream sequence of a
// record; 0 means that there is none.
type table struct {
	bus    *bus
	stream string
	prefix string
}

func newTable(b *bus, name string) *table {
	return &table{bus: b, stream: "KV_" + name, prefix: "$KV." + name + "."}
}

// errConflict: somebody else wrote the record since it was read.
var errConflict = errors.New("server: the record was changed meanwhile")

// deleted marks a record that is no more; the interoperable KV header.
const operationHeader = "KV-Operation"

func deleted(m *jetstream.RawStreamMsg) bool { return m.Header.Get(operationHeader) != "" }

// get decodes the record of key into v and returns its revision. It returns
// errNoMessage if there is none, with the revision to create it on.
func (t *table) get(ctx context.Context, key string, v any) (uint64, error) {
	m, err := t.bus.last(ctx, t.stream, t.prefix+key)
	if err != nil {
		return 0, err
	}
	if deleted(m) {
		return m.Sequence, errNoMessage
	}
	if err := json.Unmarshal(m.Data, v); err != nil {
		return m.Sequence, fmt.Errorf("server: record %s%s is damaged: %w", t.prefix, key, err)
	}
	return m.Sequence, nil
}

// peek is get without the revision and without the promise to see the newest
// write of another gateway; for what is only shown. found is false if there is
// no record.
func (t *table) peek(ctx context.Context, key string, v any) (found bool, err error) {
	m, err := t.bus.lastDirect(ctx, t.stream, t.prefix+key)
	if errors.Is(err, errNoMessage) || err == nil && deleted(m) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(m.Data, v); err != nil {
		return false, fmt.Errorf("server: record %s%s is damaged: %w", t.prefix, key, err)
	}
	return true, nil
}

// put writes the record whatever was there.
func (t *table) put(ctx context.Context, key string, v any) (uint64, error) {
	return t.write(ctx, key, v, nil)
}

// update writes the record if its revision is still revision, else it returns
// errConflict.
func (t *table) update(ctx context.Context, key string, v any, revision uint64) (uint64, error) {
	return t.write(ctx, key, v, &revision)
}

func (t *table) write(ctx context.Context, key string, v any, revision *uint64) (uint64, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return 0, err
	}
	return t.publish(ctx, &nats.Msg{Subject: t.prefix + key, Data: data}, revision)
}

// remove marks the record of key as deleted.
func (t *table) remove(ctx context.Context, key string) error {
	m := &nats.Msg{Subject: t.prefix + key, Header: nats.Header{operationHeader: {"DEL"}}}
	_, err := t.publish(ctx, m, nil)
	return err
}

// purge takes the records of key, which may have wildcards, out of the table
// without a trace.
func (t *table) purge(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, busTimeout)
	defer cancel()
	stream, err := t.bus.js.Stream(ctx, t.stream)
	if err == nil {
		err = stream.Purge(ctx, jetstream.WithPurgeSubject(t.prefix+key))
	}
	if err != nil {
		return fmt.Errorf("server: purge %s: %w", t.stream, err)
	}
	return nil
}

func (t *table) publish(ctx context.Context, m *nats.Msg, revision *uint64) (uint64, error) {
	if t.stream != "KV_"+tableHeads {
		if err := t.bus.disk.check(); err != nil {
			return 0, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, busTimeout)
	defer cancel()
	opts := []jetstream.PublishOpt{jetstream.WithRetryAttempts(0)}
	if revision != nil {
		opts = append(opts, jetstream.WithExpectLastSequencePerSubject(*revision))
	}
	ack, err := t.bus.js.PublishMsg(ctx, m, opts...)
	if jsCode(err) == jsWrongLast {
		return 0, errConflict
	}
	if err != nil {
		return 0, fmt.Errorf("server: write %s: %w", t.stream, storeError(err))
	}
	return ack.Sequence, nil
}

// entry is one record as it is stored.
type entry struct {
	key      string
	revision uint64
	data     []byte
}

// many reads the records of keys, in no order; missing ones are left out.
func (t *table) many(ctx context.Context, keys []string) (map[string]entry, error) {
	subjects := make([]string, len(keys))
	for i, k := range keys {
		subjects[i] = t.prefix + k
	}
	found := make(map[string]entry, len(keys))
	err := t.bus.lastFor(ctx, t.stream, subjects, func(m *jetstream.RawStreamMsg) {
		if !deleted(m) {
			key := m.Subject[len(t.prefix):]
			found[key] = entry{key, m.Sequence, m.Data}
		}
	})
	return found, err
}

// list reads all records whose key fits pattern, oldest write first, however
// many there are.
func (t *table) list(ctx context.Context, pattern string, each func(entry) error) error {
	for seq := uint64(1); ; {
		var fail error
		got := 0
		err := t.bus.batch(ctx, t.stream, t.prefix+pattern, seq, readBatch, func(m *jetstream.RawStreamMsg) bool {
			got++
			seq = m.Sequence + 1
			if !deleted(m) {
				fail = each(entry{m.Subject[len(t.prefix):], m.Sequence, m.Data})
			}
			return fail == nil
		})
		if err = errors.Join(err, fail); err != nil {
			return err
		}
		if got < readBatch {
			return nil
		}
	}
}

// decodeEntry reads a record.
func decodeEntry[V any](e entry) (V, error) {
	var v V
	if err := json.Unmarshal(e.data, &v); err != nil {
		return v, fmt.Errorf("server: record %s is damaged: %w", e.key, err)
	}
	return v, nil
}

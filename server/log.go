package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"magpie/im"
)

// messageLog is the log of all conversations: one stream a partition, one
// subject a conversation, numbers by compare-and-set.
type messageLog struct {
	bus *bus
	opt *Options
	// reads bounds how many requests look through history at once; each may load
	// blocks of 8 MB.
	reads chan struct{}
	// recalls keeps what is left of records that were erased.
	recalls *table
}

// concurrentReads bounds the memory that reading history takes.
const concurrentReads = 6

// publishTimeout bounds one attempt to append; a doubtful one is tried again.
const publishTimeout = time.Second

func newLog(b *bus, o *Options) *messageLog {
	return &messageLog{bus: b, opt: o, reads: make(chan struct{}, concurrentReads), recalls: newTable(b, tableRecalls)}
}

func (l *messageLog) stream(k convKey) string { return logStream(k.partition(l.opt.Partitions)) }

func (l *messageLog) subject(k convKey) string { return k.subject(l.opt.Partitions) }

// acquire waits for a turn to read history; release gives it back.
func (l *messageLog) acquire(ctx context.Context) (release func(), err error) {
	select {
	case l.reads <- struct{}{}:
		return func() { <-l.reads }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// head reads the last record of a conversation, nil if it has none. It sees
// every acknowledged append.
func (l *messageLog) head(ctx context.Context, k convKey) (*record, error) {
	m, err := l.bus.last(ctx, l.stream(k), l.subject(k))
	if errors.Is(err, errNoMessage) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return readRecord(m)
}

// tryAppend makes one attempt to store r after prev. dup says that JetStream
// knew the message id; r.seq is then where that message is.
func (l *messageLog) tryAppend(ctx context.Context, r *record, prev position) (dup bool, err error) {
	if err := l.bus.disk.check(); err != nil {
		return false, err
	}
	m, err := r.message(l.subject(r.key), prev)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	ack, err := l.bus.js.PublishMsg(ctx, m,
		jetstream.WithMsgID(dedupeID(r.from, r.id)),
		jetstream.WithExpectLastSequencePerSubject(prev.seq),
		jetstream.WithRetryAttempts(0))
	if err != nil {
		return false, err
	}
	r.seq = ack.Sequence
	return ack.Duplicate, nil
}

// at reads the record with stream sequence seq of k's partition; a sequence
// that another conversation holds is im.CodeInvalidMessage: one id cannot be
// used in two conversations.
func (l *messageLog) at(ctx context.Context, k convKey, seq uint64) (*record, error) {
	m, err := l.bus.at(ctx, l.stream(k), seq)
	if err != nil {
		return nil, fmt.Errorf("server: read message %d: %w", seq, err)
	}
	r, err := readRecord(m)
	if err != nil {
		return nil, err
	}
	if r.key != k {
		return nil, im.Errorf(im.CodeInvalidMessage, "message id %.96q was used in another conversation", r.id)
	}
	return r, nil
}

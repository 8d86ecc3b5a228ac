package server

import (
	"context"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
)

// follower hears of every write to a table, by whichever gateway, in order and
// without gaps.
type follower struct {
	table *table
	each  func(key string)
	run   jetstream.ConsumeContext

	mu   sync.Mutex
	seen uint64        // stream sequence up to which each was called
	more chan struct{} // closed and replaced when seen grows
}

// follow calls each, from one goroutine, with the key of whatever is written to
// t from now on, until stop.
func follow(ctx context.Context, t *table, each func(key string)) (*follower, error) {
	_, last, err := t.bus.bounds(ctx, t.stream)
	if err != nil {
		return nil, err
	}
	f := &follower{table: t, each: each, seen: last, more: make(chan struct{})}
	consumer, err := t.bus.js.OrderedConsumer(ctx, t.stream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: last + 1, HeadersOnly: true,
	})
	if err != nil {
		return nil, fmt.Errorf("server: follow %s: %w", t.stream, err)
	}
	if f.run, err = consumer.Consume(f.take); err != nil {
		return nil, fmt.Errorf("server: follow %s: %w", t.stream, err)
	}
	return f, nil
}

func (f *follower) take(m jetstream.Msg) {
	meta, err := m.Metadata()
	if err != nil {
		return // not a message of a stream
	}
	f.each(m.Subject()[len(f.table.prefix):])
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = max(f.seen, meta.Sequence.Stream)
	close(f.more)
	f.more = make(chan struct{})
}

// catchUp waits until everything written before the call was heard of.
func (f *follower) catchUp(ctx context.Context) error {
	_, last, err := f.table.bus.bounds(ctx, f.table.stream)
	if err != nil {
		return err
	}
	for {
		f.mu.Lock()
		seen, more := f.seen, f.more
		f.mu.Unlock()
		if seen >= last {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("server: follow %s from %d to %d: %w", f.table.stream, seen, last, ctx.Err())
		}
	}
}

func (f *follower) stop() {
	f.run.Stop()
	<-f.run.Closed()
}

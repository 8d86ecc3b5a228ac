package server

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
)

// checkpointEvery is how many appends may lie between two checkpoints; after a
// crash at most about as many messages are read again.
const checkpointEvery = 512

// progress knows up to which stream sequence of a partition everything derived
// from the log has been written, while appends overlap.
type progress struct {
	mu    sync.Mutex
	last  uint64               // highest sequence whose head is written
	open  map[*uint64]struct{} // appends under way: the value of last when they began
	since int
}

func newProgress(last uint64) *progress {
	return &progress{last: last, open: map[*uint64]struct{}{}}
}

// begin announces an append; the returned func is called with its stream
// sequence once its head is written. An append whose head could not be written
// is never ended, which holds checkpoints back until the next start repairs it.
func (p *progress) begin() (done func(seq uint64)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	low := p.last
	token := &low
	p.open[token] = struct{}{}
	return func(seq uint64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.open, token)
		p.last = max(p.last, seq)
		p.since++
	}
}

// safe returns the sequence up to which all is written.
func (p *progress) safe() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	low := p.last
	for token := range p.open {
		low = min(low, *token)
	}
	return low
}

// due reports, once, that it is time for a checkpoint.
func (p *progress) due() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since < checkpointEvery {
		return false
	}
	p.since = 0
	return true
}

// checkpoint records how far heads and counters are right, and how far the log
// reaches.
func (s *Server) checkpoint(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), busTimeout)
	defer cancel()
	e := checkpointEntry{make([]uint64, len(s.actors.progress))}
	for i, p := range s.actors.progress {
		e.Sequences[i] = p.safe()
	}
	if _, err := s.heads.table.put(ctx, checkpointKey, e); err != nil {
		return fmt.Errorf("server: write checkpoint: %w", err)
	}
	return s.epoch.reached(e.Sequences)
}

// repairHeads brings heads and counters up to the log: it reads what was
// appended since the last checkpoint, all of it if there is none. It returns
// how many messages it read.
func (s *Server) repairHeads(ctx context.Context) (read int, err error) {
	var e checkpointEntry
	if _, err := s.heads.table.get(ctx, checkpointKey, &e); err != nil && !errors.Is(err, errNoMessage) {
		return 0, err
	}
	for p := range s.opt.Partitions {
		var from uint64
		if p < len(e.Sequences) {
			from = e.Sequences[p]
		}
		n, err := s.repairPartition(ctx, p, from+1)
		if err != nil {
			return read, fmt.Errorf("server: repair heads: %w", err)
		}
		if read += n; n > 0 {
			s.opt.Logf("log: partition %d: %d messages since the last checkpoint, heads compared", p, n)
		}
	}
	return read, nil
}

// repairPartition takes in the records of a partition from stream sequence seq
// on, and finishes what recalls among them entail. Heads and counters that are as
// new are left alone.
func (s *Server) repairPartition(ctx context.Context, p int, seq uint64) (read int, err error) {
	fix := &repair{server: s, heads: map[convKey]*repairedHead{}, own: map[string]ownEntry{}}
	stream, subject := logStream(p), "m."+twoDigits(p)+".>"
	for {
		got := 0
		var rows []*record
		err := s.bus.batch(ctx, stream, subject, seq, readBatch, func(m *jetstream.RawStreamMsg) bool {
			got++
			seq = m.Sequence + 1
			r, err := readRecord(m)
			if err != nil {
				s.opt.Logf("log: %v", err)
				return true
			}
			rows = append(rows, r)
			return true
		})
		if err != nil {
			return read, err
		}
		for _, r := range rows {
			if err := fix.takeIn(ctx, r); err != nil {
				return read, err
			}
		}
		if read += got; got < readBatch {
			return read, fix.write(ctx)
		}
	}
}

// repair gathers what the heads and counters of a partition ought to be.
type repair struct {
	server *Server
	heads  map[convKey]*repairedHead
	own    map[string]ownEntry
}

type repairedHead struct {
	entry   headEntry
	changed bool
}

// takeIn takes in one record; those of a conversation come in order.
func (x *repair) takeIn(ctx context.Context, r *record) error {
	var t *tombstone
	if r.kind == kindRecall {
		var err error
		if t, err = x.server.finishRecall(ctx, r); err != nil {
			return err
		}
		x.count(t.record(r.key)) // it may have been the sender's last
	}
	x.count(r)
	h := x.heads[r.key]
	if h == nil {
		h = &repairedHead{}
		var err error
		if h.entry, err = x.server.heads.get(ctx, r.key); err != nil {
			return err
		}
		x.heads[r.key] = h
	}
	if r.n <= h.entry.N {
		return nil
	}
	if err := x.server.blobs.refer(ctx, r); err != nil {
		return err
	}
	if !h.changed {
		if err := x.server.heads.open(ctx, r.key, &h.entry); err != nil {
			return err
		}
	}
	h.entry, h.changed = h.entry.after(r, t), true
	return nil
}

func (x *repair) count(r *record) {
	if key := ownKey(r.key, r.from); r.countable() && x.own[key].Count < r.own {
		x.own[key] = ownEntry{r.own, r.n}
	}
}

// write writes what is newer than what there is. Counters first: a head says
// that they are right up to it.
func (x *repair) write(ctx context.Context) error {
	table := x.server.heads.table
	for key, e := range x.own {
		var old ownEntry
		if _, err := table.get(ctx, key, &old); err != nil && !errors.Is(err, errNoMessage) {
			return err
		}
		if old.Count < e.Count {
			if _, err := table.put(ctx, key, e); err != nil {
				return err
			}
		}
	}
	for k, h := range x.heads {
		if h.changed {
			if err := x.server.heads.write(ctx, k, h.entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// reset forgets everything derived from the log, for when the log is not
// the one it was derived from.
func (h *heads) reset(ctx context.Context) error {
	stream, err := h.table.bus.js.Stream(ctx, h.table.stream)
	if err != nil {
		return err
	}
	return stream.Purge(ctx)
}

// sealedAll makes sure that no head of an earlier version, which held last
// messages in the clear, is left in the files: such heads know of no keys.
func (h *heads) sealedAll(ctx context.Context) error {
	_, keys, err := h.table.bus.bounds(ctx, h.previews.table.stream)
	if err != nil || keys > 0 {
		return err
	}
	return h.reset(ctx)
}

// newestKnown returns the highest log sequence per partition that the most
// recently written heads speak of.
func (h *heads) newestKnown(ctx context.Context, partitions int) ([]uint64, error) {
	known := make([]uint64, partitions)
	first, last, err := h.table.bus.bounds(ctx, h.table.stream)
	if err != nil {
		return nil, err
	}
	from := max(first, last-min(last, 4*readBatch), 1)
	for from <= last {
		got := 0
		err := h.table.bus.batch(ctx, h.table.stream, h.table.prefix+"*", from, readBatch, func(m *jetstream.RawStreamMsg) bool {
			got++
			from = m.Sequence + 1
			key := m.Subject[len(h.table.prefix):]
			e, err := decodeEntry[headEntry](entry{key, m.Sequence, m.Data})
			if err == nil && key != checkpointKey {
				p := convKey(key).partition(partitions)
				known[p] = max(known[p], e.Seq)
			}
			return from < math.MaxUint64
		})
		if err != nil {
			return nil, err
		}
		if got < readBatch {
			break
		}
	}
	return known, nil
}

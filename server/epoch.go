package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// epoch names this history. It changes when the log went back behind what it
// was known to hold (a damaged tail, a copy put back): numbers are then given
// out a second time, and clients must compare ids.
type epoch struct {
	path string

	mu    sync.Mutex
	state epochFile
}

type epochFile struct {
	Epoch string `json:"epoch"`
	// Last is the stream sequence that each partition is known to have reached.
	Last []uint64 `json:"last"`
}

// openEpoch reads the epoch or makes one, and renews it if the log is behind
// the file or behind the heads; the heads are then dropped, to be made again.
func openEpoch(ctx context.Context, path string, l *messageLog, h *heads) (*epoch, error) {
	e := &epoch{path: path}
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("server: read epoch: %w", err)
	default:
		if err := json.Unmarshal(b, &e.state); err != nil {
			return nil, fmt.Errorf("server: epoch.json is damaged: %w", err)
		}
	}
	known, err := h.newestKnown(ctx, l.opt.Partitions)
	if err != nil {
		return nil, err
	}
	back := false
	last := make([]uint64, l.opt.Partitions)
	for p := range last {
		if p < len(e.state.Last) {
			known[p] = max(known[p], e.state.Last[p])
		}
		if _, last[p], err = l.bus.bounds(ctx, logStream(p)); err != nil {
			return nil, err
		}
		if last[p] < known[p] {
			l.opt.Logf("log: partition %d ends at %d but had reached %d; clients will compare their history", p, last[p], known[p])
			back = true
		}
	}
	if back {
		if err := h.reset(ctx); err != nil {
			return nil, err
		}
	}
	if back || e.state.Epoch == "" {
		e.state.Epoch = randomHex(8)
	}
	e.state.Last = last
	return e, writeJSON(path, e.state, nil)
}

// value is the present epoch.
func (e *epoch) value() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state.Epoch
}

// reached notes how far the log is known to have come.
func (e *epoch) reached(last []uint64) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for p, seq := range last {
		if p < len(e.state.Last) {
			e.state.Last[p] = max(e.state.Last[p], seq)
		}
	}
	return writeJSON(e.path, e.state, nil)
}

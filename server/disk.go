package server

import (
	"sync"
	"time"

	"magpie/im"
)

// diskGuard refuses writes before the disk is full: JetStream switches itself
// off when a write fails for lack of room, so it must not come to that.
type diskGuard struct {
	dir     string
	reserve int64
	now     func() time.Time

	mu      sync.Mutex
	checked time.Time
	full    bool
}

// check returns im.CodeDiskFull if less than the reserve is free. It looks at
// the disk once a second at most. A disk that cannot be asked is not full.
func (g *diskGuard) check() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t := g.now(); t.Sub(g.checked) >= time.Second || t.Before(g.checked) {
		free, err := freeBytes(g.dir)
		g.checked, g.full = t, err == nil && free < g.reserve
	}
	if g.full {
		return im.Errorf(im.CodeDiskFull, "less than %d MB are free where the server keeps its data", g.reserve>>20)
	}
	return nil
}

// room returns im.CodeDiskFull unless n bytes more leave the reserve free. A disk
// that cannot be asked has room.
func (g *diskGuard) room(n int64) error {
	if free, err := freeBytes(g.dir); err == nil && free-n < g.reserve {
		return im.Errorf(im.CodeDiskFull, "%d bytes more would leave less than %d MB free where the server keeps its data", n, g.reserve>>20)
	}
	return nil
}

// diskError gives an error of writing a file its code if the disk is full.
func diskError(err error) error {
	if noSpace(err) {
		return im.Errorf(im.CodeDiskFull, "the server cannot store it: %v", err)
	}
	return err
}

// budget is how much the log may take in all: what it has, and what is free
// but for the reserve.
func (g *diskGuard) budget() (int64, error) {
	free, err := freeBytes(g.dir)
	if err != nil {
		return 0, err
	}
	used, err := folderSize(g.dir)
	return used + max(free-g.reserve, 0), err
}

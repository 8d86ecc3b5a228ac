package core

import (
	"sync"
	"time"
)

// Backfill says how far the background goes.
type Backfill struct {
	// Off leaves everything on the server until somebody goes there.
	Off bool
	// Age is how old messages are fetched by themselves; 0 for any age.
	Age time.Duration
	// Messages is how many of the account are kept here before the background stops;
	// 0 for a million. At some 250 bytes each on the disk that is 250 MB, and the
	// index of the search as much again at most: what anybody's disk has to spare, in
	// a quarter of an hour, and more than one person reads in a life. Older ones come
	// when somebody goes there.
	Messages uint64
}

// defaultBackfill is Backfill.Messages where it is 0.
const defaultBackfill = 1_000_000

// allows reports whether a hole may be filled whose upper neighbour was said at a
// time, with so many messages here.
func (b Backfill) allows(edge int64, here uint64, now time.Time) bool {
	most := b.Messages
	if most == 0 {
		most = defaultBackfill
	}
	return !b.Off && here < most && (b.Age <= 0 || edge >= now.Add(-b.Age).UnixMilli())
}

// FillState is what the background that fetches older history does.
type FillState string

// States of the background.
const (
	FillOffline FillState = "offline" // there is no connection
	FillRunning FillState = "running"
	FillWaiting FillState = "waiting" // for the line, or after an error
	FillBounded FillState = "bounded" // what is missing is beyond [Backfill]
	FillDone    FillState = "done"    // nothing is missing
)

// HistoryProgress fires when the background that fetches older history begins,
// pauses and ends, and twice a second while it works.
type HistoryProgress struct {
	State FillState `json:"state"`
	// Here is how many messages of all conversations are on the disk, Missing how many
	// the server has beside them, in how many Conversations.
	Here          uint64 `json:"here"`
	Missing       uint64 `json:"missing"`
	Conversations int    `json:"conversations"`
}

// fillTold is the least time between two HistoryProgress events that tell the same
// state, and between one that it waits and one that it works.
const fillTold = 500 * time.Millisecond

// filling is what is known of the background from outside.
type filling struct {
	mu    sync.Mutex
	bound Backfill
	now   HistoryProgress
	told  HistoryProgress
	at    time.Time
}

// HistoryProgress returns what the last event of that name said, or would say now.
func (c *Client) HistoryProgress() HistoryProgress {
	c.filling.mu.Lock()
	defer c.filling.mu.Unlock()
	return c.filling.now
}

// SetBackfill changes how far the background goes, from its next page on. What is
// here stays.
func (c *Client) SetBackfill(b Backfill) {
	c.filling.mu.Lock()
	c.filling.bound = b
	c.filling.mu.Unlock()
	poke(c.backfill)
}

func (f *filling) bounds() Backfill {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.bound
}

// count takes over how much there is to do.
func (f *filling) count(q *fillQueue) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now.Here, f.now.Missing, f.now.Conversations = q.here, q.missing(), len(q.wants)
}

// tell raises an event if there is something new to tell.
func (f *filling) tell(c *Client, s FillState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now.State = s
	working := func(s FillState) bool { return s == FillRunning || s == FillWaiting }
	if f.now == f.told || working(s) && working(f.told.State) && time.Since(f.at) < fillTold {
		return
	}
	f.told, f.at = f.now, time.Now()
	c.hub.emit(f.now)
}

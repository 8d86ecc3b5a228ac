package store

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// Store is an open file. All methods can be called from any goroutine; those
// that read never wait for those that write.
type Store struct {
	path    string
	options Options
	account im.UserID // whose file it is, "" if nobody said
	form    *form
	disk    atomic.Pointer[disk] // another one after a compaction; the writer changes it

	jobs       chan *job
	between    chan func() // run by the writer between two transactions
	writerDone chan struct{}
	eraser     eraser       // the writer's
	changes    indexChanges // the writer's
	held       *job         // the writer's: it goes into a transaction of its own
	index      *index
	readers    readers
	read       atomic.Int64 // when somebody read last, in ns after index.began
	long       atomic.Int32 // readers that take seconds, for which nothing is erased
	mu         sync.RWMutex // guards closed and the sending side of jobs
	closed     bool
	compactor  compactor

	fatal atomic.Pointer[error]
	// stuck: a panic left bbolt holding its own locks. Closing it would wait for
	// them for ever; its mapping stays until the process ends.
	stuck       atomic.Bool
	suspectOnce sync.Once
	mediaFull   atomic.Bool // the bucket media is filled: see keyMedia
	checked     sync.Map    // names of buckets whose tree is known to be sound, and conversations

	// beforeCommit fails a commit in tests; nil otherwise.
	beforeCommit func() error
}

// start makes a Store of an open database and runs its writer.
func start(path string, o Options, account im.UserID, db *bbolt.DB, f *form, file *os.File) *Store {
	s := &Store{
		path: path, options: o, account: account, form: f,
		jobs: make(chan *job, maxBatchJobs), between: make(chan func()), writerDone: make(chan struct{}),
	}
	s.disk.Store(newDisk(db, file))
	s.eraser.delay = eraseDelay
	s.eraser.timer = time.NewTimer(eraseDelay)
	s.eraser.timer.Stop()
	s.index = newIndex(o)
	ctx, cancel := context.WithCancel(context.Background())
	s.index.stop = cancel
	go s.writeLoop()
	if s.ReadOnly() {
		go s.readLoop(ctx)
	} else {
		go s.indexLoop(ctx)
		s.compactor.start(s)
	}
	return s
}

// Close writes what is queued, and lets go of the file. Closing twice is fine.
func (s *Store) Close() error {
	s.index.stop()
	<-s.index.done
	s.compactor.end()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		<-s.writerDone
		return nil
	}
	s.closed = true
	close(s.jobs)
	s.mu.Unlock()
	<-s.writerDone
	d := s.disk.Load()
	if s.stuck.Load() {
		return abandonFile(d.file)
	}
	return d.db.Close()
}

// Path is the file of the store.
func (s *Store) Path() string { return s.path }

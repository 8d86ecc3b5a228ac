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
	db      *bbolt.DB
	form    *form
	file    *os.File // bbolt's own handle, for when bbolt cannot close it

	jobs       chan *job
	writerDone chan struct{}
	eraser     eraser       // the writer's
	changes    indexChanges // the writer's
	held       *job         // the writer's: it goes into a transaction of its own
	index      *index
	readers    readers
	mu         sync.RWMutex // guards closed and the sending side of jobs
	closed     bool

	fatal atomic.Pointer[error]
	// stuck: a panic left bbolt holding its own locks. Closing it would wait for
	// them for ever; its mapping stays until the process ends.
	stuck       atomic.Bool
	suspectOnce sync.Once
	checked     sync.Map // names of the buckets whose tree is known to be sound

	// beforeCommit fails a commit in tests; nil otherwise.
	beforeCommit func() error
}

// start makes a Store of an open database and runs its writer.
func start(path string, o Options, account im.UserID, db *bbolt.DB, f *form, file *os.File) *Store {
	s := &Store{
		path: path, options: o, account: account, db: db, form: f, file: file,
		jobs: make(chan *job, maxBatchJobs), writerDone: make(chan struct{}),
	}
	s.eraser.delay = eraseDelay
	s.eraser.timer = time.NewTimer(eraseDelay)
	s.eraser.timer.Stop()
	s.index = newIndex(o)
	ctx, cancel := context.WithCancel(context.Background())
	s.index.stop = cancel
	go s.writeLoop()
	go s.indexLoop(ctx)
	return s
}

// Close writes what is queued, and lets go of the file. Closing twice is fine.
func (s *Store) Close() error {
	s.index.stop()
	<-s.index.done
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
	if s.stuck.Load() {
		return abandonFile(s.file)
	}
	return s.db.Close()
}

// Path is the file of the store.
func (s *Store) Path() string { return s.path }

package store

import (
	"os"
	"sync"

	"go.etcd.io/bbolt"
)

// disk is the file of a store, as bbolt has it open. A compaction puts another one
// in its place: those who use one keep it until they are done.
type disk struct {
	db   *bbolt.DB
	file *os.File // bbolt's own handle, for when bbolt cannot close it

	mu      sync.Mutex
	users   int
	retired bool
	unused  chan struct{} // closed when it is retired and nobody uses it
}

func newDisk(db *bbolt.DB, file *os.File) *disk {
	return &disk{db: db, file: file, unused: make(chan struct{})}
}

// enter notes a user; false if the disk was retired.
func (d *disk) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.retired {
		return false
	}
	d.users++
	return true
}

func (d *disk) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.users--; d.retired && d.users == 0 {
		close(d.unused)
	}
}

// retire lets nobody in any more.
func (d *disk) retire() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retired = true
	if d.users == 0 {
		close(d.unused)
	}
}

// use returns the file as it is now; who calls it leaves it.
func (s *Store) use() *disk {
	for {
		if d := s.disk.Load(); d.enter() {
			return d
		}
	}
}

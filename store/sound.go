package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// maxDepth is more levels than a tree of pages of two entries could need for a
// file of the largest size.
const maxDepth = 48

// sound refuses a tree whose branch pages lead back into themselves, which
// bbolt would follow until its stack is exhausted, and that cannot be caught. It
// reads the branch pages only: some hundred for a million messages.
func (f *pageFile) sound(root uint64) error {
	buffer := make([]byte, f.pageSize)
	depth, err := f.depth(root, buffer)
	if err != nil || depth == 0 {
		return err
	}
	branches := map[uint64]bool{} // few, however large the file is
	level, below := []uint64{root}, []uint64(nil)
	for n := range depth {
		below = below[:0]
		for _, id := range level {
			p, err := f.pageInto(buffer, id)
			if err != nil {
				return err
			}
			if p.flags != flagBranch || branches[id] {
				return fmt.Errorf("page %d at level %d of a tree: %w", id, n, errPage)
			}
			branches[id] = true
			if _, err := p.branches(); err != nil {
				return err
			}
			below = slices.AppendSeq(below, p.children())
		}
		level, below = below, level
	}
	for i, id := range level {
		if id >= f.pages() || branches[id] {
			return fmt.Errorf("page %d as a leaf of a tree: %w", id, errPage)
		}
		if i < leavesLooked || i >= len(level)-leavesLooked {
			if err := f.isLeaf(id); err != nil {
				return err
			}
		}
	}
	return nil
}

// leavesLooked is how many leaves at each end of a tree are looked at, for every tree is
// looked at when it is first used, and that must not cost more for a long history. What is
// newest comes first, and it is at the end.
const leavesLooked = 16

// isLeaf refuses a page that is none. bbolt takes for a branch what is not a leaf: an old
// list of free pages that a hurt branch leads to would lead it on, and round for ever.
func (f *pageFile) isLeaf(id uint64) error {
	var b [pageHeader]byte
	if _, err := f.r.ReadAt(b[:], int64(id)*int64(f.pageSize)); err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	n := binary.NativeEndian
	if got, flags := n.Uint64(b[:]), n.Uint16(b[8:]); got != id || flags != flagLeaf {
		return fmt.Errorf("page %d as a leaf says it is %d with flags %#x: %w", id, got, flags, errPage)
	}
	return nil
}

// find looks for a key in a tree; false if it is not there.
func (f *pageFile) find(root uint64, key []byte) (element, bool, error) {
	buffer := make([]byte, f.pageSize)
	id := root
	for range maxDepth {
		p, err := f.pageInto(buffer, id)
		if err != nil {
			return element{}, false, err
		}
		if p.flags == flagLeaf {
			for e, err := range p.elements() {
				if err != nil {
					return element{}, false, err
				}
				if bytes.Equal(e.key, key) {
					return e, true, nil
				}
			}
			return element{}, false, nil
		}
		list, err := p.branches()
		if err != nil {
			return element{}, false, err
		}
		if p.flags != flagBranch || len(list) == 0 {
			break
		}
		id = list[0].child
		for _, b := range list[1:] {
			if bytes.Compare(b.key, key) > 0 {
				break
			}
			id = b.child
		}
	}
	return element{}, false, fmt.Errorf("tree of page %d leads to no leaf: %w", root, errPage)
}

// soundBucket checks the page that the value of a nested bucket is or, if tree says so,
// the pages that it leads to. bbolt copies such a value whole, however long it says it is,
// and what a page within it points at is then somewhere in the memory of the program.
func (f *pageFile) soundBucket(value []byte, tree bool) error {
	root, _, inline, err := bucketRoot(value)
	if err != nil {
		return err
	}
	switch {
	case root != 0 && tree:
		return f.sound(root)
	case root != 0:
		return nil
	}
	for _, err := range inline.elements() {
		if err != nil {
			return err
		}
	}
	return nil
}

// depth is how many branch pages are above the first leaf.
func (f *pageFile) depth(root uint64, buffer []byte) (int, error) {
	id := root
	for n := range maxDepth {
		p, err := f.pageInto(buffer, id)
		if err != nil {
			return 0, err
		}
		if p.flags != flagBranch {
			return n, f.isLeaf(id)
		}
		id = 0 // no page of a tree: refused by page
		for child := range p.children() {
			id = child
			break
		}
	}
	return 0, fmt.Errorf("tree of page %d does not end: %w", root, errPage)
}

// sound checks the tree of a bucket once, before bbolt follows it. What this
// process writes later is sound. nil buckets are, and those inside their parent, which
// Open looks at.
func (s *Store) sound(tx *txn, name string, b *bbolt.Bucket) error {
	if b == nil || b.Root() == 0 {
		return nil
	}
	return s.soundOnce(tx, name, func(f *pageFile) error { return f.sound(uint64(b.Root())) })
}

// soundWithin checks, before bbolt opens it, what parent has of a conversation: the
// value that stands for its bucket and, if tree says so, the pages that it leads to.
func (s *Store) soundWithin(tx *txn, parent []byte, conv im.ConversationID, tree bool) error {
	b := tx.Bucket(parent)
	if b == nil || b.Root() == 0 { // a bucket that has buckets has pages
		return nil
	}
	name := string(parent) + "/" + string(conv)
	if !tree {
		name += "/"
	}
	return s.soundOnce(tx, name, func(f *pageFile) error {
		e, found, err := f.find(uint64(b.Root()), tx.name(string(conv)))
		if err != nil || !found { // or made by this transaction
			return err
		}
		if !e.bucket {
			return fmt.Errorf("%w: no bucket", errPage)
		}
		return f.soundBucket(e.value, tree)
	})
}

func (s *Store) soundOnce(tx *txn, name string, check func(*pageFile) error) error {
	if _, done := s.checked.Load(name); done {
		return nil
	}
	// Of the transaction is said how large the file is, so nothing else has to be read.
	if err := check(&pageFile{r: tx.file, size: tx.Size(), pageSize: tx.DB().Info().PageSize}); err != nil {
		return im.Errorf(im.CodeStoreDamaged, "store: bucket %.96q: %v", name, err)
	}
	s.checked.Store(name, struct{}{})
	return nil
}

// soundIDs checks the way from ids to messages; the other buckets of the root
// are small enough to be checked on Open.
func (s *Store) soundIDs(tx *txn) error {
	if err := s.sound(tx, string(bucketMsgByID), tx.Bucket(bucketMsgByID)); err != nil {
		return err
	}
	return s.sound(tx, string(bucketPlace), tx.Bucket(bucketPlace))
}

// soundHistory checks what belongs to one conversation, once.
func (s *Store) soundHistory(tx *txn, conv im.ConversationID) error {
	if _, done := s.checked.Load(conv); done {
		return nil
	}
	for _, parent := range [][]byte{bucketMsg, bucketGap, bucketMedia, bucketRecall} {
		if err := s.soundWithin(tx, parent, conv, true); err != nil {
			return err
		}
	}
	s.checked.Store(conv, struct{}{})
	return nil
}

// soundDoors checks only that what is here of a conversation can be opened. It reads
// nothing of its history, so that it can be done for all of them at once.
func (s *Store) soundDoors(tx *txn, conv im.ConversationID) error {
	if _, done := s.checked.Load(conv); done {
		return nil
	}
	return errors.Join(s.soundWithin(tx, bucketMsg, conv, false), s.soundWithin(tx, bucketRecall, conv, false))
}

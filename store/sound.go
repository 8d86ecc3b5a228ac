package store

import (
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
	for _, id := range level {
		if id >= f.pages() || branches[id] {
			return fmt.Errorf("page %d as a leaf of a tree: %w", id, errPage)
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
			return n, nil
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
// process writes later is sound. nil buckets and those inside their parent are.
func (s *Store) sound(tx *txn, name string, b *bbolt.Bucket) error {
	if b == nil || b.Root() == 0 {
		return nil
	}
	if _, done := s.checked.Load(name); done {
		return nil
	}
	// Of the transaction is said how large the file is, so nothing else has to be read.
	f := &pageFile{r: tx.file, size: tx.Size(), pageSize: tx.DB().Info().PageSize}
	if err := f.sound(uint64(b.Root())); err != nil {
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
	for _, parent := range [][]byte{bucketMsg, bucketGap, bucketMedia} {
		if err := s.sound(tx, string(parent)+"/"+string(conv), tx.conversation(parent, conv)); err != nil {
			return err
		}
	}
	s.checked.Store(conv, struct{}{})
	return nil
}

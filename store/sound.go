package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// maxDepth is more levels than a tree of pages of two entries could need for a
// file of the largest size.
const maxDepth = 48

// soundRoom is what looking at a tree needs, kept for the next one: a search looks at twenty.
type soundRoom struct {
	page         []byte
	level, below []uint64
	branches     []branch
}

var soundRooms = sync.Pool{New: func() any { return new(soundRoom) }}

// sound refuses a tree whose branch pages lead back into themselves, which
// bbolt would follow until its stack is exhausted, and that cannot be caught, and one
// whose leaves are none, as far as it looks at so many at each end. Of the branch pages it
// reads all: some hundred for a million messages.
func (f *pageFile) sound(root uint64, leaves int) error {
	flags, _, err := f.header(root)
	if err != nil || flags == flagLeaf {
		return err
	}
	room := soundRooms.Get().(*soundRoom)
	defer soundRooms.Put(room)
	if len(room.page) != f.pageSize {
		room.page = make([]byte, f.pageSize)
	}
	branches := map[uint64]bool{} // few, however large the file is
	level, below := append(room.level[:0], root), room.below[:0]
	defer func() { room.level, room.below = level, below }()
	for n := 0; flags != flagLeaf; n++ {
		if n == maxDepth {
			return fmt.Errorf("tree of page %d does not end: %w", root, errPage)
		}
		below = below[:0]
		for _, id := range level {
			p, err := f.pageInto(room.page, id)
			if err != nil {
				return err
			}
			if p.flags != flagBranch || branches[id] {
				return fmt.Errorf("page %d at level %d of a tree: %w", id, n, errPage)
			}
			branches[id] = true
			if room.branches, err = p.branches(room.branches); err != nil {
				return err
			}
			below = slices.AppendSeq(below, p.children())
		}
		if len(below) == 0 {
			return fmt.Errorf("tree of page %d ends in branches: %w", root, errPage)
		}
		level, below = below, level
		// The first of a level says what all of it has to be.
		if flags, _, err = f.header(level[0]); err != nil {
			return err
		}
	}
	for i, id := range level {
		if id >= f.pages() || branches[id] {
			return fmt.Errorf("page %d as a leaf of a tree: %w", id, errPage)
		}
		if i < leaves || i >= len(level)-leaves {
			if err := f.isLeaf(id); err != nil {
				return err
			}
		}
	}
	return nil
}

// leavesAtEnds is how many leaves at each end of a tree that grows with the messages are
// looked at when it is first used: that must not cost more for a long history. See soundWay.
const leavesAtEnds = 16

// allLeaves: of what is smaller, all are.
const allLeaves = math.MaxInt

// isLeaf refuses a page that is none. A cursor of bbolt that goes on to the next page, or
// to the first or the last, takes for a branch what is not a leaf: an old list of free pages
// that a hurt branch leads to would lead it on, and round for ever. Looking for a key it
// refuses them itself.
func (f *pageFile) isLeaf(id uint64) error {
	flags, _, err := f.header(id)
	if err == nil && flags != flagLeaf {
		err = fmt.Errorf("page %d as a leaf has flags %#x: %w", id, flags, errPage)
	}
	return err
}

// header reads what a page says it is.
func (f *pageFile) header(id uint64) (flags uint16, count int, err error) {
	if id < 2 || id >= f.pages() {
		return 0, 0, fmt.Errorf("page %d of %d: %w", id, f.pages(), errPage)
	}
	var b [pageHeader]byte
	if _, err := f.r.ReadAt(b[:], int64(id)*int64(f.pageSize)); err != nil {
		return 0, 0, fmt.Errorf("page %d: %w", id, err)
	}
	n := binary.NativeEndian
	if got := n.Uint64(b[:]); got != id {
		return 0, 0, fmt.Errorf("page %d says it is %d: %w", id, got, errPage)
	}
	return n.Uint16(b[8:]), int(n.Uint16(b[10:])), nil
}

// soundFrom refuses a tree in which the way to a key, or to the entries that n steps from
// there lead to, ends at no leaf.
func (f *pageFile) soundFrom(root uint64, key []byte, n int, up bool) error {
	step := -1
	if up {
		step = 1
	}
	buffer := make([]byte, f.pageSize)
	left, there := n, false // at the leaf of the key
	var walk func(id uint64, depth int) error
	walk = func(id uint64, depth int) error {
		flags, count, err := f.header(id)
		switch {
		case err != nil:
			return err
		case flags == flagLeaf:
			if there {
				left -= count
			}
			there = true // of the first leaf some entries are on the other side
			return nil
		case flags != flagBranch || depth == maxDepth:
			return fmt.Errorf("page %d with flags %#x, %d levels below page %d: %w", id, flags, depth, root, errPage)
		}
		p, err := f.pageInto(buffer, id)
		if err != nil {
			return err
		}
		list, err := p.branches(nil)
		if err != nil || len(list) == 0 {
			return errors.Join(err, fmt.Errorf("branch %d of %d entries: %w", id, len(list), errPage))
		}
		i := 0
		switch {
		case !there:
			i = wayTo(list, key)
		case !up:
			i = len(list) - 1
		}
		children := make([]uint64, len(list)) // the buffer is for the next
		for at := range list {
			children[at] = list[at].child
		}
		for ; i >= 0 && i < len(children) && (!there || left > 0); i += step {
			if err := walk(children[i], depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(root, 0)
}

// wayTo is which of the entries of a branch, of which there is one, leads to a key.
func wayTo(list []branch, key []byte) int {
	at, found := slices.BinarySearchFunc(list, key, func(b branch, key []byte) int { return bytes.Compare(b.key, key) })
	if found {
		return at
	}
	return max(at-1, 0)
}

// soundBucket checks the page that the value of a nested bucket is or, unless leaves is 0,
// the branches that it leads to and so many leaves at each end. bbolt copies such a value whole, however long it says it is,
// and what a page within it points at is then somewhere in the memory of the program.
func (f *pageFile) soundBucket(value []byte, leaves int) error {
	root, _, inline, err := bucketRoot(value)
	if err != nil {
		return err
	}
	switch {
	case root != 0 && leaves > 0:
		return f.sound(root, leaves)
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

// sound checks the tree of a bucket once, before bbolt follows it. What this
// process writes later is sound. nil buckets are, and those inside their parent, which
// Open looks at.
func (s *Store) sound(tx *txn, name string, b *bbolt.Bucket) error {
	if b == nil || b.Root() == 0 {
		return nil
	}
	return s.soundOnce(tx, name, func(f *pageFile) error { return f.sound(uint64(b.Root()), leavesAtEnds) })
}

// soundWithin checks, before bbolt opens it, what parent has of a conversation: the
// value that stands for its bucket and, unless leaves is 0, the pages that it leads to.
func (s *Store) soundWithin(tx *txn, parent []byte, conv im.ConversationID, leaves int) error {
	b := tx.Bucket(parent)
	if b == nil || b.Root() == 0 { // a bucket that has buckets has pages
		return nil
	}
	name := string(parent) + "/" + string(conv)
	if leaves == 0 {
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
		return f.soundBucket(e.value, leaves)
	})
}

func (s *Store) soundOnce(tx *txn, name string, check func(*pageFile) error) error {
	if _, done := s.checked.Load(name); done {
		return nil
	}
	if err := tx.check(name, check); err != nil {
		return err
	}
	s.checked.Store(name, struct{}{})
	return nil
}

// check calls what looks at the pages of a bucket.
func (tx *txn) check(name string, look func(*pageFile) error) error {
	// The transaction says how large the file is, so nothing else has to be read.
	f := &pageFile{r: tx.file, size: tx.Size(), pageSize: tx.DB().Info().PageSize}
	if tx.mapped {
		f.r = tx.mapping()
	}
	if err := look(f); err != nil {
		return im.Errorf(im.CodeStoreDamaged, "store: bucket %.96q: %v", name, err)
	}
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
		leaves := allLeaves
		if string(parent) == string(bucketMsg) {
			leaves = leavesAtEnds
		}
		if err := s.soundWithin(tx, parent, conv, leaves); err != nil {
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
	return errors.Join(s.soundWithin(tx, bucketMsg, conv, 0), s.soundWithin(tx, bucketRecall, conv, 0))
}

// soundWay checks, before bbolt goes it, the way to the entry of a sequence, and to n of
// them from there on, before or after it. It is done each time a cursor walks over messages:
// nobody looks at all leaves of a long history at once.
func (tx *txn) soundWay(parent []byte, conv im.ConversationID, sequence uint64, n int, up bool) error {
	b := tx.conversation(parent, conv)
	if b == nil || b.Root() == 0 {
		return nil
	}
	return tx.check(string(parent)+"/"+string(conv), func(f *pageFile) error {
		key := sequenceKey(sequence)
		if !up { // bbolt looks for the one before from the next one on
			if err := f.soundFrom(uint64(b.Root()), key, 1, true); err != nil {
				return err
			}
		}
		return f.soundFrom(uint64(b.Root()), key, n, up)
	})
}

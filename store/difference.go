package store

import (
	"bytes"
	"fmt"
	"iter"
)

// difference finds what a later state of a file has that an earlier one has not,
// and the other way round, while both have a reader. bbolt never writes over a page
// that a reader may need: a page of the later state that was in use in the earlier
// one is the same page, and so is all that it leads to. So only pages that were
// written or given up in between are read, whatever the size of the file.
type difference struct {
	old, now *pageFile
	fresh    []bool // pages that were free in the earlier state, or beyond its end
	to       changes
}

// changes take in a difference. A path is the names of nested buckets.
type changes interface {
	// put sets a value; remove takes a value or a bucket away.
	put(path [][]byte, key, value []byte) error
	remove(path [][]byte, key []byte, bucket bool) error
	// bucket makes a bucket if it is not there, and sets its counter.
	bucket(path [][]byte, sequence uint64) error
}

// compare finds the difference of two states of a file.
func compare(old, now *pageFile, to changes) error {
	m := now.metas[0]
	fresh, err := unused(old, m.high)
	if err != nil {
		return err
	}
	d := &difference{old: old, now: now, fresh: fresh, to: to}
	return d.trees(nil, tree{root: old.metas[0].root}, tree{root: m.root})
}

// unused says of each page up to high whether the state does not use it.
func unused(f *pageFile, high uint64) ([]bool, error) {
	m := f.metas[0]
	free := make([]bool, max(high, m.high))
	ids, err := f.freeIDs(m.freelist)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if id < uint64(len(free)) {
			free[id] = true
		}
	}
	for id := m.high; id < uint64(len(free)); id++ {
		free[id] = true
	}
	return free, nil
}

// tree is a bucket in one of the states.
type tree struct {
	root   uint64 // 0 for one without pages of its own
	inline page   // what it has then
}

func treeOf(value []byte) (t tree, sequence uint64, err error) {
	t.root, sequence, t.inline, err = bucketRoot(value)
	return t, sequence, err
}

// trees compares a bucket; the root bucket has the path nil.
func (d *difference) trees(path [][]byte, before, after tree) error {
	shared := map[uint64]bool{}
	var bad error
	skip := func(id uint64) bool {
		if id >= uint64(len(d.fresh)) {
			bad = fmt.Errorf("page %d: %w", id, errPage)
		} else if !d.fresh[id] {
			shared[id] = true
		}
		return bad != nil || shared[id]
	}
	for _, err := range unshared(d.now, after, skip) {
		if err != nil {
			return err
		}
	}
	if bad != nil {
		return bad
	}
	isShared := func(id uint64) bool { return shared[id] }
	return d.merge(path, unshared(d.old, before, isShared), unshared(d.now, after, isShared))
}

// unshared yields, in order, the entries of the leaves of a tree, without those
// below pages that are skipped.
func unshared(f *pageFile, t tree, skip func(id uint64) bool) iter.Seq2[element, error] {
	if t.root == 0 {
		return t.inline.elements()
	}
	return func(yield func(element, error) bool) { walkUnshared(f, t.root, 0, skip, yield) }
}

func walkUnshared(f *pageFile, id uint64, depth int, skip func(uint64) bool, yield func(element, error) bool) (more bool) {
	if skip(id) {
		return true
	}
	p, err := f.page(id)
	if err == nil && depth > maxDepth {
		err = fmt.Errorf("page %d at level %d: %w", id, depth, errPage)
	}
	if err != nil {
		return yield(element{}, err)
	}
	if p.flags == flagLeaf {
		for e, err := range p.elements() {
			if !yield(e, err) {
				return false
			}
		}
		return true
	}
	for child := range p.children() {
		if !walkUnshared(f, child, depth+1, skip, yield) {
			return false
		}
	}
	return true
}

// merge goes through the entries that one state or the other has on pages of its
// own. An entry of a shared page is in neither.
func (d *difference) merge(path [][]byte, before, after iter.Seq2[element, error]) error {
	nextOld, stopOld := iter.Pull2(before)
	defer stopOld()
	nextNew, stopNew := iter.Pull2(after)
	defer stopNew()
	was, err, isOld := nextOld()
	if err != nil {
		return err
	}
	is, err, isNew := nextNew()
	if err != nil {
		return err
	}
	for isOld || isNew {
		var order int
		switch {
		case !isOld:
			order = 1
		case !isNew:
			order = -1
		default:
			order = bytes.Compare(was.key, is.key)
		}
		switch {
		case order < 0:
			err = d.to.remove(path, was.key, was.bucket)
		case order > 0:
			err = d.added(path, is)
		default:
			err = d.both(path, was, is)
		}
		if err != nil {
			return err
		}
		if order <= 0 {
			if was, err, isOld = nextOld(); err != nil {
				return err
			}
		}
		if order >= 0 {
			if is, err, isNew = nextNew(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *difference) added(path [][]byte, e element) error {
	if !e.bucket {
		return d.to.put(path, e.key, e.value)
	}
	after, sequence, err := treeOf(e.value)
	if err != nil {
		return err
	}
	below := deeper(path, e.key)
	if err := d.to.bucket(below, sequence); err != nil {
		return err
	}
	return d.trees(below, tree{}, after)
}

func (d *difference) both(path [][]byte, was, is element) error {
	switch {
	case was.bucket != is.bucket:
		if err := d.to.remove(path, was.key, was.bucket); err != nil {
			return err
		}
		return d.added(path, is)
	case bytes.Equal(was.value, is.value):
		return nil
	case !is.bucket:
		return d.to.put(path, is.key, is.value)
	}
	before, _, err := treeOf(was.value)
	if err != nil {
		return err
	}
	after, sequence, err := treeOf(is.value)
	if err != nil {
		return err
	}
	below := deeper(path, is.key)
	if err := d.to.bucket(below, sequence); err != nil {
		return err
	}
	return d.trees(below, before, after)
}

func deeper(path [][]byte, name []byte) [][]byte {
	return append(path[:len(path):len(path)], bytes.Clone(name))
}

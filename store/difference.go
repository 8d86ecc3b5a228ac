package store

import (
	"bytes"
	"fmt"
	"iter"
)

// difference finds what a later state of a file has that an earlier one has not,
// and the other way round, while both have a reader. bbolt never writes over a page
// that a reader may need: a page of the earlier state that the later one does not
// list as free is the same page, and so is all that it leads to. So only pages that
// were written or given up in between are read, whatever the size of the file.
type difference struct {
	old, now *pageFile
	gone     []bool // pages that are free in the later state
	fresh    []bool // pages that were free in the earlier one, or beyond its end
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
	d := &difference{old: old, now: now, to: to}
	before, after := old.metas[0], now.metas[0]
	var err error
	if d.fresh, err = unused(old, after.high); err != nil {
		return err
	}
	if d.gone, err = unused(now, after.high); err != nil {
		return err
	}
	return d.tree(nil, before.root, after.root)
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

// in is a bucket of one of the states: the entries of those of its pages that the
// other state does not share.
func in(f *pageFile, changed []bool, value []byte) (entries iter.Seq2[element, error], sequence uint64, err error) {
	root, sequence, inline, err := bucketRoot(value)
	if err != nil {
		return nil, 0, err
	}
	if root == 0 {
		return inline.elements(), sequence, nil
	}
	return unshared(f, changed, root), sequence, nil
}

// unshared yields the entries of the leaves below a page that changed, in order.
func unshared(f *pageFile, changed []bool, id uint64) iter.Seq2[element, error] {
	return func(yield func(element, error) bool) { walkUnshared(f, changed, id, 0, yield) }
}

func walkUnshared(f *pageFile, changed []bool, id uint64, depth int, yield func(element, error) bool) (more bool) {
	if id >= uint64(len(changed)) || depth > maxDepth {
		return yield(element{}, fmt.Errorf("page %d at level %d: %w", id, depth, errPage))
	}
	if !changed[id] {
		return true
	}
	p, err := f.page(id)
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
		if !walkUnshared(f, changed, child, depth+1, yield) {
			return false
		}
	}
	return true
}

// tree compares the two trees of one bucket; the root bucket has the path nil.
func (d *difference) tree(path [][]byte, before, after uint64) error {
	return d.merge(path, unshared(d.old, d.gone, before), unshared(d.now, d.fresh, after))
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
		order := 0
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
	entries, sequence, err := in(d.now, d.fresh, e.value)
	if err != nil {
		return err
	}
	below := deeper(path, e.key)
	if err := d.to.bucket(below, sequence); err != nil {
		return err
	}
	return d.merge(below, none, entries)
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
	before, _, err := in(d.old, d.gone, was.value)
	if err != nil {
		return err
	}
	after, sequence, err := in(d.now, d.fresh, is.value)
	if err != nil {
		return err
	}
	below := deeper(path, is.key)
	if err := d.to.bucket(below, sequence); err != nil {
		return err
	}
	return d.merge(below, before, after)
}

func none(func(element, error) bool) {}

func deeper(path [][]byte, name []byte) [][]byte {
	return append(path[:len(path):len(path)], bytes.Clone(name))
}

package store

import (
	"bytes"
	"fmt"
)

// walker visits trees of pages, each page once.
type walker struct {
	f    *pageFile
	seen pageSet
	// problem is told what could not be read, and counted; the walk goes on.
	problem  func(error)
	problems int
	// each, if not nil, is called before each page; false ends the walk.
	each func() bool
}

func newWalker(f *pageFile, problem func(error)) *walker {
	w := &walker{f: f, seen: newPageSet(f.pages())}
	w.problem = func(err error) {
		w.problems++
		problem(err)
	}
	return w
}

// pageSet is a set of pages, a bit each: it is made whenever a file is opened.
type pageSet []uint64

func newPageSet(pages uint64) pageSet { return make(pageSet, (pages+63)/64) }

func (s pageSet) add(id uint64) { s[id/64] |= 1 << (id % 64) }
func (s pageSet) remove(id uint64) {
	if id/64 < uint64(len(s)) {
		s[id/64] &^= 1 << (id % 64)
	}
}
func (s pageSet) has(id uint64) bool { return id/64 < uint64(len(s)) && s[id/64]&(1<<(id%64)) != 0 }

// tree visits the leaf entries below page id, in order.
func (w *walker) tree(id uint64, visit func(element)) { w.between(id, nil, nil, visit) }

// between is tree for a page whose keys are at least low and less than high; nil
// means no bound. What is elsewhere is visited all the same: for bbolt it is lost.
func (w *walker) between(id uint64, low, high []byte, visit func(element)) {
	if w.each != nil && !w.each() {
		return
	}
	if w.seen.has(id) {
		w.problem(fmt.Errorf("page %d is in two places: %w", id, errPage))
		return
	}
	p, err := w.f.page(id)
	if err != nil {
		w.problem(err)
		return
	}
	for i := range uint64(len(p.data) / w.f.pageSize) {
		w.seen.add(id + i)
	}
	switch p.flags {
	case flagLeaf:
		w.leaf(p, low, high, visit)
	case flagBranch:
		list, err := p.branches(nil)
		if err == nil && len(list) > 0 {
			err = within(p, list[0].key, list[len(list)-1].key, low, high)
		}
		if err != nil {
			w.problem(err)
			low, high, list = nil, nil, nil
		}
		// The depth is bounded by seen: a cycle meets a page twice.
		n := 0
		for child := range p.children() {
			from, to := low, high
			if n < len(list) {
				from = list[n].key
			}
			if n++; n < len(list) {
				to = list[n].key
			}
			w.between(child, from, to, visit)
		}
	default:
		w.problem(fmt.Errorf("page %d in a tree: %w", id, errPage))
	}
}

// within refuses a page with keys that are not where its parent says.
func within(p page, first, last, low, high []byte) error {
	if low != nil && bytes.Compare(first, low) < 0 || high != nil && bytes.Compare(last, high) >= 0 {
		return fmt.Errorf("page %d has keys of another place: %w", p.id, errPage)
	}
	return nil
}

func (w *walker) leaf(p page, low, high []byte, visit func(element)) {
	var first, last []byte
	for e, err := range p.elements() {
		if err != nil {
			w.problem(err)
			continue
		}
		if first == nil {
			first = e.key
		}
		if last != nil && bytes.Compare(last, e.key) >= 0 {
			w.problem(fmt.Errorf("%.32q of page %d is out of order: %w", e.key, p.id, errPage))
		}
		last = e.key
		visit(e)
	}
	if first != nil {
		if err := within(p, first, last, low, high); err != nil {
			w.problem(err)
		}
	}
}

// bucket visits the entries of a nested bucket given its value in the parent.
func (w *walker) bucket(value []byte, visit func(element)) {
	root, _, inline, err := bucketRoot(value)
	switch {
	case err != nil:
		w.problem(err)
	case root == 0:
		w.leaf(inline, nil, nil, visit)
	default:
		w.tree(root, visit)
	}
}

package store

import "fmt"

// walker visits trees of pages, each page once.
type walker struct {
	f    *pageFile
	seen []bool
	// problem is told what could not be read; the walk goes on.
	problem func(error)
	// each, if not nil, is called before each page; false ends the walk.
	each func() bool
}

func newWalker(f *pageFile, problem func(error)) *walker {
	return &walker{f: f, seen: make([]bool, f.pages()), problem: problem}
}

// tree visits the leaf entries below page id, in order.
func (w *walker) tree(id uint64, visit func(element)) {
	if w.each != nil && !w.each() {
		return
	}
	if id < uint64(len(w.seen)) {
		if w.seen[id] {
			w.problem(fmt.Errorf("page %d is in two places: %w", id, errPage))
			return
		}
	}
	p, err := w.f.page(id)
	if err != nil {
		w.problem(err)
		return
	}
	for i := range uint64(len(p.data) / w.f.pageSize) {
		w.seen[id+i] = true
	}
	switch p.flags {
	case flagLeaf:
		w.leaf(p, visit)
	case flagBranch:
		// The depth is bounded by seen: a cycle meets a page twice.
		for child := range p.children() {
			w.tree(child, visit)
		}
	default:
		w.problem(fmt.Errorf("page %d in a tree: %w", id, errPage))
	}
}

func (w *walker) leaf(p page, visit func(element)) {
	for e, err := range p.elements() {
		if err != nil {
			w.problem(err)
			continue
		}
		visit(e)
	}
}

// bucket visits the entries of a nested bucket given its value in the parent.
func (w *walker) bucket(value []byte, visit func(element)) {
	root, _, inline, err := bucketRoot(value)
	switch {
	case err != nil:
		w.problem(err)
	case root == 0:
		w.leaf(inline, visit)
	default:
		w.tree(root, visit)
	}
}

package store

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"magpie/im"
)

// inspect looks at the file before bbolt may trust it: the meta pages, the list
// of free pages, the schema and the root of every bucket, a handful of pages
// however large the file is; with thorough every page and every value. filled is
// false for a file that was made and in which nothing was ever written.
//
// The error is an *im.Error: CodeStoreDamaged if it is to be set aside,
// CodeVersion if it is from a later program.
func inspect(file *os.File, is *form, newest int, thorough bool) (filled bool, err error) {
	info, err := file.Stat()
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	f, err := openPages(file, info.Size())
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	return inspectPages(f, is, newest, thorough)
}

// inspectPages is inspect for a file that is open.
func inspectPages(f *pageFile, is *form, newest int, thorough bool) (filled bool, err error) {
	wrong := func(err error) (bool, error) { return true, im.Errorf(im.CodeStoreDamaged, "store: %v", err) }
	if !f.metas[0].valid || !f.metas[1].valid {
		// One of them is enough for bbolt, but then its last transaction is gone,
		// and somebody was told that it is durable.
		return wrong(errors.New("a meta page is damaged"))
	}
	m, _ := f.newest()
	if m.high > f.pages() {
		return wrong(fmt.Errorf("%d pages of %d are there", f.pages(), m.high))
	}
	free, err := f.freeIDs(m.freelist)
	if err != nil {
		return wrong(err)
	}
	var first error
	w := newWalker(f, func(err error) {
		if first == nil {
			first = err
		}
	})
	schema := -1
	found := map[string]bool{}
	var others []element
	r := &reader{w: w, form: is, record: func(k kind, _ im.ConversationID, key, value []byte) {
		if k != kindSchema {
			return
		}
		if schema, err = decodeSchema(value); err != nil {
			w.problem(err)
		}
	}}
	w.tree(m.root, func(e element) {
		found[string(e.key)] = true
		switch {
		case !e.bucket:
			w.problem(fmt.Errorf("%.32q is not a bucket: %w", e.key, errPage))
		case thorough || string(e.key) == string(bucketMeta) || string(e.key) == string(bucketOwn):
			r.top(e)
		default:
			others = append(others, e)
		}
	})
	if first == nil {
		workers := 1
		if f.pages() >= manyPages {
			workers = min(2, runtime.GOMAXPROCS(0))
		}
		first = f.rootsOnly(others, workers)
	}
	if first != nil {
		return wrong(first)
	}
	if len(found) == 0 {
		return false, nil // made and never filled: the first migration is still to come
	}
	if schema < 0 {
		return wrong(errors.New("there is no schema version"))
	}
	if schema > newest {
		return true, errNewer(schema, newest)
	}
	if schema == newest {
		for _, name := range is.buckets() {
			if !found[string(name)] {
				return wrong(fmt.Errorf("bucket %s is gone", name))
			}
		}
	}
	if thorough {
		return true, checkFree(free, m, w)
	}
	return true, nil
}

// manyPages is a file of half a gigabyte. Each piece that is looked at of it is a call of
// the system, and there are hundreds, so there two do it.
const manyPages = 1 << 17

// rootsOnly looks at the ways into buckets.
func (f *pageFile) rootsOnly(buckets []element, workers int) error {
	return beside(workers, len(buckets), func() func(int) error {
		return func(i int) error { return f.rootOnly(string(buckets[i].key), buckets[i].value) }
	})
}

// rootOnly looks at the way into a bucket: its branch pages, or for those that grow with
// the messages their first page.
func (f *pageFile) rootOnly(name string, value []byte) error {
	root, _, _, err := bucketRoot(value)
	switch {
	case err != nil:
		return err
	case root == 0:
		return f.soundBucket(value, 0)
	case name == string(bucketMsgByID), name == string(bucketPlace), name == string(bucketSearchPage):
		p, err := f.page(root)
		if err == nil && p.flags == flagFreelist {
			err = fmt.Errorf("page %d as a root: %w", root, errPage)
		}
		return err
	}
	return f.sound(root, leavesAtEnds)
}

// checkFree refuses a page that is both free and in use: the next write would
// destroy it.
func checkFree(free []uint64, m metaPage, w *walker) error {
	for _, id := range free {
		if id < 2 || id >= m.high || w.seen.has(id) {
			return im.Errorf(im.CodeStoreDamaged, "store: page %d is free and in use", id)
		}
	}
	return nil
}

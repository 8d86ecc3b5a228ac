package store

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// find looks for a key in a tree, the way bbolt does, and checks what it meets on the way;
// false if it is not there. Of a mapping nothing is copied: what is found is as valid as that.
func (f *pageFile) find(root uint64, key []byte) (element, bool, error) {
	id := root
	for range maxDepth {
		p, err := f.look(id)
		if err != nil {
			return element{}, false, err
		}
		switch {
		case p.flags == flagLeaf:
			return p.find(key)
		case p.flags != flagBranch || p.count == 0:
			return element{}, false, fmt.Errorf("page %d on the way from page %d: %w", id, root, errPage)
		}
		at, exact, err := p.search(key)
		if err != nil {
			return element{}, false, err
		}
		if !exact {
			at = max(at-1, 0)
		}
		id = binary.NativeEndian.Uint64(p.data[pageHeader+at*elementSize+8:])
	}
	return element{}, false, fmt.Errorf("tree of page %d does not end: %w", root, errPage)
}

// look is page without a copy of what is mapped.
func (f *pageFile) look(id uint64) (page, error) {
	m, mapped := f.r.(mapping)
	if !mapped {
		return f.page(id)
	}
	if id < 2 || id >= f.pages() {
		return page{}, fmt.Errorf("page %d of %d: %w", id, f.pages(), errPage)
	}
	at := int64(id) * int64(f.pageSize)
	p, total, err := f.parse(id, m[at:at+pageHeader])
	if err != nil {
		return page{}, err
	}
	p.data = m[at : at+total]
	return p, p.fits()
}

// search returns where among those of a page the first key is that is not below one, and
// whether it met that key. It looks at the same entries as bbolt, which is led the same way
// then, also by a page whose keys do not ascend.
func (p page) search(key []byte) (at int, exact bool, err error) {
	low, high := 0, p.count
	for low < high {
		middle := (low + high) / 2
		k, err := p.key(middle)
		if err != nil {
			return 0, false, err
		}
		c := bytes.Compare(k, key)
		exact = exact || c == 0
		if c < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, exact, nil
}

// find looks for a key in a leaf.
func (p page) find(key []byte) (e element, found bool, err error) {
	at, _, err := p.search(key)
	if err != nil || at == p.count {
		return element{}, false, err
	}
	e, err = p.element(at)
	if err != nil || !bytes.Equal(e.key, key) {
		return element{}, false, err
	}
	return e, true, nil
}

// key is that of an entry of a leaf or a branch.
func (p page) key(i int) ([]byte, error) {
	at := pageHeader + i*elementSize
	e, n := p.data[at:at+elementSize], binary.NativeEndian
	if p.flags == flagLeaf {
		e = e[4:] // after the flags the two are alike
	}
	start := uint64(at) + uint64(n.Uint32(e))
	end := start + uint64(n.Uint32(e[4:]))
	if end > uint64(len(p.data)) || start == end {
		return nil, fmt.Errorf("element %d of page %d: %w", i, p.id, errPage)
	}
	return p.data[start:end], nil
}

// committed is the file as a transaction that only reads sees it. It is as valid as that.
func (tx *txn) committed() *pageFile {
	return &pageFile{r: tx.mapping(), size: tx.Size(), pageSize: tx.DB().Info().PageSize}
}

// message finds what all, the bucket msg of a transaction that only reads, has of a message;
// nil if that is nothing. A search finds messages of conversations that nobody has opened,
// twenty at a time, and of a long history in ever new ones: to look at all that bbolt might
// be led to in each, before it may, would take longer than finding them.
func (f *pageFile) message(all *bbolt.Bucket, conv, key []byte) ([]byte, error) {
	if all == nil || all.Root() == 0 {
		return nil, nil
	}
	wrong := func(err error) error {
		return im.Errorf(im.CodeStoreDamaged, "store: bucket %s/%.96q: %v", bucketMsg, conv, err)
	}
	e, found, err := f.find(uint64(all.Root()), conv)
	switch {
	case err != nil:
		return nil, wrong(err)
	case !found:
		return nil, nil
	case !e.bucket:
		return nil, wrong(fmt.Errorf("no bucket: %w", errPage))
	}
	root, _, inline, err := bucketRoot(e.value)
	switch {
	case err != nil:
	case root == 0:
		e, found, err = inline.find(key)
	default:
		e, found, err = f.find(root, key)
	}
	switch {
	case err != nil:
		return nil, wrong(err)
	case !found:
		return nil, nil
	case e.bucket:
		return nil, wrong(fmt.Errorf("a bucket for %x: %w", key, errPage))
	}
	return e.value, nil
}

package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"os"
	"slices"
)

// This file reads the pages of a bbolt file by itself, with every offset and
// count checked, because bbolt trusts what it maps: on a damaged page it
// panics, faults, or recurses for ever. It is used to look at a file before
// bbolt may, and to save what can be read from one that bbolt cannot open.
//
// The format is bbolt's version 2: pages with a header of id, flags, count and
// overflow; leaf and branch elements of 16 bytes that point at their keys; two
// meta pages written in turn.

const (
	pageHeader   = 16
	elementSize  = 16
	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagMeta     = 0x04
	flagFreelist = 0x10
	flagBucket   = 0x01 // of a leaf element
	boltMagic    = 0xED0CDAED
	boltVersion  = 2
	metaSize     = 64
	maxPageBytes = 64 << 20 // of one page with its overflow
)

var errPage = errors.New("page cannot be read")

// page is one page with its overflow, as copied from the file.
type page struct {
	id    uint64
	flags uint16
	count int
	data  []byte
}

// metaPage is the content of page 0 or 1.
type metaPage struct {
	valid    bool
	pageSize int
	root     uint64
	freelist uint64
	high     uint64 // first page id that is not in use
	txid     uint64
}

// pageFile is a bbolt file that is only read.
type pageFile struct {
	r        io.ReaderAt
	size     int64
	pageSize int
	metas    [2]metaPage
}

// openPages reads the two meta pages. It fails only if the file cannot be read
// at all: a file without valid meta pages still has pages.
func openPages(r io.ReaderAt, size int64) (*pageFile, error) {
	f := &pageFile{r: r, size: size, pageSize: os.Getpagesize()}
	first, err := f.readMeta(0)
	if err != nil {
		return nil, err
	}
	f.metas[0] = first
	if first.valid {
		f.pageSize = first.pageSize
		f.metas[1], err = f.readMeta(int64(first.pageSize))
		return f, err
	}
	// The second one is where the page size says, which only it can tell.
	for at := int64(1024); at <= 64<<10; at *= 2 {
		m, err := f.readMeta(at)
		if err != nil {
			return nil, err
		}
		if m.valid && int64(m.pageSize) == at {
			f.pageSize, f.metas[1] = m.pageSize, m
			break
		}
	}
	return f, nil
}

func (f *pageFile) readMeta(at int64) (metaPage, error) {
	var b [pageHeader + metaSize]byte
	if n, err := f.r.ReadAt(b[:], at); n < len(b) {
		if err == io.EOF {
			return metaPage{}, nil
		}
		return metaPage{}, err
	}
	n := binary.NativeEndian
	p := b[pageHeader:]
	m := metaPage{
		pageSize: int(n.Uint32(p[8:])), root: n.Uint64(p[16:]), freelist: n.Uint64(p[32:]),
		high: n.Uint64(p[40:]), txid: n.Uint64(p[48:]),
	}
	h := fnv.New64a()
	_, _ = h.Write(p[:56])
	sizeOK := m.pageSize >= 1024 && m.pageSize <= 64<<10 && m.pageSize&(m.pageSize-1) == 0
	m.valid = n.Uint32(p) == boltMagic && n.Uint32(p[4:]) == boltVersion && n.Uint64(p[56:]) == h.Sum64() &&
		sizeOK && n.Uint16(b[8:]) == flagMeta
	return m, nil
}

// newest is the valid meta page with the highest transaction.
func (f *pageFile) newest() (metaPage, bool) {
	a, b := f.metas[0], f.metas[1]
	if !a.valid || b.valid && b.txid > a.txid {
		a = b
	}
	return a, a.valid
}

// pages is how many whole pages the file has.
func (f *pageFile) pages() uint64 { return uint64(f.size) / uint64(f.pageSize) }

// page reads page id with its overflow.
func (f *pageFile) page(id uint64) (page, error) { return f.pageInto(make([]byte, f.pageSize), id) }

// pageInto is page with a buffer of one page to read into.
func (f *pageFile) pageInto(data []byte, id uint64) (page, error) {
	if id < 2 || id >= f.pages() {
		return page{}, fmt.Errorf("page %d of %d: %w", id, f.pages(), errPage)
	}
	at := int64(id) * int64(f.pageSize)
	if _, err := f.r.ReadAt(data, at); err != nil {
		return page{}, fmt.Errorf("page %d: %w", id, err)
	}
	p, total, err := f.parse(id, data)
	if err != nil {
		return page{}, err
	}
	p.data = data
	if total > int64(len(data)) {
		p.data = make([]byte, total)
		if _, err := f.r.ReadAt(p.data, at); err != nil {
			return page{}, fmt.Errorf("page %d: %w", id, err)
		}
	}
	return p, p.fits()
}

// parse reads the header of a page, and how many bytes it has with its overflow.
func (f *pageFile) parse(id uint64, header []byte) (p page, total int64, err error) {
	n := binary.NativeEndian
	p = page{id: id, flags: n.Uint16(header[8:]), count: int(n.Uint16(header[10:]))}
	if got := n.Uint64(header); got != id {
		return page{}, 0, fmt.Errorf("page %d says it is %d: %w", id, got, errPage)
	}
	if p.flags != flagBranch && p.flags != flagLeaf && p.flags != flagFreelist {
		return page{}, 0, fmt.Errorf("page %d has flags %#x: %w", id, p.flags, errPage)
	}
	total = (int64(n.Uint32(header[12:])) + 1) * int64(f.pageSize)
	if total > maxPageBytes || int64(id)*int64(f.pageSize)+total > f.size {
		return page{}, 0, fmt.Errorf("page %d of %d bytes: %w", id, total, errPage)
	}
	return p, total, nil
}

// fits refuses a page with more entries than there is room for.
func (p page) fits() error {
	if p.flags != flagFreelist && pageHeader+p.count*elementSize > len(p.data) {
		return fmt.Errorf("page %d has %d elements: %w", p.id, p.count, errPage)
	}
	return nil
}

// element is one entry of a leaf: a value or, with bucket, a nested bucket.
type element struct {
	bucket     bool
	key, value []byte
}

// element is an entry of a leaf page; errPage if it does not lie within it.
func (p page) element(i int) (element, error) {
	n := binary.NativeEndian
	at := pageHeader + i*elementSize
	e := p.data[at : at+elementSize]
	start := uint64(at) + uint64(n.Uint32(e[4:]))
	middle := start + uint64(n.Uint32(e[8:]))
	end := middle + uint64(n.Uint32(e[12:]))
	if end > uint64(len(p.data)) || start == middle {
		return element{}, fmt.Errorf("element %d of page %d: %w", i, p.id, errPage)
	}
	return element{n.Uint32(e)&flagBucket != 0, p.data[start:middle], p.data[middle:end]}, nil
}

// elements yields the entries of a leaf page that lie within it, and errPage
// once for each that does not.
func (p page) elements() iter.Seq2[element, error] {
	return func(yield func(element, error) bool) {
		for i := range p.count {
			if !yield(p.element(i)) {
				return
			}
		}
	}
}

// children yields the pages that a branch page points to.
func (p page) children() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for i := range p.count {
			if !yield(binary.NativeEndian.Uint64(p.data[pageHeader+i*elementSize+8:])) {
				return
			}
		}
	}
}

// branch is one entry of a branch page: a page with keys from key on.
type branch struct {
	key   []byte
	child uint64
}

// branches returns the entries of a branch page, in the room of a list; errPage if a key
// does not lie within it, or they do not ascend: bbolt would look for things in the wrong
// place.
func (p page) branches(list []branch) ([]branch, error) {
	n := binary.NativeEndian
	list = slices.Grow(list[:0], p.count)
	for i := range p.count {
		at := pageHeader + i*elementSize
		e := p.data[at : at+elementSize]
		start := uint64(at) + uint64(n.Uint32(e))
		end := start + uint64(n.Uint32(e[4:]))
		if end > uint64(len(p.data)) || start == end {
			return list, fmt.Errorf("element %d of page %d: %w", i, p.id, errPage)
		}
		key := p.data[start:end]
		if i > 0 && bytes.Compare(list[i-1].key, key) >= 0 {
			return list, fmt.Errorf("element %d of page %d is out of order: %w", i, p.id, errPage)
		}
		list = append(list, branch{key, n.Uint64(e[8:])})
	}
	return list, nil
}

// bucketRoot splits the value of a nested bucket: the page of its root, or the
// page that is written into the value itself.
func bucketRoot(value []byte) (root, sequence uint64, inline page, err error) {
	if len(value) < pageHeader {
		return 0, 0, page{}, fmt.Errorf("bucket of %d bytes: %w", len(value), errPage)
	}
	n := binary.NativeEndian
	root, sequence = n.Uint64(value), n.Uint64(value[8:])
	if root != 0 {
		return root, sequence, page{}, nil
	}
	data := value[pageHeader:]
	if len(data) < pageHeader {
		return 0, sequence, page{}, fmt.Errorf("inline bucket of %d bytes: %w", len(data), errPage)
	}
	inline = page{flags: n.Uint16(data[8:]), count: int(n.Uint16(data[10:])), data: data}
	if inline.flags != flagLeaf || pageHeader+inline.count*elementSize > len(data) {
		return 0, sequence, page{}, fmt.Errorf("inline bucket: %w", errPage)
	}
	return 0, sequence, inline, nil
}

// freeIDs reads the list of free pages.
func (f *pageFile) freeIDs(id uint64) ([]uint64, error) {
	p, err := f.page(id)
	if err != nil {
		return nil, err
	}
	if p.flags != flagFreelist {
		return nil, fmt.Errorf("page %d is no list of free pages: %w", id, errPage)
	}
	n := binary.NativeEndian
	count, at := uint64(p.count), pageHeader
	if p.count == 0xFFFF {
		count, at = n.Uint64(p.data[at:]), at+8
	}
	if count > uint64(len(p.data)-at)/8 {
		return nil, fmt.Errorf("%d free pages: %w", count, errPage)
	}
	ids := make([]uint64, count)
	for i := range ids {
		ids[i] = n.Uint64(p.data[at+8*i:])
	}
	return ids, nil
}

package store

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"os"

	"magpie/im"
	"magpie/internal/seal"
)

// marker says that a file is sealed. It is the one value beside the schema that is
// read without a key. The keys of the file are derived from the account's and the
// salt, so that a file that is written anew has keys of its own. To programs that
// know no sealed files it is one of their own values in meta, as sound as others.
//
// Without the salt everything is lost. So it is in the file twice: in meta, and in
// the bucket sealed, in a value so large that it has a page of its own, which
// nothing ever writes again. If both are damaged it is looked for on every page.
type marker struct {
	salt  [32]byte
	check [16]byte // derived as the keys are: tells a wrong key from damage
}

const (
	// sealedVersion is the first byte of every sealed value.
	sealedVersion = 2
	markerVersion = 1
)

// newForm returns the form of a new file with a key, that of one without for nil.
func newForm(key *seal.Key) *form {
	if key == nil {
		return plain
	}
	var m marker
	_, _ = rand.Read(m.salt[:]) // never fails: the program ends instead
	file := m.fileKey(*key)
	m.check = m.checkOf(file)
	return m.form(file)
}

func (m marker) fileKey(account seal.Key) seal.Key {
	return account.Derive("store").Derive("file/" + string(m.salt[:]))
}

func (marker) checkOf(file seal.Key) (check [16]byte) {
	k := file.Derive("check")
	copy(check[:], k[:])
	return check
}

// form is what seals with the key of the file.
func (m marker) form(file seal.Key) *form {
	return &form{marker: m, key: file, names: seal.NewNames(file.Derive("names"))}
}

// open returns the form of the file of a marker: an *im.Error with CodeSealed
// without a key, with CodeWrongKey for another one.
func (m marker) open(key *seal.Key) (*form, error) {
	if key == nil {
		return nil, im.Errorf(im.CodeSealed, "store: the file is encrypted and there is no key")
	}
	file := m.fileKey(*key)
	check := m.checkOf(file)
	if subtle.ConstantTimeCompare(check[:], m.check[:]) != 1 {
		return nil, im.Errorf(im.CodeWrongKey, "store: the file was encrypted with another key")
	}
	return m.form(file), nil
}

// put writes both markers into a fresh file.
func (m marker) put(tx *txn) error {
	for _, name := range [][]byte{bucketOwn, bucketSealed} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("bucket %s: %w", name, err)
		}
	}
	page := tx.DB().Info().PageSize
	return errors.Join(
		tx.Bucket(bucketMeta).Put(keySealed, m.encode(0)),
		// bbolt writes buckets of up to a quarter of a page into their parent.
		tx.Bucket(bucketSealed).Put(keySealed, m.encode(page/4)))
}

func (m marker) encode(padding int) []byte {
	e := newEncoder(len(m.salt) + len(m.check) + padding + 16)
	e.uint(markerVersion)
	e.bytes(m.salt[:])
	e.bytes(m.check[:])
	e.bytes(make([]byte, padding))
	return plain.sealer(kindMeta, "").seal(keySealed, e.b)
}

func decodeMarker(value []byte) (marker, error) {
	var m marker
	d, err := plain.sealer(kindMeta, "").open(keySealed, value)
	if err != nil {
		return m, err
	}
	if d.uint() != markerVersion {
		return m, errVersion
	}
	for _, field := range [][]byte{m.salt[:], m.check[:]} {
		if v := d.view(); d.err == nil && copy(field, v) != len(field) {
			d.err = errShort
		}
	}
	d.view()
	return m, d.done()
}

// findMarker looks for the marker of a file that bbolt may not have looked at. It
// reads the root and two small buckets, and every page of a file in which those
// cannot be read.
func findMarker(f *pageFile) (m marker, found bool) {
	take := func(e element) {
		if !found && !e.bucket && bytes.Equal(e.key, keySealed) {
			if read, err := decodeMarker(e.value); err == nil {
				m, found = read, true
			}
		}
	}
	// Without its last transaction a file may seem empty.
	whole := f.metas[0].valid && f.metas[1].valid
	top, ok := f.newest()
	if ok {
		w := newWalker(f, func(error) { whole = false })
		w.tree(top.root, func(e element) {
			switch string(e.key) {
			case string(bucketMeta):
				w.bucket(e.value, take)
			case string(bucketSealed):
				if !found {
					whole = false // the file is sealed: there must be one
					w.bucket(e.value, take)
				}
			}
		})
	}
	if found || ok && whole {
		return m, found
	}
	for id := uint64(2); id < f.pages() && !found; id++ {
		if p, err := f.page(id); err == nil && p.flags == flagLeaf {
			p.leaves(take)
		}
	}
	return m, found
}

// leaves visits the entries of a leaf page, and those of small buckets, which are
// written into their parent.
func (p page) leaves(visit func(element)) {
	for e, err := range p.elements() {
		if err != nil {
			continue
		}
		visit(e)
		if !e.bucket {
			continue
		}
		if root, _, inline, err := bucketRoot(e.value); err == nil && root == 0 {
			for e, err := range inline.elements() {
				if err == nil {
					visit(e)
				}
			}
		}
	}
}

// formOf finds out how a file is kept; see marker.open for its errors.
func formOf(file *os.File, key *seal.Key) (*form, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	f, err := openPages(file, info.Size())
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := refuseForeign(f); err != nil {
		return nil, err
	}
	m, sealed := findMarker(f)
	if !sealed {
		return plain, nil
	}
	return m.open(key)
}

// IsSealed reports whether the store at path is encrypted. It needs no key and
// does not wait for a program that has the file open. The error is os.ErrNotExist
// if there is no file, or the system's.
func IsSealed(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	f, err := openPages(file, info.Size())
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	if refuseForeign(f) != nil {
		return false, nil
	}
	_, sealed := findMarker(f)
	return sealed, nil
}

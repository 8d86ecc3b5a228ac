package store

import (
	"errors"
	"fmt"
	"os"

	"magpie/im"
	"magpie/internal/seal"
)

// Readable returns what somebody who has the key can read on all pages of a sealed
// file, used or not. scopes are the conversations of the messages that it opens.
func Readable(path string, key *seal.Key, scopes ...im.ConversationID) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	is, err := formOf(file, key)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	f, err := openPages(file, info.Size())
	if err != nil {
		return nil, err
	}
	var sums []*sealer
	for _, scope := range scopes {
		sums = append(sums, is.sealer(kindMessage, string(scope)))
	}
	for _, k := range []kind{kindConv, kindOutbox, kindDraft, kindSearchPage} {
		sums = append(sums, is.sealer(k, ""))
	}
	var all []byte
	for id := uint64(2); id < f.pages(); id++ {
		p, err := f.page(id)
		if err != nil || p.flags != flagLeaf {
			continue
		}
		p.leaves(func(e element) {
			if len(e.value) == 0 || e.value[0] != sealedVersion {
				return
			}
			for _, sum := range sums {
				if body, err := sum.body(nil, e.key, e.value); err == nil {
					all = append(all, body...)
					return
				}
			}
		})
	}
	return all, nil
}

// Rewrite writes the file of a closed store anew in its own form, as compaction
// does, and puts it in the place of the old one.
func Rewrite(path string, key *seal.Key) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	f, err := formOf(file, key)
	if err := file.Close(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	db, _, err := openDB(path, Options{}.withDefaults().OpenTimeout)
	if err != nil {
		return err
	}
	var last, total int64
	err = writeFresh(db, f, path+rewriteSuffix, f, Options{Progress: func(d, t int64) {
		if d < last || d > t {
			err = fmt.Errorf("progress went from %d to %d of %d", last, d, t)
		}
		last, total = d, t
	}}.withDefaults())
	if err != nil || last != total || total == 0 {
		return errors.Join(err, fmt.Errorf("%d of %d", last, total))
	}
	if err := db.Close(); err != nil {
		return err
	}
	if err := checkFresh(path+rewriteSuffix, f, migrations()); err != nil {
		return err
	}
	if err := takePlace(path, path+rewriteSuffix); err != nil {
		return err
	}
	return wipe(path + replacedSuffix)
}

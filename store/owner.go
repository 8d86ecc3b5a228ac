package store

import (
	"bytes"
	"fmt"
	"os"

	"magpie/im"
)

// refuseOther is [ErrOtherAccount] if a damaged file is of another account, as far as
// that can still be read of it: only its owner may have it set aside. It is looked for
// where the newest state has it, and in vain there on every page, for a file never
// changes hands.
func refuseOther(file *os.File, is *form, account im.UserID) error {
	if account == "" {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	f, err := openPages(file, info.Size())
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if owner := ownerIn(f, is); owner != "" && owner != account {
		return fmt.Errorf("%w: %.32q, not %.32q", ErrOtherAccount, owner, account)
	}
	return nil
}

// ownerIn is whose file it is, "" if that cannot be read.
func ownerIn(f *pageFile, is *form) (owner im.UserID) {
	take := func(e element) {
		if owner == "" && !e.bucket && bytes.Equal(e.key, keyAccount) {
			account, _, err := is.decodeStamped(kindMeta, keyAccount, e.value)
			if err == nil {
				owner = im.UserID(account)
			}
		}
	}
	if m, ok := f.newest(); ok {
		w := newWalker(f, func(error) {})
		w.tree(m.root, func(e element) {
			if bytes.Equal(e.key, is.metaBucket()) {
				w.bucket(e.value, take)
			}
		})
	}
	for id := uint64(2); id < f.pages() && owner == ""; id++ {
		if p, err := f.page(id); err == nil && p.flags == flagLeaf {
			p.leaves(take)
		}
	}
	return owner
}

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"magpie/app/profile"
	"magpie/im"
	"magpie/store"
)

// whyClosed puts into words why a history cannot be opened and what can be done; an
// error without words of its own stays as it is, and one that says which program has
// the file open. Nothing was changed in any case.
func whyClosed(err error, path string, acct profile.Account) error {
	words := ""
	switch {
	case im.CodeOf(err) == im.CodeVersion:
		words = "a later version of Magpie wrote it; update this one"
	case errors.Is(err, store.ErrOtherAccount):
		words = fmt.Sprintf("it is of another account than %s; put it where it belongs", acct.User)
	case errors.Is(err, store.ErrForeign):
		words = "it is no history of Magpie; put the right file there, or `magpie doctor --repair` moves this one aside and begins anew"
	case im.CodeOf(err) == im.CodeSealed:
		words = "it is encrypted; MAGPIE_PASSPHRASE or MAGPIE_PASSPHRASE_FILE unlocks it"
	case im.CodeOf(err) == im.CodeWrongKey:
		words = "it was encrypted with another key; put the vault.json that belongs to it back"
	case im.CodeOf(err) == im.CodeDiskFull, errors.Is(err, syscall.ENOSPC):
		words = "the disk is full; make room"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		words = "its folder can only be read, or belongs to another user"
	default:
		return err
	}
	return &closedError{fmt.Sprintf("%s: %s. Nothing was changed", path, words), err}
}

// closedError says why a history stays closed in words, and is what it was.
type closedError struct {
	words string
	err   error
}

func (e *closedError) Error() string { return e.words }
func (e *closedError) Unwrap() error { return e.err }

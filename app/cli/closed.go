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

// whyClosed puts into words why a history cannot be opened and what can be done. An
// error with a code has words already, and so has one that says which program has the
// file open. Nothing was changed in any case.
func whyClosed(err error, path string, acct profile.Account) error {
	var words string
	switch {
	case im.CodeOf(err) != 0:
		return err
	case errors.Is(err, store.ErrForeign):
		return &closedError{path + " is a file of another program and was left as it is; move it elsewhere, or let magpie doctor --repair give it another name", err}
	case errors.Is(err, store.ErrOtherAccount):
		words = fmt.Sprintf("it is of another account than %s; put it where it belongs", acct.User)
	case errors.Is(err, syscall.ENOSPC):
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

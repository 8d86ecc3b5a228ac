package store

import (
	"errors"
	"fmt"
	"strings"

	"magpie/im"
)

// diskError turns the failure of a commit into what a person can be told: no
// room is an *im.Error with CodeDiskFull, everything else is passed on.
func diskError(err error) error {
	if err == nil || im.CodeOf(err) != 0 {
		return err
	}
	if isDiskFull(err) {
		return im.Errorf(im.CodeDiskFull, "store: %v", err)
	}
	return fmt.Errorf("store: %w", err)
}

func isDiskFull(err error) bool {
	if err == nil {
		return false
	}
	for _, full := range fullErrors() {
		// bbolt formats the failure of growing the file with %s, which leaves only
		// the words to go by.
		if errors.Is(err, full) || strings.HasSuffix(err.Error(), ": "+full.Error()) {
			return true
		}
	}
	return false
}

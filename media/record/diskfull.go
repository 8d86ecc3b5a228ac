package record

import (
	"errors"

	"magpie/im"
)

// diskError gives the error of a full disk its code, by which a person is told;
// everything else is passed on.
func diskError(err error) error {
	for _, full := range fullErrors() {
		if errors.Is(err, full) {
			return im.Errorf(im.CodeDiskFull, "%v", err)
		}
	}
	return err
}

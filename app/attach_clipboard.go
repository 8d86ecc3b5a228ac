package app

import (
	"context"
	"errors"
	"time"
)

// Clipboard is the system's, for what Fyne's cannot hold. Its methods but Close
// are called beside the user interface.
type Clipboard interface {
	// Read returns the files that were copied, else a picture; both are empty if
	// there is neither.
	Read(ctx context.Context) (files []string, picture []byte, err error)
	// WritePicture puts a PNG there. The bytes must not change afterwards.
	WritePicture(ctx context.Context, png []byte) error
	Close()
}

// clipboardPatience is how long the owner of the clipboard may take.
const clipboardPatience = 3 * time.Second

// errNoClipboard: the program was started without one.
var errNoClipboard = errors.New("no clipboard for pictures")

// copyPicture puts a picture, a PNG that must not change afterwards, into the
// system's clipboard. It waits for that, at most [clipboardPatience], so it is to be
// called beside the user interface.
func (a *application) copyPicture(png []byte) error {
	if a.options.Clipboard == nil {
		return errNoClipboard
	}
	ctx, cancel := context.WithTimeout(context.Background(), clipboardPatience)
	defer cancel()
	return a.options.Clipboard.WritePicture(ctx, png)
}

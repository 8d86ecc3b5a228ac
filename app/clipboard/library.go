//go:build !(linux || freebsd || openbsd || netbsd)

package clipboard

import (
	"context"
	"fmt"

	"golang.design/x/clipboard"

	"magpie/im"
)

// Clipboard is the system's. Its methods may be called by several goroutines.
type Clipboard struct{}

// New finds the clipboard when it is first used.
func New() *Clipboard { return &Clipboard{} }

// Read returns the picture in the clipboard, empty if there is none: the library
// knows nothing of files. The error is ErrUnavailable, ErrTooLarge or ctx's; it
// gives up waiting when ctx ends.
func (*Clipboard) Read(ctx context.Context) (files []string, picture []byte, err error) {
	type outcome struct {
		picture []byte
		err     error
	}
	read := make(chan outcome, 1)
	go func() {
		if err := clipboard.Init(); err != nil {
			read <- outcome{err: fmt.Errorf("%w: %w", ErrUnavailable, err)}
			return
		}
		read <- outcome{picture: clipboard.Read(clipboard.FmtImage)}
	}()
	select {
	case o := <-read:
		if len(o.picture) > im.MaxFileBytes {
			return nil, nil, ErrTooLarge
		}
		return nil, o.picture, o.err
	case <-ctx.Done():
		return nil, nil, fmt.Errorf("clipboard: %w", ctx.Err())
	}
}

// WritePicture puts a picture, a PNG, into the clipboard.
func (*Clipboard) WritePicture(_ context.Context, png []byte) error {
	if err := clipboard.Init(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if clipboard.Write(clipboard.FmtImage, png) == nil {
		return ErrUnavailable
	}
	return nil
}

// Close ends the use of the clipboard. What was written stays.
func (*Clipboard) Close() {}

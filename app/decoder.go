package app

import (
	"context"
	"errors"
	"time"

	"magpie/media/isolated"
	"magpie/media/sandbox"
)

// warmAfter is how long after the start the isolated decoder is made ready: the
// window is drawn and the history read by then, and the first picture or voice
// note that needs it does not wait.
const warmAfter = 5 * time.Second

// decoder is the isolated decoder of everything that is not decoded in this
// process, one for the whole application. It costs nothing until it is used.
func (a *application) decoder() isolated.Decoder { return isolated.New(a.sandbox) }

// newSandbox makes what decoder uses; its machine code is kept in cache.
func newSandbox(cache string) *sandbox.Sandbox {
	return sandbox.New(sandbox.Options{CacheDir: cache})
}

// warmDecoder starts the decoder some seconds from now, beside the user interface.
// Stop ends the wait.
func (a *application) warmDecoder(ctx context.Context) (stop func()) {
	timer := time.AfterFunc(warmAfter, func() {
		if err := a.sandbox.Warm(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, sandbox.ErrClosed) {
			a.log("the isolated decoder does not start: %v", err)
		}
	})
	return func() { timer.Stop() }
}

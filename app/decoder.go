package app

import (
	"context"
	"errors"
	"time"

	"magpie/media/isolated"
	"magpie/media/sandbox"
)

// prepareAfter is how long after the start the machine code of the isolated decoder
// is made, if it was never made before: the window is drawn and the history read by
// then, and the first picture or voice note that needs it does not wait.
const prepareAfter = 5 * time.Second

// decoder is the isolated decoder of everything that is not decoded in this
// process, one for the whole application. It costs nothing until it is used.
func (a *application) decoder() isolated.Decoder { return isolated.New(a.sandbox) }

// newSandbox makes what decoder uses; its machine code is kept in cache.
func newSandbox(cache string) *sandbox.Sandbox {
	return sandbox.New(sandbox.Options{CacheDir: cache})
}

// prepareDecoder makes its machine code some seconds from now, beside the user
// interface. Stop ends the wait.
func (a *application) prepareDecoder(ctx context.Context) (stop func()) {
	timer := time.AfterFunc(prepareAfter, func() {
		if err := a.sandbox.Prepare(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, sandbox.ErrClosed) {
			a.log("the isolated decoder does not start: %v", err)
		}
	})
	return func() { timer.Stop() }
}

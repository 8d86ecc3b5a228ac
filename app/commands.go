package app

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"magpie/app/cli"
	"magpie/app/diagnose"
	"magpie/app/instance"
)

// commands runs commands of the command line that other processes hand in, each on
// a goroutine of its own: they use the sessions of the window as the window does,
// and nothing of the user interface.
type commands struct {
	began chan struct{}
	app   *application // set when began is closed
}

func newCommands() *commands { return &commands{began: make(chan struct{})} }

// begin says that the window has begun: what it opens at its start is being opened.
func (c *commands) begin(a *application) {
	c.app = a
	close(c.began)
}

var errSessionOver = errors.New("app: the window closed the account")

// run is for [instance.Handler].
func (c *commands) run(ctx context.Context, r instance.Request, io instance.Streams) (int, error) {
	select {
	case <-c.began:
	case <-ctx.Done():
		return 0, &instance.RefusedError{Why: instance.RefusedEnding}
	}
	a := c.app
	s, done, why := a.sessions.use(ctx, r.Account)
	if why != "" {
		return 0, &instance.RefusedError{Why: why}
	}
	defer done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.ctx, func() { cancel(errSessionOver) })()
	return a.runCommand(ctx, s, r, io), nil
}

// runCommand runs one. A panic in it is no reason to lose the window.
func (a *application) runCommand(ctx context.Context, s *session, r instance.Request, io instance.Streams) (code int) {
	defer func() {
		if p := recover(); p != nil {
			a.log("a command panicked: %v\n%s", p, debug.Stack())
			fmt.Fprintln(io.Err, "magpie: the command failed inside the window:", p)
			code = cli.ExitFailed
		}
	}()
	return cli.Main(ctx, cli.InWindow(r, io, &cli.Window{
		Profile: a.profile, Account: s.account, Store: s.store, Client: s.client, Decoder: a.decoder(),
		Diagnose: func(ctx context.Context) (*diagnose.Report, error) { return a.diagnose(ctx, s) },
	}, a.options.Version))
}

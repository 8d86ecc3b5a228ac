package app

import (
	"context"
	"errors"

	"magpie/app/core"
	"magpie/app/diagnose"
	"magpie/widgets/loop"
)

// report begins the report of a session with what belongs to the user interface;
// [diagnose.Report.Collect] has the rest.
func (a *application) report(s *session) *diagnose.Report {
	c := a.window.Canvas()
	figures := a.tally.Figures()
	return &diagnose.Report{
		Made: a.now(), Version: a.options.Version,
		Window: &diagnose.Window{
			Language: a.tr.Tag(), Theme: a.settings.Theme, TextPercent: a.fyne.percent(), ReducedMotion: a.settings.ReducedMotion,
			Scale: c.Scale(), Width: c.Size().Width, Height: c.Size().Height,
		},
		Accounts: len(a.settings.Accounts), Local: s.account.Local, Proxy: string(a.way.Route().Kind),
		Encryption: diagnose.Encryption(a.vault.Kind()), Figures: &figures,
	}
}

// errWindowEnds: a report was asked for while the window closed.
var errWindowEnds = errors.New("app: the window is closing")

// diagnose makes the report of a session for a command, on a goroutine of its own.
func (a *application) diagnose(ctx context.Context, s *session) (*diagnose.Report, error) {
	begun := make(chan *diagnose.Report, 1)
	loop.Do(func() { begun <- a.report(s) })
	select {
	case r := <-begun:
		return r, r.Collect(ctx, s.client)
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-a.over:
		return nil, errWindowEnds
	}
}

// count takes an event of any account into the figures of the report.
func (a *application) count(e core.Event) { a.tally.Heard(e, a.now()) }

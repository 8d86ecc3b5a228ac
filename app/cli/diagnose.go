package cli

import (
	"context"
	"fmt"
	"time"

	"magpie/app/diagnose"
	"magpie/app/vault"
)

// diagnoseCommand prints a report for whoever helps the person, without anything that
// is theirs. With a window open it is the window's.
func diagnoseCommand(ctx context.Context, e *Env, args []string) error {
	f := e.flags("diagnose")
	var a account
	a.register(f)
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usageError("diagnose takes no arguments")
	}
	return e.offlineDo(ctx, &a, func(s *session) error {
		r, err := e.report(ctx, s)
		if err == nil {
			_, err = fmt.Fprint(e.Stdout, r)
		}
		return err
	})
}

// report is the window's, or one of what is on the disk.
func (e *Env) report(ctx context.Context, s *session) (*diagnose.Report, error) {
	if s.window != nil && s.window.Diagnose != nil {
		return s.window.Diagnose(ctx)
	}
	settings, _, err := s.prof.Load(time.Now())
	if err != nil {
		return nil, err
	}
	v, err := vault.Load(s.prof.Root, nil)
	if err != nil {
		return nil, err
	}
	r := &diagnose.Report{
		Made: time.Now(), Version: e.Version, Accounts: len(settings.Accounts), Local: s.acct.Local,
		Proxy: string(settings.Proxy.Kind), Encryption: diagnose.Encryption(v.Kind()),
	}
	return r, r.Collect(ctx, s.client)
}

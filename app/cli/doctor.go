package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"magpie/app/profile"
	"magpie/store"
)

// doctor looks at all of the history of an account, and mends it if it is told to.
// It needs no server and no password.
func doctor(ctx context.Context, e *Env, args []string) error {
	f := e.flags("doctor")
	var a account
	a.register(f)
	repair := f.Bool("repair", false, "set a damaged history aside and save what can be read")
	asJSON := f.Bool("json", false, "print one JSON line")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usageError("doctor takes no arguments")
	}
	path, acct, o, err := a.history(ctx, e)
	if err != nil {
		return err
	}
	h, err := store.Examine(path, o)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s has no history here yet", acct.User)
	}
	if err != nil {
		return err
	}
	report := store.Report{}
	before := h
	if h.Damage > 0 && *repair {
		if report, err = store.Repair(path, o); err != nil {
			return err
		}
		if h, err = store.Examine(path, o); err != nil {
			return err
		}
	}
	if *asJSON {
		return json.NewEncoder(e.Stdout).Encode(struct {
			Path string `json:"path"`
			store.Health
			SetAside string `json:"setAside,omitempty"`
			Saved    int    `json:"saved,omitempty"`
		}{path, h, report.SetAside, report.Salvaged})
	}
	fmt.Fprintf(e.Stdout, "%s\n%d bytes, %d of them free; %d messages in %d conversations, %d not sent yet, %d drafts\n",
		path, before.Bytes, before.FreeBytes, before.Messages, before.Conversations, before.Waiting, before.Drafts)
	for _, p := range before.Problems {
		fmt.Fprintln(e.Stdout, "  damaged:", p)
	}
	if more := before.Damage - len(before.Problems); more > 0 {
		fmt.Fprintf(e.Stdout, "  and %d more\n", more)
	}
	switch {
	case before.Damage == 0:
		fmt.Fprintln(e.Stdout, "nothing is damaged")
	case report.SetAside == "":
		return fmt.Errorf("the history is damaged in %d places; `magpie doctor --repair` saves what can be read", before.Damage)
	default:
		fmt.Fprintf(e.Stdout, "the damaged file is now %s\n%d entries were saved: %d messages, %d not sent yet, %d drafts; the rest comes back from the server\n",
			report.SetAside, report.Salvaged, h.Messages, h.Waiting, h.Drafts)
	}
	return nil
}

// history is where the history of the account is that the flags choose, and what
// opens it.
func (a *account) history(ctx context.Context, e *Env) (path string, acct profile.Account, o store.Options, err error) {
	p, err := profile.Open(a.data, a.profile)
	if err != nil {
		return "", acct, o, err
	}
	settings, _, err := p.Load(time.Now())
	if err != nil {
		return "", acct, o, err
	}
	if acct, err = a.choose(settings); err != nil {
		return "", acct, o, err
	}
	keys, err := e.keysIfAny(ctx, p)
	if err != nil {
		return "", acct, o, err
	}
	path, err = p.HistoryPath(acct)
	return path, acct, e.options(acct, keys), err
}

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
func doctor(ctx context.Context, e *Env, args []string) (err error) {
	f, a := e.accountFlags("doctor")
	repair := f.Bool("repair", false, "set a damaged history aside and save what can be read")
	asJSON := f.Bool("json", false, "print one JSON line")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usageError("doctor takes no arguments")
	}
	d, end, err := a.patient(ctx, e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	h, err := d.examine(ctx)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s has no history here yet", d.acct.User)
	case errors.Is(err, store.ErrForeign) && *repair:
		aside, err := store.SetAside(d.path, d.o)
		if err != nil {
			return whyClosed(err, d.path, d.acct)
		}
		fmt.Fprintf(e.Stderr, "magpie doctor: what was there is now %s; the history begins anew at the next start\n", aside)
		return nil
	case err != nil:
		return whyClosed(err, d.path, d.acct)
	}
	report := store.Report{}
	before := h
	if h.Damage > 0 && *repair {
		if report, err = d.repair(); err != nil {
			return whyClosed(err, d.path, d.acct)
		}
		if h, err = d.examine(ctx); err != nil {
			return err
		}
	}
	unrepaired := func() error {
		return fmt.Errorf("the history is damaged in %d places; `magpie doctor --repair` saves what can be read", before.Damage)
	}
	if *asJSON {
		h.Lost, h.Outside = before.Lost, before.Outside // the mended file does not know of them any more
		if err := json.NewEncoder(e.Stdout).Encode(struct {
			Path string `json:"path"`
			store.Health
			SetAside   string `json:"setAside,omitempty"`
			Saved      int    `json:"saved,omitempty"`
			Unreadable int    `json:"unreadable,omitempty"` // places of the file that was set aside
		}{d.path, h, report.SetAside, report.Salvaged, report.Lost}); err != nil {
			return err
		}
		if h.Damage > 0 {
			return unrepaired()
		}
		return nil
	}
	fmt.Fprintf(e.Stdout, "%s\n%d bytes, %d of them free; %d messages in %d conversations, %d not sent yet, %d drafts\n",
		d.path, before.Bytes, before.FreeBytes, before.Messages, before.Conversations, before.Waiting, before.Drafts)
	for _, p := range before.Problems {
		fmt.Fprintln(e.Stdout, "  damaged:", p)
	}
	if more := before.Damage - len(before.Problems); more > 0 {
		fmt.Fprintf(e.Stdout, "  and %d more\n", more)
	}
	if before.Outside > 0 && report.SetAside == "" {
		fmt.Fprintf(e.Stdout, "  %d more messages are outside the tree, where nothing leads to them; a repair saves them, perhaps in an older version\n", before.Outside)
	}
	for _, l := range before.Lost {
		fmt.Fprintf(e.Stdout, "  %s: %s messages cannot be read here any more; those that the server has come back from it\n", l.Conversation, bounds(l))
	}
	switch {
	case before.Damage == 0:
		fmt.Fprintln(e.Stdout, "nothing is damaged")
	case report.SetAside == "":
		return unrepaired()
	default:
		fmt.Fprintf(e.Stdout, "the damaged file is now %s\n%d entries were saved: %d messages, %d not sent yet, %d drafts; %d places could not be read; of what was there, what the server has comes back from it\n",
			report.SetAside, report.Salvaged, h.Messages, h.Waiting, h.Drafts, report.Lost)
		if report.Outside > 0 {
			fmt.Fprintf(e.Stdout, "%d of the messages were found outside the tree and are perhaps an older version; what is newer comes from the server\n", report.Outside)
		}
	}
	return nil
}

// bounds says how many it is, as exactly as the file tells.
func bounds(l store.LostMessages) string {
	switch {
	case l.Least == l.Most:
		return fmt.Sprint(l.Least)
	case l.Most < 0:
		return fmt.Sprintf("at least %d", l.Least)
	case l.Least == 0:
		return fmt.Sprintf("at most %d", l.Most)
	}
	return fmt.Sprintf("%d to %d", l.Least, l.Most)
}

// patient is a history to look at: in the window's process an open one.
type patient struct {
	path   string
	acct   profile.Account
	window *Window // nil if the history is not open
	p      profile.Profile
	older  bool // there is a window of an older version
	o      store.Options
}

// patient finds the history of the account that the flags choose. end gives it free
// for other commands.
func (a *account) patient(ctx context.Context, e *Env) (_ *patient, end func() error, err error) {
	if w := e.Window; w != nil {
		return &patient{path: w.Store.Path(), acct: w.Account, window: w}, func() error { return nil }, nil
	}
	d := &patient{}
	if d.p, err = profile.Open(a.data, a.profile); err != nil {
		return nil, nil, err
	}
	settings, _, err := d.p.Load(time.Now())
	if err != nil {
		return nil, nil, err
	}
	if d.acct, err = a.choose(settings); err != nil {
		return nil, nil, err
	}
	if d.path, err = d.p.HistoryPath(d.acct); err != nil {
		return nil, nil, err
	}
	if d.older, err = e.throughWindow(ctx, d.p, d.acct); err != nil {
		return nil, nil, err
	}
	keys, err := e.keysIfAny(ctx, d.p)
	if err != nil {
		return nil, nil, err
	}
	d.o = e.options(d.acct, keys)
	turn, err := e.takeTurn(ctx, d.path)
	if err != nil {
		return nil, nil, err
	}
	return d, turn.Release, nil
}

func (d *patient) examine(ctx context.Context) (store.Health, error) {
	if d.window != nil {
		return d.window.Store.Examine(ctx)
	}
	h, err := store.ExamineContext(ctx, d.path, d.o)
	return h, inUse(err, func() string { return windowOf(d.p, d.older) })
}

func (d *patient) repair() (store.Report, error) {
	if d.window != nil {
		return store.Report{}, inUse(store.ErrInUse, func() string { return "a window has it, which cannot give it up for a repair" })
	}
	return store.Repair(d.path, d.o)
}

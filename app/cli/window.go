package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/app/diagnose"
	"magpie/app/instance"
	"magpie/app/profile"
	"magpie/im"
	"magpie/media/isolated"
	"magpie/store"
)

// A history that the window has open is open nowhere else: bbolt locks it, and
// what a second process reads of it would be half written. A command that needs it
// asks the window's process to run it ([throughWindow]); there it is the same
// command with the window's store and client ([Window]).

// Window is what the window's process gives a command to work on.
type Window struct {
	Profile profile.Profile
	Account profile.Account
	Store   *store.Store
	Client  *core.Client
	// Diagnose makes the report of the window, nil for one that has none.
	Diagnose func(context.Context) (*diagnose.Report, error)
	// Decoder is the isolated decoder of the process.
	Decoder isolated.Decoder
}

// ranInWindow is the end of a command that the window's process ran. It said
// itself what there was to say.
type ranInWindow struct{ code int }

func (e *ranInWindow) Error() string { return fmt.Sprintf("the window ran it; exit code %d", e.code) }

// throughWindow has the command run by the window's process if that has the
// account open. Nil means that it does not; older, that there is a window of a
// version that cannot do this. Otherwise the command is over, with the error.
func (e *Env) throughWindow(ctx context.Context, p profile.Profile, acct profile.Account) (older bool, err error) {
	dir, err := os.Getwd()
	if err != nil {
		return false, err
	}
	_, offset := time.Now().In(e.zone()).Zone()
	code, err := instance.Do(ctx, p.Dir(), instance.Request{
		Args: e.Args, Account: acct, Dir: dir, Language: e.Language,
		Zone: os.Getenv("TZ"), Offset: offset,
	}, instance.Streams{In: e.Stdin, Out: e.Stdout, Err: e.Stderr})
	var refused *instance.RefusedError
	switch {
	case err == nil:
		return false, &ranInWindow{code}
	case errors.Is(err, instance.ErrNoWindow):
		return false, nil
	case errors.Is(err, instance.ErrOlder):
		return true, nil
	case errors.Is(err, instance.ErrGone):
		return false, im.Errorf(im.CodeNotReady, "the window ended while this ran; see how far it came before you do it again")
	case !errors.As(err, &refused):
		return false, err
	}
	switch refused.Why {
	case instance.RefusedElsewhere, instance.RefusedEnding: // which lets go of the history soon
		return false, nil
	case instance.RefusedLocked:
		return false, im.Errorf(im.CodeSealed, "the window of this profile is locked; unlock it first")
	case instance.RefusedBusy:
		return false, im.Errorf(im.CodeBusy, "the window of this profile runs as many commands as it may; try again later")
	}
	return false, fmt.Errorf("the window of this profile does not take the command: %w", err)
}

// InWindow makes the Env of a command that another process asked for.
func InWindow(r instance.Request, s instance.Streams, w *Window, version string) *Env {
	return &Env{
		Args: r.Args, Stdin: s.In, Stdout: s.Out, Stderr: s.Err, Version: version, Language: r.Language,
		Dir: r.Dir, Zone: zoneOf(r), Window: w,
	}
}

// zoneOf is the time zone of the asking process.
func zoneOf(r instance.Request) *time.Location {
	if r.Zone == "" {
		return time.Local
	}
	if z, err := time.LoadLocation(strings.TrimPrefix(r.Zone, ":")); err == nil {
		return z
	}
	return time.FixedZone(r.Zone, r.Offset)
}

// zone is that of the dates a person types and reads.
func (e *Env) zone() *time.Location {
	if e.Zone != nil {
		return e.Zone
	}
	return time.Local
}

// path is where a name of the command line is: relative to the directory of the
// process that asked, not of the one that runs the command. "-" and "" stay.
func (e *Env) path(name string) string {
	if e.Dir == "" || name == "" || name == "-" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}

// inWindow is the session of a command in the window's process.
func (a *account) inWindow(e *Env) *session {
	if a.passwordFile != "" || a.userSigFile != "" {
		fmt.Fprintln(e.Stderr, "magpie: the window has this account open; no password is needed")
	}
	w := e.Window
	return &session{client: w.Client, store: w.Store, prof: w.Profile, acct: w.Account, window: w}
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"magpie/app/archive"
	"magpie/app/core"
	"magpie/im"
)

// day is a flag with a date, "2026-01-31", or a moment, "2026-01-31T08:00:00Z".
type day struct {
	time.Time
	zone *time.Location
}

func (d *day) String() string {
	if d == nil || d.IsZero() {
		return ""
	}
	return d.Format(time.RFC3339)
}

// Set implements flag.Value.
func (d *day) Set(s string) (err error) {
	if d.Time, err = time.ParseInLocation(time.DateOnly, s, d.zone); err == nil {
		return nil
	}
	if d.Time, err = time.Parse(time.RFC3339, s); err != nil {
		return errors.New("a date is written 2026-01-31 or 2026-01-31T08:00:00Z")
	}
	return nil
}

// export writes conversations into a folder, for browsers and for programs.
func export(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("export")
	since, until := day{zone: e.zone()}, day{zone: e.zone()}
	f.Var(&since, "since", "from this `date` on")
	f.Var(&until, "until", "before this `date`")
	offline := f.Bool("offline", false, "make no connection: files that are not on this disk are left out")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usageError("say which folder is to be made")
	}
	o := archive.Options{Dir: e.path(rest[0]), Zone: e.zone(), Since: since.Time, Until: until.Time, Fetch: !*offline, Language: e.Language, Now: time.Now()}
	for _, name := range rest[1:] {
		conv := im.ConversationID(name)
		if err := conv.Validate(); err != nil {
			return err
		}
		o.Conversations = append(o.Conversations, conv)
	}
	do := func(s *session) error {
		done, err := archive.Export(ctx, s.client, o)
		if errors.Is(err, os.ErrExist) {
			return fmt.Errorf("there is something at %s already; say another folder", rest[0])
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(e.Stdout, "%d conversations, %d messages and %d files are in %s\n", done.Conversations, done.Messages, done.Files, rest[0])
		if done.Missing > 0 {
			fmt.Fprintf(e.Stderr, "magpie export: %d files are neither on this disk nor to be had; the messages say so\n", done.Missing)
		}
		return nil
	}
	return e.readDo(ctx, a, *offline, do)
}

// importCommand brings an export back in.
func importCommand(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("import")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usageError("say which folder, or which messages.jsonl")
	}
	return e.offlineDo(ctx, a, func(s *session) error {
		done, err := archive.Import(ctx, s.client, e.path(rest[0]), nil)
		if err == nil || done.Messages+done.Files > 0 {
			fmt.Fprintf(e.Stdout, "%d messages and %d files were added, %d messages were here already\n", done.Messages, done.Files, done.Here)
		}
		var refused *archive.RefusedError
		if errors.As(err, &refused) {
			for _, f := range refused.Files {
				fmt.Fprintf(e.Stderr, "magpie import: %s was refused: %v\n", f.Path, f.Err)
			}
		}
		if done.Missing > 0 {
			fmt.Fprintf(e.Stderr, "magpie import: %d files are not in the export\n", done.Missing)
		}
		return err
	})
}

// offlineDo runs a command on what is on the disk.
func (e *Env) offlineDo(ctx context.Context, a *account, do func(*session) error) (err error) {
	s, err := a.open(ctx, e, onDisk)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return do(s)
}

var (
	_ archive.Source = (*core.Client)(nil)
	_ archive.Target = (*core.Client)(nil)
)

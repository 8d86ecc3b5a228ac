package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"magpie/app/archive"
	"magpie/app/core"
	"magpie/im"
)

// export writes conversations into a folder, for browsers and for programs.
func export(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("export")
	since := f.String("since", "", sinceUsage)
	until := f.String("until", "", untilUsage)
	offline := f.Bool("offline", false, "make no connection: messages and files that are not on this disk are left out")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 || rest[0] == "" {
		return usageError("say which folder is to be made")
	}
	o := archive.Options{Dir: e.path(rest[0]), Zone: e.zone(), Fetch: !*offline, Language: e.Language, Now: time.Now()}
	if o.Since, err = e.parseDate(*since, false); err != nil {
		return err
	}
	if o.Until, err = e.parseDate(*until, true); err != nil {
		return err
	}
	if !o.Until.IsZero() {
		if o.Until = o.Until.Add(time.Second); !o.Since.Before(o.Until) {
			return usageError("--since %s is after --until %s", *since, *until)
		}
	}
	for _, name := range rest[1:] {
		conv := im.ConversationID(name)
		if err := conv.Validate(); err != nil {
			return err
		}
		if !slices.Contains(o.Conversations, conv) {
			o.Conversations = append(o.Conversations, conv)
		}
	}
	do := func(s *session) error {
		done, err := archive.Export(ctx, s.client, o)
		if errors.Is(err, os.ErrExist) {
			return fmt.Errorf("there is something at %s already; say another folder", rest[0])
		}
		var unknown *archive.UnknownError
		if errors.As(err, &unknown) {
			return usageError("%s is no conversation of this account; magpie conversations lists them", unknown.Conversation)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(e.Stdout, "%d conversations, %d messages and %d files are in %s\n", done.Conversations, done.Messages, done.Files, rest[0])
		if done.Holes > 0 {
			fmt.Fprintf(e.Stderr, "magpie export: up to %d messages are only on the server and are not in it; export again while it can be reached\n", done.Holes)
		}
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
		if errors.Is(err, archive.ErrOtherHistory) {
			return fmt.Errorf("%w; import it into the account that it was made of, or a new one. Nothing was changed", err)
		}
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
		if errors.Is(err, syscall.EROFS) {
			return whyClosed(err, s.store.Path(), s.acct)
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

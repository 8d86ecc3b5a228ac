package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/im"
)

// storage says what an account takes of the disk, frees room, or deletes a history.
func storage(ctx context.Context, e *Env, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "free":
			return storageFree(ctx, e, args[1:])
		case "forget":
			return storageForget(ctx, e, args[1:])
		}
	}
	f, a := e.accountFlags("storage")
	byChat := f.Bool("by-chat", false, "by conversation as well, those with most first")
	asJSON := f.Bool("json", false, "print one JSON line")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usageError("storage alone, storage free, or storage forget")
	}
	return e.offlineDo(ctx, a, func(s *session) error {
		u, err := s.client.Storage(ctx, nil)
		if err != nil {
			return err
		}
		all, err := s.prof.AccountBytes(s.acct)
		if err != nil {
			return err
		}
		u.Other = max(u.Other, u.Other+all-u.Total()) // what else lies in the folder
		if !*byChat {
			u.Conversations = nil
		}
		if *asJSON {
			return json.NewEncoder(e.Stdout).Encode(struct {
				core.Usage
				Total         int64                    `json:"total"`
				Conversations []core.ConversationUsage `json:"conversations,omitempty"`
			}{u, u.Total(), u.Conversations})
		}
		return e.printUsage(&u)
	})
}

func (e *Env) printUsage(u *core.Usage) error {
	var b strings.Builder
	for _, k := range u.Kinds {
		fmt.Fprintf(&b, "%10s  %s, %d files\n", sizeWords(k.Bytes), k.Kind, k.Files)
	}
	fmt.Fprintf(&b, "%10s  messages and search\n%10s  other\n%10s  together\n", sizeWords(u.History), sizeWords(u.Other), sizeWords(u.Total()))
	for _, c := range u.Conversations {
		fmt.Fprintf(&b, "%10s  %s, %d messages, %d pictures, %d videos, %d files, %d voice notes\n",
			sizeWords(c.Bytes), c.ConversationID, c.Messages, c.Pictures, c.Videos, c.Documents, c.Voices)
	}
	_, err := fmt.Fprint(e.Stdout, b.String())
	return err
}

// storageFree removes files that come back from the server when they are looked at.
func storageFree(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("storage free")
	var age ageFlag
	var size sizeFlag
	f.Var(&age, "older-than", "only of messages older than this `age`: 180d, 12h")
	f.Var(&size, "larger-than", "only files larger than this `size`: 10MB, 500KB")
	kinds := f.String("kind", "", "only these `kinds`, with commas between: "+fileKindNames())
	in := f.String("in", "", "only of this `conversation`")
	last := f.Bool("last-copies", false, "also what may exist nowhere else: the server does not have it or cannot be asked")
	offline := f.Bool("offline", false, "make no connection: the server is not asked, so nothing counts as being there")
	dry := f.Bool("dry-run", false, "say what would go, and change nothing")
	asJSON := f.Bool("json", false, "print one JSON line")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usageError("storage free takes no arguments")
	}
	q := core.FreeUpQuery{OlderThan: time.Duration(age), LargerThan: int64(size), LastCopies: *last, DryRun: *dry}
	if *in != "" {
		if q.Conversation, err = oneConversation([]string{*in}, nil); err != nil {
			return err
		}
	}
	if q.Kinds, err = parseFileKinds(*kinds); err != nil {
		return err
	}
	do := func(s *session) error {
		freed, err := s.client.FreeUp(ctx, q, nil)
		if err != nil {
			return err
		}
		return e.printFreed(&freed, &q, *asJSON)
	}
	if *offline {
		return e.offlineDo(ctx, a, do)
	}
	return e.connectedDo(ctx, a, do)
}

func (e *Env) printFreed(freed *core.Freed, q *core.FreeUpQuery, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(e.Stdout).Encode(struct {
			*core.Freed
			DryRun bool `json:"dryRun"`
		}{freed, q.DryRun})
	}
	verb, taken := "freed", "--last-copies takes them as well"
	if q.DryRun {
		verb = "would be freed"
	}
	if q.LastCopies {
		taken = "they are among these"
	}
	if _, err := fmt.Fprintf(e.Stdout, "%s in %d files %s\n", sizeWords(freed.Bytes), freed.Files, verb); err != nil {
		return err
	}
	for _, k := range []struct {
		core.KeptFiles
		why string
	}{
		{freed.NotSent, "not sent yet; they stay"},
		{freed.NotOnServer, "not on the server; " + taken},
		{freed.Unknown, "the server could not be asked about; " + taken},
	} {
		if k.Files > 0 {
			fmt.Fprintf(e.Stderr, "magpie storage: %s in %d files %s\n", sizeWords(k.Bytes), k.Files, k.why)
		}
	}
	return nil
}

// storageForget deletes the history of a conversation, or all of an account, from this
// disk.
func storageForget(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("storage forget")
	all := f.Bool("all", false, "everything of the account: messages, media, drafts, and that it is signed in")
	unsent := f.Bool("unsent", false, "with --all: also what was not sent yet")
	dry := f.Bool("dry-run", false, "say what would go, and change nothing")
	asJSON := f.Bool("json", false, "print one JSON line")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if *all {
		if len(rest) > 0 {
			return usageError("say either one conversation or --all")
		}
		return e.forgetAll(ctx, a, *unsent, *dry, *asJSON)
	}
	conv, err := oneConversation(rest, nil)
	if err != nil {
		return err
	}
	return e.offlineDo(ctx, a, func(s *session) error {
		what, err := s.client.ForgetHistory(ctx, conv, *dry)
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(e.Stdout).Encode(struct {
				ConversationID im.ConversationID `json:"conversationID"`
				core.Forgotten
				DryRun bool `json:"dryRun"`
			}{conv, what, *dry})
		}
		verb := "were deleted"
		if *dry {
			verb = "would be deleted"
		}
		fmt.Fprintf(e.Stdout, "%d messages and %d files (%s) of %s %s here; the server keeps what it has\n",
			what.Messages, what.Files, sizeWords(what.Bytes), conv, verb)
		e.onlyHere(what.OnlyHere)
		if what.NotSent > 0 {
			fmt.Fprintf(e.Stderr, "magpie storage: %d messages that are not sent yet stay\n", what.NotSent)
		}
		return nil
	})
}

// onlyHere says how many of the messages the server may not have.
func (e *Env) onlyHere(messages uint64) {
	if messages > 0 {
		fmt.Fprintf(e.Stderr, "magpie storage: %d of the messages may exist nowhere else\n", messages)
	}
}

// forgetAll removes an account from the disk.
func (e *Env) forgetAll(ctx context.Context, a *account, unsent, dry, asJSON bool) error {
	s, err := a.open(ctx, e, onDisk)
	if err != nil {
		return err
	}
	imported := s.client.Imported()
	waiting, err := s.store.Outbox()
	bytes, errBytes := s.prof.AccountBytes(s.acct)
	// While it was open nobody else had it; from here on it is about to go.
	if err := errors.Join(err, errBytes, s.close()); err != nil {
		return err
	}
	if len(waiting) > 0 && !unsent && !dry {
		return fmt.Errorf("%d messages were not sent yet; add --unsent to delete these as well", len(waiting))
	}
	if !dry {
		if err := s.forgetAccount(); err != nil {
			return err
		}
	}
	if asJSON {
		return json.NewEncoder(e.Stdout).Encode(struct {
			User     im.UserID `json:"user"`
			Bytes    int64     `json:"bytes"`
			NotSent  int       `json:"notSent"`
			OnlyHere uint64    `json:"onlyHere"`
			DryRun   bool      `json:"dryRun"`
		}{s.acct.User, bytes, len(waiting), imported, dry})
	}
	verb := "was deleted"
	if dry {
		verb = "would be deleted"
	}
	_, err = fmt.Fprintf(e.Stdout, "everything of %s (%s, %d messages not sent yet) %s here; the server keeps what it has\n",
		s.acct.User, sizeWords(bytes), len(waiting), verb)
	e.onlyHere(imported)
	return err
}

// ageFlag is a duration that may be in days.
type ageFlag time.Duration

func (a *ageFlag) String() string { return time.Duration(*a).String() }

// Set implements flag.Value.
func (a *ageFlag) Set(s string) error {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil || n == 0 {
			return errors.New("an age is written 180d or 12h")
		}
		*a = ageFlag(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return errors.New("an age is written 180d or 12h")
	}
	*a = ageFlag(d)
	return nil
}

// sizeFlag is a number of bytes, maybe with a unit of 1,024.
type sizeFlag int64

func (z *sizeFlag) String() string { return strconv.FormatInt(int64(*z), 10) }

// sizeUnits are those of [sizeFlag] and [sizeWords], the longest ending first.
var sizeUnits = []struct {
	name  string
	bytes int64
}{{"TB", 1 << 40}, {"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}}

// Set implements flag.Value.
func (z *sizeFlag) Set(s string) error {
	bad := errors.New("a size is written 10MB, 500KB or 4096")
	number, unit := strings.ToUpper(s), int64(1)
	for _, u := range sizeUnits {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = rest, u.bytes
			break
		}
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(n >= 0) || n*float64(unit) >= 1<<62 {
		return bad
	}
	*z = sizeFlag(n * float64(unit))
	return nil
}

// sizeWords is how large something is, as people read it.
func sizeWords(n int64) string {
	for _, u := range sizeUnits {
		if n >= u.bytes && u.bytes > 1 {
			return fmt.Sprintf("%.1f %s", float64(n)/float64(u.bytes), u.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}

func fileKindNames() string {
	var names []string
	for _, k := range core.FileKinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func parseFileKinds(list string) (kinds []core.FileKind, err error) {
	if list == "" {
		return nil, nil
	}
	for _, name := range strings.Split(list, ",") {
		k := core.FileKind(strings.TrimSpace(name))
		if !slices.Contains(core.FileKinds(), k) {
			return nil, usageError("--kind %q is none of %s", name, fileKindNames())
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}

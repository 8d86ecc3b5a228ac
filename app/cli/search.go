package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/store"
)

// search prints messages of the history on disk that fit. It makes no
// connection. Nothing found is no failure.
func search(ctx context.Context, e *Env, args []string) (err error) {
	f, a := e.accountFlags("search")
	from := f.String("from", "", "only messages of this `user`")
	in := f.String("in", "", "only messages of this `conversation`")
	kinds := f.String("kind", "", "only these `kinds`, with commas between: "+kindNames())
	since := f.String("since", "", sinceUsage)
	until := f.String("until", "", untilUsage)
	limit := f.Int("limit", 20, "at most this many `messages`, 1 to 1000")
	offset := f.Int("offset", 0, "without the first `messages`")
	asJSON := f.Bool("json", false, "one JSON object a line: a message, its text, and where the words are in it")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	q := core.SearchQuery{Text: strings.Join(rest, " "), From: im.UserID(*from), Limit: *limit, Offset: *offset}
	if *limit < 1 || *limit > store.MaxSearchHits {
		return usageError("--limit %d; 1 to %d are allowed", *limit, store.MaxSearchHits)
	}
	if *in != "" {
		if q.Conversation, err = oneConversation([]string{*in}, nil); err != nil {
			return err
		}
	}
	if q.Kinds, err = parseKinds(*kinds); err != nil {
		return err
	}
	if q.Since, err = e.parseDate(*since, false); err != nil {
		return err
	}
	if q.Until, err = e.parseDate(*until, true); err != nil {
		return err
	}
	if strings.TrimSpace(q.Text) == "" && q.From == "" && q.Conversation == "" && q.Kinds == nil && q.Since.IsZero() && q.Until.IsZero() {
		return usageError("nothing to look for")
	}
	s, err := a.open(ctx, e, onDisk)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	page, err := s.client.Search(ctx, q)
	if err != nil {
		return err
	}
	if len(page.Hits) == 0 {
		if err := s.known(ctx, q); err != nil {
			return err
		}
	}
	for i := range page.Hits {
		if err := e.printHit(&page.Hits[i], *asJSON); err != nil {
			return err
		}
	}
	if shown := uint64(*offset + len(page.Hits)); page.Total > shown {
		fmt.Fprintf(e.Stderr, "magpie: %d of %d shown; --limit and --offset show others\n", len(page.Hits), page.Total)
	}
	if page.Indexing {
		fmt.Fprintln(e.Stderr, "magpie: the index of this history is still being made; older messages may be missing")
	}
	chats, err := s.client.NotHere(ctx, q)
	switch {
	case err != nil:
		return err
	case chats == 1:
		fmt.Fprintln(e.Stderr, "magpie: earlier messages of 1 chat are not on this computer yet")
	case chats > 1:
		fmt.Fprintf(e.Stderr, "magpie: earlier messages of %d chats are not on this computer yet\n", chats)
	}
	return nil
}

// known is an error if a search found nothing because nobody, or no conversation, of that
// id is known here: most likely it was mistyped.
func (s *session) known(ctx context.Context, q core.SearchQuery) error {
	if q.Conversation != "" {
		known, err := s.client.Known(q.Conversation)
		if err != nil {
			return err
		}
		if !known {
			return usageError("%s is no conversation of this account; magpie conversations lists them", q.Conversation)
		}
	}
	if q.From == "" || q.From == s.client.User() {
		return nil
	}
	if known, err := s.client.Known(im.C2C(q.From)); err != nil || known {
		return err
	}
	people, err := s.client.KnownPeople(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(people, func(p im.Profile) bool { return p.UserID == q.From }) {
		return nil
	}
	// Somebody may have left every group and still have said something.
	page, err := s.client.Search(ctx, core.SearchQuery{From: q.From, Limit: 1})
	if err != nil || len(page.Hits) > 0 || page.Indexing {
		return err
	}
	return usageError("nobody of the id %s is known here; --from takes a user id", q.From)
}

func (e *Env) printHit(h *core.SearchHit, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(e.Stdout).Encode(h)
	}
	if _, err := fmt.Fprintf(e.Stdout, "%s  ", h.Message.ConversationID); err != nil {
		return err
	}
	return e.print(&h.Message, false)
}

func kindNames() string {
	var names []string
	for _, k := range store.SearchKinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func parseKinds(list string) (kinds []store.SearchKind, err error) {
	if list == "" {
		return nil, nil
	}
	for _, name := range strings.Split(list, ",") {
		k := store.SearchKind(strings.TrimSpace(name))
		if !slices.Contains(store.SearchKinds(), k) {
			return nil, usageError("--kind %q is none of %s", name, kindNames())
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}

const (
	sinceUsage = "from this `date` on: 2006-01-02, or 2006-01-02T15:04:05"
	untilUsage = "up to this `date`, the whole day if it has no time"
)

// parseDate reads a date in the time of who asks; last says that a day means its end.
func (e *Env) parseDate(s string, last bool) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation("2006-01-02", s, e.zone()); err == nil {
		if last {
			t = t.AddDate(0, 0, 1).Add(-time.Second)
		}
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, e.zone()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usageError("%q is no date: 2006-01-02 or 2006-01-02T15:04:05", s)
}

package app

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/store"
	"magpie/widgets/loop"
)

// search.go looks for messages and files beside the user interface while somebody
// types, and says how that stands.

const (
	// searchPage is how many hits are asked for at once; the next ones come when the
	// list gets near them.
	searchPage = 50
	// searchPause is how long the field rests before it is searched for: a word
	// that is typed quickly is one search.
	searchPause = 40 * time.Millisecond
	// searchSlow is after how long a person hears that an answer is awaited.
	searchSlow = 200 * time.Millisecond
)

// hits are what one query found so far.
type hits struct {
	list  []core.SearchHit
	total int
	more  bool // the next page is under way
}

// searching is what has been found, of the query that is or was asked last. What
// was found before stays until there is an answer.
type searching struct {
	messages, files hits

	asked    core.SearchQuery // of the messages; that of the files follows from it
	answered bool             // what is there belongs to asked
	took     time.Duration
	indexing bool // the index is still being made
	indexed  float64
	notHere  int // chats of which earlier messages are missing
	err      error

	soon, slow *time.Timer
	waiting    bool // soon is to come
	asking     bool
	late       bool // slow has passed
	cancel     context.CancelFunc
}

// busy reports whether what is typed has no answer yet.
func (s *searching) busy() bool { return s.waiting || s.asking }

func (s *searching) stop() {
	for _, t := range []*time.Timer{s.soon, s.slow} {
		if t != nil {
			t.Stop()
		}
	}
	s.waiting = false
}

// searchSoon searches when nothing was typed for a moment. What is under way is
// given up: nobody wants it any more.
func (f *finder) searchSoon() {
	f.stopSearch()
	f.found.stop()
	f.found.waiting = true
	f.found.soon = time.AfterFunc(searchPause, func() {
		loop.Do(func() {
			if f.found.waiting && f.sheet.IsOpen() {
				f.search()
				f.arrange()
			}
		})
	})
}

func (f *finder) stopSearch() {
	if f.found.cancel != nil {
		f.found.cancel()
	}
	f.found.cancel, f.found.asking, f.found.late = nil, false, false
	f.found.messages.more, f.found.files.more = false, false
}

// query is what is looked for now; false for nothing at all.
func (f *finder) query() (core.SearchQuery, bool) {
	q := f.filters.query()
	q.Text, q.Limit = f.text, searchPage
	return q, f.text != "" || f.filters.any()
}

// filesOf is the query for files that goes with one for messages.
func filesOf(q core.SearchQuery) core.SearchQuery {
	q.Kinds = []core.SearchKind{store.SearchFile}
	return q
}

// search looks for what is typed and set now.
func (f *finder) search() {
	f.stopSearch()
	f.found.stop()
	q, any := f.query()
	f.found.asked, f.found.err = q, nil
	ctx, cancel := context.WithCancel(f.m.ctx)
	f.found.cancel, f.found.asking = cancel, true
	f.found.slow = time.AfterFunc(searchSlow, func() {
		loop.Do(func() {
			if f.found.asking && f.sheet.IsOpen() {
				f.found.late = true
				f.arrange()
			}
		})
	})
	client := f.m.s.client
	type answer struct {
		messages, files core.SearchPage
		took            time.Duration
		notHere         int
	}
	beside(ctx, func(ctx context.Context) (a answer, err error) {
		began := time.Now()
		if any { // else all messages would be found
			if a.messages, err = client.Search(ctx, q); err != nil {
				return a, err
			}
		}
		a.took = time.Since(began)
		if a.files, err = client.Search(ctx, filesOf(q)); err == nil {
			a.notHere, err = client.NotHere(ctx, q)
		}
		return a, err
	}, func(a answer, err error) {
		f.stopSearch() // it has come
		f.found.stop()
		f.found.answered, f.found.err, f.found.took = true, err, a.took
		f.found.messages = hits{list: a.messages.Hits, total: count(a.messages.Total)}
		f.found.files = hits{list: a.files.Hits, total: count(a.files.Total)}
		f.found.indexing, f.found.indexed = a.files.Indexing, a.files.Indexed
		f.found.notHere = a.notHere
		f.arrange()
		f.mark(0)
		if f.pending {
			f.pending = false
			f.enter()
		}
	})
}

func count(n uint64) int { return int(min(n, 1<<30)) }

// more asks for the next page when hit i is drawn and few follow.
func (f *finder) more(h *hits, i int) {
	n := len(h.list)
	if n >= h.total || i < n-searchPage/5 || h.more || f.found.busy() {
		return
	}
	q := f.found.asked
	if h == &f.found.files {
		q = filesOf(q)
	}
	q.Offset = n
	ctx, cancel := context.WithCancel(f.m.ctx)
	if before := f.found.cancel; before != nil { // that of the other tab goes on until both end
		f.found.cancel = func() { before(); cancel() }
	} else {
		f.found.cancel = cancel
	}
	h.more = true
	client := f.m.s.client
	beside(ctx, func(ctx context.Context) (core.SearchPage, error) { return client.Search(ctx, q) }, func(p core.SearchPage, err error) {
		h.more = false
		if err != nil && !errors.Is(err, context.Canceled) {
			f.found.err = err
			h.total = n // what was found before stays, and no more is asked for
		} else {
			h.list = append(h.list, p.Hits...)
			h.total = count(p.Total)
			if len(p.Hits) == 0 { // some were recalled meanwhile
				h.total = len(h.list)
			}
		}
		f.arrange()
	})
}

// say tells at the foot how much was found and what the keys do, and in the place
// of an empty list why it is empty.
func (f *finder) say() {
	tr := f.m.tr
	if f.pick != nil {
		f.sheet.SetSaying(f.pick.none(), "", "", nil)
		f.sheet.SetFoot(tr.T("find.footPick"))
		return
	}
	f.sheet.SetFoot(f.foot())
	var title, words string
	query := f.sheet.Text()
	switch err := f.found.err; {
	case im.CodeOf(err) == im.CodeInvalidParameter:
		title, words = tr.T("find.tooLong"), tr.T("find.tooLongText")
	case err != nil:
		title, words = tr.T("find.failed"), tr.Error(err)
	case f.tab == tabPeople && f.people == nil || f.searches() && !f.found.answered:
		title = tr.T("find.searching")
	case f.text == "" && query != "":
		title, words = tr.T("find.spaces"), tr.T("find.spacesText")
	case f.text == "" && !f.filters.any():
		title = tr.T("find.nothing." + f.tab.name())
	case f.tab == tabMessages && f.found.indexing:
		title, words = tr.T("find.none"), tr.F("find.indexingText", i18n.Args{"Percent": f.percent()})
	case f.searches() && f.found.notHere > 0:
		title, words = tr.T("find.none"), tr.N("find.notHereText", f.found.notHere, nil)
	default:
		title = tr.T("find.none")
		words = tr.T("find.noneText." + f.tab.name())
	}
	if f.searches() && f.filters.any() && f.found.answered {
		f.sheet.SetSaying(title, words, tr.T("find.everywhere"), f.clearFilters)
		return
	}
	f.sheet.SetSaying(title, words, "", nil)
}

// searches reports whether the tab that is shown is of what is searched for, not
// of names.
func (f *finder) searches() bool { return f.tab == tabMessages || f.tab == tabFiles }

func (t findTab) name() string {
	return [...]string{"messages", "people", "chats", "files"}[t]
}

func (f *finder) percent() int { return min(int(f.found.indexed*100), 99) }

// foot is the line below the list.
func (f *finder) foot() string {
	tr := f.m.tr
	var parts []string
	_, any := f.query()
	switch {
	case f.found.late && f.searches():
		parts = append(parts, tr.T("find.searching"))
	case f.text == "" && f.sheet.Text() != "":
		parts = append(parts, tr.T("find.spaces"))
	case f.found.err != nil:
	case f.tab == tabPeople:
		parts = append(parts, tr.N("find.people", len(f.byName.people), nil))
	case f.tab == tabChats:
		parts = append(parts, tr.N("find.chats", len(f.byName.chats), nil))
	case f.tab == tabFiles && f.found.answered:
		parts = append(parts, tr.N("find.files", f.found.files.total, nil))
	case !any:
		parts = append(parts, tr.T("find.recent"))
	case f.found.answered:
		parts = append(parts, tr.N("find.results", f.found.messages.total, i18n.Args{"Time": tookWords(f.found.took)}))
	}
	switch {
	case f.found.indexing && f.searches():
		parts = append(parts, tr.F("find.indexing", i18n.Args{"Percent": f.percent()}))
	case f.found.notHere > 0 && f.searches() && f.found.answered:
		parts = append(parts, tr.N("find.notHere", f.found.notHere, nil))
	default:
		parts = append(parts, tr.T("find.footMove"))
	}
	return strings.Join(append(parts, tr.T("find.footEnter"), tr.T("find.footEscape")), " · ")
}

// tookWords is how long a search took, as it is shown.
func tookWords(d time.Duration) string {
	return strconv.FormatInt(max(d.Round(time.Millisecond).Milliseconds(), 1), 10) + "\u00a0ms"
}

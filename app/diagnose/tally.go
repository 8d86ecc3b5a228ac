package diagnose

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"magpie/app/core"
	"magpie/im"
)

// Tally counts how connections went and which errors were met, since the program
// started. It is safe for concurrent use.
type Tally struct {
	begun time.Time

	mu          sync.Mutex
	ready, lost int
	errors      map[im.Code]*Met
}

// Met says how often an error was met.
type Met struct {
	Code  im.Code
	Times int
	Last  time.Time
}

// NewTally begins to count.
func NewTally(now time.Time) *Tally { return &Tally{begun: now, errors: map[im.Code]*Met{}} }

// Heard takes in an event of an account's core.
func (t *Tally) Heard(e core.Event, now time.Time) {
	switch e := e.(type) {
	case core.SDKReady:
		t.count(&t.ready)
	case core.SDKNotReady:
		t.count(&t.lost)
	case core.StateChanged:
		if e.Error != nil {
			t.Met(e.Error, now)
		}
	case core.ErrorEvent:
		if e.Error != nil {
			t.Met(e.Error, now)
		}
	}
}

func (t *Tally) count(n *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*n++
}

// Met counts an error, of which only the code is kept: 0 for one without.
func (t *Tally) Met(err error, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	code := im.CodeOf(err)
	m := t.errors[code]
	if m == nil {
		m = &Met{Code: code}
		t.errors[code] = m
	}
	m.Times++
	m.Last = now
}

// Figures are what a [Tally] has counted, the errors met last first.
type Figures struct {
	Begun       time.Time
	Ready, Lost int
	Errors      []Met
}

// Figures returns what was counted up to now.
func (t *Tally) Figures() Figures {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := Figures{Begun: t.begun, Ready: t.ready, Lost: t.lost}
	for _, m := range t.errors {
		f.Errors = append(f.Errors, *m)
	}
	slices.SortFunc(f.Errors, func(a, b Met) int { return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Code, b.Code)) })
	return f
}

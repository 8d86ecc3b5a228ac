package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"magpie/im"
)

// maxProblems bounds the problems that a [Health] quotes.
const maxProblems = 20

// Health is what [Examine] found in a file. The counts are of what can be read:
// pages that are whole and values whose checksum is right.
type Health struct {
	Account       im.UserID `json:"account,omitempty"` // whose it is, if that can be read
	Bytes         int64     `json:"bytes"`
	FreeBytes     int64     `json:"freeBytes"` // within the file, for what comes next
	Schema        int       `json:"schema"`
	Sealed        bool      `json:"sealed"`
	Conversations int       `json:"conversations"`
	Messages      int       `json:"messages"`
	Waiting       int       `json:"waiting"` // messages that are not sent yet
	Drafts        int       `json:"drafts"`
	// Damage counts what cannot be read; Problems says it of the first 20.
	Damage   int      `json:"damage"`
	Problems []string `json:"problems,omitempty"`
	// Outside counts the messages that are on pages to which nothing leads any more, beside
	// Messages: a repair saves them. They may be older than what there was; see strays.
	Outside int `json:"outside,omitempty"`
	// Lost are the messages that cannot be read any more, by conversation; without any
	// there is none, or the way to all of them is damaged.
	Lost []LostMessages `json:"lost,omitempty"`
}

// Examine reads every page and every value of the store at path and changes
// nothing. A damaged file is no error: that is what [Health] is for.
//
// The error is os.ErrNotExist if there is no file, [ErrInUse] if a program has it
// open, [ErrForeign] if it is none of this program's, [ErrOtherAccount] if it is not
// of Options.Account, an *im.Error with [im.CodeVersion] for one of a later program, with
// [im.CodeSealed] or [im.CodeWrongKey] for one that Options.Key does not open, or
// the system's.
func Examine(path string, o Options) (Health, error) {
	return ExamineContext(context.Background(), path, o)
}

// ExamineContext is Examine, ended by ctx.
func ExamineContext(ctx context.Context, path string, o Options) (Health, error) {
	o = o.withDefaults()
	info, err := os.Stat(path)
	if err := notAFile(path, info, err); err != nil {
		return Health{}, err
	}
	h := Health{Bytes: info.Size()}
	if h.Bytes == 0 {
		return h, nil // made and never written
	}
	err = locked(path, o.OpenTimeout, func(file *os.File) error {
		is, err := formOf(file, o.Key)
		if err != nil {
			return err
		}
		h.Sealed = is != plain
		f, err := openPages(file, h.Bytes)
		if err != nil {
			h.problem(err)
			return nil
		}
		h.read(ctx, f, is, o)
		if err := ctx.Err(); err != nil {
			return err
		}
		if h.Schema > SchemaVersion {
			return errNewer(h.Schema, SchemaVersion)
		}
		if h.Account != "" && o.Account != "" && h.Account != o.Account {
			return fmt.Errorf("%w: %.32q, not %.32q", ErrOtherAccount, h.Account, o.Account)
		}
		// What no walk over the trees shows: pages both free and in use, a meta page
		// of two that is broken, a bucket that is gone.
		if _, err := inspectPages(f, is, SchemaVersion, false); err != nil && h.Damage == 0 {
			h.problem(err)
		}
		return nil
	})
	if im.CodeOf(err) == im.CodeStoreDamaged {
		if h.Damage == 0 {
			h.problem(err)
		}
		err = nil
	}
	return h, err
}

func (h *Health) problem(err error) {
	if h.Damage++; len(h.Problems) < maxProblems {
		h.Problems = append(h.Problems, err.Error())
	}
}

// read goes through everything.
func (h *Health) read(ctx context.Context, f *pageFile, is *form, o Options) {
	m, ok := f.newest()
	if !ok {
		h.problem(errors.New("neither meta page can be read"))
		c := newCensus(is)
		w := newWalker(f, h.problem)
		w.each = o.eachPage(ctx, f.pages(), int64(f.pageSize))
		h.strays(w, is, c, newReach())
		return
	}
	free, err := f.freeIDs(m.freelist)
	if err != nil {
		h.problem(err)
	} else {
		h.FreeBytes = int64(len(free)) * int64(f.pageSize)
	}
	messages, waiting := onceEach{what: "message"}, onceEach{what: "waiting message"}
	c := newCensus(is)
	reach := newReach()
	r := &reader{w: newWalker(f, h.problem), form: is, reach: reach, record: func(k kind, scope im.ConversationID, key, value []byte) {
		c.record(k, scope, key, value)
		switch k {
		case kindSchema:
			h.Schema, _ = decodeSchema(value)
		case kindMeta:
			if bytes.Equal(key, keyAccount) {
				account, _, _ := is.decodeStamped(kindMeta, keyAccount, value) // told as damage by others
				h.Account = im.UserID(account)
			}
		case kindConv:
			h.Conversations++
		case kindMessage:
			h.count(&h.Messages, messages.add(scope, key))
		case kindOutbox:
			h.count(&h.Waiting, waiting.add(scope, key))
		case kindDraft:
			h.Drafts++
		}
	}}
	r.w.each = o.eachPage(ctx, min(m.high, f.pages())-uint64(len(free)), int64(f.pageSize))
	r.w.tree(m.root, func(e element) {
		if !e.bucket {
			h.problem(fmt.Errorf("%.32q is not a bucket: %w", e.key, errPage))
			return
		}
		c.bucket(r, e)
	})
	h.strays(r.w, is, c, reach)
	h.Lost = c.lost()
	if err == nil && h.Damage == 0 {
		if err := checkFree(free, m, r.w); err != nil {
			h.problem(err)
		}
	}
}

// strays counts the messages that no tree leads to, where not all is reached.
func (h *Health) strays(w *walker, is *form, c *census, reach *reach) {
	if h.Damage == 0 || !reach.lacksAny() {
		return
	}
	s := newStrays(w.f, is, reach, c.here, w.each)
	if placed, exact := c.there(); exact {
		s.placed = placed
	}
	s.find(func(m stray) {
		h.Outside++
		c.record(kindMessage, m.conv, m.key, m.value)
	})
}

// eachPage tells Looking of each of some pages of a size, and ends a walk when ctx
// does.
func (o Options) eachPage(ctx context.Context, pages uint64, size int64) func() bool {
	done := uint64(0)
	return func() bool {
		if ctx.Err() != nil {
			return false
		}
		done++
		if o.Looking != nil {
			o.Looking(int64(min(done, pages))*size, int64(pages)*size)
		}
		return true
	}
}

// count adds to n, or to the problems.
func (h *Health) count(n *int, err error) {
	if err != nil {
		h.problem(err)
		return
	}
	*n++
}

// onceEach notices numbers that come twice: a torn page may show what belongs to
// another one.
type onceEach struct {
	what  string
	scope im.ConversationID
	bits  map[uint64]uint64 // by number/64; of one scope, as they come one after the other
}

func (o *onceEach) add(scope im.ConversationID, key []byte) error {
	n, err := keySequence(key)
	if err != nil {
		return err
	}
	if o.bits == nil || o.scope != scope {
		o.scope, o.bits = scope, map[uint64]uint64{}
	}
	bit := uint64(1) << (n % 64)
	if o.bits[n/64]&bit != 0 {
		return fmt.Errorf("%s %d of %.64q is in two places: %w", o.what, n, scope, errPage)
	}
	o.bits[n/64] |= bit
	return nil
}

// Repair opens the store at path as [Open] does, but looks at every page and every
// value first, and closes it again: a file in which anything is damaged is set
// aside and what can be read of it is copied into a fresh one.
func Repair(path string, o Options) (Report, error) {
	info, err := os.Stat(path)
	if err := notAFile(path, info, err); err != nil {
		return Report{}, err
	}
	f, err := os.OpenFile(path+suspectSuffix, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return Report{}, fmt.Errorf("store: %w", err)
	}
	if err := f.Close(); err != nil {
		return Report{}, fmt.Errorf("store: %w", err)
	}
	s, report, err := Open(path, o)
	switch code := im.CodeOf(err); {
	case code == im.CodeVersion, code == im.CodeSealed, code == im.CodeWrongKey, errors.Is(err, ErrForeign), errors.Is(err, ErrOtherAccount):
		return report, errors.Join(err, removeIfThere(path+suspectSuffix)) // nothing was looked at
	}
	if err != nil {
		return report, err
	}
	return report, s.Close()
}

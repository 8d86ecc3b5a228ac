package core

import (
	"context"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// DateHit is where a moment is in a conversation.
type DateHit struct {
	// Sequence is that of the first message not before the moment, or of the last one
	// if all are; 0 if there is none.
	Sequence uint64 `json:"sequence"`
	// Time is when it was said, ms since 1970.
	Time int64 `json:"time"`
	// Nearest: it is only the nearest that is here. What lies between could not be
	// asked for.
	Nearest bool `json:"nearest,omitempty"`
}

// FindDate looks for the first message that was not said before a moment. What is on
// disk is looked at first; within a hole the server is asked, for one message at a
// time (some 5 in a conversation of 10,000), and for the page in which it is.
// Without a connection, or if the server does not answer, it is the nearest message
// that is here, which the hit says, with no error. Code 2503 for a malformed
// conversation; the server's refusal if nothing is here.
func (c *Client) FindDate(ctx context.Context, conv im.ConversationID, at time.Time) (DateHit, error) {
	if err := conv.Validate(); err != nil {
		return DateHit{}, err
	}
	if c.inLive(conv) {
		return c.live.find(conv, at.UnixMilli()), nil
	}
	f := c.feed(conv)
	v, refusal, err := f.view(ctx)
	if err != nil {
		return DateHit{}, err
	}
	s := dateSearch{f: f, at: at.UnixMilli(), low: v.first - 1, high: v.last + 1}
	if err := s.onDisk(); err != nil {
		return DateHit{}, err
	}
	if v.spans.missing(s.low+1, s.high-1) > 0 {
		switch err := s.onServer(ctx); {
		case err == nil:
		case ctx.Err() != nil:
			return DateHit{}, ctx.Err()
		case passing(err) || denied(err):
			s.nearest = true
		default:
			return DateHit{}, err
		}
	} else if !v.known {
		s.nearest = true
	}
	hit := s.hit()
	if hit.Sequence == 0 && refusal != nil {
		return hit, refusal
	}
	return hit, nil
}

// dateSearch narrows the place of a moment: what is at low and below was said before
// it, what is at high and above was not.
type dateSearch struct {
	f         *feed
	at        int64
	low, high uint64
	// before and from are messages at the two ends, as far as they are known.
	before, from *im.Message
	nearest      bool
}

// learn takes in a message between the two ends.
func (s *dateSearch) learn(m *im.Message) {
	if m.Time >= s.at {
		s.high, s.from = m.Sequence, m
		return
	}
	s.low, s.before = m.Sequence, m
}

// hit is what the ends say.
func (s *dateSearch) hit() DateHit {
	m := s.from
	if m == nil || s.nearest && s.before != nil && s.at-s.before.Time < m.Time-s.at {
		m = s.before
	}
	if m == nil {
		return DateHit{Nearest: s.nearest}
	}
	return DateHit{Sequence: m.Sequence, Time: m.Time, Nearest: s.nearest}
}

// onDisk narrows by halving what is stored.
func (s *dateSearch) onDisk() error {
	for s.low+1 < s.high {
		m, err := s.stored(s.low + (s.high-s.low)/2)
		if err != nil || m == nil {
			return err
		}
		s.learn(m)
	}
	return nil
}

// stored returns a stored message between the ends, near a sequence; nil if there is
// none. Placeholders of what could not be read have no time.
func (s *dateSearch) stored(near uint64) (*im.Message, error) {
	for after := near - 1; ; {
		list, err := s.f.c.db.PageAfter(s.f.id, after, 16)
		if err != nil {
			return nil, err
		}
		for i := range list {
			if list[i].Sequence < s.high && list[i].Time > 0 {
				return &list[i], nil
			}
		}
		if len(list) == 0 || list[len(list)-1].Sequence >= s.high {
			break
		}
		after = list[len(list)-1].Sequence
	}
	for before := near; ; {
		list, err := s.f.c.db.Page(s.f.id, before, 16)
		if err != nil {
			return nil, err
		}
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].Sequence > s.low && list[i].Time > 0 {
				return &list[i], nil
			}
		}
		if len(list) == 0 || list[0].Sequence <= s.low {
			return nil, nil
		}
		before = list[0].Sequence
	}
}

// maxDateProbes ends a search that a server without an order of times leads on.
const maxDateProbes = 40

// onServer narrows with single messages that are not kept, until a page holds the
// rest; that is kept.
func (s *dateSearch) onServer(ctx context.Context) error {
	l, err := s.f.c.online()
	if err != nil {
		return err
	}
	for probe := 0; s.high-s.low-1 > fillPage && probe < maxDateProbes; probe++ {
		n := s.guess(probe)
		got, err := s.f.fetch(ctx, l, wire.Pull{After: n - 1, Limit: 1})
		switch {
		case err != nil:
			return err
		case len(got.list) == 0 || got.list[0].Sequence >= s.high:
			s.high = n // nothing is there from n on
		case got.list[0].Time == 0:
			s.high = n // one that cannot be read: look below
		default:
			s.learn(&got.list[0])
		}
	}
	if rest := (Hole{s.low + 1, s.high - 1}); rest.From <= rest.To {
		if _, err := s.f.fillAll(ctx, l, rest.lower(fillPage)); err != nil {
			return err
		}
	}
	// The ends may be messages that are not here; only what is between is looked at.
	return s.onDisk()
}

// guess is where the moment may be, if as much is said at one time as at another. A
// guess in the middle after two others always ends it.
func (s *dateSearch) guess(probe int) uint64 {
	span := s.high - s.low
	n := s.low + span/2
	if s.before != nil && s.from != nil && s.from.Time > s.before.Time && probe%3 != 2 {
		share := float64(s.at-s.before.Time) / float64(s.from.Time-s.before.Time)
		n = s.low + uint64(share*float64(span))
	}
	return min(max(n, s.low+1), s.high-1)
}

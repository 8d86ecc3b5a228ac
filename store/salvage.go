package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// salvageChunk is how many messages share a transaction of the fresh file.
const salvageChunk = 2000

// salvager copies what can be read of a damaged file into a fresh one: first
// what exists nowhere else (outbox, drafts, the program's own values), then the
// rest, which the server could give again.
type salvager struct {
	f    *pageFile
	w    *walker
	db   *bbolt.DB
	form *form // of both files: what is read is copied as it is
	// problems counts what could not be read so far.
	problems int
	// trusted: what is read is the last state that was durable. Otherwise it may
	// be older, and a message that waits to be sent may have been sent or
	// cancelled since.
	trusted bool
	written int
	outside int   // messages among them to which no tree led
	err     error // of writing; it ends the work
	present map[im.ConversationID]*presence
	ranges  map[im.ConversationID][]Range
	order   uint64 // the outbox's counter
	// recalls are the places of messages that recalled others, see strays.
	recalls map[im.ConversationID]map[uint64]im.Message
	account im.UserID
}

// presence is which messages of a conversation were copied.
type presence struct {
	here   numberSet
	runs   []Range // those of which it is sure that they are not old
	intact bool
}

func (p *presence) add(sequence uint64) {
	if n := len(p.runs); n > 0 && p.runs[n-1].To+1 == sequence {
		p.runs[n-1].To = sequence
	} else {
		p.runs = append(p.runs, Range{sequence, sequence})
	}
}

// salvage fills a fresh file at to. It returns what it copied and how many places could
// not be read; an error means that the fresh file is not to be used.
func salvage(from *os.File, to string, o Options, f *form, steps []migration) (saved Report, err error) {
	info, err := from.Stat()
	if err != nil {
		return saved, fmt.Errorf("store: %w", err)
	}
	db, _, err := openDB(to, o.OpenTimeout)
	if err != nil {
		return saved, err
	}
	s := &salvager{
		db: db, form: f, account: o.Account, present: map[im.ConversationID]*presence{}, ranges: map[im.ConversationID][]Range{},
		recalls: map[im.ConversationID]map[uint64]im.Message{},
	}
	// Nobody relies on the fresh file before it is whole.
	db.NoSync = true
	s.update(func(tx *txn) error {
		_, err := migrate(tx, steps)
		return err
	})
	if s.f, err = openPages(from, info.Size()); err == nil {
		s.w = newWalker(s.f, func(error) { s.problems++ })
		s.w.each = o.eachPage(context.Background(), s.f.pages(), int64(s.f.pageSize))
		s.run()
	}
	saved = Report{Salvaged: s.written, Lost: s.problems, Outside: s.outside}
	return saved, errors.Join(s.err, diskError(db.Sync()), db.Close())
}

func (s *salvager) run() {
	tops, complete := s.tops()
	s.trusted = complete && s.f.metas[0].valid && s.f.metas[1].valid
	doubtful := !s.trusted
	for _, name := range [][]byte{s.form.metaBucket(), bucketOutbox, bucketDraft} {
		before := s.problems
		s.copyBucket(name, tops[string(name)])
		doubtful = doubtful || s.problems > before
	}
	if doubtful {
		s.trusted = false
		s.orphans()
	}
	for _, name := range [][]byte{bucketRecall, bucketConv, bucketProfile, bucketGroup, bucketMember} {
		s.copyBucket(name, tops[string(name)])
	}
	s.strays(s.messages(tops[string(bucketMsg)]), tops)
	s.copyBucket(bucketGap, tops[string(bucketGap)])
	s.putRanges()
	s.update(func(tx *txn) error {
		b := tx.Bucket(bucketOutbox)
		if err := b.SetSequence(max(s.order, b.Sequence())); err != nil {
			return err
		}
		return unindexed(tx)
	})
}

// tops finds the values of the buckets of the root. complete is false if the
// root could not be read and old versions of it were looked for instead; not of
// the messages, for which strays looks page by page.
func (s *salvager) tops() (tops map[string][][]byte, complete bool) {
	tops = map[string][][]byte{}
	add := func(e element) {
		if e.bucket {
			tops[string(e.key)] = append(tops[string(e.key)], bytes.Clone(e.value))
		}
	}
	if m, ok := s.f.newest(); ok {
		s.w.tree(m.root, add)
	}
	wanted := map[string]bool{}
	names := append(firstBuckets(), bucketRecall)
	if s.form != plain {
		names = append(names, bucketOwn)
	}
	for _, name := range names {
		if tops[string(name)] == nil {
			wanted[string(name)] = true
		}
	}
	if len(wanted) == 0 {
		return tops, true
	}
	delete(wanted, string(bucketMsg))
	const most = 8 // versions of one bucket: they share nearly all pages
	s.leaves(false, func(e element) {
		if wanted[string(e.key)] && len(tops[string(e.key)]) < most {
			add(e)
		}
	})
	return tops, false
}

// leaves visits the entries of every page that looks like a leaf, used or not; without
// all, of those that were not reached so far.
func (s *salvager) leaves(all bool, visit func(element)) {
	for id := uint64(2); id < s.f.pages(); id++ {
		if s.w.seen.has(id) && !all {
			continue
		}
		p, err := s.f.page(id)
		if err != nil || p.flags != flagLeaf {
			continue
		}
		p.leaves(visit)
	}
}

func (s *salvager) copyBucket(name []byte, versions [][]byte) {
	r := &reader{w: s.w, form: s.form, record: s.record}
	if string(name) == string(bucketOutbox) {
		r.sequence = func(_ string, n uint64) { s.order = max(s.order, n) }
	}
	for _, value := range versions {
		r.top(element{bucket: true, key: name, value: value})
	}
}

// orphans looks for outbox rows, drafts and own values on all pages, also those that no
// tree leads to, because the way to the newest of them may be what was damaged.
func (s *salvager) orphans() {
	sums := map[kind]*sealer{}
	for _, k := range [...]kind{kindOutbox, kindDraft, kindMeta} {
		sums[k] = s.form.sealer(k, "")
	}
	try := func(e element) {
		for _, k := range [...]kind{kindOutbox, kindDraft, kindMeta} {
			if k == kindOutbox && len(e.key) != 8 {
				continue
			}
			if _, err := sums[k].open(e.key, e.value); err == nil {
				s.record(k, "", e.key, e.value)
				return
			}
		}
	}
	// Pages that were reached are looked at, too: by what is left of an older state
	// another page may have been taken for one of its own.
	s.leaves(true, func(e element) {
		if !e.bucket {
			try(e)
		}
	})
}

// messages copies the history, conversation by conversation, and returns how much of it
// there was a way to.
func (s *salvager) messages(versions [][]byte) *reach {
	r := newReach()
	for _, value := range versions { // one, or none if the root was not reached
		before, within := s.problems, 0
		s.w.bucket(value, func(conv element) {
			if s.err != nil {
				return
			}
			name, err := s.form.id(conv.key)
			if err != nil || !conv.bucket {
				s.problems++
				return
			}
			id := im.ConversationID(name)
			from := s.problems
			s.conversation(id, bytes.Clone(conv.value))
			within += s.problems - from
			r.whole[id] = s.problems == from
			s.present[id].intact = s.trustedHistory() && r.whole[id]
		})
		r.all = s.problems == before+within
	}
	return r
}

// strays copies the messages that the tree did not give.
func (s *salvager) strays(r *reach, tops map[string][][]byte) {
	if s.err != nil || !r.lacksAny() {
		return
	}
	here := map[im.ConversationID]numberSet{}
	for conv, p := range s.present {
		here[conv] = p.here
	}
	found := newStrays(s.f, s.form, r, here, s.w.each)
	found.recalls, found.placed = s.recalls, s.places(tops)
	var conv im.ConversationID
	chunk := make([]sealedMessage, 0, salvageChunk)
	var newest *im.Message
	flush := func() {
		s.putMessages(conv, chunk, newest)
		s.outside += len(chunk)
		chunk, newest = chunk[:0], nil
	}
	found.find(func(m stray) {
		if m.conv != conv || len(chunk) == salvageChunk {
			flush()
			conv = m.conv
		}
		p := s.presence(conv)
		if m.used {
			p.add(m.message.Sequence)
		}
		sealed, message := s.left(m)
		chunk = append(chunk, sealed)
		if !message.IsPlaceMessage && (newest == nil || message.Sequence > newest.Sequence) {
			newest = message
		}
	})
	flush()
}

// left is what is to be kept of a message: what was recalled meanwhile is not readable.
func (s *salvager) left(m stray) (sealedMessage, *im.Message) {
	place, recalled := s.recalls[m.conv][m.message.Sequence]
	if recalled && !m.message.IsRevoked && !m.message.IsPlaceMessage && place.Revokes.ID == m.message.ID {
		t := place.Revokes.Tombstone(&place, s.account)
		sealed, err := sealMessage(s.form.sealer(kindMessage, string(m.conv)), m.conv, &t)
		if err == nil {
			return sealed, &t
		}
	}
	return sealedMessage{
		id: m.message.ID, key: bytes.Clone(m.key), value: bytes.Clone(m.value), revoked: m.message.IsRevoked,
		hole: m.message.IsPlaceMessage, media: mediaType(m.message),
	}, m.message
}

// places are the messages that there were, nil where that is not known of all.
func (s *salvager) places(tops map[string][][]byte) map[im.ConversationID]numberSet {
	c := newCensus(s.form)
	r := &reader{w: newWalker(s.f, func(error) {}), form: s.form, record: c.record}
	r.w.each = s.w.each
	for _, name := range [][]byte{bucketPlace, bucketConvNo, bucketMsgByID} {
		for _, value := range tops[string(name)] {
			c.bucket(r, element{bucket: true, key: name, value: value})
		}
	}
	if placed, exact := c.there(); exact {
		return placed
	}
	return nil
}

// trustedHistory: a root that was found by searching may be older than the
// ranges that are found with it.
func (s *salvager) trustedHistory() bool { return s.f.metas[0].valid && s.f.metas[1].valid }

func (s *salvager) presence(id im.ConversationID) *presence {
	p := s.present[id]
	if p == nil {
		p = &presence{here: numberSet{}}
		s.present[id] = p
	}
	return p
}

func (s *salvager) conversation(id im.ConversationID, value []byte) {
	p := s.presence(id)
	chunk := make([]sealedMessage, 0, salvageChunk)
	var newest *im.Message
	flush := func() {
		s.putMessages(id, chunk, newest)
		chunk = chunk[:0]
	}
	sum := s.form.sealer(kindMessage, string(id))
	s.w.bucket(value, func(e element) {
		m, err := openMessage(sum, id, e.key, e.value)
		if err != nil || e.bucket {
			s.problems++
			return
		}
		chunk = append(chunk, sealedMessage{
			id: m.ID, key: bytes.Clone(e.key), value: bytes.Clone(e.value), revoked: m.IsRevoked, hole: m.IsPlaceMessage,
			deleted: m.IsDeleted, media: mediaType(&m),
		})
		p.add(m.Sequence)
		p.here.add(m.Sequence)
		noteRecall(s.recalls, &m)
		if !m.IsPlaceMessage && (newest == nil || m.Sequence > newest.Sequence) {
			newest = &m
		}
		if len(chunk) == salvageChunk {
			flush()
		}
	})
	flush()
}

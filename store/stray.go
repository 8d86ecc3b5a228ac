package store

import (
	"cmp"
	"maps"
	"slices"

	"magpie/im"
)

// This file finds messages on pages that no tree leads to: of a file that was cut, the
// leaves may be here and the branches beyond the end.
//
// bbolt does not say on a page which transaction wrote it, and what it replaces stays in
// the file until it is used again. So most pages of this kind may be older than the last
// state, with messages that were deleted or replaced since. The rules:
//
//   - It is done for conversations alone of which the tree does not give all.
//   - What the tree gave stands. Then come pages that are in use by the list of free pages
//     of the last state: they are a part of it, and only the way to them is gone. Then
//     the others, those with the latest message first.
//   - From the others no message comes that is known to be gone: that has no place although
//     all places can be read, that is of a history which a person deleted, or that another
//     page has as recalled or deleted.
//   - Nothing is claimed of what the others gave, so that the server is asked for it again.

// reach is how much of the histories the tree gave.
type reach struct {
	all   bool // every conversation was met
	whole map[im.ConversationID]bool
}

func newReach() *reach { return &reach{whole: map[im.ConversationID]bool{}} }

// lacks reports whether messages of a conversation may be missing.
func (r *reach) lacks(conv im.ConversationID) bool {
	whole, met := r.whole[conv]
	return !whole && (met || !r.all)
}

// lacksAny reports whether any may be.
func (r *reach) lacksAny() bool {
	for _, whole := range r.whole {
		if !whole {
			return true
		}
	}
	return !r.all
}

// strays finds messages outside of the tree.
type strays struct {
	f     *pageFile
	form  *form
	each  func() bool // called before each page; false ends the search
	reach *reach
	// here are the messages that the tree gave, placed those that there were, where
	// that is known of all.
	here   map[im.ConversationID]numberSet
	placed map[im.ConversationID]numberSet
	// recalls are the places of messages that others recalled, by conversation and the
	// sequence of what they recalled. The caller adds what the tree has of them.
	recalls map[im.ConversationID]map[uint64]im.Message

	used      pageSet // by the last state, nil if that is not known
	pages     []strayPage
	names     []im.ConversationID // whose a page may be; that of the last one first
	known     map[im.ConversationID]*sealer
	forgotten map[im.ConversationID]uint64 // up to where a history was deleted
	asOf      int64
	revoked   map[im.ConversationID]numberSet
}

// strayPage is a page that has messages of a conversation, if they are of one.
type strayPage struct {
	id     uint64
	inline bool // in buckets that are written into it
	used   bool
	conv   im.ConversationID
	latest int64 // time of a message of it
	count  int
}

// stray is a message that was found. What it points to is good during the call.
type stray struct {
	conv       im.ConversationID
	message    *im.Message
	key, value []byte
	used       bool // it is of the last state
}

func newStrays(f *pageFile, is *form, r *reach, here map[im.ConversationID]numberSet, each func() bool) *strays {
	s := &strays{
		f: f, form: is, reach: r, here: here, each: each, known: map[im.ConversationID]*sealer{},
		recalls: map[im.ConversationID]map[uint64]im.Message{}, revoked: map[im.ConversationID]numberSet{},
	}
	s.used = f.inUse()
	for conv, whole := range r.whole {
		if !whole {
			s.met(conv)
		}
	}
	return s
}

// inUse are the pages that the last state uses, nil if its list of free pages cannot be
// read.
func (f *pageFile) inUse() pageSet {
	m, ok := f.newest()
	if !ok {
		return nil
	}
	free, err := f.freeIDs(m.freelist)
	if err != nil || !slices.IsSorted(free) || len(free) > 0 && free[len(free)-1] >= m.high {
		return nil
	}
	used := newPageSet(f.pages())
	for id := uint64(2); id < min(m.high, f.pages()); id++ {
		used.add(id)
	}
	for _, id := range free {
		used.remove(id)
	}
	return used
}

// find calls take for each message that is found, conversation by conversation.
func (s *strays) find(take func(stray)) {
	for id := uint64(2); id < s.f.pages(); id++ {
		if s.each != nil && !s.each() {
			return
		}
		// Pages that the tree leads to are looked at, too: a branch that is hurt leads to
		// one of another place, and that one is then read in the wrong place.
		if p, err := s.f.page(id); err == nil && p.flags == flagLeaf {
			s.note(p)
		}
	}
	slices.Sort(s.names)
	byConv := map[im.ConversationID][]strayPage{}
	end := uint64(0) // of a page with more pages of content, which are no pages themselves
	for _, page := range s.pages {
		if page.id < end {
			continue
		}
		p, err := s.f.page(page.id)
		if err != nil {
			continue
		}
		list := s.survey(p, page)
		if len(list) > 0 {
			end = page.id + uint64(len(p.data)/s.f.pageSize)
		}
		for _, of := range list {
			byConv[of.conv] = append(byConv[of.conv], of)
		}
	}
	s.pages = nil
	for _, conv := range slices.Sorted(maps.Keys(byConv)) {
		s.conversation(conv, byConv[conv], take)
	}
}

// survey reads a page once: whose it is, how old it is at least, and what it says of
// recalls.
func (s *strays) survey(p page, as strayPage) (list []strayPage) {
	s.read(p, as, func(m *im.Message, _, _ []byte) {
		n := len(list)
		if n == 0 || list[n-1].conv != m.ConversationID {
			as.conv = m.ConversationID
			list, n = append(list, as), n+1
		}
		of := &list[n-1]
		of.count++
		of.latest = max(of.latest, m.Time)
		if m.IsRevoked || m.IsDeleted {
			set(s.revoked, m.ConversationID).add(m.Sequence)
		}
		noteRecall(s.recalls, m)
	})
	return list
}

// noteRecall keeps the place of a message that recalled another.
func noteRecall(recalls map[im.ConversationID]map[uint64]im.Message, m *im.Message) {
	if !m.IsPlaceMessage || m.Revokes == nil || m.Revokes.Sequence == 0 {
		return
	}
	if recalls[m.ConversationID] == nil {
		recalls[m.ConversationID] = map[uint64]im.Message{}
	}
	recalls[m.ConversationID][m.Revokes.Sequence] = *m
}

// read visits the messages of a page.
func (s *strays) read(p page, as strayPage, visit func(m *im.Message, key, value []byte)) {
	of := func(p page, conv im.ConversationID) {
		sum := s.known[conv]
		for e, err := range p.elements() {
			if err != nil || e.bucket || sum == nil {
				continue
			}
			if m, err := openMessage(sum, conv, e.key, e.value); err == nil && m.Sequence > 0 {
				visit(&m, e.key, e.value)
			}
		}
	}
	if !as.inline {
		if as.conv == "" {
			as.conv = s.whose(p)
		}
		of(p, as.conv)
		return
	}
	for e, err := range p.elements() {
		if err != nil || !e.bucket {
			continue
		}
		name, err := s.form.id(e.key)
		if err != nil || as.conv != "" && as.conv != im.ConversationID(name) {
			continue
		}
		if root, _, inline, err := bucketRoot(e.value); err == nil && root == 0 {
			of(inline, im.ConversationID(name))
		}
	}
}

// conversation hands on the messages of a conversation, each once.
func (s *strays) conversation(conv im.ConversationID, pages []strayPage, take func(stray)) {
	slices.SortFunc(pages, func(a, b strayPage) int {
		switch {
		case a.used && b.used:
			return cmp.Compare(a.id, b.id)
		case a.used:
			return -1
		case b.used:
			return 1
		}
		return cmp.Or(-cmp.Compare(a.latest, b.latest), -cmp.Compare(a.count, b.count), -cmp.Compare(a.id, b.id))
	})
	taken := numberSet{}
	for _, page := range pages {
		p, err := s.f.page(page.id)
		if err != nil {
			continue
		}
		s.read(p, page, func(m *im.Message, key, value []byte) {
			n := m.Sequence
			switch {
			case s.here[conv].has(n) || taken.has(n):
			case !page.used && (s.gone(conv, n) || s.revoked[conv].has(n) && !m.IsRevoked && !m.IsDeleted):
			default:
				taken.add(n)
				take(stray{conv, m, key, value, page.used})
			}
		})
	}
}

// gone reports whether a message is known to be in the last state no more.
func (s *strays) gone(conv im.ConversationID, n uint64) bool {
	return n <= s.forgotten[conv] || s.placed != nil && !s.placed[conv].has(n)
}

package server

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"magpie/im"
)

// lists keeps, for users with long conversation lists, the order of the list and
// what was last shown of it in memory, as long as there is room. What is written to the heads and inboxes,
// by whichever gateway, marks conversations; before a list is used, those marked
// are read again. So it says what reading everything would say, at the cost of
// what changed.
type lists struct {
	server *Server

	start     sync.Mutex // held while following begins
	followers []*follower
	from      int // listedFrom but in tests

	mu      sync.Mutex
	users   map[im.UserID]*userList
	byKey   map[convKey]map[*userList]struct{}
	entries int
}

const (
	// listedFrom is how many conversations make a list long: reading a shorter one
	// as a whole takes about as long as a page.
	listedFrom = 300
	// listedMax bounds the conversations of all lists in memory, about 300 bytes each.
	listedMax = 200_000
	// knownMax bounds how many of a list are kept as they are shown.
	knownMax = 300
	// listPatience is how long a request waits for what was written before it to be
	// heard of, until it reads everything itself.
	listPatience = 2 * time.Second
)

// userList is one user's list.
type userList struct {
	user im.UserID
	turn chan struct{} // who refreshes it
	// order is the list; it is replaced, never changed. known are conversations that
	// were shown and not changed since. Both belong to who has the turn.
	order []place
	known map[convKey]listed

	// Guarded by lists.mu.
	keys  map[convKey]struct{}
	dirty map[convKey]struct{}
	used  time.Time
}

// place is where a conversation stands in a list, and what it adds to the total.
type place struct {
	key    convKey
	pinned bool
	time   int64
	unread uint64 // 0 if it is not counted in the total
}

func (l listed) place() place {
	p := place{key: l.key, pinned: l.entry.Pinned, time: l.time}
	if l.remind == im.RemindNotify {
		p.unread = l.unread
	}
	return p
}

func newLists(s *Server) *lists {
	return &lists{server: s, from: listedFrom, users: map[im.UserID]*userList{}, byKey: map[convKey]map[*userList]struct{}{}}
}

// of returns the conversations of u in the order of its list, and the list if it
// is kept in memory.
func (x *lists) of(ctx context.Context, u im.UserID) (*userList, []place, error) {
	x.mu.Lock()
	list := x.users[u]
	if list != nil {
		list.used = time.Now()
	}
	x.mu.Unlock()
	if list == nil {
		entries, err := x.server.inboxes.list(ctx, u)
		if err != nil {
			return nil, nil, err
		}
		if len(entries) < x.from {
			order, err := x.read(ctx, u, entries)
			return nil, order, err
		}
		if list, err = x.add(ctx, u); err != nil {
			return nil, nil, err
		}
	}
	order, err := x.refresh(ctx, list)
	if err == nil {
		return list, order, nil
	}
	x.drop(u)
	if ctx.Err() != nil {
		return nil, nil, err
	}
	if !errors.Is(err, errListDropped) {
		x.server.opt.Logf("conversation list of %s: %v", u, err)
		x.close() // begins anew with the next long list
	}
	entries, err := x.server.inboxes.list(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	order, err = x.read(ctx, u, entries)
	return nil, order, err
}

// read looks at every conversation of entries.
func (x *lists) read(ctx context.Context, u im.UserID, entries map[convKey]inboxEntry) ([]place, error) {
	all, err := x.server.look(ctx, u, entries)
	if err != nil {
		return nil, err
	}
	order := make([]place, len(all))
	for i, l := range all {
		order[i] = l.place()
	}
	slices.SortFunc(order, place.compare)
	return order, nil
}

// add begins to keep the list of u.
func (x *lists) add(ctx context.Context, u im.UserID) (*userList, error) {
	if err := x.follow(ctx); err != nil {
		return nil, err
	}
	list := &userList{user: u, turn: make(chan struct{}, 1), keys: map[convKey]struct{}{}, dirty: map[convKey]struct{}{}, known: map[convKey]listed{}, used: time.Now()}
	x.mu.Lock()
	if other := x.users[u]; other != nil { // another request of u was faster
		x.mu.Unlock()
		return other, nil
	}
	// From here on writes to its inbox are heard of; what was there before is read.
	x.users[u] = list
	list.turn <- struct{}{}
	x.mu.Unlock()
	defer func() { <-list.turn }()
	entries, err := x.server.inboxes.list(ctx, u)
	if err != nil {
		x.drop(u)
		return nil, err
	}
	x.mu.Lock()
	for k := range entries {
		x.register(list, k)
	}
	x.makeRoom(list)
	x.mu.Unlock()
	// From here on writes to the heads of all of them are heard of as well.
	if list.order, err = x.read(ctx, u, entries); err != nil {
		x.drop(u)
		return nil, err
	}
	return list, nil
}

// makeRoom forgets the lists that were not used for longest, but not the newest.
// The caller holds mu.
func (x *lists) makeRoom(newest *userList) {
	for x.entries > listedMax && len(x.users) > 1 {
		oldest := newest
		for _, l := range x.users {
			if l != newest && (oldest == newest || l.used.Before(oldest.used)) {
				oldest = l
			}
		}
		x.remove(oldest)
	}
}

// follow begins to hear of changes.
func (x *lists) follow(ctx context.Context) error {
	x.start.Lock()
	defer x.start.Unlock()
	if x.followers != nil {
		return nil
	}
	heads, err := follow(ctx, x.server.heads.table, x.headWritten)
	if err != nil {
		return err
	}
	inboxes, err := follow(ctx, x.server.inboxes.table, x.inboxWritten)
	if err != nil {
		heads.stop()
		return err
	}
	x.followers = []*follower{heads, inboxes}
	return nil
}

// close ends following, and forgets what depends on it.
func (x *lists) close() {
	x.start.Lock()
	defer x.start.Unlock()
	for _, f := range x.followers {
		f.stop()
	}
	x.followers = nil
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, list := range x.users {
		x.remove(list)
	}
}

// headWritten marks what a write to the heads changes: a conversation's head
// changes the lists of all its members, a counter that of one.
func (x *lists) headWritten(key string) {
	conv, user, own := strings.Cut(key, ".")
	x.mu.Lock()
	defer x.mu.Unlock()
	for list := range x.byKey[convKey(conv)] {
		if !own || encodeID(string(list.user)) == user {
			list.dirty[convKey(conv)] = struct{}{}
		}
	}
}

// inboxWritten marks a conversation in the list of its user, and one-to-one in
// that of the other side, which is shown how far it was read.
func (x *lists) inboxWritten(key string) {
	user, conv, _ := strings.Cut(key, ".")
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, _, ok := convKey(conv).users(); ok {
		for list := range x.byKey[convKey(conv)] {
			list.dirty[convKey(conv)] = struct{}{}
		}
	}
	if list := x.users[im.UserID(decodeID(user))]; list != nil {
		x.mark(list, convKey(conv))
	}
}

// mark notes that k has to be read again. The caller holds mu.
func (x *lists) mark(list *userList, k convKey) {
	list.dirty[k] = struct{}{}
	x.register(list, k)
}

// register begins to mark k for the list when it changes. The caller holds mu.
func (x *lists) register(list *userList, k convKey) {
	if _, ok := list.keys[k]; ok || x.users[list.user] != list {
		return
	}
	list.keys[k] = struct{}{}
	if x.byKey[k] == nil {
		x.byKey[k] = map[*userList]struct{}{}
	}
	x.byKey[k][list] = struct{}{}
	x.entries++
}

// drop forgets the list of u, if there is one.
func (x *lists) drop(u im.UserID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if list := x.users[u]; list != nil {
		x.remove(list)
	}
}

// remove forgets a list. The caller holds mu.
func (x *lists) remove(list *userList) {
	delete(x.users, list.user)
	for k := range list.keys {
		delete(x.byKey[k], list)
		if len(x.byKey[k]) == 0 {
			delete(x.byKey, k)
		}
	}
	x.entries -= len(list.keys)
	clear(list.keys)
}

// errListDropped: there was no room for it.
var errListDropped = errors.New("server: the list was dropped meanwhile")

// refresh reads again what was marked and returns the order.
func (x *lists) refresh(ctx context.Context, list *userList) ([]place, error) {
	waiting, cancel := context.WithTimeout(ctx, listPatience)
	defer cancel()
	for _, f := range x.following() {
		if err := f.catchUp(waiting); err != nil {
			return nil, err
		}
	}
	select {
	case list.turn <- struct{}{}:
		defer func() { <-list.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	x.mu.Lock()
	dirty := list.dirty
	list.dirty = map[convKey]struct{}{}
	gone := x.users[list.user] != list
	x.mu.Unlock()
	if gone {
		return nil, errListDropped
	}
	if len(dirty) == 0 {
		return list.order, nil
	}
	changed, err := x.places(ctx, list.user, dirty)
	if err != nil {
		return nil, err
	}
	for k := range dirty {
		delete(list.known, k)
	}
	kept := make([]place, 0, len(list.order)+len(changed))
	for _, p := range list.order {
		if _, ok := dirty[p.key]; !ok {
			kept = append(kept, p)
		}
	}
	list.order = merge(kept, changed)
	return list.order, nil
}

// shown returns of the conversations of keys those that there are, as they are to
// be shown: read where they are not known to be unchanged. Nothing is known where
// no list is kept.
func (l *userList) shown(ctx context.Context, keys []convKey, read func([]convKey) ([]listed, error)) (map[convKey]listed, error) {
	all := make(map[convKey]listed, len(keys))
	missing := keys
	if l != nil {
		select {
		case l.turn <- struct{}{}:
			defer func() { <-l.turn }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		missing = nil
		for _, k := range keys {
			if one, ok := l.known[k]; ok {
				all[k] = one
			} else {
				missing = append(missing, k)
			}
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	list, err := read(missing)
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		all[one.key] = one
		if l != nil {
			if len(l.known) >= knownMax {
				clear(l.known)
			}
			l.known[one.key] = one
		}
	}
	return all, nil
}

func (x *lists) following() []*follower {
	x.start.Lock()
	defer x.start.Unlock()
	return x.followers
}

// places reads where the conversations of keys stand now; those that are in the
// list no more are left out.
func (x *lists) places(ctx context.Context, u im.UserID, keys map[convKey]struct{}) ([]place, error) {
	entries, err := x.server.inboxes.many(ctx, u, slices.Collect(maps.Keys(keys)))
	if err != nil {
		return nil, err
	}
	return x.read(ctx, u, entries)
}

// merge joins two ordered lists into the first.
func merge(a, b []place) []place {
	if len(b) <= 16 {
		for _, p := range b {
			i, _ := slices.BinarySearchFunc(a, p, place.compare)
			a = slices.Insert(a, i, p)
		}
		return a
	}
	a = append(a, b...)
	slices.SortFunc(a, place.compare)
	return a
}

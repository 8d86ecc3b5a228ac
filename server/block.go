package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"magpie/im"
	"magpie/im/wire"
)

// blocks holds whose one-to-one messages each user refuses. It bears on what is
// said to the user alone: groups, presence and profiles are as before.
type blocks struct {
	table *table

	mu    sync.Mutex
	cache map[im.UserID][]im.UserID
}

const (
	// blockUsers is how many users one request names.
	blockUsers = 100
	// blockCacheMax bounds how many lists are kept in memory.
	blockCacheMax = 4096
)

// blockDoc is the record of a user's list, the latest first.
type blockDoc struct {
	Users []im.UserID `json:"users"`
}

func newBlocks(b *bus) *blocks {
	return &blocks{table: newTable(b, tableBlocks), cache: map[im.UserID][]im.UserID{}}
}

// of returns whom u blocks, the latest first. The caller does not change it.
func (x *blocks) of(ctx context.Context, u im.UserID) ([]im.UserID, error) {
	x.mu.Lock()
	users, ok := x.cache[u]
	x.mu.Unlock()
	if ok {
		return users, nil
	}
	var doc blockDoc
	if _, err := x.table.get(ctx, encodeID(string(u)), &doc); err != nil && !errors.Is(err, errNoMessage) {
		return nil, err
	}
	x.remember(u, doc.Users, false)
	return doc.Users, nil
}

// remember keeps a list in memory; one that was read gives way to one written
// meanwhile.
func (x *blocks) remember(u im.UserID, users []im.UserID, written bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, ok := x.cache[u]; ok && !written {
		return
	}
	if len(x.cache) >= blockCacheMax {
		clear(x.cache)
	}
	x.cache[u] = users
}

// check returns im.CodeBlocked if by does not want messages of from.
func (x *blocks) check(ctx context.Context, by, from im.UserID) error {
	users, err := x.of(ctx, by)
	if err != nil {
		return err
	}
	if slices.Contains(users, from) {
		return im.Errorf(im.CodeBlocked, "%s does not take messages of %s", by, from)
	}
	return nil
}

// change puts users on u's list or takes them from it, and reports whether it is
// another one now.
func (x *blocks) change(ctx context.Context, u im.UserID, users []im.UserID, off bool) (changed bool, err error) {
	for range 100 {
		var doc blockDoc
		revision, err := x.table.get(ctx, encodeID(string(u)), &doc)
		if err != nil && !errors.Is(err, errNoMessage) {
			return false, err
		}
		next := slices.DeleteFunc(slices.Clone(doc.Users), func(b im.UserID) bool { return off && slices.Contains(users, b) })
		for _, b := range users {
			if !off && !slices.Contains(next, b) {
				next = slices.Insert(next, 0, b)
			}
		}
		if len(next) > im.MaxBlacklist {
			return false, im.Errorf(im.CodeInvalidGroupParameter, "%d users would be blocked, %d are allowed", len(next), im.MaxBlacklist)
		}
		if len(next) == len(doc.Users) {
			return false, nil
		}
		_, err = x.table.update(ctx, encodeID(string(u)), blockDoc{next}, revision)
		if errors.Is(err, errConflict) {
			continue
		}
		if err == nil {
			x.remember(u, next, true)
		}
		return err == nil, err
	}
	return false, fmt.Errorf("server: the list of whom %s blocks is changed all the time", u)
}

// block changes whom the user blocks, and tells its other devices.
func block(ctx context.Context, c *conn, f wire.Block) (any, error) {
	if err := checkUsers(f.Users, blockUsers); err != nil {
		return nil, err
	}
	if slices.Contains(f.Users, c.user) {
		return nil, im.Errorf(im.CodeBlacklistSelf, "nobody blocks itself")
	}
	changed, err := c.server.blocks.change(ctx, c.user, f.Users, f.Off)
	if changed {
		c.server.hub.event(c.user, c.session, "", wire.Event{K: wire.EvBlocked})
	}
	return answerOK(f.I, err)
}

// blocked answers with whom the user blocks.
func blocked(ctx context.Context, c *conn, f wire.Blocked) (any, error) {
	users, err := c.server.blocks.of(ctx, c.user)
	if err != nil {
		return nil, err
	}
	return wire.Blocked{Head: wire.Head{T: wire.TBlocked, I: f.I}, Users: users}, nil
}

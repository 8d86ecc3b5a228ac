package core

import (
	"context"
	"slices"

	"magpie/im"
	"magpie/im/wire"
)

// Most users of one request.
const (
	maxProfiles = 100
	maxPresence = 500
)

// GetProfiles returns the profiles of users, in the order asked for, unknown
// users left out: fresh if connected, else from the cache.
func (c *Client) GetProfiles(ctx context.Context, users ...im.UserID) ([]im.Profile, error) {
	for _, u := range users {
		if err := u.Validate(); err != nil {
			return nil, err
		}
	}
	if l := c.current(); l != nil {
		list, err := c.askProfiles(ctx, l, users)
		if err == nil || !passing(err) {
			return list, err
		}
	}
	var list []im.Profile
	for _, u := range users {
		p, found, err := c.db.Profile(u)
		if err != nil {
			return nil, err
		}
		if found {
			list = append(list, p)
		}
	}
	return list, nil
}

// askProfiles asks for profiles and keeps them.
func (c *Client) askProfiles(ctx context.Context, l *link, users []im.UserID) ([]im.Profile, error) {
	got := make(map[im.UserID]im.Profile)
	for part := range slices.Chunk(users, maxProfiles) {
		h := l.head(wire.TProfileGet)
		reply, err := ask[wire.Profiles](ctx, l, h, wire.Users{Head: h, Users: part})
		if err != nil {
			return nil, err
		}
		for _, p := range reply.Profiles {
			got[p.UserID] = p
		}
	}
	var list []im.Profile
	for _, u := range users {
		if p, ok := got[u]; ok {
			list = append(list, p)
			delete(got, u)
		}
	}
	return list, c.learnProfiles(ctx, list)
}

// MyProfile is the account's own profile as far as it is on disk; it has at
// least the user id.
func (c *Client) MyProfile() (im.Profile, error) {
	p, found, err := c.db.Profile(c.o.User)
	if !found {
		p = im.Profile{UserID: c.o.User}
	}
	return p, err
}

// FetchMyProfile is the account's own profile as the server has it now, which is what
// [Client.UpdateMyProfile] may replace. Code 9508 without a connection.
func (c *Client) FetchMyProfile(ctx context.Context) (im.Profile, error) {
	l, err := c.online()
	if err != nil {
		return im.Profile{}, err
	}
	list, err := c.askProfiles(ctx, l, []im.UserID{c.o.User})
	if err == nil && len(list) == 0 {
		err = im.Errorf(im.CodeUserNotFound, "the server does not know %s", c.o.User)
	}
	if err != nil {
		return im.Profile{}, err
	}
	return list[0], nil
}

// UpdateMyProfile replaces what the account shows of itself. Code 9508 without
// a connection, else those of [im.Profile.Validate] or the server's.
func (c *Client) UpdateMyProfile(ctx context.Context, p im.Profile) error {
	p.UserID = c.o.User
	if err := p.Validate(); err != nil {
		return err
	}
	l, err := c.online()
	if err != nil {
		return err
	}
	h := l.head(wire.TProfileSet)
	if _, err := ask[wire.OK](ctx, l, h, wire.ProfileSet{Head: h, Profile: p}); err != nil {
		return err
	}
	return c.learnProfiles(ctx, []im.Profile{p})
}

// Presence returns who of at most 500 users is connected now, and lets
// [UserStatusUpdated] tell of changes from then on, over reconnects too. Code
// 9508 without a connection.
func (c *Client) Presence(ctx context.Context, users ...im.UserID) ([]im.UserPresence, error) {
	for _, u := range users {
		if err := u.Validate(); err != nil {
			return nil, err
		}
	}
	l, err := c.online()
	if err != nil {
		return nil, err
	}
	list, err := c.askPresence(ctx, l, users)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, u := range users {
		if len(c.watched) < maxPresence {
			c.watched[u] = struct{}{}
		}
	}
	return list, nil
}

func (c *Client) askPresence(ctx context.Context, l *link, users []im.UserID) ([]im.UserPresence, error) {
	if len(users) > maxPresence {
		return nil, im.Errorf(im.CodeTooManyAccounts, "%d users at once, %d are allowed", len(users), maxPresence)
	}
	h := l.head(wire.TPresence)
	reply, err := ask[wire.PresenceList](ctx, l, h, wire.Users{Head: h, Users: users})
	return reply.Users, err
}

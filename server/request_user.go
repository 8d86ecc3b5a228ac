package server

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

const (
	profilesMax = 100 // users in one profile.get
	presenceMax = 500 // users in one presence
)

// profileGet answers with the profiles of those users that exist.
func profileGet(ctx context.Context, c *conn, f wire.Users) (any, error) {
	if err := checkUsers(f.Users, profilesMax); err != nil {
		return nil, err
	}
	found, err := c.server.accounts.profilesOf(ctx, f.Users)
	if err != nil {
		return nil, err
	}
	answer := wire.Profiles{Head: wire.Head{T: wire.TProfileGet, I: f.I}, Profiles: []im.Profile{}}
	for _, u := range f.Users {
		if p, ok := found[u]; ok {
			answer.Profiles = append(answer.Profiles, p)
			delete(found, u) // asked for twice, answered once
		}
	}
	return answer, nil
}

// profileSet replaces what the user shows of itself, and tells its other
// devices and those who watch it.
func profileSet(ctx context.Context, c *conn, f wire.ProfileSet) (any, error) {
	s := c.server
	p, err := s.accounts.setProfile(ctx, c.user, f.Profile)
	if err != nil {
		return nil, err
	}
	e := wire.Event{K: wire.EvProfile, User: c.user, Profile: &p}
	s.hub.send(c.user, envelope{Origin: c.session, Event: &e})
	s.hub.tellWatchers(c.user, e)
	return ok(f.I), nil
}

// presence answers who is online and subscribes the connection to changes.
func presence(_ context.Context, c *conn, f wire.Users) (any, error) {
	if err := checkUsers(f.Users, presenceMax); err != nil {
		return nil, err
	}
	list, err := c.server.hub.watch(c, f.Users)
	if err != nil {
		return nil, err
	}
	return wire.PresenceList{Head: wire.Head{T: wire.TPresence, I: f.I}, Users: list}, nil
}

func checkUsers(users []im.UserID, max int) error {
	if len(users) > max {
		return im.Errorf(im.CodeInvalidParameter, "%d users, %d are allowed", len(users), max)
	}
	for _, u := range users {
		if err := u.Validate(); err != nil {
			return err
		}
	}
	return nil
}

package core

import (
	"context"

	"magpie/im"
)

// GetProfiles returns the profiles of users, in the order asked for, unknown
// users left out: fresh if connected, else from the cache.
func (c *Client) GetProfiles(ctx context.Context, users ...im.UserID) ([]im.Profile, error) {
	return nil, nil
}

// MyProfile is the account's own profile as far as it is on disk; it has at
// least the user id.
func (c *Client) MyProfile() (im.Profile, error) { return im.Profile{}, nil }

// UpdateMyProfile replaces what the account shows of itself. Code 9508 without
// a connection, else those of [im.Profile.Validate] or the server's.
func (c *Client) UpdateMyProfile(ctx context.Context, p im.Profile) error { return nil }

// Presence returns who of at most 500 users is connected now, and lets
// [UserStatusUpdated] tell of changes from then on, over reconnects too. Code
// 9508 without a connection.
func (c *Client) Presence(ctx context.Context, users ...im.UserID) ([]im.UserPresence, error) {
	return nil, nil
}

package server

import (
	"context"
	"math"
	"slices"
	"time"

	"magpie/im"
)

// A session ends for good, with the reason, in these cases:
//
//   - multipleAccount: the same installation (device) signed in once more on a
//     platform of Options.SingleDevice. Two that run side by side are copies of
//     one data folder; without a reason they would displace each other for ever.
//   - multipleDevice: another device of the user signed in on such a platform,
//     or is one more than Options.MaxConnections.
//   - userSigExpired: what it signed in with has run out.
//   - REST_API_Kick: the operator wants it so.

// kick ends all sessions of u that are here.
func (h *hub) kick(u im.UserID, reason im.KickReason) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if user := h.users[u]; user != nil {
		for _, c := range user.conns {
			c.kick(reason)
		}
	}
}

// displace takes from u's connections those that c, where one device of its
// platform is allowed, puts an end to. The caller holds h.mu.
func (h *hub) displace(u *hubUser, c *conn) (gone []*conn) {
	if !slices.Contains(h.server.opt.SingleDevice, c.platform) {
		return nil
	}
	u.conns = slices.DeleteFunc(u.conns, func(o *conn) bool {
		if o.platform == c.platform {
			gone = append(gone, o)
		}
		return o.platform == c.platform
	})
	return gone
}

// endAt ends the session when the server's clock shows until; the zero time is
// never.
func (c *conn) endAt(until time.Time) {
	if until.IsZero() {
		return
	}
	c.expiry = time.AfterFunc(math.MaxInt64, func() {
		// A clock that was set back gives it more time.
		if left := until.Sub(c.server.opt.Now()); left > 0 {
			c.expiry.Reset(left)
			return
		}
		c.kick(im.KickUserSigExpired)
	})
	// Started only now, so that the function finds the timer.
	c.expiry.Reset(until.Sub(c.server.opt.Now()))
}

// KickUser ends all sessions of user and makes the tokens and UserSigs issued
// to it so far invalid; newer ones and its password sign it in again.
func (s *Server) KickUser(ctx context.Context, user im.UserID) error {
	if err := s.accounts.invalidate(ctx, user); err != nil {
		return err
	}
	s.hub.send(user, envelope{Kick: im.KickREST})
	return nil
}

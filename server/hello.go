package server

import (
	"context"
	"slices"
	"time"

	"magpie/im"
	"magpie/im/wire"
	"magpie/server/auth"
)

// hello signs the connection in. Exactly one of UserSig, password and token
// says that it may.
func hello(ctx context.Context, c *conn, head wire.Head, line []byte) (any, error) {
	if c.user != "" {
		return nil, im.Errorf(im.CodeInvalidRequest, "hello was said before")
	}
	f, err := wire.Decode[wire.Hello](line)
	if err != nil {
		return nil, err
	}
	if f.V < 1 {
		return nil, im.Errorf(im.CodeVersion, "version %d of the protocol is not spoken here, %d is", f.V, wire.Version)
	}
	if err := f.User.Validate(); err != nil {
		return nil, err
	}
	if err := im.ValidateDevice(f.Device); err != nil {
		return nil, err
	}
	s := c.server
	if err := s.limits.signIn(f.User, c.address); err != nil {
		return nil, err
	}
	by, err := s.signIn(ctx, &f)
	if err != nil {
		s.limits.failed(f.User, c.address)
		return nil, err
	}
	s.limits.succeeded(f.User, c.address)
	token, expires := s.newToken(f.User, f.Device, by.until)
	c.user, c.device, c.platform = f.User, f.Device, f.Platform
	displaced, err := s.hub.join(c)
	for _, old := range displaced {
		c.displace(old)
	}
	if err != nil {
		return nil, err
	}
	// An operator's kick in between has not met this connection.
	if err := s.accounts.issuedInTime(ctx, f.User, by.issued); err != nil {
		return nil, err
	}
	if f.Token != "" && by.until.IsZero() {
		by.until = expires
	}
	c.endAt(by.until)
	return wire.Welcome{
		Head: wire.Head{T: wire.THello, I: head.I}, V: wire.Version, User: c.user, Session: c.session,
		Now: s.now(), Epoch: s.epoch.value(), Token: token, TokenExpires: expires.UnixMilli(), Limits: s.welcomeLimits(),
		Inviter: by.inviter,
	}, nil
}

// displace ends an older connection of the same user in favour of c.
func (c *conn) displace(old *conn) {
	same := old.device == c.device
	switch {
	case same && slices.Contains(c.server.opt.SingleDevice, old.platform):
		old.kick(im.KickMultipleAccount)
	case same:
		old.close(0, "") // an older connection of this very device
	default:
		old.kick(im.KickMultipleDevice)
	}
}

// credential is what a sign-in was found valid by: when it was issued, when the
// session ends with it (zero: never), and who invited.
type credential struct {
	issued, until time.Time
	inviter       im.UserID
}

// signIn checks the one credential of a hello.
func (s *Server) signIn(ctx context.Context, f *wire.Hello) (by credential, err error) {
	given := 0
	for _, v := range []string{f.UserSig, f.Password, f.Token} {
		if v != "" {
			given++
		}
	}
	now := s.opt.Now()
	switch {
	case s.reserved(f.User) && f.Invite != "":
		if _, err = s.invites.valid(ctx, f.Invite); err == nil {
			err = im.Errorf(im.CodeUserExists, "the user name %s is the server's own", f.User)
		}
		return by, err
	case s.reserved(f.User):
		return by, im.Errorf(im.CodeWrongPassword, "nobody signs in as %s", f.User)
	case given == 0:
		return by, im.Errorf(im.CodeUserSigEmpty, "neither UserSig nor password nor token was given")
	case given > 1:
		return by, im.Errorf(im.CodeInvalidParameter, "only one of UserSig, password and token may be given")
	case f.UserSig != "":
		if err := auth.Verify(s.keys.SDKAppID, s.keys.Secret, f.User, f.UserSig, now); err != nil {
			return by, err
		}
		if by.issued, by.until, err = auth.Validity(f.UserSig); err != nil {
			return by, err
		}
		// A UserSig says the second of its making: one of the same second counts as
		// newer than a kick.
		by.issued = by.issued.Add(time.Second - time.Millisecond)
		// A signed user that was never here has an account from now on.
		if _, err := s.accounts.create(ctx, f.User, "", ""); err != nil {
			return by, err
		}
	case f.Token != "":
		claims, err := auth.ParseToken(s.keys.Tokens, f.Token, now)
		if err != nil {
			return by, err
		}
		if claims.User != f.User || claims.Device != f.Device {
			return by, im.Errorf(im.CodeUserSigWrongUser, "the token is for another user or device")
		}
		if _, err := s.accounts.get(ctx, f.User); err != nil {
			return by, err
		}
		by = credential{issued: claims.Issued, until: claims.Until}
	case f.Invite != "":
		by.issued = now
		by.inviter, err = s.joinByInvitation(ctx, f)
		return by, err
	default:
		by.issued = now
		return by, s.accounts.checkPassword(ctx, f.User, f.Password)
	}
	return by, s.accounts.issuedInTime(ctx, f.User, by.issued)
}

// joinByInvitation signs in who has an account and its password, so that one whose
// answer was lost on the way may ask again, and else makes the account if the
// invitation is valid. Without a valid one it takes as long and says as much for a name
// that is taken as for one that is not.
func (s *Server) joinByInvitation(ctx context.Context, f *wire.Hello) (inviter im.UserID, err error) {
	err = s.accounts.checkPassword(ctx, f.User, f.Password)
	if err == nil {
		i, err := s.invites.valid(ctx, f.Invite)
		if code := im.CodeOf(err); code == im.CodeInvitationUnknown || code == im.CodeInvitationExpired {
			return "", nil
		}
		return i.By, err
	}
	if im.CodeOf(err) != im.CodeWrongPassword {
		return "", err
	}
	if _, err := s.invites.valid(ctx, f.Invite); err != nil {
		return "", err
	}
	hash, err := s.hashPassword(ctx, f.Password)
	if err != nil {
		return "", err
	}
	return s.invites.join(ctx, f.User, f.Nick, hash, f.Invite)
}

// newToken makes a token and tells when it expires: not after until, unless that
// is zero.
func (s *Server) newToken(u im.UserID, device string, until time.Time) (string, time.Time) {
	now := s.opt.Now()
	expires := now.Add(tokenLifetime)
	if !until.IsZero() && until.Before(expires) {
		expires = until
	}
	token, err := auth.NewToken(s.keys.Tokens, auth.Claims{User: u, Device: device, Issued: now, Expires: expires, Until: until})
	if err != nil {
		s.opt.Logf("sign-in: %v", err)
		return "", time.Time{}
	}
	return token, expires
}

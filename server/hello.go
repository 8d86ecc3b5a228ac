package server

import (
	"context"

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
	if s.reserved(f.User) {
		return nil, im.Errorf(im.CodeWrongPassword, "nobody signs in as %s", f.User)
	}
	if err := s.limits.signIn(f.User, c.address); err != nil {
		return nil, err
	}
	if err := s.signIn(ctx, &f); err != nil {
		s.limits.failed(f.User, c.address)
		return nil, err
	}
	s.limits.succeeded(f.User, c.address)
	token, expires := s.newToken(f.User, f.Device)
	c.user, c.device = f.User, f.Device
	displaced, sameDevice, err := s.hub.join(c)
	if displaced != nil {
		if sameDevice {
			displaced.close(0, "") // an older connection of this very device
		} else {
			displaced.kick(im.KickMultipleDevice)
		}
	}
	if err != nil {
		return nil, err
	}
	return wire.Welcome{
		Head: wire.Head{T: wire.THello, I: head.I}, V: wire.Version, User: c.user, Session: c.session,
		Now: s.now(), Epoch: s.epoch.value(), Token: token, TokenExpires: expires, Limits: s.welcomeLimits(),
	}, nil
}

// signIn checks the one credential of a hello.
func (s *Server) signIn(ctx context.Context, f *wire.Hello) error {
	given := 0
	for _, v := range []string{f.UserSig, f.Password, f.Token} {
		if v != "" {
			given++
		}
	}
	now := s.opt.Now()
	switch {
	case given == 0:
		return im.Errorf(im.CodeUserSigEmpty, "neither UserSig nor password nor token was given")
	case given > 1:
		return im.Errorf(im.CodeInvalidParameter, "only one of UserSig, password and token may be given")
	case f.UserSig != "":
		if err := auth.Verify(s.keys.SDKAppID, s.keys.Secret, f.User, f.UserSig, now); err != nil {
			return err
		}
		// A signed user that was never here has an account from now on.
		_, err := s.accounts.create(ctx, f.User, "", "")
		return err
	case f.Token != "":
		claims, err := auth.ParseToken(s.keys.Tokens, f.Token, now)
		if err != nil {
			return err
		}
		if claims.User != f.User || claims.Device != f.Device {
			return im.Errorf(im.CodeUserSigWrongUser, "the token is for another user or device")
		}
		_, err = s.accounts.get(ctx, f.User)
		return err
	}
	return s.accounts.checkPassword(ctx, f.User, f.Password)
}

// newToken makes a token and tells when it expires, in ms since 1970.
func (s *Server) newToken(u im.UserID, device string) (string, int64) {
	now := s.opt.Now()
	expires := now.Add(tokenLifetime)
	token, err := auth.NewToken(s.keys.Tokens, auth.Claims{User: u, Device: device, Issued: now, Expires: expires})
	if err != nil {
		s.opt.Logf("sign-in: %v", err)
		return "", 0
	}
	return token, expires.UnixMilli()
}

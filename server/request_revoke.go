package server

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

// revoke recalls a message for everybody.
func revoke(ctx context.Context, c *conn, f wire.Revoke) (any, error) {
	s := c.server
	may, target, err := s.authoriseRevoke(ctx, c.user, f)
	if err != nil {
		return nil, err
	}
	nick := may.nameCard
	if nick == "" {
		profile, err := s.accounts.profile(ctx, c.user)
		if err != nil {
			return nil, err
		}
		nick = profile.Nick
	}
	// No session is left out: the one that asked learns of it as all others do.
	recall, dup, err := s.actors.append(ctx, newRecall(target, c.user, nick), target.n, "")
	if err != nil {
		return nil, err
	}
	if dup { // another device or gateway was faster
		return nil, alreadyRecalled(may.group != nil, f.Sequence)
	}
	return wire.Sent{Head: wire.Head{T: wire.TOK, I: f.I}, ID: target.id, Sequence: recall.n, Time: recall.time}, nil
}

func alreadyRecalled(group bool, n uint64) error {
	if group {
		return im.Errorf(im.CodeRevokeNotFound, "message %d was recalled before", n)
	}
	return im.Errorf(im.CodeAlreadyRevoked, "message %d was recalled before", n)
}

// rowAt reads the record with number n of a conversation, nil if there is none
// or n is less than first.
func (s *Server) rowAt(ctx context.Context, k convKey, first, n uint64) (*record, error) {
	if n < first {
		return nil, nil
	}
	release, err := s.log.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	last, err := s.log.head(ctx, k)
	if err != nil || last == nil || n > last.n {
		return nil, err
	}
	r, err := s.log.rowAt(ctx, k, last.position, n, n)
	if r == nil || r.n != n {
		return nil, err
	}
	return r, err
}

package server

import (
	"context"
	"time"

	"magpie/im/wire"
)

// handler answers one request: with a frame or with an error.
type handler func(ctx context.Context, c *conn, head wire.Head, line []byte) (any, error)

// handlerOf returns the handler of a type of frame, nil if it is not known.
func handlerOf(t string) handler {
	switch t {
	case wire.THello:
		return hello
	case wire.TSend:
		return decoded(send)
	case wire.TPull:
		return decoded(pull)
	case wire.TConversations:
		return decoded(conversations)
	case wire.TConversation:
		return decoded(conversationGet)
	case wire.TRead:
		return decoded(read)
	case wire.TRevoke:
		return decoded(revoke)
	case wire.TConvSet:
		return decoded(convSet)
	case wire.TDeleteConv:
		return decoded(conversationDelete)
	case wire.TGroupCreate:
		return decoded(groupCreate)
	case wire.TGroupInvite:
		return decoded(groupInvite)
	case wire.TGroupQuit:
		return decoded(groupQuit)
	case wire.TGroupInfo:
		return decoded(groupInfo)
	case wire.TGroupMembers:
		return decoded(groupMembers)
	case wire.TGroupSet:
		return decoded(groupSet)
	case wire.TGroupJoin:
		return decoded(groupJoin)
	case wire.TGroupAnswer:
		return decoded(groupAnswer)
	case wire.TGroupKick:
		return decoded(groupKick)
	case wire.TGroupDismiss:
		return decoded(groupDismiss)
	case wire.TGroupTransfer:
		return decoded(groupTransfer)
	case wire.TGroupMember:
		return decoded(groupMember)
	case wire.TBlock:
		return decoded(block)
	case wire.TBlocked:
		return decoded(blocked)
	case wire.TProfileGet:
		return decoded(profileGet)
	case wire.TProfileSet:
		return decoded(profileSet)
	case wire.TPresence:
		return decoded(presence)
	}
	return nil
}

// decoded makes a handler of a function that gets its frame decoded.
func decoded[F any](f func(context.Context, *conn, F) (any, error)) handler {
	return func(ctx context.Context, c *conn, _ wire.Head, line []byte) (any, error) {
		frame, err := wire.Decode[F](line)
		if err != nil {
			return nil, err
		}
		return f(ctx, c, frame)
	}
}

// requestTimeout bounds the work for one request.
const requestTimeout = 30 * time.Second

// requestContext is the context of one request. It does not end with the
// connection: what was begun for a client that left is finished.
func (s *Server) requestContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.ctx, requestTimeout)
}

// ok answers request i when there is nothing to tell.
func ok(i uint64) wire.OK { return wire.OK{Head: wire.Head{T: wire.TOK, I: i}} }

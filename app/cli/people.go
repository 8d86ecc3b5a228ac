package cli

import (
	"context"

	"magpie/im"
)

// profiles prints profiles of users, without names the account's own.
func profiles(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("profile")
	offline := offlineFlag(f)
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	users, err := userIDs(rest)
	if err != nil {
		return err
	}
	return e.readDo(ctx, a, *offline, func(s *session) error {
		if len(users) == 0 {
			users = []im.UserID{s.acct.User}
		}
		list, err := s.client.GetProfiles(ctx, users...)
		if err != nil {
			return err
		}
		return encodeAll(e, list)
	})
}

// members prints who is in a group.
func members(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("members")
	offline := offlineFlag(f)
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usageError("say which group")
	}
	return e.readDo(ctx, a, *offline, func(s *session) error {
		list, err := s.client.GroupMembers(ctx, im.GroupID(rest[0]))
		if err != nil {
			return err
		}
		return encodeAll(e, list)
	})
}

// markRead says that everything in a conversation was read.
func markRead(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("read")
	conv, err := oneConversation(parse(f, args))
	if err != nil {
		return err
	}
	return e.connectedDo(ctx, a, func(s *session) error { return s.client.SetMessageRead(ctx, conv) })
}

// readDo runs a command on what is on the disk or, unless it is to be offline, with
// a client that is ready.
func (e *Env) readDo(ctx context.Context, a *account, offline bool, do func(*session) error) error {
	if offline {
		return e.offlineDo(ctx, a, do)
	}
	return e.connectedDo(ctx, a, do)
}

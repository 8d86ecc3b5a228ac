package cli

import (
	"context"

	"magpie/im"
)

func revoke(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("revoke")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usageError("say which message: its ID, as history --json prints it")
	}
	return e.connectedDo(ctx, a, func(s *session) error { return s.client.RevokeMessage(ctx, im.MessageID(rest[0])) })
}

func pin(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("pin")
	off := f.Bool("off", false, "back among the others")
	conv, err := oneConversation(parse(f, args))
	if err != nil {
		return err
	}
	return e.connectedDo(ctx, a, func(s *session) error { return s.client.PinConversation(ctx, conv, !*off) })
}

func mute(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("mute")
	off := f.Bool("off", false, "notify of its messages again")
	discard := f.Bool("discard", false, "do not even receive its messages until it is opened")
	conv, err := oneConversation(parse(f, args))
	if err != nil {
		return err
	}
	if *off && *discard {
		return usageError("say either --off or --discard")
	}
	t := im.RemindQuiet
	switch {
	case *off:
		t = im.RemindNotify
	case *discard:
		t = im.RemindDiscard
	}
	return e.connectedDo(ctx, a, func(s *session) error { return s.client.SetMessageRemindType(ctx, conv, t) })
}

func block(ctx context.Context, e *Env, args []string) error {
	f, a := e.accountFlags("block")
	off := f.Bool("off", false, "let them write again")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	users, err := userIDs(rest)
	if err != nil {
		return err
	}
	return e.connectedDo(ctx, a, func(s *session) error {
		switch {
		case len(users) == 0:
			list, err := s.client.GetBlacklist(ctx)
			if err != nil {
				return err
			}
			return encodeAll(e, list)
		case *off:
			return s.client.RemoveFromBlacklist(ctx, users...)
		}
		return s.client.AddToBlacklist(ctx, users...)
	})
}

// oneConversation reads the one argument of a command; a user id alone is the
// conversation with that user.
func oneConversation(rest []string, err error) (im.ConversationID, error) {
	if err != nil {
		return "", err
	}
	if len(rest) != 1 {
		return "", usageError("say one conversation: C2C and a user id, GROUP and a group id, or a user id alone")
	}
	conv := im.ConversationID(rest[0])
	if conv.Type() == "" {
		conv = im.C2C(im.UserID(rest[0]))
	}
	return conv, conv.Validate()
}

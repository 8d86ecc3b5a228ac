package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"magpie/app/core"
	"magpie/im"
)

func group(ctx context.Context, e *Env, args []string) (err error) {
	f := e.flags("group")
	var a account
	a.register(f)
	kind := f.String("type", string(im.GroupWork), "`type` of a new group: Private, Public, ChatRoom or AVChatRoom")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) < 2 {
		return usageError("say what to do with which group")
	}
	var users []im.UserID
	for _, u := range rest[2:] {
		if err := im.UserID(u).Validate(); err != nil {
			return err
		}
		users = append(users, im.UserID(u))
	}
	var do func(s *session) error
	switch rest[0] {
	case "create":
		do = func(s *session) error {
			g, results, err := s.client.CreateGroup(ctx, im.Group{Name: rest[1], Type: im.GroupType(*kind)}, users)
			if err != nil {
				return err
			}
			return errors.Join(json.NewEncoder(e.Stdout).Encode(g), joined(results))
		}
	case "invite":
		if len(users) == 0 {
			return usageError("say whom to invite")
		}
		do = func(s *session) error {
			results, err := s.client.InviteToGroup(ctx, im.GroupID(rest[1]), users)
			if err != nil {
				return err
			}
			return errors.Join(json.NewEncoder(e.Stdout).Encode(results), joined(results))
		}
	case "quit":
		do = func(s *session) error { return s.client.QuitGroup(ctx, im.GroupID(rest[1])) }
	default:
		return usageError("%q is none of create, invite, quit", rest[0])
	}
	s, err := a.open(ctx, e, connected)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.ready(ctx, a.timeout); err != nil {
		return err
	}
	return do(s)
}

// joined is an error if somebody could not be brought into the group.
func joined(results []core.InviteResult) error {
	var errs []error
	for _, r := range results {
		if r.Error != nil {
			errs = append(errs, fmt.Errorf("%s: %w", r.UserID, r.Error))
		}
	}
	return errors.Join(errs...)
}

package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/im"
)

// groupFlags are those of the group commands; which of them count depends on
// what is to be done.
type groupFlags struct {
	kind, name, introduction, notice, join, muteAll string // of a group
	reason, role, card                              string // of a member
	mute                                            time.Duration
	set                                             map[string]bool // given on the command line
}

func (g *groupFlags) register(f *flag.FlagSet) {
	f.StringVar(&g.kind, "type", string(im.GroupWork), "`type` of a new group: Private, Public, ChatRoom or AVChatRoom")
	f.StringVar(&g.name, "name", "", "set: the group's `name`")
	f.StringVar(&g.introduction, "introduction", "", "set: what the group is about")
	f.StringVar(&g.notice, "notice", "", "set: what its members should know")
	f.StringVar(&g.join, "join", "", "set: who may join, `option` FreeAccess, NeedPermission or DisableApply")
	f.StringVar(&g.muteAll, "mute-all", "", "set: `on`: only owner and admins speak; off")
	f.StringVar(&g.reason, "reason", "", "kick: why")
	f.StringVar(&g.role, "role", "", "member: `role` Admin or Member")
	f.StringVar(&g.card, "card", "", "member: its `name` in the group")
	f.DurationVar(&g.mute, "mute", 0, "member: how `long` it may not speak, 0s to let it speak")
}

// change is what the flags of set say.
func (g *groupFlags) change() (im.GroupChange, error) {
	var c im.GroupChange
	for name, put := range map[string]func(){
		"name":         func() { c.Name = &g.name },
		"introduction": func() { c.Introduction = &g.introduction },
		"notice":       func() { c.Notification = &g.notice },
		"join":         func() { o := im.JoinOption(g.join); c.JoinOption = &o },
		"mute-all":     func() { on := g.muteAll == "on"; c.MuteAllMembers = &on },
	} {
		if g.set[name] {
			put()
		}
	}
	if g.set["mute-all"] && g.muteAll != "on" && g.muteAll != "off" {
		return c, usageError("--mute-all is on or off")
	}
	if c.Name == nil && c.Introduction == nil && c.Notification == nil && c.JoinOption == nil && c.MuteAllMembers == nil {
		return c, usageError("say what to set")
	}
	return c, nil
}

func group(ctx context.Context, e *Env, args []string) (err error) {
	f, a := e.accountFlags("group")
	var g groupFlags
	g.register(f)
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	g.set = map[string]bool{}
	f.Visit(func(f *flag.Flag) { g.set[f.Name] = true })
	do, err := e.groupDo(ctx, &g, rest, a)
	if err != nil {
		return err
	}
	return e.connectedDo(ctx, a, do)
}

// connectedDo does something with a client that is ready.
func (e *Env) connectedDo(ctx context.Context, a *account, do func(*session) error) (err error) {
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

// groupDo reads what is to be done with which group.
func (e *Env) groupDo(ctx context.Context, g *groupFlags, rest []string, a *account) (func(*session) error, error) {
	if len(rest) == 1 && rest[0] == "list" {
		return func(s *session) error {
			list, err := s.client.GetGroupList(ctx)
			return errors.Join(err, encodeAll(e, list))
		}, nil
	}
	if len(rest) < 2 {
		return nil, usageError("say what to do with which group")
	}
	verb, id, words := rest[0], im.GroupID(rest[1]), strings.Join(rest[2:], " ")
	switch verb {
	case "join":
		return func(s *session) error {
			status, info, err := s.client.JoinGroup(ctx, id, words)
			if err != nil {
				return err
			}
			return json.NewEncoder(e.Stdout).Encode(struct {
				Status im.JoinStatus `json:"status"`
				Group  im.Group      `json:"group"`
			}{status, info})
		}, nil
	case "quit":
		return func(s *session) error { return s.client.QuitGroup(ctx, id) }, nil
	case "dismiss":
		return func(s *session) error { return s.client.DismissGroup(ctx, id) }, nil
	case "set":
		change, err := g.change()
		if err != nil {
			return nil, err
		}
		return func(s *session) error {
			info, err := s.client.UpdateGroupProfile(ctx, id, change)
			if err != nil {
				return err
			}
			return json.NewEncoder(e.Stdout).Encode(info)
		}, nil
	case "answer":
		if len(rest) < 3 || rest[2] != "agree" && rest[2] != "reject" {
			return nil, usageError("answer a notice with agree or reject")
		}
		action := map[string]im.HandleAction{"agree": im.HandleAgree, "reject": im.HandleReject}[rest[2]]
		words := strings.Join(rest[3:], " ")
		return func(s *session) error {
			return s.client.HandleGroupApplication(ctx, im.MessageID(rest[1]), action, words)
		}, nil
	}
	users, err := userIDs(rest[2:])
	if err != nil {
		return nil, err
	}
	if verb != "create" && len(users) == 0 {
		return nil, usageError("say who")
	}
	switch verb {
	case "create":
		return func(s *session) error {
			return e.createGroup(ctx, s, im.Group{Name: rest[1], Type: im.GroupType(g.kind)}, users, a.timeout)
		}, nil
	case "invite":
		return func(s *session) error {
			results, err := s.client.InviteToGroup(ctx, id, users)
			if err != nil {
				return err
			}
			return errors.Join(json.NewEncoder(e.Stdout).Encode(results), joined(results))
		}, nil
	case "kick":
		return func(s *session) error { return s.client.KickGroupMembers(ctx, id, users, g.reason) }, nil
	case "transfer":
		return func(s *session) error { return s.client.ChangeGroupOwner(ctx, id, users[0]) }, nil
	case "member":
		return g.member(ctx, id, users[0])
	}
	return nil, usageError("%q is none of create, list, join, invite, answer, set, member, kick, transfer, quit, dismiss", verb)
}

// member changes what the flags say of one member.
func (g *groupFlags) member(ctx context.Context, id im.GroupID, u im.UserID) (func(*session) error, error) {
	if !g.set["role"] && !g.set["mute"] && !g.set["card"] {
		return nil, usageError("say what to change: --role, --mute or --card")
	}
	return func(s *session) error {
		if g.set["role"] {
			if err := s.client.SetGroupMemberRole(ctx, id, u, im.Role(g.role)); err != nil {
				return err
			}
		}
		if g.set["mute"] {
			if err := s.client.SetGroupMemberMuteTime(ctx, id, u, g.mute); err != nil {
				return err
			}
		}
		if g.set["card"] {
			return s.client.SetGroupMemberNameCard(ctx, id, u, g.card)
		}
		return nil
	}, nil
}

// createGroup makes a group and waits until its owner has said so, for nobody
// else sees it before; what is not sent in time is sent by the next command.
func (e *Env) createGroup(ctx context.Context, s *session, g im.Group, users []im.UserID, timeout time.Duration) error {
	g, results, err := s.client.CreateGroup(ctx, g, users)
	if err != nil {
		return err
	}
	if err := errors.Join(json.NewEncoder(e.Stdout).Encode(g), joined(results)); err != nil {
		return err
	}
	waiting, err := s.client.Pending(im.GroupConversation(g.GroupID))
	if err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for _, m := range waiting {
		if _, err := s.client.WaitSent(wait, m.ID); errors.Is(err, context.DeadlineExceeded) {
			return &exitError{ExitQueued, errors.New("the group was made; its members see it once the next command has told them")}
		} else if err != nil {
			return err
		}
	}
	return nil
}

func userIDs(args []string) ([]im.UserID, error) {
	var users []im.UserID
	for _, u := range args {
		if err := im.UserID(u).Validate(); err != nil {
			return nil, err
		}
		users = append(users, im.UserID(u))
	}
	return users, nil
}

// encodeAll prints one JSON object a line.
func encodeAll[T any](e *Env, list []T) error {
	enc := json.NewEncoder(e.Stdout)
	for i := range list {
		if err := enc.Encode(&list[i]); err != nil {
			return err
		}
	}
	return nil
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

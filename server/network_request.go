package server

import (
	"context"
	"errors"

	"magpie/im"
)

// What the owner of a data folder may ask of the server that runs on it, about the
// network. Both are answered with a Network.
const (
	pathNetwork = "/admin/network"
	pathInvite  = "/admin/invite"
)

// networkRequest opens the server to the network, closes it, withdraws the invitation to
// it, or asks how it stands.
type networkRequest struct {
	Set    string `json:"set,omitempty"` // setOpen, setClosed, setWithdrawn, else nothing
	Listen string `json:"listen,omitempty"`
}

const (
	setOpen      = "open"
	setClosed    = "closed"
	setWithdrawn = "withdrawn"
)

func (q networkRequest) do(ctx context.Context, s *Server) (any, error) {
	switch q.Set {
	case "":
		return s.Network(ctx)
	case setOpen:
		return s.OpenNetwork(ctx, q.Listen)
	case setClosed:
		return s.CloseNetwork(ctx)
	case setWithdrawn:
		return s.WithdrawInvitation(ctx)
	}
	return nil, im.Errorf(im.CodeInvalidRequest, "the network is opened or closed, not %.20q", q.Set)
}

// inviteRequest makes an invitation.
type inviteRequest struct {
	InvitationTerms
}

func (q inviteRequest) do(ctx context.Context, s *Server) (any, error) {
	return s.Invite(ctx, q.InvitationTerms)
}

// AskNetwork is [Server.Network] of the server that runs on a folder. So are the
// others; all fail with code 130108 (CodeServerUnreachable) if none does.
func AskNetwork(ctx context.Context, f Folder) (Network, error) {
	return askNetwork(ctx, f, pathNetwork, networkRequest{})
}

// AskOpenNetwork is [Server.OpenNetwork].
func AskOpenNetwork(ctx context.Context, f Folder, listen string) (Network, error) {
	return askNetwork(ctx, f, pathNetwork, networkRequest{Set: setOpen, Listen: listen})
}

// AskCloseNetwork is [Server.CloseNetwork].
func AskCloseNetwork(ctx context.Context, f Folder) (Network, error) {
	return askNetwork(ctx, f, pathNetwork, networkRequest{Set: setClosed})
}

// AskWithdrawInvitation is [Server.WithdrawInvitation].
func AskWithdrawInvitation(ctx context.Context, f Folder) (Network, error) {
	return askNetwork(ctx, f, pathNetwork, networkRequest{Set: setWithdrawn})
}

// AskInvite is [Server.Invite].
func AskInvite(ctx context.Context, f Folder, terms InvitationTerms) (Network, error) {
	return askNetwork(ctx, f, pathInvite, inviteRequest{terms})
}

func askNetwork(ctx context.Context, f Folder, path string, q any) (n Network, err error) {
	err = askRunning(ctx, f, path, q, &n)
	if errors.Is(err, errNotServed) {
		err = errQuiet()
	}
	return n, err
}

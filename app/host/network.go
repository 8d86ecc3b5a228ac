package host

import (
	"context"

	"magpie/server"
)

// Network tells how the server stands to the network; see [server.Server.Network].
func (h *Host) Network(ctx context.Context) (server.Network, error) {
	if h.srv != nil {
		return h.srv.Network(ctx)
	}
	return server.AskNetwork(ctx, h.folder())
}

// OpenNetwork lets others connect; see [server.Server.OpenNetwork].
func (h *Host) OpenNetwork(ctx context.Context, listen string) (server.Network, error) {
	if h.srv != nil {
		return h.srv.OpenNetwork(ctx, listen)
	}
	return server.AskOpenNetwork(ctx, h.folder(), listen)
}

// CloseNetwork ends that; see [server.Server.CloseNetwork].
func (h *Host) CloseNetwork(ctx context.Context) (server.Network, error) {
	if h.srv != nil {
		return h.srv.CloseNetwork(ctx)
	}
	return server.AskCloseNetwork(ctx, h.folder())
}

// Invite makes an invitation in place of the one before; see [server.Server.Invite].
func (h *Host) Invite(ctx context.Context, terms server.InvitationTerms) (server.Network, error) {
	if h.srv != nil {
		return h.srv.Invite(ctx, terms)
	}
	return server.AskInvite(ctx, h.folder(), terms)
}

// WithdrawInvitation ends the invitation; see [server.Server.WithdrawInvitation].
func (h *Host) WithdrawInvitation(ctx context.Context) (server.Network, error) {
	if h.srv != nil {
		return h.srv.WithdrawInvitation(ctx)
	}
	return server.AskWithdrawInvitation(ctx, h.folder())
}

func (h *Host) folder() server.Folder { return server.Folder{Data: h.dir, Key: h.key} }

// Network is [Host.Network] of the server that is kept, started if need be; so are the
// others.
func (k *Keeper) Network(ctx context.Context) (server.Network, error) {
	return k.ask(func(h *Host) (server.Network, error) { return h.Network(ctx) })
}

// OpenNetwork is [Host.OpenNetwork].
func (k *Keeper) OpenNetwork(ctx context.Context, listen string) (server.Network, error) {
	return k.ask(func(h *Host) (server.Network, error) { return h.OpenNetwork(ctx, listen) })
}

// CloseNetwork is [Host.CloseNetwork].
func (k *Keeper) CloseNetwork(ctx context.Context) (server.Network, error) {
	return k.ask(func(h *Host) (server.Network, error) { return h.CloseNetwork(ctx) })
}

// Invite is [Host.Invite] by the account that the server is kept for.
func (k *Keeper) Invite(ctx context.Context, terms server.InvitationTerms) (server.Network, error) {
	terms.By = k.user
	return k.ask(func(h *Host) (server.Network, error) { return h.Invite(ctx, terms) })
}

func (k *Keeper) ask(question func(*Host) (server.Network, error)) (server.Network, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.renew(); err != nil {
		return server.Network{}, err
	}
	return question(k.host)
}

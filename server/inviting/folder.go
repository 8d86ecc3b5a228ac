package inviting

import (
	"context"

	"magpie/im"
	"magpie/server"
)

// Folder is the server of a data folder: the one that runs on it, else one that runs
// until [Folder.Close].
type Folder struct {
	at  server.Folder
	own *server.Server // nil while another process serves the folder
}

// OpenFolder finds or starts the server of a folder that has been made. The error is that
// of [server.ReadKeys] or [server.Open].
func OpenFolder(ctx context.Context, at server.Folder) (*Folder, error) {
	if _, err := server.ReadKeys(at); err != nil {
		return nil, err
	}
	f := &Folder{at: at}
	if _, err := server.AskNetwork(ctx, at); im.CodeOf(err) != im.CodeServerUnreachable {
		return f, err
	}
	var err error
	f.own, err = server.Open(ctx, server.Options{Data: at.Data, Key: at.Key, Listen: "127.0.0.1:0"})
	return f, err
}

// Own reports whether nobody else serves the folder: once it is closed, nobody does.
func (f *Folder) Own() bool { return f.own != nil }

// Close ends the server if it was started.
func (f *Folder) Close(ctx context.Context) error {
	if f.own == nil {
		return nil
	}
	return f.own.Close(ctx)
}

// Network implements [Host].
func (f *Folder) Network(ctx context.Context) (server.Network, error) {
	if f.own != nil {
		return f.own.Network(ctx)
	}
	return server.AskNetwork(ctx, f.at)
}

// OpenNetwork implements [Host].
func (f *Folder) OpenNetwork(ctx context.Context, listen string) (server.Network, error) {
	if f.own != nil {
		return f.own.OpenNetwork(ctx, listen)
	}
	return server.AskOpenNetwork(ctx, f.at, listen)
}

// CloseNetwork implements [Host].
func (f *Folder) CloseNetwork(ctx context.Context) (server.Network, error) {
	if f.own != nil {
		return f.own.CloseNetwork(ctx)
	}
	return server.AskCloseNetwork(ctx, f.at)
}

// Invite implements [Host].
func (f *Folder) Invite(ctx context.Context, terms server.InvitationTerms) (server.Network, error) {
	if f.own != nil {
		return f.own.Invite(ctx, terms)
	}
	return server.AskInvite(ctx, f.at, terms)
}

// WithdrawInvitation implements [Host].
func (f *Folder) WithdrawInvitation(ctx context.Context) (server.Network, error) {
	if f.own != nil {
		return f.own.WithdrawInvitation(ctx)
	}
	return server.AskWithdrawInvitation(ctx, f.at)
}

package core

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"

	"magpie/im"
	"magpie/internal/seal"
	"magpie/store"
)

// Options say who signs in where. Store, Server and User are needed, and one
// of Password, UserSig and Token unless an earlier session of this store left
// a token.
type Options struct {
	// Store is the open cache of this account. It stays open after Close.
	Store *store.Store
	// Server is ws://, wss://, http:// or https:// with a host and maybe a port
	// and path, or host, or host:port. A bare loopback host is reached with
	// ws://, any other with wss://. Without a path it is /v1/chat.
	Server string
	User   im.UserID
	// Endpoint, if set, is asked before each attempt to connect and decides
	// instead of Server: for a server whose address changes, or that has to be
	// started first. Its error counts as a server that cannot be reached.
	Endpoint func(context.Context) (Endpoint, error)

	// Pin is the SHA-256 of the only certificate of the server to be trusted, for
	// messages and files; its address then is wss://. Another one ends the attempts with
	// code 130134 (CodeCertificate) until [Client.SignIn]. None: that of a server that
	// the system trusts.
	Pin []byte

	// Invite is the secret of an invitation by which the account is made if it is not
	// there, with Password and with the name Nick to show; who invited is then
	// [Client.Inviter]. It is shown until the first sign-in that succeeds.
	Invite, Nick string

	// Password, UserSig and Token are tried in the order Token, the token of an
	// earlier session, UserSig, Password.
	Password string
	UserSig  string
	Token    string

	// Platform is the kind of device: "desktop" (the default), "cli", "bot".
	Platform string

	// NoBackfill leaves older history on the server until it is asked for.
	NoBackfill bool
	// Backfill says how much of it is fetched in the background. Default: everything,
	// up to a million messages. See [Client.SetBackfill].
	Backfill Backfill

	// Files is the folder for files that are sent and received, of this account
	// alone. Default: beside the store, its name with the ending ".files".
	Files string
	// Key is that of the account; nil means that files lie open. Those of the other
	// kind are read as they are, and rewritten in the background after Start. With
	// Unseal files are to lie open from now on, and Key is for those that do not yet.
	Key    *seal.Key
	Unseal bool
	// FilesBytes and FilesFor are the [KeepRules] at the start. Defaults: 1 GB, less
	// than 0 for no limit; for ever.
	FilesBytes int64
	FilesFor   time.Duration
	// UploadsAtOnce and DownloadsAtOnce bound the transfers that run. Defaults: 3
	// and 4.
	UploadsAtOnce   int
	DownloadsAtOnce int
	// AutoDownload says of which types of messages files are fetched when they
	// arrive, and up to how many bytes each; stills of films count as pictures.
	// Default: none.
	AutoDownload map[im.MessageType]int64

	// RequestTimeout is how long an answer may take, DialTimeout how long
	// connecting and signing in may together. Defaults: 15 s and 10 s.
	RequestTimeout time.Duration
	DialTimeout    time.Duration
	// RetryMin and RetryMax bound the pause between attempts to connect: a
	// random part of a ceiling that doubles from RetryMin to RetryMax.
	// Defaults: 500 ms and 30 s.
	RetryMin time.Duration
	RetryMax time.Duration
	// HoleWait is how long a push that came before its predecessor waits for
	// it. Default: 300 ms.
	HoleWait time.Duration
	// ReadDelay gathers read marks before they are reported. Default: 500 ms.
	ReadDelay time.Duration

	// fillTook is how long a pull of the background may take before smaller ones are
	// made: nothing else comes over the connection while a page does. Tests that tell
	// what is pulled set it: a busy machine is slow. Default: 250 ms.
	fillTook time.Duration

	// Now and Rand are the clock and the source of the random pauses, for tests.
	// Rand returns a number in [0,1). Defaults: time.Now, rand.Float64.
	Now  func() time.Time
	Rand func() float64
	// Dial opens the TCP connection to the server, below TLS, for messages and files
	// alike; server is its URL, ws or wss. Default: straight, or through the proxy
	// that the environment names.
	Dial func(ctx context.Context, server *url.URL) (net.Conn, error)
	// Header is sent with the request that opens the connection.
	Header http.Header
}

func (o *Options) fill() error {
	if o.Store == nil {
		return im.Errorf(im.CodeInvalidParameter, "no store")
	}
	if err := o.User.Validate(); err != nil {
		return err
	}
	for _, d := range []struct {
		value *time.Duration
		def   time.Duration
	}{
		{&o.RequestTimeout, 15 * time.Second},
		{&o.DialTimeout, 10 * time.Second},
		{&o.RetryMin, 500 * time.Millisecond},
		{&o.RetryMax, 30 * time.Second},
		{&o.HoleWait, 300 * time.Millisecond},
		{&o.ReadDelay, 500 * time.Millisecond},
		{&o.fillTook, 250 * time.Millisecond},
	} {
		if *d.value <= 0 {
			*d.value = d.def
		}
	}
	if o.Files == "" {
		o.Files = filesFolder(o.Store.Path())
	}
	switch {
	case o.FilesBytes == 0:
		o.FilesBytes = 1 << 30
	case o.FilesBytes < 0:
		o.FilesBytes = 0
	}
	if o.UploadsAtOnce <= 0 {
		o.UploadsAtOnce = 3
	}
	if o.DownloadsAtOnce <= 0 {
		o.DownloadsAtOnce = 4
	}
	if o.Platform == "" {
		o.Platform = "desktop"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"magpie/im"
	"magpie/server/inviting"
)

// host opens the server to the network, closes it, invites to it or says how it stands,
// through the running server if there is one.
func host(ctx context.Context, args []string, out, log io.Writer) (err error) {
	var data string
	var o inviting.Options
	f := newFlags("magpied host", &data)
	keyFile := keyFlag(f)
	o.Register(f, "has to be an account")
	verbs, err := parse(f, args)
	if err != nil || len(verbs) != 1 {
		return errors.Join(errUsage, err)
	}
	at, err := folder(data, *keyFile)
	if err != nil {
		return err
	}
	h, err := inviting.OpenFolder(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close(context.WithoutCancel(ctx))) }()
	n, err := o.Do(ctx, h, verbs[0])
	switch {
	case errors.Is(err, inviting.ErrUsage):
		return errors.Join(errUsage, err)
	case err != nil:
		return err
	}
	if h.Own() && n.Open {
		fmt.Fprintln(log, "magpied: nobody serves this data folder now; others find it once magpied runs on it")
	}
	return o.Print(out, n, im.English)
}

package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"magpie/app/host"
	"magpie/app/profile"
	"magpie/im"
)

// ready is the line that serve prints once clients can connect.
type ready struct {
	URL     string `json:"url"`
	PID     int    `json:"pid"`
	Version string `json:"version"`
}

func serve(ctx context.Context, e *Env, args []string) (err error) {
	f := e.flags("serve")
	data := f.String("data", "", "data `folder` (default: the system's place for application data)")
	listen := f.String("listen", "", "`address` to listen on, host:port (default: the one used before, on 127.0.0.1)")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usageError("unexpected %q", rest[0])
	}
	p, err := profile.Open(*data, "")
	if err != nil {
		return err
	}
	keys, err := e.keys(ctx, p)
	if err != nil {
		return err
	}
	h, err := host.Open(ctx, p.ServerDir(), host.Options{
		Key:    keys.Server(),
		Unseal: keys.Unseal(),
		Listen: *listen,
		Alone:  true,
		Logf:   func(format string, args ...any) { fmt.Fprintf(e.Stderr, format+"\n", args...) },
	})
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err = errors.Join(err, h.Close(end))
	}()
	if err := json.NewEncoder(e.Stdout).Encode(ready{h.URL(), os.Getpid(), e.Version}); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func user(ctx context.Context, e *Env, args []string) (err error) {
	f := e.flags("user")
	data := f.String("data", "", "data `folder` (default: the system's place for application data)")
	nick := f.String("nick", "", "the `name` to show")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 2 || rest[0] != "add" {
		return usageError("say: add NAME")
	}
	name := im.UserID(rest[1])
	if err := name.Validate(); err != nil {
		return err
	}
	password, err := readPassword("-", e.Stdin)
	if err != nil {
		return err
	}
	p, err := profile.Open(*data, "")
	if err != nil {
		return err
	}
	h, err := e.host(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close(context.WithoutCancel(ctx))) }()
	return h.CreateUser(ctx, name, password, *nick)
}

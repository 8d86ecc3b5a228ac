package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"magpie/im"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if os.Getenv("GOGC") == "" {
		// With thousands of connections memory is what there is too little of.
		debug.SetGCPercent(50)
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// errUsage is a wrong command line.
var errUsage = errors.New("usage")

const usage = `magpied --data DIR [--key-file FILE] [--listen HOST:PORT] [--origin ORIGIN]... [--echo] [--revoke-window DURATION] [--single-device desktop,mobile]
        [--messages-per-second N] [--group-messages-per-second N]
magpied user add NAME [--nick NICK] --data DIR     (password from stdin)
magpied user kick NAME --data DIR                  (ends its sessions, tokens and UserSigs)
magpied notice GROUP [NAME]... --data DIR          (a notice to members, all if none is named; text from stdin)
magpied usersig NAME [--expire 180d] --data DIR
magpied host status|open|close|invite|revoke --data DIR [--user NAME] [--listen HOST:PORT] [--hours N] [--uses N] [--json] [--qr]
        open: others on the network may connect, encrypted, now and after each start, until close
        invite --user NAME: a link by which others make an account, and its QR code; one at a time. revoke: it is not valid any more
        status: how it stands, the link if it is known, and who joined
With --key-file FILE (64 hexadecimal digits) what the server keeps is encrypted, from the first time on
that it is given; every one of these commands needs it then.
`

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, log io.Writer) int {
	var err error
	switch {
	case len(args) > 1 && args[0] == "user" && args[1] == "add":
		err = userAdd(ctx, args[2:], in, log)
	case len(args) > 1 && args[0] == "user" && args[1] == "kick":
		err = userKick(ctx, args[2:], log)
	case len(args) > 0 && args[0] == "notice":
		err = notice(ctx, args[1:], in, log)
	case len(args) > 0 && args[0] == "host":
		err = host(ctx, args[1:], out, log)
	case len(args) > 0 && args[0] == "usersig":
		err = userSig(args[1:], out, log)
	default:
		err = serve(ctx, args, out, log)
	}
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintf(log, "%v\n%s", err, usage)
		return 2
	case err != nil:
		fmt.Fprintln(log, "magpied:", explain(err))
		return 1
	}
	return 0
}

// explain is an error in one line for an operator: what happened, and if it is
// a coded one what to do.
func explain(err error) string {
	var coded *im.Error
	if errors.As(err, &coded) {
		if words := coded.Message(im.English); words != "" && coded.Text != "" {
			return fmt.Sprintf("%s (%s)", coded.Text, words)
		}
	}
	return err.Error()
}

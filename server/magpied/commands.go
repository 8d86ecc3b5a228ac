package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"magpie/im"
	"magpie/internal/seal"
	"magpie/server"
)

// stopTimeout is how long clients get to say goodbye.
const stopTimeout = 10 * time.Second

// ready is the line that serve prints.
type ready struct {
	URL     string `json:"url"`
	Address string `json:"address"`
	PID     int    `json:"pid"`
	Version string `json:"version"`
}

// serve runs the server until ctx ends.
func serve(ctx context.Context, args []string, out, log io.Writer) error {
	var o server.Options
	f := newFlags("magpied", &o.Data)
	keyFile := keyFlag(f)
	f.StringVar(&o.Listen, "listen", "127.0.0.1:8787", "host:port to listen on; port 0 takes a free one")
	f.IntVar(&o.SDKAppID, "sdkappid", 0, "application that UserSigs are for; 0 keeps the folder's")
	f.IntVar(&o.Partitions, "partitions", 0, "log streams that take messages side by side, fixed when the folder is made (default 4)")
	f.DurationVar(&o.RevokeWindow, "revoke-window", im.RevokeWindow, "how long a sender may recall a message; below 0 for ever")
	f.IntVar(&o.MessagesPerSecond, "messages-per-second", im.UserMessagesPerSecond, "how many messages one user may send, with bursts of twice as many")
	f.IntVar(&o.GroupMessagesPerSecond, "group-messages-per-second", im.GroupMessagesPerSecond, "how many all members of a group may send together")
	f.BoolVar(&o.Echo, "echo", false, "have the account echo, which answers with what it gets")
	f.Func("origin", "scheme://host from which browsers may connect; may be repeated", func(v string) error {
		o.Origins = append(o.Origins, v)
		return nil
	})
	f.Func("single-device", "platforms, parted by commas, of which a user has one session at a time", func(v string) error {
		for platform := range strings.SplitSeq(v, ",") {
			if platform = strings.TrimSpace(platform); platform == "" {
				return errors.New("a platform is empty")
			}
			o.SingleDevice = append(o.SingleDevice, platform)
		}
		return nil
	})
	if rest, err := parse(f, args); err != nil || len(rest) > 0 {
		return errors.Join(errUsage, err)
	}
	var err error
	if o.Key, err = readKey(*keyFile); err != nil {
		return err
	}
	o.Logf = func(format string, args ...any) {
		fmt.Fprintf(log, time.Now().UTC().Format(time.RFC3339)+" "+format+"\n", args...)
	}
	s, err := server.Open(ctx, o)
	if err != nil {
		return err
	}
	err = json.NewEncoder(out).Encode(ready{URL: s.URL(), Address: s.Address(), PID: os.Getpid(), Version: version()})
	if err == nil {
		<-ctx.Done()
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return errors.Join(err, s.Close(stopping))
}

// userAdd makes an account, through the running server if there is one.
func userAdd(ctx context.Context, args []string, in io.Reader, log io.Writer) error {
	var data, nick string
	f := newFlags("magpied user add", &data)
	keyFile := keyFlag(f)
	f.StringVar(&nick, "nick", "", "name to show")
	names, err := parse(f, args)
	if err != nil || len(names) != 1 {
		return errors.Join(errUsage, err)
	}
	password, err := io.ReadAll(io.LimitReader(in, im.MaxPasswordBytes+2))
	if err != nil {
		return fmt.Errorf("read password: %w", err)
	}
	at, err := folder(data, *keyFile)
	if err != nil {
		return err
	}
	if err := server.AddUser(ctx, at, im.UserID(names[0]), strings.TrimRight(string(password), "\r\n"), nick); err != nil {
		return err
	}
	fmt.Fprintf(log, "user %s added\n", names[0])
	return nil
}

// userKick ends a user's sessions and what it could sign in with but its password.
func userKick(ctx context.Context, args []string, log io.Writer) error {
	var data string
	f := newFlags("magpied user kick", &data)
	keyFile := keyFlag(f)
	names, err := parse(f, args)
	if err != nil || len(names) != 1 {
		return errors.Join(errUsage, err)
	}
	at, err := folder(data, *keyFile)
	if err != nil {
		return err
	}
	if err := server.KickUser(ctx, at, im.UserID(names[0])); err != nil {
		return err
	}
	fmt.Fprintf(log, "user %s kicked\n", names[0])
	return nil
}

// notice sends a notice to members of a group.
func notice(ctx context.Context, args []string, in io.Reader, log io.Writer) error {
	var data string
	f := newFlags("magpied notice", &data)
	keyFile := keyFlag(f)
	names, err := parse(f, args)
	if err != nil || len(names) < 1 {
		return errors.Join(errUsage, err)
	}
	text, err := io.ReadAll(io.LimitReader(in, im.MaxMessageBytes+1))
	if err != nil {
		return fmt.Errorf("read notice: %w", err)
	}
	var users []im.UserID
	for _, name := range names[1:] {
		users = append(users, im.UserID(name))
	}
	at, err := folder(data, *keyFile)
	if err != nil {
		return err
	}
	if err := server.SendGroupNotice(ctx, at, im.GroupID(names[0]), users, strings.TrimRight(string(text), "\r\n")); err != nil {
		return err
	}
	fmt.Fprintf(log, "notice sent to group %s\n", names[0])
	return nil
}

// userSig prints a UserSig; it needs only the keys of the data folder.
func userSig(args []string, out, _ io.Writer) error {
	var data string
	expire := 180 * 24 * time.Hour
	f := newFlags("magpied usersig", &data)
	keyFile := keyFlag(f)
	f.Func("expire", "how long it is valid, such as 12h or 180d (default 180d)", func(v string) error {
		var err error
		expire, err = parseDays(v)
		return err
	})
	names, err := parse(f, args)
	if err != nil || len(names) != 1 {
		return errors.Join(errUsage, err)
	}
	at, err := folder(data, *keyFile)
	if err != nil {
		return err
	}
	keys, err := server.ReadKeys(at)
	if err != nil {
		return err
	}
	sig, err := keys.UserSig(im.UserID(names[0]), expire, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, sig)
	return err
}

func newFlags(name string, data *string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(data, "data", "", "folder of everything the server keeps")
	return f
}

// keyFlag is the option for the key of the data folder.
func keyFlag(f *flag.FlagSet) *string {
	return f.String("key-file", "", "file with the key that the data is encrypted with, 64 hexadecimal digits; none: it is not encrypted")
}

// readKey reads a key, nil if there is none.
func readKey(path string) (*seal.Key, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	var key seal.Key
	text := bytes.TrimSpace(b)
	if hex.DecodedLen(len(text)) != len(key) {
		return nil, fmt.Errorf("read key: %s does not have 64 hexadecimal digits", path)
	}
	if _, err := hex.Decode(key[:], text); err != nil {
		return nil, fmt.Errorf("read key: %s does not have 64 hexadecimal digits", path)
	}
	return &key, nil
}

// folder is the data folder with its key.
func folder(data, keyFile string) (server.Folder, error) {
	key, err := readKey(keyFile)
	return server.Folder{Data: data, Key: key}, err
}

// parse reads flags before, between and after the names, which it returns.
func parse(f *flag.FlagSet, args []string) (names []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		if args = f.Args(); len(args) == 0 {
			break
		}
		names, args = append(names, args[0]), args[1:]
	}
	if f.Lookup("data").Value.String() == "" {
		return nil, errors.New("--data is missing")
	}
	return names, nil
}

// parseDays reads a duration that may also be whole days.
func parseDays(s string) (time.Duration, error) {
	days, ok := strings.CutSuffix(s, "d")
	if !ok {
		return time.ParseDuration(s)
	}
	n, err := strconv.ParseUint(days, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is no number of days", days)
	}
	return time.Duration(n) * 24 * time.Hour, nil
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "devel"
}

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"magpie/app/vault"
	"magpie/im"
	"magpie/store"
)

// Exit codes.
const (
	ExitOK = 0
	// ExitFailed: it could not be done; standard error says why.
	ExitFailed = 1
	// ExitUsage: the command line makes no sense.
	ExitUsage = 2
	// ExitQueued: the message is safe on disk and not sent yet; the next
	// command or window of this account sends it.
	ExitQueued = 3
	// ExitRefused: the server refused the sign-in or the message.
	ExitRefused = 4
	// ExitInUse: another process has this account's history open.
	ExitInUse = 5
)

// Env is the world of a command.
type Env struct {
	Args    []string // without the program's name
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Version string
	// Language of what a person is told.
	Language im.Language
	// Dir is what names of files are relative to, "" for the process's directory.
	Dir string
	// Zone is that of dates, nil for the process's.
	Zone *time.Location
	// Window is set for a command that the window's process runs for another one.
	Window *Window
	// KeyStore is the system's, nil for none. Passphrase, or the file that has it,
	// unlocks or makes the vault without it; both may be empty.
	KeyStore                   vault.KeyStore
	Passphrase, PassphraseFile string
	// Keys are those of a vault that is unlocked already, nil for one that is not.
	Keys *vault.Keys
	// Patience is how long a command waits for another one, or for a window that
	// comes up or ends, to let go of the history: 5 s if it is 0.
	Patience time.Duration
}

// command is one sub-command.
type command struct {
	name, args, about string
	run               func(context.Context, *Env, []string) error
}

// apart are the commands that work on no account: a window runs none of them.
func apart() []string { return []string{"serve", "user", "media", "vault", "host", "join"} }

func commands() []command {
	return []command{
		{"serve", "[--data DIR] [--listen ADDR]", "run the server of a data folder", serve},
		{"user", "add NAME [--nick NICK] [--data DIR]", "make an account on the server of a data folder; the password comes from standard input", user},
		{"host", "status | open [--listen ADDR] | close | invite [--user NAME] [--hours N] [--uses N] [--listen ADDR] | revoke [--json] [--qr]",
			"open the server of a data folder to the network, encrypted, or close it; make the link by which others join, with its QR code, or withdraw it", hostCommand},
		{"join", "LINK|--picture FILE --user NAME --password-file FILE [--nick NICK]", "make an account by the link of an invitation, or a picture of its QR code, and sign in to it", join},
		{"send", "--to USER|--group ID TEXT | --file|--image|--video|--voice FILE", "send a text or a file and wait until it is acknowledged", send},
		{"tail", "[--for DURATION] [--count N]", "print events as JSON lines", tail},
		{"history", "CONVERSATION [--all] [--offline] [--json] [--save-media DIR]", "print the messages of a conversation, oldest first", history},
		{"search", "TEXT [--from USER] [--in CONVERSATION] [--kind KIND,…] [--since DATE] [--until DATE] [--limit N] [--offset N] [--json]",
			"find messages in the history on this disk, newest first", search},
		{"conversations", "[--offline] [--json]", "print the conversation list", conversations},
		{"read", "CONVERSATION", "mark everything in a conversation as read", markRead},
		{"profile", "[USER…] [--offline]", "print profiles as JSON lines, without names the account's own", profiles},
		{"members", "GROUP [--offline]", "print the members of a group as JSON lines", members},
		{"revoke", "MESSAGE-ID", "recall a message for everybody", revoke},
		{"group", "create NAME USER… | list | join ID WORDS | invite ID USER… | answer NOTICE agree|reject WORDS | set ID --name NAME … | " +
			"member ID USER --role ROLE … | kick ID USER… | transfer ID USER | quit ID | dismiss ID", "make, fill, change or leave a group", group},
		{"pin", "CONVERSATION [--off]", "keep a conversation above the others", pin},
		{"mute", "CONVERSATION [--off|--discard]", "receive a conversation quietly", mute},
		{"export", "FOLDER [CONVERSATION…] [--since DATE] [--until DATE] [--offline]", "write the history into a new folder: pages for any browser, and messages.jsonl", export},
		{"import", "FOLDER", "bring an export of this account back in, without doubles", importCommand},
		{"doctor", "[--repair] [--json]", "look at every entry of the history on this disk; with --repair, save what can be read of a damaged one", doctor},
		{"diagnose", "", "print a report for whoever helps you: versions, sizes, counts and errors by code, and nothing of what you wrote or whom you know", diagnoseCommand},
		{"storage", "[--by-chat] [--json] | free [--older-than AGE] [--larger-than SIZE] [--kind KIND,…] [--in CONVERSATION] [--last-copies] [--dry-run] | forget CONVERSATION|--all [--dry-run]",
			"say what this account takes of the disk; free room that the server can fill again; delete a history from this disk", storage},
		{"media", "probe FILE | thumb FILE OUT.jpg [--large] | decode FILE OUT.wav | encode IN.wav OUT.m4a [--kbps N]",
			"say what a file is, as one JSON line; make its thumbnail; turn sound into WAV or a voice note", mediaCommand},
		{"vault", "status | passphrase --passphrase-file FILE | keyring | recovery | none | begin-anew --yes", "say or choose how the key is kept under which everything here is encrypted", vaultCommand},
		{"block", "[USER…] [--off]", "refuse the messages of users, or print whom this account blocks", block},
	}
}

// Names are the sub-commands.
func Names() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

// Known reports whether the arguments begin with a sub-command of this package.
func Known(args []string) bool {
	return len(args) > 0 && slices.Contains(Names(), args[0])
}

// Usage prints the sub-commands.
func Usage(w io.Writer) {
	for _, c := range commands() {
		fmt.Fprintf(w, "  magpie %s %s\n        %s\n", c.name, c.args, c.about)
	}
}

// Main runs the sub-command that e.Args name and returns the exit code.
func Main(ctx context.Context, e *Env) int {
	for _, c := range commands() {
		if len(e.Args) == 0 || c.name != e.Args[0] {
			continue
		}
		if e.Window != nil && slices.Contains(apart(), c.name) {
			return e.exit(c, usageError("it does not run within a window"))
		}
		return e.exit(c, c.run(ctx, e, e.Args[1:]))
	}
	fmt.Fprintln(e.Stderr, "magpie: the commands are:")
	Usage(e.Stderr)
	return ExitUsage
}

// exitError carries an exit code that the error itself does not tell.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// advised is an error with what a person can do about it here.
type advised struct {
	err    error
	advice string
}

func (a *advised) Error() string { return a.err.Error() + "; " + a.advice }
func (a *advised) Unwrap() error { return a.err }

func usageError(format string, args ...any) error {
	return &exitError{ExitUsage, fmt.Errorf(format, args...)}
}

func (e *Env) exit(c command, err error) int {
	if err == nil {
		return ExitOK
	}
	if errors.Is(err, flag.ErrHelp) {
		return ExitOK
	}
	var ran *ranInWindow
	if errors.As(err, &ran) {
		return ran.code
	}
	fmt.Fprintf(e.Stderr, "magpie %s: %s\n", c.name, e.explain(err))
	var ee *exitError
	switch {
	case errors.As(err, &ee):
		if ee.code == ExitUsage {
			fmt.Fprintf(e.Stderr, "usage: magpie %s %s\n", c.name, c.args)
		}
		return ee.code
	case errors.Is(err, store.ErrInUse):
		return ExitInUse
	case refused(im.CodeOf(err)):
		return ExitRefused
	}
	return ExitFailed
}

// refused tells the codes by which a server says no from failures on the way.
func refused(c im.Code) bool {
	switch c {
	case 0, im.CodeNetworkDown, im.CodeNetworkTimeout, im.CodeServerUnreachable, im.CodeDiskFull,
		im.CodeStoreDamaged, im.CodeDataFolderInUse, im.CodeBusy, im.CodeNotReady,
		im.CodeFileMissing, im.CodeFileEmpty, im.CodeImageFormat,
		im.CodeSealed, im.CodeWrongKey, im.CodeVaultDamaged, im.CodeKeyStore, im.CodeKeyGone, im.CodeWeakPassphrase:
		return false
	}
	return true
}

// explain is the error in words for a person, then in words for a developer.
func (e *Env) explain(err error) string {
	if errors.Is(err, store.ErrInUse) {
		words := "the history of this account is open in another process; close that window or command first"
		var who *inUseError
		if errors.As(err, &who) {
			words += " (" + who.who + ")"
		}
		return words
	}
	var ie *im.Error
	if !errors.As(err, &ie) {
		return err.Error()
	}
	words := ie.Message(e.Language)
	var a *advised
	if errors.As(err, &a) {
		words += " " + a.advice
	}
	if ie.Text == "" {
		return fmt.Sprintf("%s (%d)", words, ie.Code)
	}
	return fmt.Sprintf("%s (%d: %s)", words, ie.Code, ie.Text)
}

// flags makes the flag set of a sub-command; parse reads flags and other
// arguments in any order.
func (e *Env) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet("magpie "+name, flag.ContinueOnError)
	f.SetOutput(e.Stderr)
	return f
}

// parse reads flags and other arguments in any order; "--" ends the flags.
func parse(f *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, &exitError{ExitUsage, err}
		}
		tail := f.Args()
		if len(tail) == 0 {
			return rest, nil
		}
		if i := len(args) - len(tail); i > 0 && args[i-1] == "--" {
			return append(rest, tail...), nil
		}
		rest = append(rest, tail[0])
		args = tail[1:]
	}
}

// readPassword reads a password from a file, or from in for "-". One line
// break at the end does not belong to it.
func readPassword(path string, in io.Reader) (string, error) {
	return readLine(path, in, im.MaxPasswordBytes)
}

func readLine(path string, in io.Reader, most int) (string, error) {
	s, err := readFile(path, in, int64(most)+2)
	if err != nil {
		return "", err
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r")
	if s == "" || len(s) > most {
		return "", fmt.Errorf("it has %d bytes; 1 to %d are allowed", len(s), most)
	}
	return s, nil
}

// readSecret reads one line of at most 8 KB.
func readSecret(path string, in io.Reader) (string, error) {
	const most = 8 << 10
	s, err := readFile(path, in, most)
	if err != nil {
		return "", err
	}
	if s = strings.TrimSpace(s); s == "" || len(s) > most {
		return "", fmt.Errorf("%d bytes; 1 to %d are allowed", len(s), most)
	}
	return s, nil
}

// readFile reads a file, or in for "-": at most one byte more than most, by
// which its caller knows that there is too much.
func readFile(path string, in io.Reader, most int64) (string, error) {
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, most+1))
	return string(b), err
}

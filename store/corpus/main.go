// Command corpus writes the standard corpus into a folder, as a store that the
// program opens:
//
//	go run ./store/corpus --messages 1000000 --seed 1 DIR
//
// The file is DIR/history.db, of the account "wren". It says how long it took
// and how large the file is.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"magpie/store"
	"magpie/store/corpus/standard"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	f := flag.NewFlagSet("corpus", flag.ContinueOnError)
	f.SetOutput(out)
	messages := f.Int("messages", standard.Messages, "how many `messages`")
	seed := f.Uint64("seed", 1, "the same `number` makes the same corpus")
	short := f.Bool("short-texts", false, "short texts only")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 1 || *messages <= 0 {
		return errors.New("usage: corpus [--messages N] [--seed S] [--short-texts] DIR")
	}
	path := filepath.Join(f.Arg(0), "history.db")
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already", path)
	}
	if err := os.MkdirAll(f.Arg(0), 0o755); err != nil {
		return err
	}
	s, _, err := store.Open(path, store.Options{Account: standard.Account, BatchWindow: -1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	began := time.Now()
	plan := standard.NewPlan(standard.Options{Messages: *messages, Seed: *seed, ShortTexts: *short})
	if err := plan.Write(ctx, s, nil); err != nil {
		return err
	}
	took := time.Since(began)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d messages in %.1f s, %.0f a second; %.1f MB, %.0f bytes a message\n", *messages, took.Seconds(),
		float64(*messages)/took.Seconds(), float64(info.Size())/1e6, float64(info.Size())/float64(*messages))
	return nil
}

package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/app/cli"
	"magpie/app/core"
	"magpie/app/instance"
	"magpie/app/profile"
	"magpie/im"
	"magpie/internal/testcache"
	"magpie/store"
	"magpie/store/corpus/standard"
	"magpie/store/storetest"
)

// BenchmarkExportBesideTheWindow is what a person at the window notices of an
// export of 100,000 messages that a command asked the window's process for: how long
// a new message takes to be on the disk, how long a page of a conversation, and how
// late the goroutine of the user interface gets its turn for the next frame, each
// with nothing else going on and during the export.
func BenchmarkExportBesideTheWindow(b *testing.B) {
	const messages = 100_000
	w := newBusyWindow(b, messages)
	ctx, cancel := context.WithTimeout(b.Context(), 3*time.Second)
	alone := w.use(ctx)
	cancel()
	var took []time.Duration
	var beside busy
	for b.Loop() {
		ctx, done := context.WithCancel(b.Context())
		used := make(chan busy, 1)
		go func() { used <- w.use(ctx) }()
		began := time.Now()
		w.export(filepath.Join(b.TempDir(), "export"))
		took = append(took, time.Since(began))
		done()
		beside.add(<-used)
	}
	report := func(name string, value float64, unit, goal string) {
		fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "command/"+name, value, unit, goal)
	}
	report("export_100k", middle(took).Seconds(), "s", "-")
	for _, f := range []struct {
		name, goal    string
		alone, beside []time.Duration
	}{
		{"new_message", "<= 50", alone.ingests, beside.ingests},
		{"page", "<= 16", alone.pages, beside.pages},
		{"frame_late", "<= 16", alone.frames, beside.frames},
	} {
		report(f.name+"_p99", at99(f.alone), "ms", "-")
		report(f.name+"_p99_beside_export", at99(f.beside), "ms", f.goal)
	}
}

// at99 is the 99th of 100, in milliseconds.
func at99(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)*99/100].Nanoseconds()) / 1e6
}

// busyWindow is a window's process with a history, without the window.
type busyWindow struct {
	b        *testing.B
	p        profile.Profile
	s        *session
	conv     im.ConversationID
	sequence uint64
}

func newBusyWindow(b *testing.B, messages int) *busyWindow {
	root, err := storetest.BenchDir()
	w := &busyWindow{b: b, conv: im.C2C("bench-of-commands")}
	w.ok(err)
	root, err = os.MkdirTemp(root, "export-")
	w.ok(err)
	b.Cleanup(func() { w.ok(os.RemoveAll(root)) })
	b.Setenv("XDG_RUNTIME_DIR", b.TempDir())
	w.p, err = profile.Open(root, "")
	w.ok(err)
	account := profile.Account{User: standard.Account, Server: "127.0.0.1:1"}
	_, err = w.p.Update(time.Now(), func(s *profile.Settings) { s.Know(account) })
	w.ok(err)
	path, err := w.p.HistoryPath(account)
	w.ok(err)
	st, _, err := store.Open(path, store.Options{Account: standard.Account, BatchWindow: -1})
	w.ok(err)
	w.ok(standard.NewPlan(standard.Options{Messages: messages, Seed: 3}).Write(b.Context(), st, nil))
	w.ok(st.Close())

	a := &application{profile: w.p, sessions: newSessions(), options: Options{Log: io.Discard}, sandbox: newSandbox(testcache.Dir("sandbox"))}
	a.sessions.begin()
	w.s, err = openSession(w.p, account, credentials{}, rules{})
	w.ok(err)
	a.sessions.opened(w.s)
	c := newCommands()
	l, _, err := instance.Claim(w.p.Dir(), instance.Handler{Run: c.run})
	w.ok(err)
	c.begin(a)
	b.Cleanup(func() { w.ok(a.sessions.end()); w.ok(l.Close()); w.ok(a.sandbox.Close()) })
	return w
}

func (w *busyWindow) ok(err error) {
	if err != nil {
		w.b.Helper()
		w.b.Fatal(err)
	}
}

// export runs the command as another process does.
func (w *busyWindow) export(to string) {
	var said strings.Builder
	code := cli.Main(w.b.Context(), &cli.Env{
		Args: []string{"export", to, "--offline", "--data", w.p.Root}, Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said,
	})
	if code != cli.ExitOK {
		w.b.Fatalf("exit %d: %s", code, &said)
	}
}

// busy is how long everything took that went on in the window.
type busy struct{ ingests, pages, frames []time.Duration }

func (u *busy) add(v busy) {
	u.ingests = append(u.ingests, v.ingests...)
	u.pages = append(u.pages, v.pages...)
	u.frames = append(u.frames, v.frames...)
}

// use receives messages, shows pages and draws frames until ctx ends.
func (w *busyWindow) use(ctx context.Context) (u busy) {
	var wg sync.WaitGroup
	every := func(d time.Duration, do func(due time.Time)) {
		wg.Go(func() {
			tick := time.NewTicker(d)
			defer tick.Stop()
			for {
				select {
				case due := <-tick.C:
					do(due)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	every(20*time.Millisecond, func(time.Time) {
		w.sequence++
		m := im.Message{
			ID: im.MessageID(fmt.Sprintf("bench-%d", w.sequence)), ConversationID: w.conv, Sequence: w.sequence, From: "bench-of-commands",
			Time: time.Now().UnixMilli(), Type: im.MsgText, Payload: im.TextPayload{Text: "a message that arrives 消息"}, Status: im.StatusSuccess,
		}
		began := time.Now()
		if err := w.s.store.Ingest(context.Background(), store.Batch{Conversation: w.conv, Messages: []im.Message{m}}); err != nil {
			w.b.Error(err)
		}
		u.ingests = append(u.ingests, time.Since(began))
	})
	every(20*time.Millisecond, func(time.Time) {
		began := time.Now()
		if _, err := w.s.client.History(context.Background(), standard.Big, core.HistoryQuery{Limit: 64}); err != nil {
			w.b.Error(err)
		}
		u.pages = append(u.pages, time.Since(began))
	})
	every(frame, func(due time.Time) { u.frames = append(u.frames, time.Since(due)) })
	wg.Wait()
	return u
}

//go:build wintest

package wintest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"magpie/app/profile"
	"magpie/store/storetest"
)

// BenchmarkStart measures from starting the program to its window being mapped,
// with 1,000,000 messages on disk and one conversation of them open, beside a
// bare Fyne window, in turns.
func BenchmarkStart(b *testing.B) {
	binary := os.Getenv("MAGPIE_BINARY")
	if binary == "" {
		b.Fatal("MAGPIE_BINARY does not name the program; run this through make bench")
	}
	bare := buildBare(b)
	data := millionMessages(b)
	screen := watchScreen(b)
	var ours, theirs []time.Duration
	once := func() {
		theirs = append(theirs, screen.start(b, bare))
		ours = append(ours, screen.start(b, binary, "--data", data))
	}
	once() // both programs are in memory after this
	ours, theirs = nil, nil
	for b.Loop() {
		once()
	}
	for len(ours) < 10 {
		once()
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	ratio := float64(median(ours)) / float64(median(theirs))
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "start/magpie_1M", ms(median(ours)), "ms", "-")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "start/bare_window", ms(median(theirs)), "ms", "-")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "start/ratio", ratio, "x", "<= 1.2")
}

// buildBare builds a program that shows an empty Fyne window.
func buildBare(b *testing.B) string {
	b.Helper()
	bare := filepath.Join(b.TempDir(), "bare")
	if out, err := exec.Command("go", "build", "-tags=x11", "-o", bare, "magpie/app/wintest/bare").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return bare
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// millionMessages makes a data folder whose account has them.
func millionMessages(b *testing.B) string {
	b.Helper()
	source, conv := storetest.MillionMessages(b)
	data := b.TempDir()
	p, err := profile.Open(data, "")
	if err != nil {
		b.Fatal(err)
	}
	account := profile.Account{User: "wren", Server: "ws://127.0.0.1:1"} // nobody answers there
	path, err := p.HistoryPath(account)
	if err != nil {
		b.Fatal(err)
	}
	in, err := os.Open(source)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		b.Fatal(err)
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	if err := p.Save(profile.Settings{Accounts: []profile.Account{account}, Conversation: conv}); err != nil {
		b.Fatal(err)
	}
	return data
}

// screen tells when windows are mapped.
type screen struct{ conn *xgb.Conn }

func watchScreen(b *testing.B) *screen {
	b.Helper()
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(conn.Close)
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	err = xproto.ChangeWindowAttributesChecked(conn, root, xproto.CwEventMask, []uint32{xproto.EventMaskSubstructureNotify}).Check()
	if err != nil {
		b.Fatal(err)
	}
	return &screen{conn}
}

// start runs a program until its first window is mapped and returns how long
// that took.
func (s *screen) start(b *testing.B, program string, args ...string) time.Duration {
	b.Helper()
	for { // what an earlier window left
		if ev, err := s.conn.PollForEvent(); ev == nil && err == nil {
			break
		}
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+b.TempDir())
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	mapped := make(chan time.Duration, 1)
	go func() {
		for {
			ev, err := s.conn.WaitForEvent()
			if ev == nil && err == nil {
				return // the connection was closed
			}
			if e, ok := ev.(xproto.MapNotifyEvent); ok && !e.OverrideRedirect {
				mapped <- time.Since(begin)
				return
			}
		}
	}()
	defer func() {
		_ = cmd.Process.Kill() // the window was all that counted
		_ = cmd.Wait()
	}()
	select {
	case d := <-mapped:
		return d
	case <-time.After(30 * time.Second):
		b.Fatalf("%s shows no window", program)
		return 0
	}
}

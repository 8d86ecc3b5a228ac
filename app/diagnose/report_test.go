package diagnose

import (
	"errors"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/im"
)

func TestReport(t *testing.T) {
	now := time.Date(2026, 11, 26, 16, 0, 0, 0, time.UTC)
	tally := NewTally(now.Add(-3 * time.Hour))
	for range 2 {
		tally.Heard(core.SDKReady{}, now)
	}
	tally.Heard(core.SDKNotReady{}, now)
	tally.Heard(core.StateChanged{Error: im.Errorf(im.CodeNetworkDown, "connecting to wss://secret.example.org")}, now.Add(-5*time.Minute))
	tally.Heard(core.ErrorEvent{Error: im.Errorf(im.CodeNetworkDown, "again")}, now.Add(-4*time.Minute))
	tally.Met(errors.New("open /home/ada/secret"), now.Add(-10*time.Second))
	figures := tally.Figures()
	r := Report{
		Made: now, Version: "1.2.3", Go: "go1.26", System: "linux/amd64", Cores: 2, Heap: 34_500_000, Threads: 120,
		Window:   &Window{Language: "en", TextPercent: 120, Scale: 1.5, Width: 1120, Height: 740},
		Accounts: 2, Secure: true, Proxy: "socks5", Encryption: "by the key store", State: core.Ready, Figures: &figures,
		Conversations: 12, Messages: 40321, History: 999, Files: []core.KindUsage{{Kind: "video", Files: 3, Bytes: 1_260_000_000}}, Other: 0,
	}
	const want = `Magpie diagnostic report: 2026-11-26T16:00:00Z
version: 1.2.3, go1.26
system: linux/amd64, 2 cores
memory: 34.5 MB in use, 120 goroutines
window: 1120 x 740 units of 1.5 pixels, text 120 %, language en, theme of the system, reduced motion no
accounts: 2
server: elsewhere, TLS yes
proxy: socks5
encryption: by the key store
connection: ready
running: for 3 h; 2 times connected, 1 times lost
history: 999 B, 12 conversations, 40321 messages
files, video: 3, 1.3 GB
files, other: 0 B
error: 0, 1 times, last 10 s ago: without a code
error: 9508, 2 times, last 4 min ago: `
	got := r.String()
	if words := im.CodeNetworkDown.Message(im.English); got != want+words+"\n" {
		t.Errorf("%s", got)
	}
}

func TestMeasures(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0 s", 119 * time.Second: "119 s", 2 * time.Minute: "2 min", 47 * time.Hour: "47 h", 72 * time.Hour: "3 days",
	} {
		if got := age(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 1_234_567: "1.2 MB", 5e15: "5000.0 TB"} {
		if got := size(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

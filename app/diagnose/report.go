package diagnose

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/app/vault"
	"magpie/im"
)

// Report is everything that is told. Sizes are in bytes.
type Report struct {
	Made    time.Time
	Version string // of the program
	Go      string
	System  string // "linux/amd64"
	Cores   int
	Heap    uint64
	Threads int // goroutines

	// Window is nil for a report that was made without one.
	Window *Window

	Accounts   int    // known to the profile
	Local      bool   // the account lives on the server inside
	Secure     bool   // TLS to the server
	Proxy      string // the kind of the way, "" for that of the system
	Encryption string // how the key is kept
	State      core.State
	// Figures are nil for a report that was made without a running program.
	Figures *Figures

	Conversations int
	Messages      uint64
	History       int64
	Files         []core.KindUsage
	Other         int64
}

// Window is how the window looks.
type Window struct {
	Language      string
	Theme         string // "" for that of the system
	TextPercent   int
	ReducedMotion bool
	Scale         float32 // pixels to a unit
	Width, Height float32 // units
}

// Collect fills in what the machine and the account's core say; the rest of r is the
// caller's. It reads the disk.
func (r *Report) Collect(ctx context.Context, client *core.Client) error {
	r.Go, r.System, r.Cores = runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH, runtime.NumCPU()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r.Heap, r.Threads = m.HeapAlloc, runtime.NumGoroutine()
	r.State = client.State()
	r.Secure = strings.HasPrefix(client.Address(), "wss:")
	u, err := client.Storage(ctx, nil)
	if err != nil {
		return err
	}
	r.Conversations, r.History, r.Files, r.Other = len(u.Conversations), u.History, u.Kinds, u.Other
	for i := range u.Conversations {
		r.Messages += u.Conversations[i].Messages
	}
	return nil
}

// String is the report as it is read, copied and saved: a line for each thing, in
// English, since it is for those who know the program.
func (r *Report) String() string {
	var b strings.Builder
	line := func(what, format string, args ...any) { fmt.Fprintf(&b, what+": "+format+"\n", args...) }
	line("Magpie diagnostic report", "%s", r.Made.UTC().Format(time.RFC3339))
	line("version", "%s, %s", r.Version, r.Go)
	line("system", "%s, %d cores", r.System, r.Cores)
	line("memory", "%s in use, %d goroutines", size(int64(r.Heap)), r.Threads)
	if w := r.Window; w != nil {
		line("window", "%.0f x %.0f units of %.2g pixels, text %d %%, language %s, theme %s, reduced motion %s",
			w.Width, w.Height, w.Scale, w.TextPercent, w.Language, or(w.Theme, "of the system"), yes(w.ReducedMotion))
	}
	line("accounts", "%d", r.Accounts)
	where := "elsewhere, TLS " + yes(r.Secure)
	if r.Local {
		where = "inside the program"
	}
	line("server", "%s", where)
	line("proxy", "%s", or(r.Proxy, "of the system"))
	line("encryption", "%s", r.Encryption)
	line("connection", "%s", r.State)
	if f := r.Figures; f != nil {
		line("running", "for %s; %d times connected, %d times lost", age(r.Made.Sub(f.Begun)), f.Ready, f.Lost)
	}
	line("history", "%s, %d conversations, %d messages", size(r.History), r.Conversations, r.Messages)
	for _, k := range r.Files {
		line("files, "+string(k.Kind), "%d, %s", k.Files, size(k.Bytes))
	}
	line("files, other", "%s", size(r.Other))
	if f := r.Figures; f != nil {
		if len(f.Errors) == 0 {
			line("errors", "none")
		}
		for _, m := range f.Errors {
			words := "without a code"
			if m.Code != 0 {
				words = m.Code.Message(im.English)
			}
			line("error", "%d, %d times, last %s ago: %s", m.Code, m.Times, age(r.Made.Sub(m.Last)), words)
		}
	}
	return b.String()
}

func or(s, empty string) string {
	if s == "" {
		return empty
	}
	return s
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// age is a time in the unit that says enough of it.
func age(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d s", max(int(d.Seconds()), 0))
}

// size is a number of bytes in the unit that says enough of it.
func size(n int64) string {
	f, unit := float64(n), "B"
	for _, u := range []string{"kB", "MB", "GB", "TB"} {
		if f < 1000 {
			break
		}
		f, unit = f/1000, u
	}
	if unit == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, unit)
}

// Encryption says how a key is kept.
func Encryption(k vault.Kind) string {
	switch k {
	case vault.Keyring:
		return "by the key store"
	case vault.Passphrase:
		return "by a passphrase"
	}
	return "none"
}

//go:build wintest

package wintest

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"magpie/app/profile"
	"magpie/app/uitest"
	"magpie/store/storetest"
)

// BenchmarkScroll turns the wheel over the largest conversation of the standard
// corpus, in the real window, and measures how long the window is busy with each
// picture: one that takes longer than 16.7 ms comes late. First as fast as a person
// turns a wheel that does not spin, then as fast as one that does, where it also
// measures how far apart the pictures are that reach the screen. Beside it, what the
// window takes of the processor when nobody touches it and of memory before and
// after, beside a bare Fyne window.
func BenchmarkScroll(b *testing.B) {
	binary := os.Getenv("MAGPIE_BINARY")
	if binary == "" {
		b.Fatal("MAGPIE_BINARY does not name the program; run this through make bench")
	}
	screen := watchScreen(b)
	if err := xtest.Init(screen.conn); err != nil {
		b.Fatal(err)
	}
	bare := buildBare(b)
	empty := screen.run(b, bare)
	empty.rest()
	bareMemory, bareIdle := empty.memoryMB(), empty.idle(10*time.Second)
	empty.end()

	w := screen.run(b, binary, "--data", standardFolder(b, binary))
	w.rest()
	before := w.memoryMB()
	w.at(700, 300)
	figure := func(name string, value float64, unit, goal string) {
		fmt.Printf("\nBENCH\tscroll/%s\t%.4g\t%s\t%s\n", name, value, unit, goal)
	}
	spread := func(name string, all []int64, goal string) { // µs
		slices.Sort(all)
		for _, share := range []int{50, 95, 99} {
			g := "-"
			if share == 95 {
				g = goal
			}
			figure(fmt.Sprintf("%s, p%d", name, share), float64(all[len(all)*share/100])/1000, "ms", g)
		}
	}
	var by, fast, gaps []int64
	var worked int64 // hundredths of a second
	var faults int64
	for b.Loop() {
		w.frames()
		worked -= w.ticks()
		faults -= w.faults()
		w.turn(4, 300, 40*time.Millisecond, nil)
		w.turn(5, 300, 40*time.Millisecond, nil)
		worked += w.ticks()
		faults += w.faults()
		by = append(by, w.frames()...)
		for _, button := range []byte{4, 5} {
			w.turn(button, 1200, 8*time.Millisecond, func(apart time.Duration) { gaps = append(gaps, apart.Microseconds()) })
		}
		fast = append(fast, w.lastFrames()...)
	}
	if len(by) < 600 || len(gaps) < 120 { // 24 s, and 19 s
		b.Fatalf("%d pictures by hand, %d of a spinning wheel", len(by), len(gaps))
	}
	spread("picture, 25 notches a second", by, "<= 16.7")
	figure("processor time a picture", float64(worked)*10/float64(len(by)), "ms", "-")
	figure("page faults a picture", float64(faults)/float64(len(by)), "", "-")
	spread("picture, 125 notches a second", fast, "-")
	spread("between two pictures, 125 notches a second", gaps, "-")
	w.settle()
	figure("idle", w.idle(10*time.Second), "% of a core", "<= 3")
	figure("idle of a bare window", bareIdle, "% of a core", "-")
	figure("memory before", before, "MB", "-")
	figure("memory after", w.memoryMB(), "MB", "-")
	figure("memory after, to a bare window", w.memoryMB()/bareMemory, "x", "<= 1.3")
}

// standardFolder is a data folder whose account has the standard corpus, encrypted,
// with its largest conversation open.
func standardFolder(b *testing.B, binary string) string {
	b.Helper()
	source, plan := storetest.Standard(b)
	data := filepath.Join(filepath.Dir(source), "data")
	p, err := profile.Open(data, "")
	if err != nil {
		b.Fatal(err)
	}
	account := profile.Account{User: "wren", Server: "ws://127.0.0.1:1"} // nobody answers there
	path, err := p.HistoryPath(account)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.Rename(source, path); err != nil {
		b.Fatal(err)
	}
	if err := p.Save(profile.Settings{Accounts: []profile.Account{account}, Conversation: plan.Conversations()[0]}); err != nil {
		b.Fatal(err)
	}
	out, err := exec.Command(binary, "search", "magpie", "--data", data, "--user", "wren", "--limit", "1").CombinedOutput()
	if err != nil {
		b.Fatalf("%v\n%s", err, out) // it encrypts the history first
	}
	return data
}

// shown is a program with its window on the screen, watched from outside.
type shown struct {
	b      *testing.B
	screen *screen
	cmd    *exec.Cmd
	id     xproto.Window
	seen   uint64 // what was on the screen when it was looked at last
	socket string // of package uitest
}

// run starts a program and waits for its window.
func (s *screen) run(b *testing.B, program string, args ...string) *shown {
	b.Helper()
	w := &shown{b: b, screen: s, cmd: exec.Command(program, args...), socket: filepath.Join(b.TempDir(), "texts")}
	w.cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+b.TempDir(), "XDG_RUNTIME_DIR="+b.TempDir(), "FYNE_SCALE=1", uitest.Env+"="+w.socket)
	var log bytes.Buffer
	w.cmd.Stdout, w.cmd.Stderr = &log, &log
	if err := w.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		w.end()
		if b.Failed() {
			b.Log(log.String())
		}
	})
	deadline := time.Now().Add(patience)
	for w.id == 0 {
		out, err := exec.Command("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(w.cmd.Process.Pid)).Output()
		if fields := bytes.Fields(out); err == nil && len(fields) > 0 {
			id, err := strconv.ParseUint(string(fields[len(fields)-1]), 10, 32)
			if err != nil {
				b.Fatal(err)
			}
			w.id = xproto.Window(id)
		}
		if time.Now().After(deadline) {
			b.Fatalf("%s shows no window\n%s", program, log.String())
		}
	}
	return w
}

func (w *shown) end() {
	if w.cmd.ProcessState == nil {
		_ = w.cmd.Process.Kill() // it may have ended by itself
		_ = w.cmd.Wait()         // as a killed process does
	}
}

// drawn waits for another picture, at most so long. It looks at two columns of pixels
// through the messages: that is cheap, and no program knows of it.
func (w *shown) drawn(within time.Duration) bool {
	w.b.Helper()
	deadline := time.Now().Add(within)
	for {
		strip, err := xproto.GetImage(w.screen.conn, xproto.ImageFormatZPixmap, xproto.Drawable(w.id), 420, 120, 2, 500, 0xffffffff).Reply()
		if err != nil {
			w.b.Fatal(err)
		}
		h := fnv.New64()
		_, _ = h.Write(strip.Data) // a hash takes everything
		if s := h.Sum64(); s != w.seen {
			w.seen = s
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(time.Millisecond) // nothing tells when there is another
	}
}

// rest waits until nothing is drawn for a second.
func (w *shown) rest() {
	w.b.Helper()
	deadline := time.Now().Add(patience)
	for w.drawn(time.Second) {
		if time.Now().After(deadline) {
			w.b.Fatal("the window never rests")
		}
	}
}

// settle waits until what a million messages that came at once leave to be tidied is done,
// and the tidying of a window that rests: twenty quiet seconds.
func (w *shown) settle() {
	w.b.Helper()
	deadline := time.Now().Add(5 * time.Minute)
	for quiet := 0; quiet < 20; quiet++ {
		if w.idle(time.Second) > 6 {
			quiet = -1
		}
		if time.Now().After(deadline) {
			w.b.Fatal("the window never comes to rest")
		}
	}
}

// at puts the pointer there, in pixels of the window.
func (w *shown) at(x, y int) {
	w.b.Helper()
	if out, err := exec.Command("xdotool", "mousemove", "--window", strconv.Itoa(int(w.id)), strconv.Itoa(x), strconv.Itoa(y)).CombinedOutput(); err != nil {
		w.b.Fatalf("%v %s", err, out)
	}
}

// frames is how long the window was busy with each picture since it was asked last, in µs.
func (w *shown) frames() (all []int64) {
	w.b.Helper()
	ask(w.b, w.socket, "frames", &all)
	return all
}

// lastFrames is frames, after which nothing is measured: that takes a percent of a core.
func (w *shown) lastFrames() (all []int64) {
	w.b.Helper()
	ask(w.b, w.socket, "last frames", &all)
	return all
}

// turn turns the wheel n notches, one every so often. It calls gap, if that is not
// nil, with the time between two pictures that came of it; to look for them costs the
// screen some time.
func (w *shown) turn(button byte, n int, every time.Duration, gap func(time.Duration)) {
	w.b.Helper()
	var last time.Time
	begin := time.Now()
	for sent := 0; ; {
		due := begin.Add(time.Duration(sent) * every)
		if gap == nil {
			time.Sleep(time.Until(due))
		}
		if sent < n && !time.Now().Before(due) {
			for _, kind := range []byte{xproto.ButtonPress, xproto.ButtonRelease} {
				if err := xtest.FakeInputChecked(w.screen.conn, kind, button, 0, 0, 0, 0, 0).Check(); err != nil {
					w.b.Fatal(err)
				}
			}
			sent++
		}
		if gap != nil && w.drawn(time.Millisecond) {
			now := time.Now()
			if !last.IsZero() {
				gap(now.Sub(last))
			}
			last = now
		}
		if sent == n {
			return
		}
	}
}

func (w *shown) memoryMB() float64 { return memoryMB(w.b, w.cmd.Process.Pid) }

// memoryMB is what a program has resident of its own, without mapped files.
func memoryMB(b *testing.B, pid int) float64 { return statusMB(b, pid, "RssAnon") }

// residentMB is all that a program has resident, with the pages of its own file and of
// libraries, which it shares with others.
func residentMB(b *testing.B, pid int) float64 { return statusMB(b, pid, "VmRSS") }

func statusMB(b *testing.B, pid int, name string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	var kB int64
	for line := range bytes.Lines(status) {
		_, _ = fmt.Sscanf(string(line), name+": %d kB", &kB) // the other lines do not fit
	}
	return float64(kB) / 1000
}

// idle is what the program takes of one core, in percent, when nobody touches it.
func (w *shown) idle(d time.Duration) float64 {
	before := w.ticks()
	time.Sleep(d)
	return float64(w.ticks()-before) / 100 / d.Seconds() * 100 // a tick is 10 ms
}

// ticks is the processor time of the program in hundredths of a second.
func (w *shown) ticks() int64 { return w.stat(11) + w.stat(12) } // utime and stime

// faults is how many pages the system has given to the program that it had not to read.
func (w *shown) faults() int64 { return w.stat(7) }

// stat is a number of those that the system keeps of the program, counted from its state.
func (w *shown) stat(field int) int64 {
	w.b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.cmd.Process.Pid))
	if err != nil {
		w.b.Fatal(err)
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+2:])
	n, err := strconv.ParseInt(string(fields[field]), 10, 64)
	if err != nil {
		w.b.Fatal(err)
	}
	return n
}

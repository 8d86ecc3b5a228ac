//go:build wintest

package wintest

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"magpie/app/uitest"
)

// useMinutes names the variable with how long BenchmarkUse goes on, in minutes; it is
// 3 without, which is long enough to see that all of it works and too short for growth.
const useMinutes = "MAGPIE_USE_MINUTES"

// BenchmarkUse uses the window as a person does, over a history of 1,000,000 messages:
// it reads back and forth, goes from chat to chat, writes, searches, opens and closes
// panels and settings, and changes between light and dark. Each minute it notes the
// memory and the goroutines. It says how both grow after the first third, and how the
// memory in the end compares with that of a bare Fyne window: while it is used, and
// after it has rested. What it has given back then it needs again when somebody comes
// back, who is not to wait for it.
func BenchmarkUse(b *testing.B) {
	binary := os.Getenv("MAGPIE_BINARY")
	if binary == "" {
		b.Fatal("MAGPIE_BINARY does not name the program; run this through make bench")
	}
	length := 3 * time.Minute
	if s := os.Getenv(useMinutes); s != "" {
		minutes, err := strconv.ParseFloat(s, 64)
		if err != nil || minutes <= 0 {
			b.Fatalf("%s=%q is no number of minutes", useMinutes, s)
		}
		length = time.Duration(minutes * float64(time.Minute))
	}
	screen := watchScreen(b)
	empty := screen.run(b, buildBare(b))
	empty.rest()
	bare, bareAll := empty.memoryMB(), residentMB(b, empty.cmd.Process.Pid)
	empty.end()

	w := open(b, "--data", standardFolder(b, binary))
	u := &use{b: b, w: w}
	u.pause(5 * time.Second)
	width, height := w.size()
	u.x, u.y = width*2/3, height/2
	u.note()
	for begin := time.Now(); time.Since(begin) < length; {
		u.round()
	}
	u.note()
	used := u.memory[len(u.memory)-1]
	u.pause(80 * time.Second) // longer than the window waits before it tidies up
	rested, restedAll := memoryMB(b, w.cmd.Process.Pid), residentMB(b, w.cmd.Process.Pid)
	busy := u.comeBack()
	figure := func(name string, value float64, unit, goal string) {
		fmt.Printf("\nBENCH\tuse/%s\t%.4g\t%s\t%s\n", name, value, unit, goal)
	}
	figure("memory, first", u.memory[0], "MB", "-")
	figure("memory, most", slices.Max(u.memory), "MB", "-")
	figure("memory, last, to a bare window", used/bare, "x", "-")
	figure("memory, rested, to a bare window", rested/bare, "x", "<= 1.3")
	figure("memory, rested, with mapped files, to a bare window", restedAll/bareAll, "x", "<= 1.3")
	figure("picture after the rest, longest", float64(slices.Max(busy))/1000, "ms", "<= 100")
	from := len(u.memory) / 3
	figure("memory, growth", slope(u.at[from:], u.memory[from:]), "MB/min", "<= 0.2")
	figure("goroutines, growth", slope(u.at[from:], u.goroutines[from:]), "1/min", "<= 0.2")
	b.Logf("minutes %.1f\nmemory, MB %.1f\ngoroutines %.0f\nbare window %.1f MB, with mapped files %.1f; ours at rest %.1f, %.1f", u.at, u.memory, u.goroutines, bare, bareAll, rested, restedAll)
}

// use is a window in use, and what was noted of it.
type use struct {
	b    *testing.B
	w    *window
	x, y int // in the middle of the messages
	n    int

	begin                  time.Time
	at, memory, goroutines []float64 // minutes, MB, how many
}

// note takes a sample.
func (u *use) note() {
	u.b.Helper()
	if u.begin.IsZero() {
		u.begin = time.Now()
	}
	var goroutines int
	ask(u.b, u.w.socket, "goroutines", &goroutines)
	u.at = append(u.at, time.Since(u.begin).Minutes())
	u.memory = append(u.memory, memoryMB(u.b, u.w.cmd.Process.Pid))
	u.goroutines = append(u.goroutines, float64(goroutines))
}

// pause is what a person does most of the time.
func (u *use) pause(d time.Duration) {
	<-time.After(d)
	if !u.begin.IsZero() && time.Since(u.begin).Minutes() >= u.at[len(u.at)-1]+1 {
		u.note()
	}
}

// round does everything once.
func (u *use) round() {
	u.b.Helper()
	w := u.w
	u.n++
	const look = time.Second
	// Reading: some notches at a time, and at times a flick through it.
	for range 4 {
		u.wheel(4, 12, 90*time.Millisecond)
		u.pause(look)
	}
	u.wheel(4, 60, 25*time.Millisecond)
	u.pause(look)
	u.wheel(5, 60, 25*time.Millisecond)
	u.pause(look)
	for range 3 {
		w.key("alt+Down")
		u.pause(look)
	}
	w.key("End")
	w.types("it is " + strconv.Itoa(u.n) + " o'clock and a long line is being written")
	u.pause(look)
	w.key("ctrl+a", "BackSpace")
	w.key("ctrl+e") // emoji
	u.pause(look)
	w.key("Escape")
	w.key("ctrl+k")
	w.sees("Recent chats")
	w.types("magpie")
	u.pause(2 * look)
	w.key("Down", "Down", "Return")
	u.pause(look)
	w.key("Escape", "ctrl+1")
	u.pause(look)
	w.key("ctrl+comma")
	w.sees("Other accounts")
	w.key("Down")
	w.sees("Light or dark")
	u.change(map[string]string{"Like the system": "Dark", "Dark": "Light", "Light": "Dark"})
	u.pause(look)
	for range 4 {
		w.key("Down")
		u.pause(look / 2)
	}
	w.key("Escape")
	w.misses("Other accounts")
	u.pause(look)
}

// comeBack reads on and returns how long the window was busy with each picture, in µs.
func (u *use) comeBack() (busy []int64) {
	u.b.Helper()
	ask(u.b, u.w.socket, "frames", &busy) // forgets those before
	u.wheel(4, 24, 90*time.Millisecond)
	u.pause(time.Second)
	ask(u.b, u.w.socket, "frames", &busy)
	if len(busy) == 0 {
		u.b.Fatal("nothing was drawn after the rest")
	}
	return busy
}

// change chooses another colouring in the settings: to[x] where it is x.
func (u *use) change(to map[string]string) {
	u.b.Helper()
	press := func(t uitest.Text) { u.w.clickAt(t.X+t.W/2, t.Y+t.H/2) }
	var now uitest.Text
	u.w.eventually("the colouring is shown", func() bool {
		texts := u.w.texts()
		i := slices.IndexFunc(texts, func(t uitest.Text) bool { return to[t.Text] != "" })
		if i >= 0 {
			now = texts[i] // the first setting of the page
		}
		return i >= 0
	})
	press(now)
	var choice uitest.Text
	u.w.eventually("the menu of colourings is shown", func() bool {
		for _, t := range u.w.texts() { // what lies over the page comes last
			if t.Text == to[now.Text] {
				choice = t
			}
		}
		return choice.Text != ""
	})
	press(choice)
	u.w.eventually("it is changed", func() bool {
		return !slices.ContainsFunc(u.w.texts(), func(t uitest.Text) bool { return t.Text == now.Text && t.Y == now.Y })
	})
}

// wheel turns the wheel over the messages.
func (u *use) wheel(button, notches int, each time.Duration) {
	u.b.Helper()
	u.w.xdotool("mousemove", "--window", u.w.id, strconv.Itoa(u.x), strconv.Itoa(u.y),
		"click", "--repeat", strconv.Itoa(notches), "--delay", strconv.FormatInt(each.Milliseconds(), 10), strconv.Itoa(button))
}

// slope is how much y grows as x grows by one, after the method of least squares.
func slope(x, y []float64) float64 {
	var mx, my, xy, xx float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(y))
	}
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
	}
	return xy / xx
}

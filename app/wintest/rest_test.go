//go:build wintest

package wintest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// pixels are those of the whole window, three bytes each.
func (w *window) pixels() []byte {
	w.t.Helper()
	out, err := exec.Command("import", "-window", w.id, "-depth", "8", "rgb:-").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

var heapInMaps = regexp.MustCompile(`(?s)\[heap\]\n.*?Rss: +(\d+) kB`)

// heapMB is what the C library has for the window, and the drawing in it, in MB.
func (w *window) heapMB() float64 {
	w.t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	m := heapInMaps.FindSubmatch(maps)
	if m == nil {
		w.t.Fatal("no heap in the maps of the process")
	}
	kB, err := strconv.Atoi(string(m[1]))
	if err != nil {
		w.t.Fatal(err)
	}
	return float64(kB) / 1000
}

// A window that rests gives back what the drawing has taken, shows what it showed, and
// goes on drawing when somebody comes back: 7 MB of the compiler of shaders, and 4 of what
// was noted of this picture.
func TestRestGivesTheDrawingsMemoryBack(t *testing.T) {
	w := open(t, "--data", t.TempDir())
	w.click("Start on this computer")
	w.click("Notes to self")
	w.settled("Message Notes to self")
	w.types("before the rest")
	w.key("Return", "Escape") // no cursor that blinks
	w.settled("before the rest")
	w.key("ctrl+comma")
	w.settled("Other accounts")
	before, shown := w.heapMB(), w.pixels()
	var rested bool
	ask(t, w.socket, "rest", &rested)
	w.eventually("less is taken for the drawing", func() bool { return before-w.heapMB() > 8.5 })
	if !bytes.Equal(w.pixels(), shown) {
		w.shoot("rested")
		t.Error("the window looks another way after its rest")
	}
	w.key("Escape")
	w.misses("Other accounts")
	w.types("after the rest")
	w.key("Return")
	w.settled("after the rest")
	if bytes.Equal(w.pixels(), shown) {
		t.Error("nothing was drawn after the rest")
	}
	w.quit()
}

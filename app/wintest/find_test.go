//go:build wintest

package wintest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// localWindow is a window with the server inside and something said in it.
func localWindow(t *testing.T, data string, lines ...string) *window {
	t.Helper()
	w := open(t, "--data", data, "--profile", "wren")
	w.click("Start on this computer")
	w.click("Echo")
	w.sees("Message Echo")
	for _, line := range lines {
		w.types(line)
		w.key("Return")
		w.seesInMessages(line)
	}
	return w
}

// tab moves the keyboard on n times.
func (w *window) tab(n int) {
	w.t.Helper()
	for range n {
		w.key("Tab")
	}
}

// What was said is found while it is typed; tabs and filters are reached by the
// keyboard alone and by the mouse, and a hit opens in place.
func TestSearchWithFilters(t *testing.T) {
	w := localWindow(t, t.TempDir(), "the teal icon", "图标的网格", "something else")
	w.key("ctrl+k")
	w.sees("Recent chats")
	w.types("icon")
	w.sees("2 results") // and the answer of the echo
	// Four tabs, then the filters.
	w.tab(5)
	w.key("Return")
	w.sees("Who wrote it?")
	w.types("echo")
	w.key("Return")
	w.sees("From Echo")
	w.sees("1 result ")
	w.shoot("from")
	// Esc leaves the choice of a filter, not the search.
	w.click("Any time")
	w.sees("When? A date")
	w.key("Escape")
	w.sees("1 result ")
	w.click("Any time")
	w.click("Last 7 days")
	w.sees("Last 7 days")
	w.sees("1 result ")
	w.click("Files 0")
	w.click("Search without filters")
	w.click("Messages 2")
	w.key("ctrl+a")
	w.types("网格")
	w.sees("2 results")
	w.key("Down", "Return")
	w.misses("results in")
	w.seesInMessages("图标的网格")

	// The same within the chat that is open.
	w.key("ctrl+f")
	w.sees("In Echo")
	w.types("something")
	w.sees("2 results")
	w.key("Escape")
	w.misses("In Echo")
	w.quit()
}

// A chat goes out from one profile and comes into another by the keyboard.
func TestExportThenImport(t *testing.T) {
	data := t.TempDir()
	w := localWindow(t, data, "this goes out", "and this")
	to := filepath.Join(t.TempDir(), "out")
	w.key("ctrl+comma")
	w.click("Storage")
	w.click("Export history…")
	w.sees("Into a new folder")
	w.clickBelow("Into a new folder")
	w.key("ctrl+a")
	w.types(to)
	w.key("Return")
	w.sees("The export is ready")
	w.shoot("ready")
	w.click("Done")
	w.quit()
	if _, err := os.Stat(filepath.Join(to, "index.html")); err != nil {
		t.Fatal(err)
	}

	into := localWindow(t, t.TempDir())
	into.key("ctrl+comma")
	into.click("Storage")
	into.click("Import…")
	into.types(to)
	into.key("Return")
	into.sees("Import this?")
	into.shoot("confirm")
	into.key("Return")
	into.sees("The import is done")
	into.key("Return")
	into.key("Escape")
	into.seesInMessages("this goes out")
	into.quit()
}

// A history that is damaged under the program is found so, repaired by a click, and
// whole again.
func TestRepairByClick(t *testing.T) {
	data := t.TempDir()
	var lines []string
	for i := range 12 {
		lines = append(lines, fmt.Sprint("line number ", i))
	}
	w := localWindow(t, data, lines...)
	found, err := filepath.Glob(filepath.Join(data, "*", "accounts", "*", "history.db"))
	if err != nil || len(found) == 0 {
		if found, err = filepath.Glob(filepath.Join(data, "*", "*", "accounts", "*", "history.db")); err != nil || len(found) == 0 {
			t.Fatal(found, err)
		}
	}
	damageHistory(t, found[0])
	w.key("ctrl+comma")
	w.click("Storage")
	w.click("Check the database")
	w.sees("Part of the history on this computer")
	w.shoot("damaged")
	w.click("Repair now")
	w.sees("The history is repaired")
	w.shoot("repaired")
	w.click("Continue")
	w.sees("Search")
	w.click("Echo")
	w.seesInMessages("line number 11")
	w.quit()
}

// damageHistory turns a byte in the middle of every leaf page with several entries.
func damageHistory(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const page = 4096
	b := make([]byte, page)
	turned := 0
	for at := int64(2 * page); ; at += page {
		if n, err := f.ReadAt(b, at); n < page || err != nil {
			break
		}
		if b[8] == 2 && b[10] > 4 { // a leaf
			if _, err := f.WriteAt([]byte{b[page/2] ^ 0xff}, at+page/2); err != nil {
				t.Fatal(err)
			}
			turned++
		}
	}
	if turned == 0 {
		t.Fatal("there is nothing to damage")
	}
}

//go:build wintest

package wintest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// BenchmarkComposer measures the real window with an open conversation and the
// keyboard in its composer: how long after a key the letter is on the screen, and
// what part of a core is used in the half minute after the last key.
func BenchmarkComposer(b *testing.B) {
	server := startServer(b, "ann", "ben")
	w := open(b, "--data", b.TempDir())
	w.signIn(server.addr, "ann")
	w.newChat("ben")
	keys := watchKeys(b, w)
	w.types("begin")
	at := w.settled("begin")
	field := xproto.Rectangle{X: int16(at.X), Y: int16(at.Y), Width: 420, Height: uint16(at.H)}
	var took []time.Duration
	for b.Loop() {
		const letters = 40
		for i := range 2 * letters {
			key := keysymOf('x')
			if i >= letters {
				key = backspaceSym
			}
			took = append(took, keys.echo(b, key, field))
		}
	}
	slices.Sort(took)
	ms := func(p int) float64 { return float64(took[(len(took)*p+99)/100-1].Microseconds()) / 1000 }
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "compose/echo_p50", ms(50), "ms", "-")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "compose/echo_p95", ms(95), "ms", "<= 30")

	// With the cursor that blinks for a while after the last key, and without.
	after := w.busy(b, 30*time.Second)
	resting := w.busy(b, 8*time.Second)
	fmt.Printf("\nBENCH\t%s\t%.3g\t%s\t%s\n", "idle/composer_focused", after, "% of a core", "<= 3")
	fmt.Printf("\nBENCH\t%s\t%.3g\t%s\t%s\n", "idle/composer_resting", resting, "% of a core", "-")
}

// busy is the part of a core, in percent, that the program uses for a while.
func (w *window) busy(b *testing.B, d time.Duration) float64 {
	b.Helper()
	before, began := w.ticks(b), time.Now()
	<-time.After(d)
	const perSecond = 100 // USER_HZ, whatever the kernel's own clock
	return 100 * float64(w.ticks(b)-before) / perSecond / time.Since(began).Seconds()
}

// ticks is the time that the program has used, of which /proc/PID/stat tells in its
// fields utime and stime.
func (w *window) ticks(b *testing.B) int {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	// The name in parentheses may hold blanks; behind it the third field follows.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	sum := 0
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		sum += n
	}
	return sum
}

// keyboard presses keys and looks at the window.
type keyboard struct {
	conn   *xgb.Conn
	window xproto.Drawable
	codes  map[xproto.Keysym]byte
}

func keysymOf(r rune) xproto.Keysym { return xproto.Keysym(r) }

const backspaceSym xproto.Keysym = 0xff08

func watchKeys(b *testing.B, w *window) *keyboard {
	b.Helper()
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(conn.Close)
	if err := xtest.Init(conn); err != nil {
		b.Fatal(err)
	}
	id, err := strconv.ParseUint(w.id, 10, 32)
	if err != nil {
		b.Fatal(err)
	}
	setup := xproto.Setup(conn)
	first, n := setup.MinKeycode, byte(setup.MaxKeycode-setup.MinKeycode+1)
	m, err := xproto.GetKeyboardMapping(conn, first, n).Reply()
	if err != nil {
		b.Fatal(err)
	}
	k := &keyboard{conn: conn, window: xproto.Drawable(id), codes: map[xproto.Keysym]byte{}}
	for i := range int(n) {
		k.codes[m.Keysyms[i*int(m.KeysymsPerKeycode)]] = byte(first) + byte(i)
	}
	return k
}

// echo presses a key and returns how long it took until a part of the window looked
// different.
func (k *keyboard) echo(b *testing.B, key xproto.Keysym, part xproto.Rectangle) time.Duration {
	b.Helper()
	// A person's pause: what was painted last is on the screen by then.
	<-time.After(60 * time.Millisecond)
	before := k.look(b, part)
	began := time.Now()
	code := k.codes[key]
	for _, event := range []byte{xproto.KeyPress, xproto.KeyRelease} {
		if err := xtest.FakeInputChecked(k.conn, event, code, 0, 0, 0, 0, 0).Check(); err != nil {
			b.Fatal(err)
		}
	}
	for bytes.Equal(before, k.look(b, part)) {
		if time.Since(began) > patience {
			b.Fatal("nothing is to be seen of a key")
		}
		<-time.After(time.Millisecond) // the screen is also needed by who paints
	}
	return time.Since(began)
}

func (k *keyboard) look(b *testing.B, part xproto.Rectangle) []byte {
	b.Helper()
	img, err := xproto.GetImage(k.conn, xproto.ImageFormatZPixmap, k.window, part.X, part.Y, part.Width, part.Height, ^uint32(0)).Reply()
	if err != nil {
		b.Fatal(err)
	}
	return img.Data
}

//go:build uitest

package uitest

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"runtime"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// Env names the variable with the path of the socket to listen on.
const Env = "MAGPIE_UITEST"

// PauseEnv names the variable with how long the program waits between the end of the
// event loop and the rest of its end, as "2s".
const PauseEnv = "MAGPIE_UITEST_PAUSE"

// AfterLoop waits as long as [PauseEnv] says: what comes in that moment is rare otherwise.
func AfterLoop() {
	if d, err := time.ParseDuration(os.Getenv(PauseEnv)); err == nil {
		time.Sleep(d)
	}
}

// Serve answers on the socket that [Env] names, if it is set. A request is one line,
// the answer is one line of JSON: of "texts" a list of [Text]; of "goroutines" how many
// there are; of "frames" how long the window was busy with each picture since "frames"
// was asked before, in µs, and of "last frames" the same, after which nothing is measured;
// of "rest", whose answer is true, that the event loop called rest.
func Serve(w fyne.Window, rest func()) (stop func()) {
	path := os.Getenv(Env)
	if path == "" {
		return func() {}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		panic(err) // a test cannot go on without it
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c, w, rest)
		}
	}()
	return func() { _ = l.Close() }
}

var measured frames

func serve(c net.Conn, w fyne.Window, rest func()) {
	defer c.Close()
	in := bufio.NewScanner(c)
	out := json.NewEncoder(c)
	for in.Scan() {
		var answer any = "unknown request"
		switch in.Text() {
		case "texts":
			fyne.DoAndWait(func() { answer = texts(w) })
		case "rest":
			fyne.DoAndWait(rest)
			answer = true
		case "goroutines":
			answer = runtime.NumGoroutine()
		case "frames":
			fyne.DoAndWait(func() {
				answer = measured.stop()
				measured.start()
			})
		case "last frames":
			fyne.DoAndWait(func() { answer = measured.stop() })
		}
		if out.Encode(answer) != nil {
			return
		}
	}
}

func texts(w fyne.Window) []Text {
	found := []Text{}
	scale := w.Canvas().Scale()
	visit := func(o fyne.CanvasObject, clip *rect) {
		t, ok := o.(*canvas.Text)
		if !ok || strings.TrimSpace(t.Text) == "" {
			return
		}
		pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		size := o.MinSize()
		if clip != nil && !clip.meets(pos, size) {
			return
		}
		found = append(found, Text{
			Text: t.Text,
			X:    pos.X * scale, Y: pos.Y * scale,
			W: size.Width * scale, H: size.Height * scale,
		})
	}
	size := w.Canvas().Size()
	whole := &rect{x2: size.Width, y2: size.Height}
	walk(w.Content(), whole, visit)
	for _, o := range w.Canvas().Overlays().List() {
		walk(o, whole, visit)
	}
	return found
}

type rect struct{ x1, y1, x2, y2 float32 }

func (r *rect) meets(p fyne.Position, s fyne.Size) bool {
	return p.X < r.x2 && p.X+s.Width > r.x1 && p.Y < r.y2 && p.Y+s.Height > r.y1
}

// walk visits what is visible below o. What scrolls clips what is in it.
func walk(o fyne.CanvasObject, clip *rect, visit func(fyne.CanvasObject, *rect)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o, clip)
	if _, scrolls := o.(fyne.Scrollable); scrolls {
		p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		s := o.Size()
		clip = &rect{
			x1: max(clip.x1, p.X), y1: max(clip.y1, p.Y),
			x2: min(clip.x2, p.X+s.Width), y2: min(clip.y2, p.Y+s.Height),
		}
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, clip, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, clip, visit)
		}
	}
}

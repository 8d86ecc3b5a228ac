package loop

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
)

// A loop as Fyne's: while it runs it calls what it is given itself, and after its end
// whoever gives it something does.
type fake struct {
	queue         []func()
	main, drained bool
}

func (l *fake) post(f func()) {
	if l.drained {
		f()
		return
	}
	l.queue = append(l.queue, f)
}

func (l *fake) turn() {
	l.main = true
	for _, f := range l.queue {
		f()
	}
	l.queue, l.main = nil, false
}

func newFake() (*fake, *gate) {
	l := &fake{main: true}
	g := &gate{isMain: func() bool { return l.main }, post: l.post}
	g.begin()
	l.main = false
	return l, g
}

func TestNothingRunsAfterTheLoop(t *testing.T) {
	ran := 0
	count := func() { ran++ }

	l, g := newFake()
	g.do(count)
	if ran != 0 {
		t.Fatal("it ran before the loop came to it")
	}
	l.turn()
	if ran != 1 {
		t.Fatalf("it ran %d times", ran)
	}

	l.drained = true // at a signal, without a word
	g.do(count)
	if ran != 1 {
		t.Error("it ran after the loop, beside the end of the program")
	}

	l, g = newFake()
	ran = 0
	g.do(count)
	g.end(func() {
		l.drained = true
		g.do(count)
	})
	l.turn()
	if ran != 0 {
		t.Errorf("%d ran after the end", ran)
	}
}

// Tests have no loop: what is to be done is done at once, also after the end of another
// window of the same process.
func TestWithoutARealWindow(t *testing.T) {
	app := test.NewTempApp(t)
	if isMain() {
		t.Fatal("a test is the goroutine of a window")
	}
	Begin()
	for range 2 {
		ran := false
		Do(func() { ran = true })
		if !ran {
			t.Fatal("it did not run")
		}
		End(app.Driver())
	}
}

// Whoever asks Fyne itself runs after the loop too. A tour of pictures and the eyes of
// the window tests wait for an answer, which this package does not give.
func TestNobodyAsksFyne(t *testing.T) {
	may := map[string]bool{"widgets/loop/loop.go": true, "app/tour.go": true, "app/uitest/on.go": true, "app/uitest/frames.go": true}
	asks := regexp.MustCompile(`\bfyne\.Do(AndWait)?\b`)
	seen := 0
	for _, dir := range []string{"app", "widgets"} {
		root := os.DirFS("../..")
		if err := fs.WalkDir(root, dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(root, path)
			if err != nil || !asks.Match(text) {
				return err
			}
			seen++
			if !may[path] {
				t.Errorf("%s asks Fyne, not this package", path)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if seen != len(may) {
		t.Errorf("%d files ask Fyne, %d were expected", seen, len(may))
	}
}

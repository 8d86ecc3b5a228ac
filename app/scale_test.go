package app

import (
	"os"
	"strconv"
	"testing"

	"magpie/widgets/theme"
)

// The size of the text changes everything at once: what the driver is told to draw with,
// and how much room there is, so that at 200 % there is one column. It is there again
// after a restart.
func TestTextSizeInTheSettings(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	var width float32
	u.do(func() {
		width = u.a.window.Canvas().Size().Width
		if u.a.main.content.narrow {
			t.Error("there is one column at 100%")
		}
	})
	u.settings()
	u.tap("Appearance")
	u.sees("100%")
	u.do(func() { u.a.stepText(+1) })
	u.sees("110%")
	u.do(func() { u.a.setTextPercent(200) })
	u.sees("200%")
	u.do(func() {
		if s := driverScale(t); s != 2 {
			t.Errorf("the driver draws at %v", s)
		}
		if got := u.a.window.Canvas().Size().Width; !about(got, width/2) || !u.a.main.content.narrow {
			t.Errorf("the window has room for %v of %v, narrow %v", got, width, u.a.main.content.narrow)
		}
		if least := u.a.fyne.leastSize(); least.Width*2 > 600 || least.Height*2 > 640 {
			t.Errorf("the window cannot be made smaller than %v", least)
		}
	})
	u.end()

	u = begin(t, data)
	u.mainScreen()
	u.do(func() {
		if u.a.fyne.percent() != 200 || driverScale(t) != 2 {
			t.Errorf("after a restart: %d %%", u.a.fyne.percent())
		}
		if got := u.a.window.Canvas().Size().Width; !about(got, width/2) {
			t.Errorf("after a restart the window is %v wide", got)
		}
	})
	u.end()
}

// about is for sizes that become whole pixels.
func about(got, want float32) bool { return got > want-1 && got < want+1 }

// driverScale is what the driver for windows draws with.
func driverScale(t *testing.T) float32 {
	t.Helper()
	s, err := strconv.ParseFloat(os.Getenv(scaleEnv), 32)
	if err != nil {
		t.Error(err)
	}
	return float32(s)
}

// What is set outside of the program is multiplied, not replaced.
func TestScaleFromOutside(t *testing.T) {
	noLeaks(t)
	u := beginWith(t, t.TempDir(), func(o *Options) { o.Scale = 1.5 })
	defer u.end()
	u.do(func() {
		u.a.setTextPercent(120)
		if s := driverScale(t); s < 1.79 || s > 1.81 {
			t.Errorf("%v", s)
		}
		u.a.stepText(0)
		if s := driverScale(t); s != 1.5 {
			t.Errorf("%v", s)
		}
	})
}

// Whoever asks for no motion has none from then on.
func TestReducedMotion(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	u.do(func() {
		before := theme.Moves()
		u.a.setReducedMotion(true)
		if theme.Moves() {
			t.Error("things still move")
		}
		u.a.setReducedMotion(false)
		if theme.Moves() != before {
			t.Error("it cannot be taken back")
		}
	})
	u.a.files.wait()
	u.do(func() { u.a.setReducedMotion(true) })
	u.a.files.wait()
	s, _, err := u.a.profile.Load(u.a.now())
	if err != nil || !s.ReducedMotion {
		t.Errorf("it is not kept: %v", err)
	}
}

package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Clicks reach what is seen at their place, through the canvas as the driver
// finds it.
func TestClicksReachWhatIsSeen(t *testing.T) {
	withTheme(t)
	o, _, comp, banner := wholeWindow(false)
	got := ""
	comp.OnSend = func(string) { got += "send " }
	banner.OnAction = func() { got += "retry " }
	w := newWindow(t, o)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1120, 740))
	comp.SetText("x")
	at := func(o fyne.CanvasObject) fyne.Position {
		p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		return p.Add(fyne.NewPos(o.Size().Width/2, o.Size().Height/2))
	}
	test.TapCanvas(w.Canvas(), at(comp.send))
	test.TapCanvas(w.Canvas(), at(banner.link))
	if got != "send retry " {
		t.Errorf("reached %q", got)
	}
}

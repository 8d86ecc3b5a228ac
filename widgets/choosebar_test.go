package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

func newTestChooseBar(run func(string)) *ChooseBar {
	action := func(icon, label string) ChooseAction {
		return ChooseAction{Icon: icon, Label: label, Run: func() { run(label) }}
	}
	return NewChooseBar("Stop selecting", func() { run("end") },
		action("copy", "Copy"), action("group", "Forward as one…"), action("pass-on", "Forward…"))
}

// What stands in and above the composer while messages are chosen and answered.
func TestLookAnswering(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		rows := container.New(&column{})
		add := func(o fyne.CanvasObject, width float32) {
			o.Resize(fyne.NewSize(width, 1))
			o.Resize(fyne.NewSize(width, o.MinSize().Height))
			rows.Add(o)
		}
		quote := NewComposer("Send")
		quote.SetQuote("Lin", "[Voice] 0:14", "Do not reply to it")
		quote.SetText("这个动画很棒")
		add(quote, 560)
		long := NewComposer("Send")
		long.SetQuote("陈立", "图标的网格用 8 还是 4？深色模式的图标对比度不够，换了新图标之后点击率涨了 4%。\n第二行", "Do not reply to it")
		add(long, 560)
		bar := newTestChooseBar(func(string) {})
		bar.SetState("12 selected", true, true, false)
		add(bar, 560)
		none := newTestChooseBar(func(string) {})
		none.SetState("0 selected")
		add(container.NewGridWrap(fyne.NewSize(330, chooseHeight), none), 560)
		golden(t, window(t, mode, rows, 560, 380), "answering"+suffix)
	})
}

func TestChooseBarDoesWhatItCan(t *testing.T) {
	test.NewTempApp(t)
	var log []string
	bar := newTestChooseBar(func(s string) { log = append(log, s) })
	w := newWindow(t, bar)
	for _, width := range []float32{800, 300} { // words, and icons alone
		w.Resize(fyne.NewSize(width, 80))
		bar.SetState("2 selected", true, false, true)
		for i := range bar.buttons {
			if bar.buttons[i].Visible() == bar.icons[i].Visible() {
				t.Errorf("at %g: both or neither of action %d is shown", width, i)
			}
			o := fyne.CanvasObject(bar.buttons[i])
			if !o.Visible() {
				o = bar.icons[i]
			}
			test.Tap(o.(fyne.Tappable))
		}
		test.Tap(bar.cross)
	}
	if want := "Copy Forward… end Copy Forward… end"; strings.Join(log, " ") != want {
		t.Errorf("did %q, want %q", strings.Join(log, " "), want)
	}
}

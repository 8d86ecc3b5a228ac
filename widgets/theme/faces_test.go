package theme

import (
	"runtime"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// However often the colours change, the fonts are in memory once.
func TestForgetFaces(t *testing.T) {
	app := test.NewTempApp(t)
	plain, bold := canvas.NewText("hello 中文 😀", nil), canvas.NewText("hello 中文", nil)
	bold.TextStyle = fyne.TextStyle{Bold: true}
	change := func(n int) (live uint64) {
		for i := range n {
			app.Settings().SetTheme(New([]Mode{Light, Dark}[i%2]))
			ForgetFaces()
			plain.MinSize()
			bold.MinSize()
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	once := change(1)
	if more := change(8); more > once+once/4 {
		t.Errorf("%d MB after one change, %d MB after nine", once>>20, more>>20)
	}
}

// A window that rests has no fonts in memory, and measures text as before once it needs
// them again.
func TestForgetFonts(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(New(Light))
	live := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	styles := []fyne.TextStyle{{}, {Bold: true}}
	want, _ := MeasureText("hello 中文", 14, styles[0]) // and it learns what the fonts have
	ForgetFonts()
	none := live()
	for _, style := range styles {
		MeasureText("names 名字", 14, style)
		fyne.MeasureText("party 🎉", 14, style)
	}
	parsed := live() - none
	ForgetFonts()
	if left := live() - none; parsed < 8<<20 || left > 1<<20 {
		t.Errorf("the fonts take %d kB, of which %d stay", parsed>>10, left>>10)
	}
	app.Settings().SetTheme(New(Dark)) // forgets the measures as well
	ForgetFonts()
	if got, _ := MeasureText("hello 中文", 14, styles[0]); got != want {
		t.Errorf("%v with the fonts parsed anew, %v before", got, want)
	}
}

// The fonts of the system that Fyne looked into are let go of, and found again.
func TestForgetFacesOfTheSystem(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(New(Light))
	shown := canvas.NewText("hello", nil) // without a font of its own
	want := shown.MinSize()
	if !systemFontsLoaded || systemFonts == nil {
		t.Fatal("Fyne keeps the fonts of the system in another place")
	}
	ForgetFaces()
	if systemFonts != nil {
		t.Error("the fonts of the system are kept")
	}
	app.Settings().SetTheme(New(Dark))
	if got := shown.MinSize(); got != want || systemFonts == nil {
		t.Errorf("%v without the fonts of the system, %v with them", got, want)
	}
}

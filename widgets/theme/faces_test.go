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

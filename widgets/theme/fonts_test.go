package theme_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

func TestFontFor(t *testing.T) {
	bold := fyne.TextStyle{Bold: true}
	for text, own := range map[string]bool{
		"": true, "Hello — it’s 3 °C…": true, "你好，世界（测试）": true, "Привет": true, "かな": true,
		"party 🎉": false, "☺️": false, "مرحبا": false, "שלום": false, "สวัสดี": false, "\u200d": false, "𠮷": false, "\ufffd\U0010ffff": false,
	} {
		for _, style := range []fyne.TextStyle{{}, bold} {
			f := theme.FontFor(text, style)
			if (f != nil) != own {
				t.Errorf("%q, bold %v: the bundled font %v, want %v", text, style.Bold, f != nil, own)
			}
			if f != nil && f != theme.New(theme.Light).Font(style) {
				t.Errorf("%q is drawn with %s", text, f.Name())
			}
		}
	}
	if theme.FontFor("mono", fyne.TextStyle{Monospace: true}) != nil {
		t.Error("a monospaced text is drawn with another font")
	}
}

// A text is as wide whichever way its font is found.
func TestFontForMeasuresAlike(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Light))
	for _, text := range []string{"Hello, wörld: AVATAR", "你好，世界", "x", "To 123 · 45 %"} {
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			want, wantBase := a.Driver().RenderedTextSize(text, 14, style, nil)
			size, base := a.Driver().RenderedTextSize(text, 14, style, theme.FontFor(text, style))
			if theme.FontFor(text, style) == nil || size != want || base != wantBase {
				t.Errorf("%q, bold %v: %v on %v, want %v on %v", text, style.Bold, size, base, want, wantBase)
			}
		}
	}
}

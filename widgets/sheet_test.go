package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// background is a window with a field that has the keyboard, and a handler of
// keys of its own.
func background(t *testing.T) (w fyne.Window, field *TextField, keys *[]fyne.KeyName) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	field = NewTextField("Name", "")
	w = newWindow(t, container.NewVBox(field))
	w.Resize(fyne.NewSize(700, 500))
	keys = &[]fyne.KeyName{}
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { *keys = append(*keys, k.Name) })
	field.Focus()
	return w, field, keys
}

func esc(w fyne.Window) {
	key := &fyne.KeyEvent{Name: fyne.KeyEscape}
	if f := w.Canvas().Focused(); f != nil {
		f.TypedKey(key)
		return
	}
	w.Canvas().OnTypedKey()(key)
}

func TestEscClosesTheTopSheet(t *testing.T) {
	w, field, keys := background(t)
	closed := ""
	lower := NewSheet("lower", "", nil, NewPrimaryButton("OK", nil))
	lower.OnClosed = func() { closed += "lower " }
	lower.Open(w.Canvas(), nil)
	name := NewTextField("Name", "")
	if field.entry.focused {
		t.Error("the cursor blinks behind the sheet")
	}
	upper := NewSheet("upper", "", name)
	upper.OnClosed = func() { closed += "upper " }
	upper.OpenField(w.Canvas(), name)
	if w.Canvas().Focused() != name.entry {
		t.Error("the field of the sheet does not have the keyboard")
	}
	esc(w)
	if closed != "upper " || upper.IsOpen() || !lower.IsOpen() {
		t.Fatalf("closed %q", closed)
	}
	esc(w)
	if closed != "upper lower " {
		t.Fatalf("closed %q", closed)
	}
	if w.Canvas().Focused() != field.entry || !field.entry.focused {
		t.Error("the keyboard did not come back to what had it")
	}
	if len(*keys) != 0 {
		t.Errorf("the window behind got %v", *keys)
	}
	esc(w)
	if len(*keys) != 1 {
		t.Errorf("the window got %v after the sheets", *keys)
	}
	upper.Close() // once more does nothing
	if closed != "upper lower " {
		t.Errorf("closed %q", closed)
	}
}

func TestAClickBesideClosesTheSheet(t *testing.T) {
	w, _, _ := background(t)
	s := NewSheet("title", "words", nil)
	s.Open(w.Canvas(), nil)
	test.TapCanvas(w.Canvas(), fyne.NewPos(350, 200))
	if !s.IsOpen() {
		t.Fatal("a click into the sheet closed it")
	}
	s.Sticky = true
	test.TapCanvas(w.Canvas(), fyne.NewPos(5, 5))
	esc(w)
	if !s.IsOpen() {
		t.Fatal("a sticky sheet was closed")
	}
	s.Sticky = false
	test.TapCanvas(w.Canvas(), fyne.NewPos(5, 5))
	if s.IsOpen() {
		t.Error("a click beside did not close it")
	}
}

// A sheet that is taller than the window scrolls; its buttons stay in sight.
func TestATallSheetKeepsItsButtons(t *testing.T) {
	w, _, _ := background(t)
	tall := box(0)
	tall.SetMinSize(fyne.NewSize(100, 2000))
	ok := NewPrimaryButton("OK", nil)
	s := NewSheet("title", "", tall, ok)
	s.Open(w.Canvas(), nil)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(ok)
	if bottom := at.Y + ok.Size().Height; bottom > 500 || at.Y < 300 {
		t.Errorf("the button ends at %.0f in a window of 500", bottom)
	}
	if s.body.Size().Height >= 2000 {
		t.Error("the content was not made to scroll")
	}
}

func TestButtonsShareWhatThereIs(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	long := NewSecondaryButton("一个很长很长很长很长的按钮", nil)
	short := NewPrimaryButton("OK", nil)
	r := newButtonRow([]*Button{long, short})
	r.Resize(fyne.NewSize(200, theme.ButtonHeight))
	if long.Size().Width != 96 || short.Size().Width != 96 {
		t.Errorf("widths %v and %v, want 96 each", long.Size().Width, short.Size().Width)
	}
	r.Resize(fyne.NewSize(600, theme.ButtonHeight))
	if end := short.Position().X + short.Size().Width; end < 599 || end > 601 || short.Size().Width != short.MinSize().Width {
		t.Error("the last button is not at the right end, as wide as it needs")
	}
}

func TestAFieldWithAnErrorMakesTheSheetGrow(t *testing.T) {
	w, _, _ := background(t)
	name := NewTextField("Name", "")
	s := NewSheet("title", "", name)
	s.OpenField(w.Canvas(), name)
	before := s.card.Size().Height
	name.SetError("too long")
	want := fieldErrorGap + name.problem.HeightFor(300)
	s.inner.Refresh() // what the driver does when a minimum changed
	if after := s.card.Size().Height; after != before+want {
		t.Errorf("the sheet went from %v to %v, want %v more", before, after, want)
	}
}

package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

func kinds() *Choice {
	return NewChoice("Kind", "work",
		Option{"work", "Work group", "For people who work together. Every member brings in others."},
		Option{"public", "Public group", "Anybody can ask to join; an admin agrees or does not."},
		Option{"room", "Live room", ""},
	)
}

// One option is chosen, by the pointer or by the arrows, and each change is told
// once.
func TestChoice(t *testing.T) {
	withTheme(t)
	c := kinds()
	var told []string
	c.OnChanged = func(v string) { told = append(told, v) }
	w := newWindow(t, container.NewStack(c))
	w.Resize(fyne.NewSize(300, 300))
	test.Tap(c.rows[1])
	test.Tap(c.rows[1])
	w.Canvas().Focus(c.rows[1])
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyUp} {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
	}
	if c.Value() != "public" || len(told) != 3 || told[0] != "public" || told[1] != "room" || told[2] != "public" {
		t.Errorf("chosen is %q, told was %q", c.Value(), told)
	}
	for _, r := range c.rows {
		if r.dot.Hidden == (r.option.Value == c.Value()) {
			t.Errorf("%s looks wrong", r.option.Value)
		}
	}
}

// What an option means has as many lines as it needs.
func TestChoiceWraps(t *testing.T) {
	withTheme(t)
	c := kinds()
	if wide, narrow := c.HeightFor(600), c.HeightFor(180); narrow <= wide {
		t.Errorf("%g tall where it is narrow, %g where it is wide", narrow, wide)
	}
}

// The pictures of a grid have as many rows as they need, and one is chosen.
func TestPictureGrid(t *testing.T) {
	withTheme(t)
	svg := fyne.NewStaticResource("p.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40"><rect width="40" height="40" fill="#0b7a8c"/></svg>`))
	g := NewPictureGrid("Picture", "b",
		Picture{ID: "wren", Letter: "W"}, Picture{Value: "a", Resource: svg}, Picture{Value: "b", Resource: svg})
	newWindow(t, container.NewStack(g)).Resize(fyne.NewSize(120, 200))
	if g.HeightFor(3*tileSize+2*tileGap) >= g.HeightFor(2*tileSize+tileGap) {
		t.Error("two rows are not taller than one")
	}
	if g.tiles[2].frame.StrokeWidth == 0 || g.tiles[0].frame.StrokeWidth != 0 {
		t.Error("the chosen one is not marked")
	}
	test.Tap(g.tiles[0])
	if g.Value() != "" || g.tiles[2].frame.StrokeWidth != 0 {
		t.Errorf("chosen is %q", g.Value())
	}
}

// Several lines are taken and seen; Enter does not send them.
func TestTextArea(t *testing.T) {
	withTheme(t)
	f := NewTextArea("Notice", "", 3)
	f.OnSubmitted = func() { t.Error("sent") }
	w := newWindow(t, container.NewStack(f))
	w.Resize(fyne.NewSize(240, 160))
	f.Focus()
	test.Type(w.Canvas().Focused(), "one")
	f.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	test.Type(w.Canvas().Focused(), "two")
	if f.Text() != "one\ntwo" {
		t.Errorf("%q", f.Text())
	}
	if h := f.boxHeight(); h != theme.FieldHeight+2*theme.LineHeight {
		t.Errorf("the box is %g tall", h)
	}
}

func TestGoldenForm(t *testing.T) {
	svg := fyne.NewStaticResource("q.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40"><rect width="40" height="40" fill="#b86205"/></svg>`))
	for name, mode := range map[string]theme.Mode{"form-light": theme.Light, "form-dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			test.NewTempApp(t).Settings().SetTheme(theme.New(mode))
			notice := NewTextArea("Notice", "", 3)
			notice.SetText("Bring water.\nWe start at seven.")
			grid := NewPictureGrid("Picture", "a", Picture{ID: "wren", Letter: "W"}, Picture{Value: "a", Resource: svg}, Picture{Value: "b", Resource: svg})
			s := NewSheet("Edit the group", "", NewStack(Item{Object: grid}, Item{Above: 12, Object: notice}, Item{Above: 12, Object: kinds()}),
				NewSecondaryButton("Cancel", nil), NewButton(Danger, "Close the group", nil), NewPrimaryButton("Save", nil))
			w := newWindow(t, box(0))
			w.SetPadded(false)
			w.Resize(fyne.NewSize(460, 560))
			s.Open(w.Canvas(), nil)
			golden(t, w, name)
		})
	}
}

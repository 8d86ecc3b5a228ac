package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/assets"
	"magpie/widgets/theme"
)

func withTheme(t *testing.T) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
}

func TestButtonsTakeKeysAndPointer(t *testing.T) {
	withTheme(t)
	n := 0
	b := NewPrimaryButton("Go", func() { n++ })
	w := newWindow(t, b)
	var passed []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { passed = append(passed, k.Name) })
	w.Canvas().Focus(b)
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape, fyne.KeyA} {
		b.TypedKey(&fyne.KeyEvent{Name: k})
	}
	test.Tap(b)
	if n != 4 {
		t.Errorf("pressed %d times, want 4", n)
	}
	if len(passed) != 2 {
		t.Errorf("the window got %v, want Escape and A", passed)
	}
	b.Disable()
	test.Tap(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if n != 4 {
		t.Error("a disabled button was pressed")
	}
	if b.Cursor() != desktop.DefaultCursor {
		t.Error("a disabled button invites a click")
	}
}

func TestHoverShows(t *testing.T) {
	withTheme(t)
	b := NewIconButton("search", "Search", nil)
	w := newWindow(t, b)
	w.Resize(fyne.NewSize(60, 60))
	none := b.back.FillColor
	b.MouseIn(&desktop.MouseEvent{})
	over := b.back.FillColor
	b.MouseDown(&desktop.MouseEvent{})
	down := b.back.FillColor
	b.MouseOut() // with the button held: nothing stays pressed
	if none == over || over == down || b.back.FillColor != none {
		t.Errorf("fills: %v, hovered %v, pressed %v, left %v", none, over, down, b.back.FillColor)
	}
}

func TestFieldsMoveOnAndReport(t *testing.T) {
	withTheme(t)
	first, second := NewTextField("First", "hint"), NewPasswordField("Second", "", "Show")
	submitted, changes := 0, ""
	first.OnSubmitted = second.Focus
	second.OnSubmitted = func() { submitted++ }
	second.OnChanged = func(s string) { changes += s + " " }
	w := newWindow(t, container.NewVBox(first, second))
	first.Focus()
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if w.Canvas().Focused() != second.entry {
		t.Fatal("Enter did not move to the second field")
	}
	second.SetError("wrong")
	test.Type(w.Canvas().Focused(), "秘x")
	if second.problem.words != "" {
		t.Error("the error stayed after a change")
	}
	if second.Text() != "秘x" || changes != "秘 秘x " {
		t.Errorf("text %q, changes %q", second.Text(), changes)
	}
	if !second.entry.Password {
		t.Error("a password can be read")
	}
	test.Tap(second.reveal)
	if second.entry.Password {
		t.Error("the password is not shown")
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	second.Disable()
	second.entry.OnSubmitted("")
	if submitted != 1 {
		t.Errorf("submitted %d times, want once: a disabled field does not", submitted)
	}
}

func TestShownTextCanBeTypedOn(t *testing.T) {
	withTheme(t)
	f := NewTextField("Name", "")
	w := newWindow(t, f)
	f.SetText("周雨")
	f.Focus()
	test.Type(w.Canvas().Focused(), "!")
	if f.Text() != "周雨!" {
		t.Errorf("typed into %q", f.Text())
	}
}

// The cursor of a field rests only where its place is known.
func TestTheCursorOfAFieldRests(t *testing.T) {
	withTheme(t)
	for _, f := range []*TextField{NewTextField("Name", ""), NewPasswordField("Password", "", "Show")} {
		clock := &clockwork{}
		f.entry.after = clock.after
		w := newWindow(t, f)
		w.Resize(fyne.NewSize(200, 80))
		f.SetText("short")
		f.Focus()
		clock.due()
		if !f.entry.resting {
			t.Error("it does not rest in a text that fits")
		}
		test.Type(w.Canvas().Focused(), strings.Repeat("much longer ", 10))
		clock.due()
		if f.entry.resting {
			t.Error("it rests in a text that is wider than the field")
		}
	}
}

func TestToastsGoByThemselves(t *testing.T) {
	withTheme(t)
	clock := &clockwork{}
	toasts := NewToasts()
	toasts.after = clock.after
	w := newWindow(t, toasts)
	w.Resize(fyne.NewSize(500, 300))
	toasts.Say("one", "", nil)
	if clock.waits != toastFor || !toasts.shown {
		t.Fatalf("waits %v", clock.waits)
	}
	ran := 0
	toasts.Say("two", "Undo", func() { ran++ })
	if clock.stopped != 1 || clock.waits != toastForAction {
		t.Errorf("the first notice would take the second away: stopped %d, waits %v", clock.stopped, clock.waits)
	}
	test.Tap(toasts.link)
	if ran != 1 || toasts.shown {
		t.Errorf("ran %d times, shown %v", ran, toasts.shown)
	}
	toasts.Say("three", "", nil)
	clock.due()
	if toasts.shown {
		t.Error("the notice stayed")
	}
}

func TestToastsLetClicksThrough(t *testing.T) {
	withTheme(t)
	n := 0
	b := NewPrimaryButton("below", func() { n++ })
	toasts := NewToasts()
	w := newWindow(t, container.NewStack(b, toasts))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(500, 300))
	toasts.Say("notice", "", nil)
	test.TapCanvas(w.Canvas(), fyne.NewPos(50, 20))
	if n != 1 {
		t.Error("the notice keeps clicks from the window")
	}
}

func TestTheBannerWrapsAndActs(t *testing.T) {
	withTheme(t)
	b := NewBanner()
	n := 0
	b.OnAction = func() { n++ }
	b.SetWords("Offline", "History is available. 2 messages will be sent when the connection is back.", "Retry now")
	b.Resize(fyne.NewSize(800, b.MinSize().Height))
	one := b.MinSize().Height
	b.Resize(fyne.NewSize(360, 100))
	if two := b.MinSize().Height; two <= one {
		t.Errorf("%v tall at 360, %v at 800", two, one)
	}
	test.Tap(b.link)
	if n != 1 {
		t.Error("the link does nothing")
	}
	if right := b.link.Position().X + b.link.Size().Width; right > 360 {
		t.Errorf("the link ends at %v of 360", right)
	}
	b.SetWords("Kicked", "signed in elsewhere", "")
	if !b.link.Hidden {
		t.Error("a link without words is there")
	}
}

func TestTheHeaderKeepsLongNamesFromItsButtons(t *testing.T) {
	withTheme(t)
	back, title := 0, 0
	h := NewChatHeader("Back")
	h.OnBack, h.OnTitle = func() { back++ }, func() { title++ }
	h.SetButtons(NewIconButton("search", "", nil), NewIconButton("info", "", nil))
	h.SetNarrow(true)
	h.SetChat("id", strings.Repeat("很长的名字", 20), strings.Repeat("subtitle ", 30), true)
	w := newWindow(t, h)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(360, theme.HeaderHeight))
	limit := h.buttons[0].Position().X
	for _, l := range []*inlineLabel{h.title.name, h.title.subtitle} {
		if end := h.title.Position().X + l.right(); len(l.shown) == 0 || end > limit {
			t.Errorf("%q ends at %v, the buttons begin at %v", l.full, end, limit)
		}
	}
	test.Tap(h.arrow)
	test.Tap(h.title)
	if back != 1 || title != 1 {
		t.Errorf("back %d, title %d, want 1 and 1", back, title)
	}
}

func TestTheSideHeaderReports(t *testing.T) {
	withTheme(t)
	got := ""
	h := NewSideHeader("Search", "New")
	test.Tap(h.search) // nothing is set yet
	h.OnProfile, h.OnSearch, h.OnNew = func() { got += "me " }, func() { got += "search " }, func() { got += "new " }
	newWindow(t, h)
	test.Tap(h.me)
	test.Tap(h.search)
	test.Tap(h.add)
	if got != "me search new " {
		t.Errorf("reported %q", got)
	}
}

func TestOneLineIsSafeAndShort(t *testing.T) {
	for in, want := range map[string]string{
		"plain":            "plain",
		"a\nb\tc\r\nd":     "a b c d",
		"x\u202Ey\u0000z":  "xyz",
		"bad \xff utf8":    "bad \uFFFD utf8",
		"中文\u2066混\u2069排": "中文混排",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if n := len(oneLine(strings.Repeat("长", 1<<20))); n > maxLine {
		t.Errorf("%d bytes are laid out for one line", n)
	}
	if got := head("长长", 4); got != "长" {
		t.Errorf("cut inside a character: %q", got)
	}
}

// Every icon that the widgets name has a file.
func TestIconsInUseExist(t *testing.T) {
	for _, name := range []string{"search", "plus", "send", "back", "eye", "eye-off", "pin", "alert", "clock"} {
		if _, err := assets.Icon(name); err != nil {
			t.Error(err)
		}
	}
}

// A change of theme reaches what is on the screen.
func TestWidgetsFollowTheTheme(t *testing.T) {
	withTheme(t)
	o, l, comp, banner := wholeWindow(false)
	w := newWindow(t, o)
	w.Resize(fyne.NewSize(900, 600))
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark))
	if comp.field.FillColor != theme.Color(theme.Field) {
		t.Error("the composer keeps the colours of the light theme")
	}
	if banner.back.FillColor != theme.Color(theme.WarnBackground) {
		t.Error("the banner keeps the colours of the light theme")
	}
	if l.rows[0].back.FillColor != theme.Color(theme.Selected) {
		t.Error("the list keeps the colours of the light theme")
	}
}

package widgets

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/im"
	"magpie/widgets/theme"
)

// many is n conversations that count how often they are asked for.
type many struct {
	n     int
	asked int
}

func (m *many) Len() int { return m.n }

func (m *many) At(i int) Conversation {
	m.asked++
	return Conversation{
		ID:      im.ConversationID(fmt.Sprintf("C2Cuser%d", i)),
		Avatar:  fmt.Sprintf("user%d", i),
		Name:    fmt.Sprintf("用户 %d", i),
		Time:    "10:00",
		Preview: "上一条消息 the last message",
		Unread:  uint64(i % 3),
	}
}

// listed is a list in a window, with what it reported.
type listed struct {
	*ConversationList
	w      fyne.Window
	chosen []im.ConversationID
}

func newListed(t testing.TB, data Conversations) *listed {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	l := &listed{ConversationList: NewConversationList(data)}
	l.OnSelected = func(id im.ConversationID) { l.chosen = append(l.chosen, id) }
	l.w = newWindow(t, l.ConversationList)
	l.w.SetPadded(false)
	l.w.Resize(fyne.NewSize(theme.ListWidth, 600))
	return l
}

func (l *listed) press(k fyne.KeyName) { l.TypedKey(&fyne.KeyEvent{Name: k}) }

func (l *listed) wantChosen(t *testing.T, want ...im.ConversationID) {
	t.Helper()
	if fmt.Sprint(l.chosen) != fmt.Sprint(want) {
		t.Errorf("chosen %v, want %v", l.chosen, want)
	}
}

// visible are the names on the screen, from the top.
func (l *listed) visible() []string {
	var names []string
	for _, o := range l.content.visible {
		names = append(names, o.(*listRow).shown.Name)
	}
	return names
}

// Whoever looks through the list with the keys opens nothing until Enter.
func TestArrowsMark(t *testing.T) {
	l := newListed(t, &many{n: 100})
	l.w.Canvas().Focus(l.ConversationList)
	marks := func(want string) {
		t.Helper()
		if got := string(l.marked); got != "C2Cuser"+want {
			t.Errorf("marked is %s, want %s", got, want)
		}
	}
	marks("0") // where the keys are is to be seen
	l.press(fyne.KeyDown)
	l.press(fyne.KeyDown)
	marks("2")
	l.press(fyne.KeyUp)
	marks("1")
	l.press(fyne.KeyHome)
	up := 0
	l.OnUp = func() { up++ }
	l.press(fyne.KeyUp) // at the top
	marks("0")
	if up != 1 {
		t.Error("it did not leave the list")
	}
	l.press(fyne.KeyEnd)
	marks("99")
	l.press(fyne.KeyDown) // at the bottom
	marks("99")
	l.press(fyne.KeyPageUp)
	marks("91")
	l.press(fyne.KeyHome)
	l.press(fyne.KeyPageDown)
	marks("8")
	l.wantChosen(t)
	if l.Selected() != "" {
		t.Errorf("%s looks chosen", l.Selected())
	}
	l.press(fyne.KeyReturn)
	l.press(fyne.KeyDown)
	l.press(fyne.KeySpace)
	l.wantChosen(t, "C2Cuser8", "C2Cuser9")
}

// In what was found the keys show what Enter would open.
func TestArrowsChooseResults(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	l := NewResultList(&many{n: 3})
	newWindow(t, l).Resize(fyne.NewSize(theme.ListWidth, 600))
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if l.Selected() != "C2Cuser1" {
		t.Errorf("%s is chosen", l.Selected())
	}
}

// Letters go to whoever searches with them; Space is a key of the list.
func TestTypedLetters(t *testing.T) {
	l := newListed(t, &many{n: 3})
	l.TypedRune('x') // nobody wants it
	var typed []rune
	l.OnTyped = func(r rune) { typed = append(typed, r) }
	for _, r := range "a 图\x00" {
		l.TypedRune(r)
	}
	if string(typed) != "a图" {
		t.Errorf("typed %q", string(typed))
	}
}

func TestTheChosenRowIsScrolledTo(t *testing.T) {
	l := newListed(t, &many{n: 100})
	l.press(fyne.KeyEnd)
	names := l.visible()
	if last := names[len(names)-1]; last != "用户 99" {
		t.Errorf("the last row on the screen is %q", last)
	}
	l.press(fyne.KeyHome)
	if first := l.visible()[0]; first != "用户 0" {
		t.Errorf("the first row on the screen is %q", first)
	}
	before := l.scroll.Offset
	l.press(fyne.KeyDown)
	if l.scroll.Offset != before {
		t.Error("it scrolled for a row that could be seen")
	}
}

func TestTapsChoose(t *testing.T) {
	l := newListed(t, &many{n: 3})
	var menu []im.ConversationID
	l.OnMenu = func(id im.ConversationID, _ fyne.Position) { menu = append(menu, id) }
	test.TapCanvas(l.w.Canvas(), fyne.NewPos(100, 90))
	test.TapCanvas(l.w.Canvas(), fyne.NewPos(100, 30))
	test.TapCanvas(l.w.Canvas(), fyne.NewPos(100, 400)) // below the rows
	l.wantChosen(t, "C2Cuser1", "C2Cuser0")
	if l.Selected() != "C2Cuser0" {
		t.Errorf("selected %s", l.Selected())
	}
	l.rows[2].TappedSecondary(&fyne.PointEvent{})
	l.press(desktop.KeyMenu)
	l.press(fyne.KeyDown)
	l.press(desktop.KeyMenu) // of the row where the keys are
	l.press(fyne.KeyF10)     // without Shift
	if fmt.Sprint(menu) != "[C2Cuser2 C2Cuser0 C2Cuser1]" {
		t.Errorf("menus of %v", menu)
	}
}

// The choice stays with the conversation when a message moves it up.
func TestTheChoiceFollowsItsConversation(t *testing.T) {
	rows := rowsOf{{ID: "C2Ca", Name: "a"}, {ID: "C2Cb", Name: "b"}, {ID: "C2Cc", Name: "c"}}
	l := newListed(t, rows)
	l.Select("C2Cc")
	rows[0], rows[2] = rows[2], rows[0]
	l.Refresh()
	if !l.rows[0].chosen || l.rows[2].chosen {
		t.Error("the choice stayed at its place")
	}
	l.press(fyne.KeyDown)
	l.press(fyne.KeyReturn)
	l.wantChosen(t, "C2Cb")
}

// So does the mark of the keys, and where its conversation has gone, it is back at
// the chosen one.
func TestTheMarkFollowsItsConversation(t *testing.T) {
	rows := rowsOf{{ID: "C2Ca", Name: "a"}, {ID: "C2Cb", Name: "b"}, {ID: "C2Cc", Name: "c"}}
	l := newListed(t, rows)
	l.Select("C2Cc")
	l.w.Canvas().Focus(l.ConversationList)
	l.press(fyne.KeyUp)
	rows[0], rows[1] = rows[1], rows[0]
	l.Refresh()
	if !l.rows[0].ringed || l.rows[1].ringed || !l.rows[2].chosen {
		t.Error("the mark stayed at its place")
	}
	rows[0].ID = "C2Cd"
	l.Refresh()
	l.press(fyne.KeyUp)
	l.press(fyne.KeyReturn)
	l.wantChosen(t, "C2Ca")
}

func TestRowsDisappear(t *testing.T) {
	data := &many{n: 50}
	l := newListed(t, data)
	l.press(fyne.KeyEnd)
	data.n = 2
	l.Refresh()
	if got := fmt.Sprint(l.visible()); got != "[用户 0 用户 1]" {
		t.Errorf("shows %s", got)
	}
	data.n = 0
	l.SetEmpty("empty")
	l.Refresh()
	if len(l.visible()) != 0 || l.empty.Hidden {
		t.Error("the empty list does not say so")
	}
	l.chosen = nil
	for _, k := range []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageDown, fyne.KeyPageUp, fyne.KeyReturn} {
		l.press(k)
	}
	l.wantChosen(t)
	data.n = 1
	l.Refresh()
	if !l.empty.Hidden || len(l.visible()) != 1 {
		t.Error("it still says that it is empty")
	}
}

// However long the list is, only what is on the screen is asked for and made.
func TestOnlyTheVisibleRowsExist(t *testing.T) {
	data := &many{n: 10_000}
	l := newListed(t, data)
	data.asked = 0
	l.content.update()
	if data.asked > 12 {
		t.Errorf("asked for %d rows with 10 on the screen", data.asked)
	}
	for range 500 {
		l.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -500)})
	}
	if made := len(l.rows) + len(l.spare); made > 24 {
		t.Errorf("%d rows were made", made)
	}
	if first := l.visible()[0]; first == "用户 0" {
		t.Error("it did not scroll")
	}
}

// A row that waits to be used again must not show the colours of the theme
// that was there before.
func TestSpareRowsFollowTheTheme(t *testing.T) {
	data := &many{n: 1}
	l := newListed(t, data)
	data.n = 0
	l.Refresh()
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark))
	data.n = 1
	l.Refresh()
	if len(l.rows) != 1 || len(l.spare) != 0 {
		t.Fatal("the row was not used again")
	}
	for i, r := range l.rows {
		if r.name.shown[0].(*canvas.Text).Color != theme.Color(theme.Ink) {
			t.Errorf("row %d is in the colour of the light theme", i)
		}
	}
}

func TestUnreadCounts(t *testing.T) {
	for n, want := range map[uint64]string{0: "", 1: "1", 99: "99", 999: "999", 1000: "999+", 1 << 62: "999+"} {
		if got := badgeCount(n); got != want {
			t.Errorf("%d unread: %q, want %q", n, got, want)
		}
	}
}

// The title must leave room for the time, the preview for the badge.
func TestWordsDoNotRunIntoEachOther(t *testing.T) {
	l := newListed(t, append(hostile(), people()...))
	for i, r := range l.rows {
		if right := r.name.right(); !r.time.line.Hidden && right > r.time.line.Position().X {
			t.Errorf("row %d: the name ends at %.0f, the time begins at %.0f", i, right, r.time.line.Position().X)
		}
		for _, o := range r.preview.shown {
			right := o.Position().X + o.MinSize().Width
			if !r.badge.Hidden && right > r.badge.Position().X {
				t.Errorf("row %d: the preview ends at %.0f, the badge begins at %.0f", i, right, r.badge.Position().X)
			}
			if !r.mute.Hidden && right > r.mute.Position().X {
				t.Errorf("row %d: the preview ends at %.0f, the bell begins at %.0f", i, right, r.mute.Position().X)
			}
			if right > r.Size().Width {
				t.Errorf("row %d: the preview goes over the edge", i)
			}
		}
	}
}

func TestFocusIsShown(t *testing.T) {
	l := newListed(t, &many{n: 3})
	l.Select("C2Cuser1")
	l.w.Canvas().Focus(l.ConversationList)
	if l.rows[1].back.StrokeWidth == 0 || l.rows[0].back.StrokeWidth != 0 {
		t.Error("the chosen row does not show that the list has the keyboard")
	}
	l.w.Canvas().Unfocus()
	if l.rows[1].back.StrokeWidth != 0 {
		t.Error("the frame stayed")
	}
}

func BenchmarkListScroll(b *testing.B) {
	l := newListed(b, &many{n: 10_000})
	l.scroll.ScrollToOffset(fyne.NewPos(0, 62*5000))
	b.ReportAllocs()
	down := true
	n := 0
	for b.Loop() {
		d := float32(25)
		if n++; n%400 == 0 {
			down = !down
		}
		if down {
			d = -d
		}
		l.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, d)})
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "widgets/list scroll step, 10,000 rows", float64(b.Elapsed().Microseconds())/float64(b.N), "µs", "<= 200")
}

func BenchmarkListRefresh(b *testing.B) {
	l := newListed(b, &many{n: 10_000})
	b.ReportAllocs()
	for b.Loop() {
		l.Refresh()
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "widgets/list refresh, nothing changed", float64(b.Elapsed().Microseconds())/float64(b.N), "µs", "<= 200")
}

// A name with nothing below it is in the middle of its row, and moves up for whatever is
// said there.
func TestANameAlone(t *testing.T) {
	l := newListed(t, people()).ConversationList
	row := newListRow(l)
	row.Resize(fyne.NewSize(300, theme.RowHeight))
	middle := func(c Conversation) float32 {
		c.ID, c.Name = "id", "Notes to self"
		row.show(c, false, false)
		line := row.name.shown[0]
		return line.Position().Y + line.Size().Height/2
	}
	alone := middle(Conversation{})
	if off := alone - float32(theme.RowHeight)/2; off < -2 || off > 2 {
		t.Errorf("a name alone is %g off the middle", off)
	}
	for _, c := range []Conversation{{Preview: "a"}, {Draft: "[Draft]"}, {Unread: 1}, {MarkedUnread: true}, {Muted: true}, {Pending: true}} {
		if y := middle(c); y >= alone {
			t.Errorf("%+v: the name stays at %g", c, y)
		}
	}
}

// The mark of what is chosen stands beside a long name, not on it.
func TestMarkBesideALongName(t *testing.T) {
	l := NewResultList(rowsOf{})
	r := newListRow(l)
	w := test.NewTempWindow(t, r)
	w.Resize(fyne.NewSize(300, 60))
	r.Resize(fyne.NewSize(300, 60))
	long := strings.Repeat("a long name ", 9)
	r.show(Conversation{ID: "1", Name: long, Preview: long, Time: "10:21", Checked: true}, false, false)
	edge := r.mark.Position().X
	for _, o := range test.WidgetRenderer(r).Objects() {
		if text, is := o.(*canvas.Text); is && text.Visible() && text.Text != "" && text.Position().X+text.MinSize().Width > edge {
			t.Errorf("%q reaches to %v, the mark is at %v", text.Text, text.Position().X+text.MinSize().Width, edge)
		}
	}
}

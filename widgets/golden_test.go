package widgets

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/im"
	"magpie/widgets/theme"
)

// window shows o in a window of a size in the given mode.
func window(t *testing.T, mode theme.Mode, o fyne.CanvasObject, width, height float32) fyne.Window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(mode))
	w := newWindow(t, o)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	return w
}

// newWindow shows o, and at the end takes the keyboard from what has it, so
// that no timer of a cursor goes off in a later test.
func newWindow(t testing.TB, o fyne.CanvasObject) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, o)
	t.Cleanup(func() { w.Canvas().Unfocus() })
	return w
}

// golden compares what w shows with testdata/name.png. To accept a change, look
// at testdata/failed/name.png and move it over.
func golden(t *testing.T, w fyne.Window, name string) {
	t.Helper()
	test.AssertImageMatches(t, name+".png", capture(w))
}

func capture(w fyne.Window) image.Image { return w.Canvas().Capture() }

// rowsOf is a list of conversations from a slice.
type rowsOf []Conversation

func (r rowsOf) Len() int              { return len(r) }
func (r rowsOf) At(i int) Conversation { return r[i] }

// people are the conversations of the design pictures.
func people() rowsOf {
	return rowsOf{
		{ID: "GROUPdesign", Avatar: "design", Name: "设计小组 Design", Time: "10:42", Preview: "Lin: [Voice] 0:14", Unread: 3, Pinned: true},
		{ID: "C2Cada", Avatar: "ada", Name: "Ada Okafor", Time: "10:40", Preview: "typing…", Online: true},
		{ID: "C2Czhouyu", Avatar: "zhouyu", Name: "周雨", Time: "10:31", Preview: "好的，明天见 [微笑]", Online: true},
		{ID: "C2Cbot", Avatar: "bot", Name: "Build bot", Time: "09:58", Preview: "nightly: 412 passed, 0 failed", Unread: 27, Muted: true},
		{ID: "C2Cmaya", Avatar: "maya", Name: "Maya", Time: "Yesterday", Draft: "[Draft]", Preview: "I will bring the printed"},
		{ID: "GROUPops", Avatar: "ops", Name: "运营周会", Time: "Yesterday", Preview: "[Image]"},
		{ID: "C2Cjonas", Avatar: "jonas", Name: "Jonas Weber", Time: "Sun", Preview: "On the train, will send the photos later", Pending: true},
		{ID: "GROUPtrail", Avatar: "trail", Name: "Trail runners", Time: "Sat", Preview: "Can someone check the build?", Failed: true},
		{ID: "C2Cchenli", Avatar: "chenli", Name: "陈立", Time: "12 Nov", Preview: "你撤回了一条消息"},
		{ID: im.SystemConversation, Avatar: "system", Name: "@System notices", Time: "10 Nov", Preview: "小林 申请加入群组：设计小组", Unread: 1},
	}
}

// hostile are rows that must not break the list's looks.
func hostile() rowsOf {
	return rowsOf{
		{ID: "C2C1", Avatar: "1", Name: "A name that goes on and on and on for ever and ever", Time: "Yesterday", Preview: "and a preview that has no end either, however long one looks at it", Unread: 1234},
		{ID: "C2C2", Avatar: "2", Name: "一个非常非常非常非常非常非常非常长的中文名字会被截断", Time: "昨天", Preview: "这是一条很长很长很长很长很长很长很长很长的消息，后面还有更多", Unread: 100, Muted: true, Pinned: true},
		{ID: "C2C3", Avatar: "3", Name: "", Time: "", Preview: ""},
		{ID: "C2C4", Avatar: "4", Name: "line\nbreak\tand \u202Egpj.exe", Time: "10:00", Draft: "[草稿]", Preview: "first\nsecond\x00third \u202Eabc"},
		{ID: "C2C5", Avatar: "5", Name: "👩‍👩‍👧‍👦 family", Time: "10:00", Preview: "e\u0301\u0301\u0301 marks"},
	}
}

func sideOf(l *ConversationList) fyne.CanvasObject {
	h := NewSideHeader("Search  Ctrl K", "New")
	h.SetMe("wren", "Wren", true)
	return container.New(&fill{}, h, l)
}

// fixedWidth keeps an object at a width.
type fixedWidth float32

func (f fixedWidth) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(float32(f), 0) }
func (f fixedWidth) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, o := range o {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(s)
	}
}

// wholeWindow puts the parts together as the app does, without messages.
func wholeWindow(narrow bool) (fyne.CanvasObject, *ConversationList, *Composer, *Banner) {
	l := NewConversationList(people())
	l.Select("GROUPdesign")
	head := NewChatHeader("Back")
	head.SetChat("design", "设计小组 Design", "8 members · 5 online", false)
	head.SetButtons(NewIconButton("search", "Search here", nil), NewIconButton("info", "Info", nil))
	head.SetNarrow(narrow)
	banner := NewBanner()
	banner.SetWords("Offline", "History is available. 2 messages will be sent when the connection is back. Retrying in 4 s.", "Retry now")
	comp := NewComposer("Send")
	comp.SetPlaceholder("Message 设计小组 Design")
	if !narrow {
		comp.SetLeft(NewIconButton("paperclip", "File", nil), NewIconButton("image", "Picture", nil))
		comp.SetRight(NewIconButton("smile", "Emoji", nil), NewIconButton("mic", "Voice", nil))
	}
	ground := box(0)
	ground.FillColor = theme.Color(theme.Canvas)
	top := container.New(&column{}, head, banner)
	main := container.New(&fill{bottom: true}, top, comp, ground)
	if narrow {
		return main, l, comp, banner
	}
	side := container.New(fixedWidth(theme.ListWidth-1), sideOf(l))
	line := box(0)
	line.FillColor = theme.Color(theme.Line)
	line.SetMinSize(fyne.NewSize(1, 1))
	return container.New(&beside{}, side, line, main), l, comp, banner
}

// beside puts objects next to each other without gaps; the last takes the rest.
type beside struct{}

func (*beside) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, 300) }
func (*beside) Layout(all []fyne.CanvasObject, s fyne.Size) {
	x := float32(0)
	for i, o := range all {
		w := o.MinSize().Width
		if i == len(all)-1 {
			w = s.Width - x
		}
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(w, s.Height))
		x += w
	}
}

// fill puts the first of two objects at the top and gives the second the rest,
// or, with bottom, puts the second at the lower edge and a third between them.
type fill struct{ bottom bool }

func (*fill) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 200) }
func (f *fill) Layout(all []fyne.CanvasObject, s fyne.Size) {
	all[0].Resize(fyne.NewSize(s.Width, all[0].MinSize().Height))
	h := all[0].MinSize().Height // the width may have changed it
	all[0].Resize(fyne.NewSize(s.Width, h))
	all[1].Move(fyne.NewPos(0, h))
	rest := s.Height - h
	if f.bottom {
		all[1].Resize(fyne.NewSize(s.Width, all[1].MinSize().Height))
		rest = all[1].MinSize().Height
		all[1].Move(fyne.NewPos(0, s.Height-rest))
	}
	all[1].Resize(fyne.NewSize(s.Width, rest))
	if len(all) > 2 {
		all[2].Move(fyne.NewPos(0, h))
		all[2].Resize(fyne.NewSize(s.Width, s.Height-h-rest))
	}
}

// column puts objects below each other without gaps.
type column struct{}

func (*column) MinSize(all []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range all {
		s.Height += o.MinSize().Height
	}
	return s
}

func (*column) Layout(all []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for _, o := range all {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, o.MinSize().Height))
		y += o.MinSize().Height
	}
}

package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/im"
	"magpie/widgets/theme"
)

// hitsOf are what a search found, marked.
func hitsOf(words string, rows ...Conversation) rowsOf {
	for i := range rows {
		rows[i].Marks[0] = markOf(rows[i].Preview, words)
		if rows[i].Sign != "" {
			rows[i].NameMark = markOf(rows[i].Name, words)
		}
	}
	return rows
}

func markOf(text, words string) Span {
	for at := range text {
		if len(text)-at >= len(words) && text[at:at+len(words)] == words {
			return Span{at, at + len(words)}
		}
	}
	return Span{}
}

// tabs are the chips of a search, the first page shown.
func tabs(labels []string, filters ...*Chip) [][]*Chip {
	var pages []*Chip
	for i, l := range labels {
		c := NewChip(l, nil)
		c.SetOn(i == 0)
		pages = append(pages, c)
	}
	return [][]*Chip{pages, filters}
}

func TestLookSearch(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		l := NewResultList(hitsOf("图标",
			Conversation{ID: "1", Avatar: "zhouyu", Name: "周雨", Where: "in 设计小组 Design", Time: "10:21", Preview: "首页的新图标我放在群文件里了，看看这版"},
			Conversation{ID: "2", Avatar: "chenli", Name: "陈立", Where: "in 陈立", Time: "12 Nov", Preview: "图标的网格用 8 还是 4？"},
			Conversation{ID: "3", Sign: "PDF", Name: "图标规范.pdf", Time: "9 Nov", Preview: "31.4 MB · Lin in 设计小组 Design"},
			Conversation{ID: "4", Icon: "clock", Name: "Last 7 days", Preview: "20 Nov – 26 Nov", Checked: true},
			Conversation{ID: "5", Icon: "image", Name: "Pictures"},
		))
		l.Select("1")
		from := NewFilterChip("From 周雨", nil)
		from.SetClear(func() {})
		s := NewSearchSheet("Search", l, tabs([]string{"Messages 128", "People 0", "Chats 2", "Files 6"}, from, NewFilterChip("Any time", nil))...)
		s.SetText("图标")
		s.SetFoot("128 results in 6 ms · ↑↓ to move · Enter to open in place · Esc")
		golden(t, window(t, mode, s, 1120, 740), "search"+suffix)
	})
}

// In a narrow window the chips take the rows that they need; an empty list says why.
func TestLookSearchNarrow(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		l := NewResultList(rowsOf{})
		when := NewFilterChip("2026年1月5日 – 2026年11月20日之间的很长的一段时间", nil)
		when.SetClear(func() {})
		s := NewSearchSheet("搜索", l, tabs([]string{"消息 0", "联系人 0", "会话 0", "文件 0"}, NewFilterChip("所有人", nil), NewFilterChip("所有会话", nil), when)...)
		s.SetText("没有的词")
		s.SetSaying("没有找到", "只搜索这台电脑上已有的内容。英文按词首匹配，中文可按任意部分匹配。", "不加条件搜索", func() {})
		s.SetFoot("0 条结果，用时 1 ms · ↑↓ 移动 · 回车打开 · Esc 关闭")
		golden(t, window(t, mode, s, 380, 560), "search-narrow"+suffix)
	})
}

func TestLookExportForm(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		what := NewChipChoice("What", "one", Option{Value: "one", Label: "设计小组 Design"}, Option{Value: "all", Label: "All chats"})
		when := NewChipChoice("时间", "", Option{Label: "任何时间"}, Option{Value: "m", Label: "最近 30 天"}, Option{Value: "y", Label: "今年"}, Option{Value: "d", Label: "日期…"})
		bar := NewProgressBar()
		bar.SetPart(0.58)
		s := NewSheet("Export", "", NewStack(
			Item{Object: what}, Item{Above: 14, Object: when},
			Item{Above: 10, Object: NewCheck("With pictures, videos, voice notes and files", "What is not on this computer is fetched, as far as the server still has it.", true)},
			Item{Object: NewCheck("Without words", "", false)},
			Item{Above: 10, Object: NewFact("Account", "wren")},
			Item{Object: NewFact("Messages", "1,204,331, 3 Jan 2019 – 26 Nov 2026, which has no room on one line")},
			Item{Above: 14, Object: bar},
		), NewSecondaryButton("Cancel", nil), NewPrimaryButton("Export", nil))
		w := window(t, mode, container.NewStack(), 560, 600)
		s.Open(w.Canvas(), nil)
		golden(t, w, "export-form"+suffix)
	})
}

func TestLookNote(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		c := NewNoteCard("Part of the history on this computer could not be read",
			"3 places are damaged. The rest, 1,204,331 messages, is fine. Magpie fetches what is missing again from the server, and keeps the old file beside the new one.",
			nil, NewPrimaryButton("Repair now", nil), NewSecondaryButton("Show details", nil))
		golden(t, window(t, mode, c, 816, 400), "note"+suffix)
	})
}

// Where buttons have no room beside each other they stand below each other.
func TestLookNoteNarrow(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		bar := NewProgressBar()
		bar.SetPart(0.4)
		c := NewNoteCard("正在检查聊天记录", "120 / 300 MB · 40%", bar,
			NewPrimaryButton("再试一次", nil), NewSecondaryButton("从空记录开始", nil), NewSecondaryButton("打开文件夹", nil), NewSecondaryButton("其他账号", nil))
		golden(t, window(t, mode, c, 380, 460), "note-narrow"+suffix)
	})
}

// A chip is cleared by its cross and by keys, steps by the arrows, and does what it is
// for everywhere else.
func TestChip(t *testing.T) {
	tapped, cleared, stepped := 0, 0, 0
	c := NewFilterChip("From Ada", func() { tapped++ })
	w := window(t, theme.Light, container.NewVBox(c), 300, 100)
	size := c.Size()
	tap := func(x float32) { c.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x, size.Height/2)}) }
	tap(size.Width - 14)
	if tapped != 1 || cleared != 0 {
		t.Errorf("the arrow of a filter that is not set: %d taps, %d cleared", tapped, cleared)
	}
	c.SetClear(func() { cleared++ })
	c.OnStep = func(by int) { stepped += by }
	tap(size.Width - 14)
	tap(20)
	if tapped != 2 || cleared != 1 {
		t.Errorf("%d taps, %d cleared", tapped, cleared)
	}
	w.Canvas().Focus(c)
	for _, k := range []fyne.KeyName{fyne.KeyDelete, fyne.KeyBackspace, fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft, fyne.KeyReturn} {
		c.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if tapped != 3 || cleared != 3 || stepped != 1 {
		t.Errorf("by keys: %d taps, %d cleared, %d steps", tapped, cleared, stepped)
	}
}

// Esc is asked about first, then closes; a click beside closes at once.
func TestSearchSheetCloses(t *testing.T) {
	w, field, _ := background(t)
	s := NewSearchSheet("", NewResultList(rowsOf{}))
	closed, stay := 0, true
	s.OnClosed = func() { closed++ }
	s.OnEscape = func() bool { return stay }
	s.Open(w.Canvas())
	if w.Canvas().Focused() != s.card.entry {
		t.Fatal("the field does not have the keyboard")
	}
	esc(w)
	if !s.IsOpen() {
		t.Fatal("it closed though it was to stay")
	}
	stay = false
	esc(w)
	if s.IsOpen() || closed != 1 || w.Canvas().Focused() != field.entry {
		t.Errorf("open %v, closed %d times", s.IsOpen(), closed)
	}
	s.Open(w.Canvas())
	s.Tapped(nil)
	s.Close()
	if closed != 2 {
		t.Errorf("closed %d times", closed)
	}
}

// In a list of what was found the keys only mark; Enter and clicks choose.
func TestResultListBrowses(t *testing.T) {
	l := NewResultList(people())
	chosen := ""
	l.OnSelected = func(id im.ConversationID) { chosen += string(id) + " " }
	w := window(t, theme.Light, l, 400, 300)
	w.Canvas().Focus(l)
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyEnd, fyne.KeyUp} {
		l.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if chosen != "" || l.Selected() != people()[len(people())-2].ID {
		t.Errorf("chosen %q, marked %q", chosen, l.Selected())
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if chosen != string(l.Selected())+" " {
		t.Errorf("Enter chose %q", chosen)
	}
}

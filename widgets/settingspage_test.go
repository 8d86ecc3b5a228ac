package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// storagePage is the page of the design picture, in two languages.
func storagePage(chinese bool) *SettingsPage {
	say := func(english, words string) string {
		if chinese {
			return words
		}
		return english
	}
	p := NewSettingsPage(say("Settings", "设置"), say("Back", "返回"), say("Close", "关闭"),
		say("Appearance", "外观"), say("Chats", "聊天"), say("Storage", "存储空间"), say("Privacy & lock", "隐私与锁定"), say("About", "关于"))
	bar := NewUsageBar()
	bar.SetParts(
		UsagePart{say("Video", "视频") + " 4.6 GB", 4600, theme.UsageVideo},
		UsagePart{say("Pictures", "图片") + " 2.7 GB", 2700, theme.UsagePicture},
		UsagePart{say("Files", "文件") + " 1.2 GB", 1200, theme.UsageFile},
		UsagePart{say("Voice", "语音") + " 0.9 GB", 900, theme.UsageVoice},
		UsagePart{say("Messages and search", "消息与搜索") + " 0.6 GB", 600, theme.UsageHistory},
		UsagePart{say("Other", "其他") + " 0 B", 0, theme.UsageOther},
	)
	keep := NewSelect("6", Option{Value: "6", Label: say("6 months", "6 个月")})
	download := NewSelect("b", Option{Value: "b", Label: say("Pictures and voice, up to 10 MB", "图片和语音，不超过 10 MB")})
	row := func(avatar, name, note, size string) Item {
		return Item{Object: NewUsageRow(Usage{Avatar: avatar, Name: name, Note: note, Size: size}, say("Free up…", "清理…"), func() {})}
	}
	p.Choose(2)
	p.SetContent(NewStack(
		Item{Object: bar},
		Item{Above: 8, Object: NewSettingRow(say("Keep media on this computer", "在本机保留媒体"),
			say("Older media stays on the server and comes back when you open it", "更早的媒体仍在服务器上，打开时会重新下载"), keep)},
		Item{Object: NewSettingRow(say("Download by itself", "自动下载"), "", download)},
		Item{Object: NewSettingRow(say("History is encrypted on disk", "聊天记录在磁盘上加密"), say("Key kept in the system key store", "密钥保存在系统密钥库中"), NewSwitch(true))},
		Item{Above: 16, Object: NewPanelSection(say("By chat", "按聊天"), "", nil)},
		row("design", "设计小组 Design", say("12,408 messages · 3,120 pictures", "12,408 条消息 · 3,120 张图片"), "5.1 GB"),
		row("trail", "Trail runners", say("88,214 messages · 402 videos", "88,214 条消息 · 402 个视频"), "2.9 GB"),
		row("ada", "Ada Okafor", say("41,077 messages", "41,077 条消息"), "0.8 GB"),
		Item{Above: 18, Object: NewFlow(
			NewSmallButton(Secondary, say("Export history…", "导出聊天记录…"), nil),
			NewSmallButton(Secondary, say("Import…", "导入…"), nil),
			NewSmallButton(Secondary, say("Check the database", "检查数据库"), nil),
		)},
	))
	return p
}

func TestGoldenSettingsPage(t *testing.T) {
	for name, c := range map[string]struct {
		mode          theme.Mode
		chinese       bool
		width, height float32
	}{
		"settings-light":         {theme.Light, false, 1120, 740},
		"settings-dark":          {theme.Dark, false, 1120, 740},
		"settings-chinese-light": {theme.Light, true, 1120, 740},
		"settings-chinese-dark":  {theme.Dark, true, 1120, 740},
		"settings-narrow-light":  {theme.Light, false, 400, 740},
		"settings-narrow-dark":   {theme.Dark, false, 400, 740},
	} {
		t.Run(name, func(t *testing.T) {
			w := window(t, c.mode, NewParagraph("below", theme.Ink, 14, fyne.TextAlignLeading), c.width, c.height)
			p := storagePage(c.chinese)
			p.Open(w.Canvas())
			golden(t, w, name)
		})
	}
}

// The list of a narrow page is a page of its own, from which Enter leads into the
// section and Esc back, and then away.
func TestNarrowSettingsPage(t *testing.T) {
	w := window(t, theme.Light, NewParagraph("below", theme.Ink, 14, fyne.TextAlignLeading), 400, 600)
	p := storagePage(false)
	var chosen []int
	closed := 0
	p.OnSection = func(i int) { chosen = append(chosen, i); p.Choose(i) }
	p.OnClosed = func() { closed++ }
	p.Open(w.Canvas())
	if p.list.Visible() || !p.body.Visible() {
		t.Error("the list is shown instead of the section")
	}
	esc(w)
	if !p.list.Visible() || p.body.Visible() || closed != 0 {
		t.Error("Esc does not lead back to the list")
	}
	key := func(name fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	key(fyne.KeyDown)
	if len(chosen) != 0 {
		t.Error("going through a narrow list opens sections")
	}
	key(fyne.KeyReturn)
	if len(chosen) != 1 || chosen[0] != 3 || !p.body.Visible() {
		t.Errorf("chosen %v", chosen)
	}
	test.Tap(p.leave)
	test.Tap(p.leave)
	if closed != 1 || p.IsOpen() {
		t.Error("the arrow does not close the page")
	}
}

// Everything in a row answers, and a switch tells only what a person does.
func TestControlsOfSettings(t *testing.T) {
	withTheme(t)
	told := ""
	s := NewSwitch(false)
	s.OnChanged = func(on bool) {
		if on {
			told += "on "
		}
	}
	choice := NewSelect("a", Option{Value: "a", Label: "A"}, Option{Value: "b", Label: "B"})
	choice.OnChanged = func(v string) { told += v + " " }
	w := newWindow(t, NewStack(Item{Object: NewSettingRow("t", "", s)}, Item{Object: NewSettingRow("t", "", choice)}))
	w.Resize(fyne.NewSize(400, 300))
	s.Set(true)
	s.Set(false)
	test.Tap(s)
	choice.Choose("a")
	choice.Choose("b")
	if told != "on b " || !s.On() || choice.Value() != "b" {
		t.Errorf("told %q", told)
	}
	test.Tap(choice)
	if w.Canvas().Overlays().Top() == nil {
		t.Error("the options do not open")
	}
}

// Who chooses a section with the pointer sees no ring of the keyboard; who uses keys does.
func TestRingIsForTheKeyboard(t *testing.T) {
	p := storagePage(false)
	w := test.NewTempWindow(t, p)
	w.Resize(fyne.NewSize(900, 600))
	p.OnSection = func(i int) { p.Choose(i) }
	ringed := func() bool {
		for _, r := range p.list.rows {
			if r.back.StrokeWidth > 0 {
				return true
			}
		}
		return false
	}
	p.list.rows[1].Tapped(&fyne.PointEvent{})
	if !p.list.focused || ringed() {
		t.Errorf("after a click: the keyboard %v, a ring %v", p.list.focused, ringed())
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if p.list.at != 2 || !ringed() {
		t.Errorf("after a key: section %d, a ring %v", p.list.at, ringed())
	}
	p.list.rows[1].Tapped(&fyne.PointEvent{})
	if ringed() {
		t.Error("a ring after another click")
	}
	w.Canvas().Unfocus()
	w.Canvas().Focus(p.list) // by Tab
	if !ringed() {
		t.Error("no ring for the keyboard")
	}
}

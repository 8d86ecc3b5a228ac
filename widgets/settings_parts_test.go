package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// settingsParts is a page with what only the settings have, in two languages.
func settingsParts(chinese bool) *SettingsPage {
	say := func(english, words string) string {
		if chinese {
			return words
		}
		return english
	}
	p := NewSettingsPage(say("Settings", "设置"), say("Back", "返回"), say("Close", "关闭"), say("Account", "账号"), say("Appearance", "外观"))
	text := NewStepper("120 %", "200 %", "Smaller", "Larger", func(int) {})
	least := NewStepper("80 %", "200 %", "Smaller", "Larger", func(int) {})
	least.Set("80 %", true, false)
	level := NewProgressBar()
	level.SetPart(0.7)
	row := func(name, note string, control fyne.CanvasObject) Item {
		return Item{Object: NewAccountRow(Account{ID: name, Name: name, Note: note, Online: name == "Ada Okafor"}, control)}
	}
	p.Choose(0)
	p.SetContent(NewStack(
		row("Ada Okafor", say("on the fence", "在篱笆上"), NewSmallButton(Secondary, say("Edit…", "编辑…"), nil)),
		row("周雨", "wss://chat.example.org", container.NewHBox(
			NewSmallButton(Secondary, say("Remove…", "移除…"), nil), NewSmallButton(Secondary, say("Switch", "切换"), nil))),
		Item{Object: NewSettingRow(say("Text size", "文字大小"), say("Everything grows with it", "所有内容随之缩放"), text)},
		Item{Object: NewSettingRow(say("The least", "最小"), "", least)},
		Item{Above: 12, Object: NewSample(say("Are we meeting at the lake?", "我们在湖边见面吗？"), say("Yes, at four. I will bring the map.", "好的，四点。我带上地图。"))},
		Item{Above: 12, Object: level},
		Item{Above: 12, Object: NewKeyRow(say("Search everything", "搜索全部内容"), "Ctrl", "K")},
		Item{Object: NewKeyRow(say("Take the last own message up again after recalling it", "撤回后重新编辑自己的上一条消息"), "↑")},
		Item{Object: NewKeyRow(say("New line", "换行"), "⌘", "⌥", "⌃", "⇧", "return")},
	))
	return p
}

func TestGoldenSettingsParts(t *testing.T) {
	for name, c := range map[string]struct {
		mode    theme.Mode
		chinese bool
		width   float32
	}{
		"settings-parts-light":         {theme.Light, false, 900},
		"settings-parts-dark":          {theme.Dark, false, 900},
		"settings-parts-chinese-light": {theme.Light, true, 900},
		"settings-parts-chinese-dark":  {theme.Dark, true, 900},
		"settings-parts-narrow-light":  {theme.Light, false, 330},
		"settings-parts-narrow-dark":   {theme.Dark, false, 330},
	} {
		t.Run(name, func(t *testing.T) {
			w := window(t, c.mode, NewParagraph("below", theme.Ink, 14, fyne.TextAlignLeading), c.width, 720)
			p := settingsParts(c.chinese)
			p.Open(w.Canvas())
			golden(t, w, name)
		})
	}
}

// The buttons of a stepper tell which way, and the last one leads no further.
func TestStepper(t *testing.T) {
	withTheme(t)
	told := 0
	s := NewStepper("100 %", "200 %", "Smaller", "Larger", func(by int) { told += by })
	newWindow(t, s)
	test.Tap(s.more)
	test.Tap(s.more)
	test.Tap(s.less)
	s.Set("200 %", false, true)
	test.Tap(s.more)
	if told != 1 || s.Value() != "200 %" {
		t.Errorf("told %d, shown %q", told, s.Value())
	}
}

func TestSwitchIsTurnedByItsWords(t *testing.T) {
	sw := NewSwitch(false)
	told := []bool{}
	sw.OnChanged = func(on bool) { told = append(told, on) }
	row := NewSettingRow("Reduced motion", "Nothing slides", sw)
	w := window(t, theme.Light, row, 500, 80)
	words := fyne.NewPos(30, 30)
	test.TapCanvas(w.Canvas(), words)
	if !sw.On() || len(told) != 1 || !told[0] {
		t.Fatalf("after a click on its words: on %v, told %v", sw.On(), told)
	}
	test.TapCanvas(w.Canvas(), sw.Position().AddXY(10, 10))
	if sw.On() || len(told) != 2 {
		t.Fatalf("after a click on itself: on %v, told %v", sw.On(), told)
	}
	sw.Disable()
	test.TapCanvas(w.Canvas(), words)
	if sw.On() || len(told) != 2 {
		t.Fatal("a disabled switch was turned by its words")
	}
}

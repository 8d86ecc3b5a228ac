package app

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/assets"
	"magpie/im"
)

// An emoji is found by its name in either language, put in at the cursor, and is
// the first of the latest when the panel is opened again, also after a restart.
func TestPanelInsertsEmoji(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.open("C2Cecho")
	u.types("ab")
	u.press(fyne.KeyLeft)
	found := assets.FindEmoji("大象")
	if len(found) == 0 {
		t.Fatal("no elephant")
	}
	u.do(func() { u.a.main.emoji.toggle() })
	u.types("大象")
	u.press(fyne.KeyReturn)
	if text := u.typed(); text != "a"+found[0].Sequence+"b" {
		t.Errorf("typed is %q", text)
	}
	u.do(func() {
		p := u.a.main.emoji
		if !p.popover.IsOpen() {
			t.Error("the panel is closed: a second emoji needs another click")
		}
	})
	u.press(fyne.KeyEscape)
	u.do(func() {
		if p := u.a.main.emoji; p.popover.IsOpen() || !u.a.main.composer.Focused() {
			t.Error("Esc does not go back to the text")
		}
	})
	u.types("c")
	if text := u.typed(); text != "a"+found[0].Sequence+"cb" {
		t.Errorf("typed is %q", text)
	}
	u.end()

	u = begin(t, data)
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.chat != nil })
	u.do(func() {
		if recent := u.a.main.emoji.recent(); len(recent) != 1 || recent[0].Sequence != found[0].Sequence {
			t.Errorf("the latest are %v", recent)
		}
	})
	u.end()
}

// A sticker and a die are sent by one click, which closes the panel. Leaving the
// conversation closes it too.
func TestPanelSendsStickers(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.open("C2Cecho")
	face := im.FacePayload{Index: assets.StickerSets()[1].Index, Data: assets.StickerSets()[1].Stickers[2].Data}
	u.do(func() {
		p := u.a.main.emoji
		p.toggle()
		p.emoji.OnSticker(face.Index, face.Data)
		if p.popover.IsOpen() {
			t.Error("the panel hides what was sent")
		}
		p.toggle()
		p.emoji.OnDice()
	})
	u.sent("C2Cecho", "the sticker", func(m *im.Message) bool { return m.Payload == im.Payload(face) })
	u.sent("C2Cecho", "the die", func(m *im.Message) bool { return m.Type == im.MsgCustom })
	u.do(func() {
		p := u.a.main.emoji
		p.toggle()
		u.a.main.openChat("C2Cwren")
		if p.popover.IsOpen() {
			t.Error("the panel of another conversation")
		}
	})
	u.end()
}

// Whatever is offered has a picture and a name in both languages, and the groups
// hold every emoji once.
func TestPanelOffersEverything(t *testing.T) {
	tr := english(t)
	for _, language := range []string{"en", "zh-Hans"} {
		tr.Use(language)
		n := 0
		var all []string
		for _, g := range emojiGroups(tr) {
			if g.Label == "" || len(g.Emoji) == 0 {
				t.Errorf("%s: the group %+v", language, g)
			}
			for _, e := range g.Emoji {
				n++
				all = append(all, e.Sequence)
				if e.Name == "" {
					t.Errorf("%s: %q has no name", language, e.Sequence)
				}
			}
		}
		slices.Sort(all)
		if n != len(assets.Emojis()) || len(slices.Compact(all)) != n {
			t.Errorf("%s: %d emoji in the groups, %d there are", language, n, len(assets.Emojis()))
		}
		for _, tab := range stickerTabs(tr, newPictures()) {
			if tab.Label == "" || len(tab.Stickers) < 12 {
				t.Errorf("%s: a set %q of %d", language, tab.Label, len(tab.Stickers))
			}
			for _, s := range tab.Stickers {
				if s.Picture == nil || s.Name == "" {
					t.Errorf("%s: sticker %d %q: %q", language, s.Index, s.Data, s.Name)
				}
			}
		}
	}
}

// The panel stays at its button, and goes with the composer.
func TestPanelFollowsTheWindow(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.open(echoChat)
	u.do(func() { u.a.window.Resize(fyne.NewSize(700, 600)); u.a.toggleEmoji() })
	above := func() bool {
		p := u.a.main.emoji
		if p.popover == nil || !p.popover.IsOpen() {
			return false
		}
		d := fyne.CurrentApp().Driver()
		button, panel := d.AbsolutePositionForObject(p.button), d.AbsolutePositionForObject(p.emoji)
		right := button.X + p.button.Size().Width - panel.X - p.emoji.Size().Width
		below := button.Y - panel.Y - p.emoji.Size().Height
		return right > -1 && right < 1 && below > 0 && below < 20
	}
	u.until("it is at its button", above)
	for _, size := range []fyne.Size{fyne.NewSize(1120, 740), fyne.NewSize(800, 620)} {
		u.do(func() { u.a.window.Resize(size) })
		u.until("it is there again", above)
	}
	u.do(func() { u.a.window.Resize(fyne.NewSize(400, 700)); u.a.main.showColumn(columnList) })
	u.until("it is gone with the composer", func() bool { return !u.a.main.emoji.popover.IsOpen() })
	u.do(u.a.toggleEmoji)
	u.do(func() {
		if u.a.main.emoji.popover.IsOpen() {
			t.Error("it is over the list")
		}
	})
	u.end()
}

// A panel that is closed goes when the window rests, and is there again; one in which
// somebody chooses stays.
func TestPanelIsForgottenAtRest(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.open("C2Cecho")
	rest := func() (kept bool) {
		u.do(func() {
			now := u.a.wall().Add(tidyAfter)
			u.a.now = func() time.Time { return now }
			if !u.a.tidy() {
				t.Error("the window does not rest")
			}
			kept = u.a.main.emoji.popover != nil
			u.a.stir()
		})
		return kept
	}
	u.do(func() { u.a.main.emoji.toggle() })
	if !rest() {
		t.Error("the panel goes while it is open")
	}
	u.do(func() { u.a.main.emoji.close() })
	if rest() {
		t.Error("the panel stays although it is closed")
	}
	u.do(func() { u.a.main.emoji.toggle() })
	u.types("elephant")
	u.press(fyne.KeyReturn)
	if text := u.typed(); text != "🐘" {
		t.Errorf("typed is %q", text)
	}
	u.end()
}

package widgets

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// checkers are modules that no reader reads.
type checkers int

func (c checkers) Side() int          { return int(c) }
func (c checkers) Dark(x, y int) bool { return (x*7+y*3+x*y)%5 < 2 }

// inviteSheet is the sheet of picture 11.
func inviteSheet(link string, code Modules) (*Sheet, *InviteCard) {
	open := NewSwitch(link != "")
	note := "Off: only this computer reaches the server"
	if link != "" {
		note = "192.168.1.20, port 7443, encrypted"
	}
	fp := NewSettingRow("Fingerprint, to compare with what the others see",
		"9C41 0D2B 77A0 5E13 C2F8 6B90 4A1D E377\n0B52 F6C8 91AD 3E40 7D25 B8E6 1F9A 00E2", nil)
	valid := NewSettingRow("Links work for", "This one until 28 Nov 16:20", NewSelect("24", Option{Value: "24", Label: "24 hours"}))
	card := NewInviteCard("Link", []*Button{NewSmallButton(Primary, "Copy link", nil), NewSmallButton(Secondary, "New link", nil)},
		NewSettingRow("Open to the network", note, open), valid, fp)
	card.SetLink(link, code)
	s := NewSheet("Let others join this computer", "Anyone on your network who has this link can make an account here and write to everybody who has one.",
		card, NewPrimaryButton("Done", nil))
	s.Width = 520
	return s, card
}

const shownLink = "magpie://192.168.1.20:7443/join#k=3JX…Qf&fp=9C41…00E2"

func TestInviteSheetLooks(t *testing.T) {
	for _, v := range []struct {
		name   string
		mode   theme.Mode
		width  float32
		height float32
	}{{"light", theme.Light, 760, 640}, {"dark", theme.Dark, 760, 640}, {"narrow", theme.Light, 400, 800}} {
		t.Run(v.name, func(t *testing.T) {
			w := window(t, v.mode, container.NewWithoutLayout(), v.width, v.height)
			s, _ := inviteSheet(shownLink, checkers(49))
			s.SetFoot("2 people have joined: 周雨, Lin")
			s.Open(w.Canvas(), nil)
			golden(t, w, "invite-"+v.name)
		})
	}
	t.Run("closed", func(t *testing.T) {
		w := window(t, theme.Light, container.NewWithoutLayout(), 760, 460)
		s, card := inviteSheet("", nil)
		card.SetWords("Nobody on the network can connect at the moment, see who is here, or make an account.")
		card.ShowButtons(false)
		card.ShowMore(false)
		s.Open(w.Canvas(), nil)
		golden(t, w, "invite-closed")
	})
}

// Every module has the same whole number of pixels, at every size, and the frame that
// readers need is light.
func TestQRCodeIsEven(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	q := NewQRCode()
	q.SetModules(checkers(33))
	for _, side := range []int{41, 100, 174, 348, 500} {
		m := q.draw(side, side)
		module := side / (33 + 2*qrFrame)
		if module < 1 {
			t.Fatal("too small for this test")
		}
		from := (side - 33*module) / 2
		if from < qrFrame*module {
			t.Errorf("%d: the frame has %d pixels for modules of %d", side, from, module)
		}
		for y := range side {
			for x := range side {
				want := false
				if mx, my := x-from, y-from; mx >= 0 && my >= 0 && mx < 33*module && my < 33*module {
					want = checkers(33).Dark(mx/module, my/module)
				}
				if dark := m.At(x, y) != (color.NRGBA{}); dark != want {
					t.Fatalf("%d: the pixel at %d, %d is dark: %v", side, x, y, dark)
				}
			}
		}
	}
	q.SetModules(nil)
	if q.draw(10, 10).At(5, 5) != (color.NRGBA{}) {
		t.Error("without a code there is one")
	}
	if q.draw(0, 0).Bounds().Dx() != 0 {
		t.Error("without room there is a picture")
	}
}

// The foot of a sheet never meets its buttons.
func TestFootBesideButtons(t *testing.T) {
	w := window(t, theme.Light, container.NewWithoutLayout(), 420, 400)
	b := NewPrimaryButton("Done", nil)
	s := NewSheet("title", "", nil, b)
	s.SetFoot("128 people have joined: and these are far more names than there is any room for in one line")
	s.Open(w.Canvas(), nil)
	end := s.foot.line.Position().X + fyne.MeasureText(s.foot.line.Text, s.foot.line.TextSize, s.foot.line.TextStyle).Width
	if at := s.buttons.Position().X + b.Position().X; end > at || s.foot.line.Text == "" {
		t.Errorf("%q ends at %v, the button begins at %v", s.foot.line.Text, end, at)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(2, 2))
}

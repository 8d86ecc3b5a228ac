package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/profile"
	"magpie/media/device"
)

// devicePatience is how long the devices may take to be listed for a menu.
const devicePatience = 3 * time.Second

// voiceLimits are how long a note may be, for a person to choose, in seconds.
var voiceLimits = []int{60, 120, 300, 600}

// devices are what there is to choose from, or why there is nothing.
type devices struct {
	microphones, speakers []device.Info
	noMicrophone          error
	noSpeaker             error
}

// soundMenu is what a secondary click on the microphone offers: the devices, and how
// long a note may be.
func (m *mainScreen) soundMenu(at fyne.Position) {
	sound := m.app.sound
	beside(m.ctx, func(ctx context.Context) (d devices, err error) {
		ctx, cancel := context.WithTimeout(ctx, devicePatience)
		defer cancel()
		d.microphones, d.noMicrophone = sound.Microphones(ctx)
		d.speakers, d.noSpeaker = sound.Speakers(ctx)
		return d, nil
	}, func(d devices, _ error) {
		if m.app.main == m {
			m.app.popUpAbove(at, m.soundItems(&d)...)
		}
	})
}

func (m *mainScreen) soundItems(d *devices) []*fyne.MenuItem {
	a, tr := m.app, m.tr
	microphone := fyne.NewMenuItem(tr.T("sound.microphone"), nil)
	microphone.ChildMenu = m.deviceMenu("microphone", d.microphones, d.noMicrophone, a.settings.Microphone, func(id string) {
		a.change(func(s *profile.Settings) { s.Microphone = id })
	})
	speaker := fyne.NewMenuItem(tr.T("sound.speaker"), nil)
	speaker.ChildMenu = m.deviceMenu("speaker", d.speakers, d.noSpeaker, a.settings.Speaker, func(id string) {
		a.change(func(s *profile.Settings) { s.Speaker = id })
		a.player.useSpeaker(id)
	})
	longest := fyne.NewMenuItem(tr.T("sound.longest"), nil)
	var limits []*fyne.MenuItem
	for _, seconds := range voiceLimits {
		item := fyne.NewMenuItem(tr.N("sound.minutes", seconds/60, nil), func() {
			a.change(func(s *profile.Settings) { s.VoiceLimit = seconds })
		})
		item.Checked = a.voiceLimit() == time.Duration(seconds)*time.Second
		limits = append(limits, item)
	}
	longest.ChildMenu = fyne.NewMenu("", limits...)
	return []*fyne.MenuItem{microphone, speaker, fyne.NewMenuItemSeparator(), longest}
}

// deviceMenu offers devices. One that was chosen and is not there now stays chosen,
// and is in the list so that this can be seen.
func (m *mainScreen) deviceMenu(what string, found []device.Info, err error, chosen string, choose func(id string)) *fyne.Menu {
	item := func(label, id string) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() { choose(id) })
		i.Checked = id == chosen
		return i
	}
	items := []*fyne.MenuItem{item(m.tr.T("sound.default"), "")}
	there := chosen == ""
	for _, d := range found {
		items = append(items, item(d.Name, d.ID))
		there = there || d.ID == chosen
	}
	if !there {
		items = append(items, item(m.tr.T("sound.missing"), chosen))
	}
	if err != nil || len(found) == 0 {
		if err == nil {
			err = device.ErrNoDevice
		}
		words := fyne.NewMenuItem(soundWords(m.tr, what, err), nil)
		words.Disabled = true
		items = append(items, words)
	}
	return fyne.NewMenu("", items...)
}

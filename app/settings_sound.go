package app

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/app/profile"
	"magpie/media/aac"
	"magpie/media/device"
	"magpie/media/play"
	"magpie/widgets"
	"magpie/widgets/loop"
)

// trialSeconds is how long the recording is by which a microphone is tried.
const trialSeconds = 3

// soundSection is the choice of the devices, and trying them.
type soundSection struct {
	p *settingsPage
	d *devices // nil until they are known

	meter             *widgets.ProgressBar
	hearing, speaking *widgets.SettingRow
	hear, trial, tone *widgets.Button
	// stop ends listening to the microphone, nil while nobody does; playing is the
	// trial or the tone that sounds.
	stop    context.CancelFunc
	playing *hearing
}

// sound shows the section.
func (p *settingsPage) sound() fyne.CanvasObject {
	s := &soundSection{p: p}
	context.AfterFunc(p.ctx, func() { loop.Do(s.hush) })
	s.look()
	return s.content()
}

// look asks what devices there are.
func (s *soundSection) look() {
	sound := s.p.m.app.sound
	beside(s.p.ctx, func(ctx context.Context) (d devices, err error) {
		ctx, cancel := context.WithTimeout(ctx, devicePatience)
		defer cancel()
		d.microphones, d.noMicrophone = sound.Microphones(ctx)
		d.speakers, d.noSpeaker = sound.Speakers(ctx)
		return d, nil
	}, func(d devices, _ error) {
		s.d = &d
		s.show()
	})
}

// show makes the section anew; what was being tried ends.
func (s *soundSection) show() {
	s.hush()
	s.p.view.SetContent(s.content())
}

func (s *soundSection) content() fyne.CanvasObject {
	a, tr := s.p.m.app, s.p.m.tr
	d := s.d
	if d == nil {
		d = &devices{}
	}
	s.meter = widgets.NewProgressBar()
	s.hear = widgets.NewSmallButton(widgets.Secondary, tr.T("sound.test"), s.toggleHearing)
	s.trial = widgets.NewSmallButton(widgets.Secondary, tr.N("sound.trial", trialSeconds, nil), s.record)
	s.tone = widgets.NewSmallButton(widgets.Secondary, tr.T("sound.playTone"), s.playTone)
	s.hearing = widgets.NewSettingRow(tr.T("sound.testMicrophone"), tr.T("sound.testMicrophoneNote"), container.NewHBox(s.trial, s.hear))
	s.speaking = widgets.NewSettingRow(tr.T("sound.testSpeaker"), "", s.tone)
	microphone := s.choice("microphone", d.microphones, d.noMicrophone, a.settings.Microphone, func(id string) {
		a.change(func(set *profile.Settings) { set.Microphone = id })
	})
	speaker := s.choice("speaker", d.speakers, d.noSpeaker, a.settings.Speaker, func(id string) {
		a.change(func(set *profile.Settings) { set.Speaker = id })
		a.player.useSpeaker(id)
	})
	var limits []widgets.Option
	for _, seconds := range voiceLimits {
		limits = append(limits, widgets.Option{Value: strconv.Itoa(seconds), Label: tr.N("sound.minutes", seconds/60, nil)})
	}
	longest := widgets.NewSelect(strconv.Itoa(int(a.voiceLimit()/time.Second)), limits...)
	longest.OnChanged = func(value string) {
		seconds, _ := strconv.Atoi(value) // of the options above
		a.change(func(set *profile.Settings) { set.VoiceLimit = seconds })
	}
	return widgets.NewStack(
		widgets.Item{Object: microphone},
		widgets.Item{Object: s.hearing},
		widgets.Item{Above: 10, Object: s.meter},
		widgets.Item{Above: 16, Object: speaker},
		widgets.Item{Object: s.speaking},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("sound.longest"), "", longest)},
		widgets.Item{Above: 16, Object: widgets.NewFlow(widgets.NewSmallButton(widgets.Secondary, tr.T("sound.again"), s.look))},
	)
}

// choice is the row of a kind of device. One that was chosen and is not there now stays
// chosen, and the row says so.
func (s *soundSection) choice(what string, found []device.Info, err error, chosen string, choose func(id string)) fyne.CanvasObject {
	tr := s.p.m.tr
	options := []widgets.Option{{Value: "", Label: tr.T("sound.default")}}
	there := chosen == "" || s.d == nil
	for _, info := range found {
		options = append(options, widgets.Option{Value: info.ID, Label: info.Name})
		there = there || info.ID == chosen
	}
	note := ""
	switch {
	case s.d == nil:
		note = tr.T("sound.looking")
	case err != nil:
		note = soundWords(tr, what, err)
	case len(found) == 0:
		note = soundWords(tr, what, device.ErrNoDevice)
	case !there:
		note = tr.T("sound.missingNote")
	}
	if !there {
		options = append(options, widgets.Option{Value: chosen, Label: tr.T("sound.missing")})
	}
	w := widgets.NewSelect(chosen, options...)
	w.OnChanged = func(id string) {
		choose(id)
		s.show()
	}
	return widgets.NewSettingRow(tr.T(map[string]string{"microphone": "sound.microphone", "speaker": "sound.speaker"}[what]), note, w)
}

// hush ends whatever is being tried.
func (s *soundSection) hush() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
		s.meter.SetPart(0)
		s.hear.SetText(s.p.m.tr.T("sound.test"))
		s.trial.Enable()
	}
	if s.playing != nil {
		s.p.m.app.player.stop()
	}
}

// toggleHearing shows how loud the microphone is, or ends that.
func (s *soundSection) toggleHearing() {
	if s.stop != nil {
		s.hush()
		s.note(s.hearing, s.p.m.tr.T("sound.testMicrophoneNote"))
		return
	}
	s.listen(0, s.p.m.tr.T("sound.speak"), nil)
}

// record hears a few seconds and plays them.
func (s *soundSection) record() {
	tr := s.p.m.tr
	s.listen(trialSeconds*aac.SampleRate, tr.N("sound.recording", trialSeconds, nil), func(samples []int16) {
		s.play(samples, s.hearing, tr.T("sound.playingBack"), tr.T("sound.heardBack"))
	})
}

// listen begins to hear the microphone.
func (s *soundSection) listen(keep int, words string, done func([]int16)) {
	m := s.p.m
	s.hush()
	if last := m.app.takes.last; last != nil && !isClosed(last.done) {
		s.note(s.hearing, m.tr.T("sound.busy"))
		return
	}
	ctx, stop := context.WithCancel(s.p.ctx)
	s.stop = stop
	s.hear.SetText(m.tr.T("sound.stop"))
	s.trial.Disable()
	s.note(s.hearing, words)
	meter, id, sound := s.meter, m.app.settings.Microphone, m.app.sound
	beside(ctx, func(ctx context.Context) ([]int16, error) { return listen(ctx, sound, id, keep, meter.SetPart) }, func(samples []int16, err error) {
		s.hush()
		if err != nil {
			m.app.log("the microphone: %v", err)
			s.note(s.hearing, soundWords(m.tr, "microphone", err))
			return
		}
		done(samples)
	})
}

// playTone plays a tone on the output.
func (s *soundSection) playTone() {
	tr := s.p.m.tr
	s.hush()
	s.play(testTone(), s.speaking, tr.T("sound.tonePlays"), tr.T("sound.toneHeard"))
}

// play plays samples; the row says so, and at the end what to do if nothing was heard.
func (s *soundSection) play(samples []int16, row *widgets.SettingRow, during, after string) {
	m := s.p.m
	f, err := wavOf(samples)
	if err != nil {
		s.note(row, m.tr.Error(err))
		return
	}
	over := func(words string) {
		s.playing = nil
		s.note(row, words)
	}
	h := &hearing{
		moved:   func(play.Position) {},
		ended:   func(bool) { over(after) },
		failed:  func(err error) { over(voiceWords(m.tr, err)) },
		stopped: func() { over("") },
	}
	m.app.player.begin(s.p.ctx, h)
	s.playing = h
	s.note(row, during)
	src, err := openNote(h.ctx, f, nil)
	if err != nil {
		m.app.player.fail(h, err)
		return
	}
	m.app.player.start(h, src, 0, 1)
}

// note changes the words of a row.
func (s *soundSection) note(row *widgets.SettingRow, words string) {
	row.SetNote(words)
	s.p.view.Regrow()
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

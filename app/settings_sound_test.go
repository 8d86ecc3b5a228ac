package app

import (
	"testing"

	"magpie/app/profile"
	"magpie/media/aac"
	"magpie/media/device"
)

// soundSettings is a person at the sound section.
func soundSettings(t *testing.T, change func(*fakeSound)) *person {
	t.Helper()
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.sound.set(func() { change(u.sound) })
	u.start()
	u.settings()
	u.tap("Sound")
	u.misses("Looking for devices…")
	return u
}

// The devices are chosen from those that there are, and tried: the bar moves while the
// microphone is heard, what is recorded comes back, and a tone sounds.
func TestSoundInTheSettings(t *testing.T) {
	u := soundSettings(t, func(*fakeSound) {})
	defer u.end()
	u.tap("System default")
	u.tap("Headset")
	u.tap("Test")
	u.sees("Say something: does the bar move?")
	mic := func() *fakeMic {
		u.until("the microphone is open", func() bool { return u.sound.microphone() != nil })
		return u.sound.microphone()
	}
	heard := mic()
	u.do(func() {
		if id := u.a.settings.Microphone; id != "m2" {
			t.Errorf("chosen is %q", id)
		}
	})
	u.tap("Stop")
	u.until("the microphone is closed", heard.isClosed)
	u.tap("Record 3 seconds")
	u.sees("Did you hear yourself?")
	if n := len(u.sound.heard()); n < 2*aac.SampleRate {
		t.Errorf("%d samples of what was recorded were played", n)
	}
	u.sound.set(func() { u.sound.speaker = nil })
	u.tap("Play a tone")
	u.sees("Did you hear the tone?")

	// Whoever leaves the section is heard no longer.
	u.tap("Test")
	u.until("another microphone is open", func() bool { m := u.sound.microphone(); return m != nil && !m.isClosed() })
	open := mic()
	u.tap("About")
	u.until("the microphone is closed", open.isClosed)
	u.sound.set(func() {
		for _, id := range u.sound.opened {
			if id == "microphone " {
				t.Errorf("opened: %q", u.sound.opened)
			}
		}
	})
}

// The bar follows what the microphone hears.
func TestMeterMoves(t *testing.T) {
	u := soundSettings(t, func(f *fakeSound) { f.slow = true })
	defer u.end()
	var s *soundSection
	u.do(func() {
		s = &soundSection{p: u.a.main.settings, d: &devices{}}
		s.show()
		s.toggleHearing()
	})
	// Half of full scale, as the ear has it: the square root.
	u.until("the bar shows how loud it is", func() bool { p := s.meter.Part(); return p > 0.65 && p < 0.75 })
	u.do(func() {
		s.hush()
		if s.meter.Part() != 0 {
			t.Error("the bar stays where it was")
		}
	})
}

// Whatever is wrong with a device has words, and a way on.
func TestSoundTroubleInTheSettings(t *testing.T) {
	u := soundSettings(t, func(f *fakeSound) {
		f.noMicrophone, f.noSpeaker = device.ErrNotAllowed, device.ErrNoBackend
	})
	defer u.end()
	u.sees("The system does not let Magpie use the microphone.")
	u.sees("There is no sound system on this computer that Magpie can play with.")
	u.tap("Test")
	u.misses("Say something")
	u.sees("The system does not let Magpie use the microphone.")

	u.sound.set(func() { u.sound.noMicrophone, u.sound.noSpeaker, u.sound.microphones = nil, nil, nil })
	u.tap("Look for devices again")
	u.sees("No microphone was found.")
	u.sound.set(func() { u.sound.microphones = []device.Info{{ID: "m1", Name: "Desk microphone"}} })
	u.do(func() { u.a.change(func(s *profile.Settings) { s.Microphone = "gone" }) })
	u.tap("Look for devices again")
	u.sees("The chosen one, which is not plugged in")
	u.sees("Plug it in, or choose another one")

	// It goes while it is being heard.
	u.tap("The chosen one, which is not plugged in")
	u.tap("Desk microphone")
	u.tap("Test")
	u.until("the microphone is open", func() bool { return u.sound.microphone() != nil })
	u.sound.microphone().broken <- device.ErrUnplugged
	u.sees("The microphone gives no sound any more.")

	// One that never opens is given up when somebody wants that.
	u.sound.set(func() { u.sound.hangs = true })
	u.tap("Record 3 seconds")
	u.sees("Say something: 3 seconds are recorded")
	u.tap("Stop")
	u.sees("Record 3 seconds")
}

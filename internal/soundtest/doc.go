// Package soundtest speaks into the microphone and listens to the speaker of
// scripts/with-sound, and tells whether what was heard is what was spoken.
//
// A test that uses it has the build tag "soundtest" and is run by the stage sound
// of scripts/test. Feeding such devices is at the mercy of a busy machine, so a
// test that compares sound does it in [Retry].
//
// Everything is 44,100 Hz mono, samples are from -1 to 1.
package soundtest

import (
	"os"
	"testing"
)

// Rate is how many samples a second has.
const Rate = 44100

// The devices of scripts/with-sound, as PulseAudio calls them.
const (
	Microphone     = "mic"         // the default microphone
	MicrophoneFeed = "micfeed"     // what is played here is spoken into it
	Speaker        = "spk"         // the default speaker
	SpeakerMonitor = "spk.monitor" // what is played there is heard here
)

// Need fails the test if it is not run under scripts/with-sound.
func Need(t testing.TB) {
	t.Helper()
	if os.Getenv("PULSE_SERVER") == "" {
		t.Fatal("this test is run by scripts/with-sound")
	}
}

// Retry calls try until it returns an empty string, three times at most; what it
// returned at last fails the test. try must begin anew each time.
func Retry(t testing.TB, try func() (problem string)) {
	t.Helper()
	problem := try()
	for range 2 {
		if problem == "" {
			return
		}
		t.Logf("once more, for %s", problem)
		problem = try()
	}
	if problem != "" {
		t.Error(problem)
	}
}

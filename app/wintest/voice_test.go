//go:build wintest

package wintest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"magpie/app/uitest"
	"magpie/internal/soundtest"
)

// microphone is the middle of the button in the composer, whose placeholder is shown.
func (w *window) microphone(placeholder string) (x, y float32) {
	w.t.Helper()
	field := w.settled(placeholder)
	width, _ := w.size()
	const fromRight = 14 + 34 + 6 + 17 // the edge, the send button, the gap, half of its own
	return float32(width - fromRight), field.Y + field.H/2
}

// point moves the pointer.
func (w *window) point(x, y float32) {
	w.t.Helper()
	w.xdotool("mousemove", "--window", w.id, "--sync", fmt.Sprint(int(x)), fmt.Sprint(int(y)), "sleep", "0.2")
}

// voices are the lengths of the voice notes among the messages ("0:04"), from the top.
func (w *window) voices() (all []uitest.Text) {
	w.t.Helper()
	for _, t := range w.texts() {
		minutes, seconds, ok := strings.Cut(t.Text, ":")
		if ok && t.X > listWidth && len(minutes) == 1 && len(seconds) == 2 && strings.Trim(seconds, "0123456789") == "" {
			all = append(all, t)
		}
	}
	return all
}

// Speech into the microphone of a window, recorded with the button of the mouse held,
// arrives in another window and comes out of its speaker after a click.
func TestSpeechFromWindowToWindow(t *testing.T) {
	soundtest.Need(t)
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ann.newChat("ben")
	ben.newChat("ann")
	spoken := soundtest.Trim(soundtest.Speech(t, "The magpie brings home what it has found."), 0.01)

	sent, best := 0, 0.0
	soundtest.Retry(t, func() string {
		ann.activate()
		x, y := ann.microphone("Message ben")
		ann.point(x, y)
		ann.xdotool("mousedown", "1")
		ann.sees("Release to send")
		ann.eventually("it records", func() bool { return ann.levelMoves() })
		soundtest.Speak(t, spoken)
		ann.shoot("held")
		ann.xdotool("mouseup", "1")
		ann.sees("Message ben")
		sent++
		ben.eventually("the voice note arrived", func() bool { return len(ben.voices()) == sent })
		length := ben.voices()[sent-1]
		seconds, err := strconv.Atoi(length.Text[2:])
		if err != nil {
			t.Fatal(err)
		}
		if least := len(spoken) / soundtest.Rate; seconds < least || seconds > least+6 {
			return fmt.Sprintf("%d s were recorded of %d samples", seconds, len(spoken))
		}

		speaker := soundtest.Listen(t, soundtest.SpeakerMonitor)
		ben.shoot("arrived")
		ben.clickAt(listWidth+20+40+12+18, length.Y+length.H) // the round button
		ben.eventually("it was played", func() bool {
			return speaker.Len() > 0 && len(soundtest.Trim(speaker.Heard(), 0.01)) > len(spoken)*9/10
		})
		speaker.Wait(speaker.Len() + soundtest.Rate*3/2) // what is on its way to the speaker
		heard := speaker.Stop()
		m := soundtest.Find(spoken, heard)
		t.Logf("spoken %v, heard %+v", time.Duration(len(spoken))*time.Second/soundtest.Rate, m)
		// A machine that is busy leaves holes in what is spoken and heard, which move
		// the rest. After three tries it is enough that it is this sentence.
		best = max(best, m.Correlation)
		if best < 0.6 || best < 0.98 && sent < 3 {
			return fmt.Sprintf("heard was %+v", m)
		}
		if d := len(soundtest.Trim(heard, 0.01)) - len(spoken); d < -soundtest.Rate/10 || d > soundtest.Rate/2 {
			return fmt.Sprintf("heard were %d samples more than the %d that were spoken", d, len(spoken))
		}
		return ""
	})
	ann.quit()
	ben.quit()
}

// levelMoves reports whether a second was recorded by now.
func (w *window) levelMoves() bool {
	_, ok := w.find("0:01")
	return ok
}

// The gestures as the system tells them: slid left and let go deletes, slid up locks
// while the button is still down, a click locks, Enter sends.
func TestMicrophoneByMouse(t *testing.T) {
	soundtest.Need(t)
	w := open(t, "--data", t.TempDir(), "--profile", "wren")
	w.click("Start on this computer")
	w.click("Echo")
	x, y := w.microphone("Message Echo")
	press := func() {
		w.activate()
		w.point(x, y)
		w.xdotool("mousedown", "1")
		w.eventually("a second was recorded", w.levelMoves)
		w.sees("Release to send")
	}

	press()
	for step := float32(1); step <= 6; step++ {
		w.point(x-step*30, y)
	}
	w.sees("Release to delete")
	w.shoot("slid-left")
	w.xdotool("mouseup", "1")
	w.sees("Message Echo")

	press()
	for step := float32(1); step <= 4; step++ {
		w.point(x, y-step*25)
	}
	w.misses("Release to send")
	w.xdotool("mouseup", "1")
	w.sees("0:02")
	w.clickAt(listWidth+14+17, y) // delete
	w.sees("Message Echo")

	w.clickAt(x, y)
	w.eventually("a second was recorded", w.levelMoves)
	w.misses("Release to send")
	w.key("space")
	w.sees("Paused")
	w.shoot("paused")
	w.key("Return")
	w.eventually("one note was sent", func() bool { return len(w.voices()) == 1 })
	w.sees("Message Echo")
	w.types("typed at once")
	w.sees("typed at once")
	w.quit()
}

// A recording survives the program that is killed while it runs, and is sent from
// the next window.
func TestRecordingSurvivesACrash(t *testing.T) {
	soundtest.Need(t)
	args := []string{"--data", t.TempDir(), "--profile", "wren"}
	w := open(t, args...)
	w.click("Start on this computer")
	w.click("Echo")
	x, y := w.microphone("Message Echo")
	w.clickAt(x, y) // locked
	w.eventually("a second was recorded", w.levelMoves)
	w.shoot("locked")
	w.kill()

	w = open(t, args...)
	w.sees("Not sent yet")
	w.shoot("recovered")
	width, height := w.size()
	w.clickAt(float32(width-14-17), float32(height-10-18)) // the send button
	w.eventually("it was sent", func() bool { return len(w.voices()) == 1 })
	w.misses("Not sent yet")
	w.misses("waiting")
	w.quit()
	w = open(t, args...)
	w.sees("Message Echo")
	w.eventually("it is there once", func() bool { return len(w.voices()) == 1 })
	w.misses("Not sent yet")
	w.quit()
}

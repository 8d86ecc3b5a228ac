package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// settings opens the settings.
func (u *person) settings() {
	u.t.Helper()
	u.profileMenu()
	u.tap("Settings")
}

// The arrows go through their sections, and Esc leads
// back to what was being written.
func TestArrowsGoThroughTheSettings(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	u.settings()
	u.sees("User ID")
	u.key(fyne.KeyDown)
	u.sees("Light or dark")
	u.key(fyne.KeyDown)
	u.sees("Enter sends")
	u.key(fyne.KeyDown)
	u.misses("Enter sends")
	u.key(fyne.KeyEnd)
	u.sees("Where your data is kept")
	u.do(func() {
		if u.a.main.looking() {
			t.Error("what is below the settings counts as read")
		}
	})
	u.key(fyne.KeyEscape)
	u.misses("Where your data is kept")
	u.do(func() {
		if u.a.main.settings != nil || u.a.window.Canvas().Overlays().Top() != nil {
			t.Error("the settings are still there")
		}
	})
}

// Where the window is narrow there is the list or a section, and a way back.
func TestSettingsInANarrowWindow(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	u.do(func() { u.a.window.Resize(fyne.NewSize(theme.NarrowBelow-200, 600)) })
	u.settings()
	u.sees("About")
	u.misses("Light or dark")
	u.tap("About")
	u.sees("Where your data is kept")
	u.misses("Chats")
	u.key(fyne.KeyEscape)
	u.sees("Chats")
	u.misses("Where your data is kept")
	u.key(fyne.KeyReturn)
	u.sees("Where your data is kept")
	u.key(fyne.KeyEscape)
	u.key(fyne.KeyEscape)
	u.do(func() {
		if u.a.main.settings != nil {
			t.Error("the settings are still there")
		}
	})
}

// Choosing a language says so at once, in the section in which it was chosen.
func TestSettingsChangeTheLanguage(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	u.settings()
	u.tap("Appearance")
	u.sees("Language")
	u.do(func() { u.a.setLanguage("zh-Hans") })
	u.sees("浅色或深色")
	u.misses("Language")
	u.key(fyne.KeyDown)
	u.sees("按 Enter 发送")
}

// What the program is made of is told with its licences.
func TestLicencesAreListed(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	u.settings()
	u.tap("About")
	u.tap("Licences…")
	u.sees("fyne.io/fyne/v2")
	u.tap("Read…") // the first of them
	u.sees("SIL OPEN FONT LICENSE")
	u.key(fyne.KeyEscape)
	u.sees("fyne.io/fyne/v2")
	u.key(fyne.KeyEscape)
	u.sees("Where your data is kept")
}

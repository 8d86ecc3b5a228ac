package app

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/app/i18n"
	"magpie/app/vault"
	"magpie/widgets/loop"
)

// The window is locked by a person, or by itself when nobody used it for a while. It
// shows nothing but the question for the passphrase then; receiving goes on, and
// behind the veil everything stays as it is.

// canLock reports whether there is something that unlocks the window again.
func (a *application) canLock() bool {
	return a.vault != nil && a.vault.HasPassphrase() && !a.vault.Locked()
}

// locked reports whether the window is locked.
func (a *application) locked() bool { return a.canvas.down }

// lockNow locks the window.
func (a *application) lockNow() {
	if a.locked() || a.closing || a.main == nil && a.welcome == nil && a.joining == nil {
		return
	}
	if !a.canLock() {
		a.say(a.tr.T("lock.needPassphrase"))
		return
	}
	a.player.stop()
	a.unnotifyAll()
	if a.main != nil {
		a.main.inChat((*chat).leaveVoice)
		a.main.lookAway()
	}
	screen := newUnlockScreen(a, a.unlock)
	a.unlocking = screen
	a.sessions.setDoor(doorLocked)
	a.canvas.drop(a.ground(screen.view))
	a.retitle()
	a.lookAgain()
	screen.field.Focus()
}

// unlock brings back what was there.
func (a *application) unlock() {
	a.unlocking = nil
	a.sessions.setDoor(doorOpen)
	a.idle.last = a.wall()
	a.canvas.lift()
	a.retitle()
	a.lookAgain()
	a.watchIdle()
	a.openLinkLater()
}

// lookAgain tells the conversation whether it is before a person's eyes.
func (a *application) lookAgain() {
	if a.main != nil {
		a.main.setFront(a.front)
	}
}

// idle is how long nobody has used the window.
type idle struct {
	last  time.Time
	timer *time.Timer
}

// lockChoices are after how many minutes the window may lock itself; 0 is never.
var lockChoices = []int{0, 1, 5, 15, 60}

// wall is the time by the clock on the wall, which goes on while the computer sleeps.
func (a *application) wall() time.Time { return a.now().Round(0) }

// lockAfter is how long the window may be left alone, 0 for any time.
func (a *application) lockAfter() time.Duration {
	if a.locked() || !a.canLock() {
		return 0
	}
	return time.Duration(a.settings.LockAfter * float64(time.Minute))
}

// watchIdle begins to wait anew.
func (a *application) watchIdle() {
	a.idle.last = a.wall()
	a.waitIdle(a.lockAfter())
}

func (a *application) waitIdle(d time.Duration) {
	if a.idle.timer != nil {
		a.idle.timer.Stop()
		a.idle.timer = nil
	}
	if d > 0 && !a.closing {
		a.idle.timer = time.AfterFunc(d, func() { loop.Do(a.checkIdle) })
	}
}

// checkIdle locks a window that nobody used for long enough.
func (a *application) checkIdle() {
	limit := a.lockAfter()
	if limit == 0 || a.closing {
		return
	}
	if left := limit - a.wall().Sub(a.idle.last); left > 0 {
		a.waitIdle(left)
		return
	}
	a.lockNow()
}

// stir is told that somebody uses the window. If that comes too late, after a sleep
// of the computer say, the window locks.
func (a *application) stir() {
	now := a.wall()
	if limit := a.lockAfter(); limit > 0 && now.Sub(a.idle.last) >= limit {
		a.lockNow()
		return
	}
	a.idle.last = now
}

// watchHands hears of every key; of the pointer the ground of the window tells.
func (a *application) watchHands() {
	if c, ok := a.window.Canvas().(desktop.Canvas); ok {
		c.SetOnKeyDown(func(*fyne.KeyEvent) { a.stir() })
	}
}

// howKept says in words how the key is kept.
func howKept(tr *i18n.Translator, v *vault.Vault) string {
	switch v.Kind() {
	case vault.Keyring:
		return tr.T("privacy.byKeyStore")
	case vault.Passphrase:
		return tr.T("privacy.byPassphrase")
	}
	return tr.T("privacy.plain")
}

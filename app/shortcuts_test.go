package app

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/app/vault/vaulttest"
	"magpie/im"
	"magpie/widgets/canvas"
)

// keyboard is a canvas that runs the shortcuts which were added, as those of windows do
// and those of Fyne's tests do not.
type keyboard struct {
	fyne.Canvas
	fyne.ShortcutHandler
}

func (k *keyboard) AddShortcut(s fyne.Shortcut, do func(fyne.Shortcut)) {
	k.ShortcutHandler.AddShortcut(s, do)
}

func (k *keyboard) RemoveShortcut(s fyne.Shortcut) { k.ShortcutHandler.RemoveShortcut(s) }

// combine presses a combination as the window gets it.
func (e *exerciser) combine(c combo) {
	e.t.Helper()
	switch c.mod {
	case 0:
		e.key(c.key)
	case fyne.KeyModifierShift: // it is a key that is held, and no shortcut
		e.do(func() {
			f, ok := e.a.window.Canvas().Focused().(desktop.Keyable)
			if !ok {
				e.t.Errorf("nothing takes %v", c)
				return
			}
			f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
			f.TypedKey(&fyne.KeyEvent{Name: c.key})
			f.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		})
	default:
		e.do(func() {
			s := &desktop.CustomShortcut{KeyName: c.key, Modifier: c.mod}
			if s.KeyName == fyne.KeyReturn { // the field's own
				e.a.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(s)
				return
			}
			e.keys.TypedShortcut(s)
		})
	}
}

// exerciser tries the keys of the table one after the other.
type exerciser struct {
	*person
	keys *keyboard
}

func (e *exerciser) free() { e.until("nothing is on top", func() bool { return e.a.free() }) }

// opens presses a key that opens what says words, and closes that.
func opens(words string) func(*exerciser, combo) {
	return func(e *exerciser, k combo) {
		e.combine(k)
		e.sees(words)
		e.key(fyne.KeyEscape)
		e.free()
	}
}

// steps presses a key that opens the second of two chats of the list.
func steps(from, to int) func(*exerciser, combo) {
	return func(e *exerciser, k combo) {
		var want im.ConversationID
		e.do(func() { want = e.a.main.rows[to].ConversationID; e.a.main.openChat(e.a.main.rows[from].ConversationID) })
		e.combine(k)
		e.until("the other chat is open", func() bool { return e.a.main.conversation() == want })
		e.do(func() { e.a.main.openChat("C2Cecho") })
	}
}

// sizes presses a key that changes the size of the text.
func sizes(from, to int) func(*exerciser, combo) {
	return func(e *exerciser, k combo) {
		e.do(func() { e.a.setTextPercent(from) })
		e.combine(k)
		e.do(func() {
			if got := e.a.fyne.percent(); got != to {
				e.t.Errorf("%v: from %d to %d, want %d", k, from, got, to)
			}
			e.a.setTextPercent(100)
		})
	}
}

// fields presses a key in a field with a text, which then has another.
func fields(before, after string) func(*exerciser, combo) {
	return func(e *exerciser, k combo) {
		e.do(func() { e.a.main.composer.SetText(before); e.a.main.composer.Focus() })
		e.combine(k)
		e.until("the field has another text", func() bool { return e.a.main.composer.Text() == after })
		e.do(func() { e.a.main.composer.SetText("") })
	}
}

// ringAt is the message that has the keyboard.
func (e *exerciser) ringAt() (at canvas.Item) {
	e.do(func() {
		var ok bool
		if at, ok = e.a.main.canvas.KeyboardAt(); !ok {
			e.t.Error("no message has the keyboard")
		}
	})
	return at
}

const twoLinks = "https://one.example and https://two.example"

var exercises = map[string]func(*exerciser, combo){
	"shortcut.find":     opens("Files"),
	"shortcut.newChat":  opens("New chat"),
	"shortcut.newGroup": opens("New group"),
	"shortcut.above":    steps(1, 0),
	"shortcut.below":    steps(0, 1),
	"shortcut.nth": func(e *exerciser, k combo) {
		n := int(k.key[0] - '0')
		e.do(func() { e.a.main.openChat(e.a.main.rows[0].ConversationID) })
		e.combine(k)
		e.do(func() {
			m := e.a.main
			if want := m.rows[min(n, len(m.rows))-1].ConversationID; n <= len(m.rows) && m.chat.conv != want {
				e.t.Errorf("%s opens %s, want %s", k.key, m.chat.conv, want)
			}
			m.openChat("C2Cecho")
		})
	},
	"shortcut.send": func(e *exerciser, k combo) {
		fields("sent with "+string(k.key), "")(e, k)
		e.sees("sent with " + string(k.key))
	},
	"shortcut.newLine": fields("one", "one\n"),
	"shortcut.emoji": func(e *exerciser, k combo) {
		for _, want := range []bool{true, false} {
			e.combine(k)
			e.until("the panel opens and closes", func() bool { p := e.a.main.emoji.popover; return p != nil && p.IsOpen() == want })
		}
	},
	"shortcut.paste": func(e *exerciser, _ combo) {
		e.do(func() {
			e.a.fyne.Clipboard().SetContent("from elsewhere")
			e.a.window.Canvas().Unfocus()
			e.keys.TypedShortcut(&fyne.ShortcutPaste{Clipboard: e.a.fyne.Clipboard()})
		})
		e.until("it is in the field", func() bool { return e.a.main.composer.Text() == "from elsewhere" })
		e.do(func() { e.a.main.composer.SetText(""); e.a.main.composer.Focus() })
	},
	"shortcut.editLast": func(e *exerciser, k combo) {
		e.types("to be recalled")
		e.key(fyne.KeyReturn)
		m := e.sent("C2Cecho", "the text", func(m *im.Message) bool {
			text, is := m.Payload.(im.TextPayload)
			return is && text.Text == "to be recalled"
		})
		e.do(func() { e.a.main.chat.recall(m.ID) })
		e.until("it is recalled", func() bool { return e.a.main.chat.lastRecalled != "" })
		fields("", "to be recalled")(e, k)
	},
	"shortcut.findHere": opens("In Echo"),
	"shortcut.date":     opens("Go to a date"),
	"shortcut.messages": func(e *exerciser, k combo) {
		e.combine(k)
		e.do(func() {
			if e.a.window.Canvas().Focused() != fyne.Focusable(e.a.main.canvas) {
				e.t.Error("the messages have not got the keyboard")
			}
		})
	},
	"shortcut.messageAbove": func(e *exerciser, k combo) {
		e.do(func() { e.a.main.canvas.JumpToNewest() })
		e.key(fyne.KeyEnd)
		before := e.ringAt()
		e.combine(k)
		if at := e.ringAt(); at.Sequence >= before.Sequence {
			e.t.Errorf("from message %d to %d", before.Sequence, at.Sequence)
		}
	},
	"shortcut.messageBelow": func(e *exerciser, k combo) {
		before := e.ringAt()
		e.combine(k)
		if at := e.ringAt(); at.Sequence <= before.Sequence {
			e.t.Errorf("from message %d to %d", before.Sequence, at.Sequence)
		}
	},
	"shortcut.messagePart": func(e *exerciser, k combo) { // of two links the second
		e.do(func() { e.a.main.chat.send(twoLinks) })
		e.until("it is sent", func() bool {
			e.a.main.canvas.JumpToNewest()
			_, last, ok := e.a.main.canvas.OnScreen()
			return ok && last.Sequence > 0 && last.Text == twoLinks
		})
		e.do(func() { e.a.window.Canvas().Focus(e.a.main.canvas) })
		e.key(fyne.KeyEnd)
		if at := e.ringAt(); at.Text != twoLinks {
			e.t.Errorf("the ring is at %q", at.Text)
		}
		e.combine(k)
	},
	"shortcut.messageDo": func(e *exerciser, k combo) {
		opened := ""
		e.do(func() { e.a.options.OpenURL = func(u *url.URL) error { opened = u.String(); return nil } })
		e.combine(k)
		e.do(func() {
			if opened != "https://two.example" {
				e.t.Errorf("opened %q, want the second address", opened)
			}
		})
	},
	// The driver of tests knows no keys that are held, so Shift+F10 is F10 there and the
	// other key for menus stands for it.
	"shortcut.messageMenu": func(e *exerciser, _ combo) {
		e.key(desktop.KeyMenu)
		e.sees("Forward")
		e.key(fyne.KeyEscape)
		e.free()
	},
	"shortcut.messageCopy": func(e *exerciser, k combo) {
		e.do(func() {
			e.a.fyne.Clipboard().SetContent("")
			e.a.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutCopy{Clipboard: e.a.fyne.Clipboard()})
			if got := e.a.fyne.Clipboard().Content(); got != twoLinks {
				e.t.Errorf("copied %q", got)
			}
			e.a.main.composer.Focus()
		})
	},
	"shortcut.pageUp": func(e *exerciser, k combo) {
		e.combine(k)
		e.until("older ones show", func() bool { return !e.a.main.canvas.AtNewest() })
	},
	"shortcut.pageDown": func(e *exerciser, k combo) {
		e.until("the newest shows", func() bool {
			if f := e.a.window.Canvas().Focused(); f != nil {
				f.TypedKey(&fyne.KeyEvent{Name: k.key})
			}
			return e.a.main.canvas.AtNewest()
		})
	},
	"shortcut.close": func(e *exerciser, k combo) {
		e.do(func() { e.a.main.openSettings("") })
		e.combine(k)
		e.free()
	},
	"shortcut.settings": opens("Other accounts"),
	"shortcut.larger":   sizes(100, 110),
	"shortcut.smaller":  sizes(100, 90),
	"shortcut.usual":    sizes(200, 100),
	"shortcut.help":     opens("Search everything"),
	"shortcut.lock":     func(e *exerciser, k combo) { e.combine(k); e.unlocks() },
	"shortcut.quit":     func(e *exerciser, k combo) { e.combine(k) },
}

// Each key of the table, and so of the help, does what it says. A key without an
// exercise is a failure.
func TestEveryShortcutDoesWhatItSays(t *testing.T) {
	noLeaks(t)
	u := beginWith(t, t.TempDir(), func(o *Options) { o.KeyStore, o.Passphrase = vaulttest.None(), secretWords })
	u.start()
	u.front(true)
	u.until("both chats", func() bool { return u.a.main.index("C2Cecho") >= 0 && u.a.main.index("C2Cwren") >= 0 })
	u.do(func() {
		u.a.main.openChat("C2Cecho")
		for i := range 30 {
			u.a.main.chat.send("message " + itoa(uint64(i)))
		}
	})
	u.sees("message 29")
	e := &exerciser{u, &keyboard{Canvas: u.a.window.Canvas()}}
	u.do(func() { u.a.addShortcuts(e.keys) })
	for _, s := range shortcuts(false) { // the last one ends the program
		do := exercises[s.name]
		if do == nil {
			t.Errorf("%s has no exercise", s.name)
			continue
		}
		for _, k := range s.keys {
			do(e, k)
		}
	}
	select {
	case err := <-u.ended:
		u.ok(err)
	case <-time.After(patience):
		t.Fatal("the last key does not end the program")
	}
}

// No two keys are one, every row has a group that is shown, and a Mac has signs of its
// own.
func TestTableOfShortcuts(t *testing.T) {
	// A key of what has the keyboard may be one elsewhere; one of the window may not.
	type use struct {
		combo
		group string
	}
	seen, ours := map[use]string{}, map[combo]string{}
	for _, s := range shortcuts(false) {
		if !slices.Contains(shortcutGroups, s.group) {
			t.Errorf("%s is in no group that is shown", s.name)
		}
		for _, k := range s.keys {
			here := use{k, s.group}
			if before := first(seen[here], ours[k]); before != "" {
				t.Errorf("%v is %s and %s", k, before, s.name)
			}
			if seen[here] = s.name; s.do != nil || s.nth != nil {
				ours[k] = s.name
			}
		}
	}
	for _, c := range []struct {
		c           combo
		mac, others []string
	}{
		{combo{fyne.KeyK, fyne.KeyModifierControl}, []string{"⌃", "K"}, []string{"Ctrl", "K"}},
		{combo{fyne.KeyComma, fyne.KeyModifierSuper}, []string{"⌘", ","}, []string{"Super", ","}},
		{combo{fyne.KeyUp, fyne.KeyModifierAlt}, []string{"⌥", "↑"}, []string{"Alt", "↑"}},
		{combo{fyne.KeyReturn, fyne.KeyModifierShift}, []string{"⇧", "return"}, []string{"Shift", "Enter"}},
		{combo{key: fyne.KeyF1}, []string{"F1"}, []string{"F1"}},
		{combo{key: fyne.KeyEscape}, []string{"esc"}, []string{"Esc"}},
		{combo{fyne.KeyMinus, fyne.KeyModifierControl | fyne.KeyModifierShift}, []string{"⌃", "⇧", "−"}, []string{"Ctrl", "Shift", "−"}},
	} {
		if got := keyNames(c.c, true); !slices.Equal(got, c.mac) {
			t.Errorf("%v on a Mac: %q", c.c, got)
		}
		if got := keyNames(c.c, false); !slices.Equal(got, c.others) {
			t.Errorf("%v: %q", c.c, got)
		}
	}
	send := shortcuts(true)[slices.IndexFunc(shortcuts(true), func(s shortcut) bool { return s.name == "shortcut.send" })]
	if send.keys[0].mod != fyne.KeyModifierShift {
		t.Error("the help says that Enter sends where it breaks the line")
	}
}

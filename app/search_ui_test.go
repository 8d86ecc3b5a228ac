package app

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets"
)

// Words that were said long ago are found while they are typed, shown with who said
// them where, and opened in place; what is recalled is found no more.
func TestSearchInTheWindow(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	ada, bo := u.guest("ada", "Ada"), u.guest("bo", "Bo Li")
	u.say(ada, im.ConvC2C, "wren", "the teal icon reads best")
	for i := range 80 {
		u.say(ada, im.ConvC2C, "wren", fmt.Sprint("and then ", i))
	}
	u.say(bo, im.ConvC2C, "wren", "首页的新图标我放在群文件里了")
	u.sees("Bo Li")
	u.until("all of it came", func() bool { n, err := u.a.session.client.TotalUnread(); return err == nil && n >= 82 })

	u.do(u.a.main.find)
	u.sees("Ada") // by name, as nothing is typed
	u.types("ico")
	u.sees("1 result in")
	u.sees("the teal icon reads best")
	u.sees("in Ada")
	u.typesOver("图标")
	u.sees("首页的新图标我放在群文件里了")
	u.sees("in Bo Li")
	u.misses("the teal icon reads best")
	u.typesOver("nothing like it")
	u.sees("Nothing was found")
	u.sees("0 results in")
	u.typesOver("TEAL best")
	u.sees("the teal icon reads best")
	u.key(fyne.KeyReturn)
	u.until("the message is on the screen", func() bool {
		return u.a.main.conversation() == "C2Cada" && u.onScreen("the teal icon reads best")
	})

	// Within the conversation that is open, too.
	u.do(u.a.main.find)
	u.types("79")
	u.tap("and then 79")
	u.sees("and then 79")

	p, err := ada.History(t.Context(), "C2Cwren", core.HistoryQuery{Around: 1, Limit: 4})
	u.ok(err)
	id := p.Messages[0].ID
	u.ok(ada.RevokeMessage(t.Context(), id))
	u.until("it is recalled here", func() bool {
		m, found, err := u.a.session.client.Message(id)
		return err == nil && found && m.IsRevoked
	})
	u.do(u.a.main.find)
	u.types("teal")
	u.sees("0 results in")
	u.key(fyne.KeyEscape)
	u.end()
}

// typesOver types in place of what is in the field that has the keyboard.
func (u *person) typesOver(s string) {
	u.t.Helper()
	u.do(func() {
		if f, ok := u.a.window.Canvas().Focused().(fyne.Shortcutable); ok {
			f.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
	})
	u.types(s)
}

// onScreen reports whether the canvas shows a text.
func (u *person) onScreen(s string) bool {
	_, found := u.find(s)
	return found
}

// More hits than one page has are fetched as the list gets to them.
func TestSearchGoesOn(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada")
	for i := range 130 {
		u.say(ada, im.ConvC2C, "wren", fmt.Sprint("number ", i))
	}
	u.until("all of it came", func() bool { n, err := u.a.session.client.TotalUnread(); return err == nil && n >= 130 })
	u.do(u.a.main.find)
	u.types("number")
	u.sees("130 results")
	u.untilScreen("the oldest is in the list", func() bool {
		for range 5 {
			u.a.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
		return u.onScreen("number 0")
	})
	u.do(func() { u.a.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown}) })
	u.key(fyne.KeyReturn)
	u.until("the oldest is on the screen", func() bool { return u.a.main.conversation() == "C2Cada" && u.onScreen("number 0") })
	u.end()
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("前面的话", 20)
	for name, c := range map[string]struct {
		text  string
		marks []core.Highlight
		want  string
		words []string
	}{
		"short":        {"say icon now", []core.Highlight{{Start: 4, End: 8}}, "say icon now", []string{"icon"}},
		"two lines":    {"one\nicon\tx", []core.Highlight{{Start: 4, End: 8}}, "one icon x", []string{"icon"}},
		"far in":       {long + "图标", []core.Highlight{{Start: len(long), End: len(long) + 6}}, "…前面的话前面的话图标", []string{"图标"}},
		"two words":    {"a b c", []core.Highlight{{Start: 0, End: 1}, {Start: 4, End: 5}}, "a b c", []string{"a", "c"}},
		"turned words": {"\u202eicon", []core.Highlight{{Start: 3, End: 7}}, "icon", []string{"icon"}},
		"nothing":      {"", nil, "", nil},
	} {
		got, marks := snippet(c.text, c.marks)
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		var words []string
		for _, m := range marks {
			if m.To > m.From {
				words = append(words, got[m.From:m.To])
			}
		}
		if strings.Join(words, "|") != strings.Join(c.words, "|") {
			t.Errorf("%s: marked %q", name, words)
		}
	}
	many := make([]core.Highlight, 100)
	for i := range many {
		many[i] = core.Highlight{Start: 2 * i, End: 2*i + 1}
	}
	if got, marks := snippet(strings.Repeat("x ", 100), many); len(got) < 100 || marks[widgets.MaxMarks-1].To == 0 {
		t.Errorf("%q, %v", got, marks)
	}
}

package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"magpie/im"
)

// Who begins a chat or a group is offered the people that are known, by name; whoever is
// not known is typed by the id.
func TestKnownPeopleAreOffered(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada, bo := u.guest("ada-77", "Ada Okafor"), u.guest("bo", "Bo Lind")
	u.guest("nobody-yet", "Nobody Yet")
	u.says(ada, "C2Cwren", "hi")
	u.says(bo, "C2Cwren", "hi")
	u.open("C2Cbo")
	u.sees("Message Bo Lind")
	u.until("her name is known", func() bool { row, ok := u.a.main.row("C2Cada-77"); return ok && u.a.main.name(&row) == "Ada Okafor" })

	u.do(u.a.main.newChat)
	u.sees("Say who you want to write to.")
	u.types("okaf")
	u.sees("ada-77") // beside her name
	u.press(fyne.KeyEscape)
	u.misses("ada-77")
	u.sees("Say who you want to write to.") // the list was closed, not the form
	u.types("o")
	u.sees("ada-77")
	u.press(fyne.KeyReturn)
	u.sees("Message Ada Okafor")

	u.do(u.a.main.newChat)
	u.sees("Say who you want to write to.")
	u.types("nobody-yet") // is in no list
	u.press(fyne.KeyReturn)
	u.sees("Message Nobody Yet")

	u.do(u.a.main.newGroup)
	u.sees("New group")
	u.types("Birds")
	u.tapBelow("Members")
	u.types("lind")
	u.sees("Bo Lind")
	u.press(fyne.KeyReturn)
	u.types("nobody-yet, ada")
	u.press(fyne.KeyDown, fyne.KeyReturn)
	u.press(fyne.KeyReturn)
	u.until("the group is made", func() bool { return u.a.main.conversation().Type() == im.ConvGroup })
	u.until("all of them are in it", func() bool { return u.a.main.chat != nil && len(u.a.main.chat.roster) == 4 })
	u.end()
}

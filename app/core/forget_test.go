package core

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/im"
)

// What was deleted here stays away until somebody looks at it, after a restart too; the
// server and other devices keep it, and what is said from then on comes as ever.
func TestForgetHistory(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	path := filepath.Join(t.TempDir(), "ann.db")
	ann, bob := s.deviceAt(t, "ann", path).ready(), s.device(t, "bob").ready()
	const secret = "the heron waits at the weir"
	for range 40 {
		bob.say(im.ConvC2C, "ann", secret)
	}
	file, shared := content(1, 30_000), content(2, 2000)
	ann.sendFile("bob", file)
	ann.sendFile("bob", shared)
	ann.say(im.ConvC2C, "ann", "a note to myself")
	ann.sendFile("ann", shared)
	eventually(t, "all of it is here", func() bool {
		page, err := ann.History(t.Context(), "C2Cbob", HistoryQuery{Limit: 100})
		return err == nil && len(page.Messages) == 42
	})
	want := Forgotten{Messages: 42, Files: 1, Bytes: ann.bytes(file)}
	got, err := ann.ForgetHistory(t.Context(), "C2Cbob", true)
	ok(t, err)
	equal(t, "what would go", got, want)
	equal(t, "here", ann.here(file, shared), []bool{true, true})
	got, err = ann.ForgetHistory(t.Context(), "C2Cbob", false)
	ok(t, err)
	equal(t, "what went", got, want)
	equal(t, "here", ann.here(file, shared), []bool{false, true})

	nothing := func(d *device) {
		t.Helper()
		page, err := d.History(t.Context(), "C2Cbob", HistoryQuery{Limit: 100})
		ok(t, err)
		equal(t, "messages", len(page.Messages), 0)
		equal(t, "can be fetched", page.HasOlder, true)
		found, err := d.Search(t.Context(), SearchQuery{Text: "heron"})
		ok(t, err)
		equal(t, "found", len(found.Hits), 0)
		row, err := d.GetConversationProfile(t.Context(), "C2Cbob")
		ok(t, err)
		if l := row.LastMessage; l == nil || l.MessageForShow != "" || l.Payload != nil || l.LastSequence != 42 {
			t.Errorf("the list shows %+v", l)
		}
	}
	nothing(ann)
	eventually(t, "no byte of it is in the file", func() bool {
		b, err := os.ReadFile(path)
		return err == nil && !strings.Contains(string(b), secret)
	})

	ann.stop()
	ann = s.deviceAt(t, "ann", path).ready()
	bob.say(im.ConvC2C, "ann", "something new")
	ann.hear("something new")
	eventually(t, "the background has nothing to do", func() bool { return ann.HistoryProgress().State == FillDone })
	page, err := ann.History(t.Context(), "C2Cbob", HistoryQuery{Limit: 100})
	ok(t, err)
	equal(t, "messages", sequences(page.Messages), []uint64{43})

	list, err := ann.GetMessageList(t.Context(), "C2Cbob", "", 15)
	ok(t, err)
	equal(t, "when somebody looks", len(list.Messages), 15)
	equal(t, "from the server", list.Messages[0].Payload, im.Payload(im.TextPayload{Text: secret}))
	other := s.device(t, "ann").ready()
	list, err = other.GetMessageList(t.Context(), "C2Cbob", "", 15)
	ok(t, err)
	equal(t, "another device", len(list.Messages), 15)
}

// Imported messages may exist nowhere else, which is said; what was not sent stays.
func TestForgetHistorySaysWhatDoesNotComeBack(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	d.imported("C2Colga", 3, content(1, 500))
	_, err := d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "olga", "not sent yet"), im.SendOptions{})
	ok(t, err)
	d.stop()
	off := g.deviceAt(t, d.path, func(o *Options) { o.Server = "127.0.0.1:1" })
	_, err = off.SendMessage(t.Context(), off.CreateTextMessage(im.ConvC2C, "olga", "nor this"), im.SendOptions{})
	ok(t, err)
	waiting := len(off.out.of("C2Colga"))
	got, err := off.ForgetHistory(t.Context(), "C2Colga", false)
	ok(t, err)
	equal(t, "only here", got.OnlyHere >= 1, true)
	equal(t, "not sent", got.NotSent, waiting)
	equal(t, "still waits", len(off.out.of("C2Colga")), waiting)
	if _, err := off.ForgetHistory(t.Context(), "", true); im.CodeOf(err) != im.CodeInvalidConversationID {
		t.Errorf("%v", err)
	}
}

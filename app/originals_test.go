package app

import (
	"errors"
	"fmt"
	"testing"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/canvas"
)

// shelf has messages to look up and notes which were asked for.
type shelf struct {
	messages map[im.MessageID]im.Message
	err      error
	asked    []im.MessageID
}

func (s *shelf) Message(id im.MessageID) (im.Message, bool, error) {
	s.asked = append(s.asked, id)
	m, ok := s.messages[id]
	return m, ok, s.err
}

// answering is message n, which answers another.
func answering(t *testing.T, n uint64, of *im.Message) im.Message {
	t.Helper()
	m := text(n, "bob")
	r, err := im.NewReply(of, "Ann", im.English)
	if err == nil {
		err = m.SetReply(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What a page answers is looked up once for each message, before the page comes to
// the user interface; there nothing is asked for any more.
func TestOriginalsComeWithThePage(t *testing.T) {
	of, gone := text(1, "ann"), text(2, "ann")
	of.Payload = im.TextPayload{Text: "as it is on the disk"}
	p := core.HistoryPage{
		Messages: []im.Message{answering(t, 3, &of), answering(t, 4, &of), text(5, "ann")},
		Pending:  []im.Message{answering(t, 6, &gone)},
	}
	disk := &shelf{messages: map[im.MessageID]im.Message{of.ID: of}}
	pr := &presenter{tr: english(t), conv: "C2Cann", me: "me", names: map[im.UserID]string{}, originals: &originals{}}
	s := &source{messages: disk, present: pr}
	pr.originals.learn(s.originals(p))
	if fmt.Sprint(disk.asked) != fmt.Sprint([]im.MessageID{of.ID, gone.ID}) {
		t.Errorf("looked up %v", disk.asked)
	}
	items := s.items(p)
	var quotes []*canvas.Quote
	for _, it := range items {
		if it.Quote != nil {
			quotes = append(quotes, it.Quote)
		}
	}
	if len(quotes) != 3 || quotes[0].Text != "as it is on the disk" || quotes[2].Text != "message 2" {
		t.Errorf("quotes %+v", quotes)
	}
	if len(disk.asked) != 2 || pr.originals.take() != nil {
		t.Error("something is asked for after the page has come")
	}
}

// What an event brings says itself what it answers until that is looked up, once.
func TestOriginalsOfNewMessages(t *testing.T) {
	of := text(1, "ann")
	m := answering(t, 3, &of)
	pr := &presenter{tr: english(t), conv: "C2Cann", me: "me", names: map[im.UserID]string{}, originals: &originals{}}
	if q := pr.item(&m).Quote; q.Text != "message 1" || q.Name != "Ann" {
		t.Errorf("before it is looked up: %+v", q)
	}
	missed := pr.originals.take()
	if len(missed) != 1 || missed[0] != of.ID {
		t.Fatalf("to be looked up: %v", missed)
	}
	pr.originals.learn(lookUp(&shelf{err: errors.New("the disk is broken")}, missed))
	if q := pr.item(&m).Quote; q.Text != "message 1" || pr.originals.take() != nil {
		t.Errorf("when it cannot be read: %+v", q)
	}
}

// What was read before a message was recalled or deleted does not bring its words back.
func TestOriginalsThatAreGone(t *testing.T) {
	recalled, removed := text(1, "ann"), text(2, "ann")
	removed.Payload = im.TextPayload{Text: "the whole of it"}
	disk := &shelf{messages: map[im.MessageID]im.Message{recalled.ID: recalled, removed.ID: removed}}
	pr := &presenter{tr: english(t), conv: "C2Cann", me: "me", names: map[im.UserID]string{}, originals: &originals{}}
	found := lookUp(disk, []im.MessageID{recalled.ID, removed.ID})
	later := recalled
	later.IsRevoked = true
	pr.originals.recalled([]im.Message{later})
	pr.originals.removed(removed.ID)
	pr.originals.learn(found)
	a, b := answering(t, 3, &recalled), answering(t, 4, &removed)
	r, err := im.NewReply(&removed, "Ann", im.English)
	if err != nil {
		t.Fatal(err)
	}
	r.Abstract = "a part"
	if err := b.SetReply(r); err != nil {
		t.Fatal(err)
	}
	if q := pr.item(&a).Quote; q.Text == "message 1" {
		t.Errorf("recalled: %+v", q)
	}
	if q := pr.item(&b).Quote; q.Text != "a part" {
		t.Errorf("removed: %+v", q)
	}
	many := map[im.MessageID]original{}
	for i := range maxOriginals {
		many[im.MessageID(fmt.Sprint("m", i))] = original{found: true}
	}
	pr.originals.learn(many)
	pr.originals.learn(found)
	if n := len(pr.originals.known); n > maxOriginals || !pr.originals.known[recalled.ID].IsRevoked {
		t.Errorf("%d are known, the recalled one as %+v", n, pr.originals.known[recalled.ID])
	}
}

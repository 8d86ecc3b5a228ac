package core

import (
	"fmt"
	"strings"
	"testing"

	"magpie/im"
)

// list waits for n messages and returns all that are here, oldest first.
func (d *device) list(conv im.ConversationID, n uint64) (all []im.Message) {
	d.t.Helper()
	d.untilReceived(conv, n)
	for i := uint64(1); i <= n; i++ {
		all = append(all, d.at(conv, i))
	}
	return all
}

// sendMade sends what was made and returns it as it was acknowledged.
func (d *device) sendMade(m im.Message, err error) im.Message {
	d.t.Helper()
	ok(d.t, err)
	m, err = d.SendMessage(d.t.Context(), m, im.SendOptions{})
	ok(d.t, err)
	m, err = d.WaitSent(d.t.Context(), m.ID)
	ok(d.t, err)
	return m
}

func TestForwardToSomebodyElse(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "cy")
	ann, bob, cy := s.device(t, "ann").ready(), s.device(t, "bob").ready(), s.device(t, "cy").ready()
	data := content(3, 50_000)
	file := ann.sendFile("bob", data)
	words := ann.say(im.ConvC2C, "bob", "look at this")
	got := bob.list("C2Cann", 2)

	// Bob never downloaded the file: the server has it.
	equal(t, "downloaded", bob.HasFile(file.Payload.(im.FilePayload).FileURL), false)
	for i := range got {
		m := bob.sendMade(bob.CreateForwardMessage(im.ConvC2C, "cy", got[i]))
		if m.ID == got[i].ID || m.From != "bob" || m.CloudCustomData != "" {
			t.Errorf("forwarded as %+v", m)
		}
	}
	there := cy.list("C2Cbob", 2)
	equal(t, "words", there[1].Payload, words.Payload)
	cy.fetched(there[0].Payload.(im.FilePayload).FileURL, data)

	// A recall of the first takes nothing from those it was forwarded to.
	ok(t, ann.RevokeMessage(t.Context(), file.ID))
	bob.untilRevoked("C2Cann", file.Sequence)
	m, _, err := bob.Message(file.ID)
	ok(t, err)
	_, err = bob.CreateForwardMessage(im.ConvC2C, "cy", m)
	equal(t, "recalled", im.CodeOf(err), im.CodeForwardInvalid)
	phone := s.device(t, "cy").ready()
	phone.fetched(there[0].Payload.(im.FilePayload).FileURL, data)
}

func TestMergedMessages(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "cy")
	ann, bob, cy := s.device(t, "ann").ready(), s.device(t, "bob").ready(), s.device(t, "cy").ready()
	data := content(4, 5000)
	file := ann.sendFile("bob", data)
	list := []im.Message{file, ann.say(im.ConvC2C, "bob", "first"), ann.say(im.ConvC2C, "bob", "second")}
	got := bob.list("C2Cann", 3)
	got[0], got[2] = got[2], got[0]

	small := bob.sendMade(bob.CreateMergerMessage(t.Context(), im.ConvC2C, "cy", Merger{
		Messages: got, Title: "Chat of Ann and Bob", Lines: []string{"Ann: first"}, CompatibleText: "Chat history",
	}))
	p := small.Payload.(im.MergerPayload)
	if p.DownloadKey != "" || len(p.MessageList) != 3 {
		t.Errorf("small: %+v", p)
	}
	// Larger than a message may be: the list becomes a file, with the files it names.
	for i := range 120 {
		ann.say(im.ConvC2C, "bob", fmt.Sprint(i, strings.Repeat(" 喜鹊", 100)))
	}
	all := bob.list("C2Cann", 123)
	bob.sendMade(bob.CreateMergerMessage(t.Context(), im.ConvC2C, "cy", Merger{Messages: all, Title: "Much", CompatibleText: "Chat history"}))

	there := cy.list("C2Cbob", 2)
	for i, want := range [][]im.Message{list, all} {
		merged, err := cy.MergedMessages(t.Context(), there[i].Payload.(im.MergerPayload))
		ok(t, err)
		equal(t, "merged", len(merged), len(want))
		for j := range merged {
			equal(t, "content", merged[j].Payload, want[j].Payload)
			equal(t, "from", merged[j].From, im.UserID("ann"))
		}
		cy.fetched(merged[0].Payload.(im.FilePayload).FileURL, data)
	}
	if p := there[1].Payload.(im.MergerPayload); p.DownloadKey == "" || len(p.MessageList) != 0 || len(p.Files) != 1 {
		t.Errorf("large: key %q, %d messages, files %v", p.DownloadKey, len(p.MessageList), p.Files)
	}
}

func TestMergedMessagesRefused(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	good := ann.say(im.ConvC2C, "bob", "words")
	many := make([]im.Message, im.MaxMergedMessages+1)
	for i := range many {
		many[i] = good
	}
	unsent, tip := good, good
	unsent.Sequence = 0
	tip.Type, tip.Payload = im.MsgGroupTip, im.GroupTipPayload{OperationType: 1}
	for name, c := range map[string]struct {
		list []im.Message
		want im.Code
	}{
		"none":     {nil, im.CodeMergerInvalid},
		"many":     {many, im.CodeMergerInvalid},
		"not sent": {[]im.Message{good, unsent}, im.CodeForwardInvalid},
		"tip":      {[]im.Message{tip}, im.CodeForwardInvalid},
	} {
		_, err := ann.CreateMergerMessage(t.Context(), im.ConvC2C, "bob", Merger{Messages: c.list, CompatibleText: "x"})
		equal(t, name, im.CodeOf(err), c.want)
	}
	deep := im.Message{ID: good.ID, Sequence: 1, Type: im.MsgText, Payload: im.TextPayload{Text: "x"}}
	for range im.MaxNesting {
		deep = im.Message{ID: good.ID, Sequence: 1, Type: im.MsgMerger, Payload: im.MergerPayload{CompatibleText: "x", MessageList: []im.Message{deep}}}
	}
	_, err := ann.CreateMergerMessage(t.Context(), im.ConvC2C, "bob", Merger{Messages: []im.Message{deep}, CompatibleText: "x"})
	equal(t, "deep", im.CodeOf(err), im.CodeMergerTooDeep)
	for name, b := range map[string][]byte{
		"words": []byte("no list"), "empty": []byte("[]"), "deep": []byte(strings.Repeat("[", 5000)),
	} {
		f, err := ann.AddFile(t.Context(), strings.NewReader(string(b)), 0)
		ok(t, err)
		_, err = ann.MergedMessages(t.Context(), im.MergerPayload{DownloadKey: f.Address})
		equal(t, name, im.CodeOf(err), im.CodeMergerInvalid)
	}
}

package im_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"magpie/im"
)

func said(text string) im.Message {
	return im.Message{ID: "ann-pc-01", From: "ann", Sequence: 7, Time: 1700000000123, Type: im.MsgText, Payload: im.TextPayload{Text: text}}
}

func TestReplyTravelsWithAMessage(t *testing.T) {
	of := said("one\ntwo")
	r, err := im.NewReply(&of, "Ann", im.English)
	code(t, "new", err, 0)
	m := im.Message{CloudCustomData: `{"other":{"a":1}}`}
	code(t, "set", m.SetReply(r), 0)
	if !strings.Contains(m.CloudCustomData, `"other":{"a":1}`) {
		t.Errorf("what was there is gone: %s", m.CloudCustomData)
	}
	got, ok := m.Reply()
	want := im.Reply{MessageID: "ann-pc-01", Sequence: 7, Time: 1700000000, Abstract: "one two", Sender: "Ann", From: "ann", Kind: 1, Version: 1}
	if !ok || got != want {
		t.Errorf("got %+v, %v", got, ok)
	}
}

func TestReplyIsShort(t *testing.T) {
	of := said(strings.Repeat("长 ", 3000))
	r, err := im.NewReply(&of, strings.Repeat("名", 200), im.Chinese)
	code(t, "new", err, 0)
	var m im.Message
	code(t, "set", m.SetReply(r), 0)
	if len(r.Abstract) > im.MaxReplyBytes || !utf8.ValidString(r.Abstract) || len(m.CloudCustomData) > 800 {
		t.Errorf("%d bytes of words, %d in all", len(r.Abstract), len(m.CloudCustomData))
	}
}

func TestWhatCannotBeAnswered(t *testing.T) {
	for name, change := range map[string]func(*im.Message){
		"recalled": func(m *im.Message) { m.IsRevoked, m.Payload = true, nil },
		"gone":     func(m *im.Message) { m.IsPlaceMessage = true },
		"tip":      func(m *im.Message) { m.Type, m.Payload = im.MsgGroupTip, im.GroupTipPayload{} },
		"nothing":  func(m *im.Message) { m.Payload = nil },
	} {
		m := said("x")
		change(&m)
		_, err := im.NewReply(&m, "Ann", im.English)
		code(t, name, err, im.CodeInvalidParameter)
	}
	m := im.Message{CloudCustomData: "not an object"}
	code(t, "in use", m.SetReply(im.Reply{MessageID: "ann-pc-01"}), im.CodeInvalidParameter)
	if m.CloudCustomData != "not an object" {
		t.Errorf("changed to %s", m.CloudCustomData)
	}
}

func FuzzReply(f *testing.F) {
	f.Add(`{"messageReply":{"messageID":"144115-1-2","messageAbstract":"hi","messageSender":"Bo","messageType":1,"version":1,"messageRootID":"x"}}`)
	f.Add(`{"messageReply":null}`)
	f.Add(`{"messageReply":{"messageID":"a","messageAbstract":"a\nb\u202e","messageTime":-5}}`)
	f.Add(`"messageReply"`)
	f.Add(strings.Repeat(`{"messageReply":`, 2000))
	f.Fuzz(func(t *testing.T, s string) {
		m := im.Message{CloudCustomData: s}
		r, ok := m.Reply()
		if !ok {
			return
		}
		for _, line := range []string{r.Abstract, r.Sender} {
			if len(line) > im.MaxReplyBytes || !utf8.ValidString(line) || strings.ContainsAny(line, "\n\r\u202e") {
				t.Errorf("%q", line)
			}
		}
		var again im.Message
		if err := again.SetReply(r); err != nil {
			t.Fatal(err)
		}
		if got, ok := again.Reply(); !ok || got != r {
			t.Errorf("%+v became %+v", r, got)
		}
	})
}

package im_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"magpie/im"
	"magpie/im/imtest"
)

// stable checks what must hold of every message that could be read at all:
// looking at it does not panic, and it survives being written and read.
func stable[T any](t *testing.T, v T) {
	t.Helper()
	first, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("read but not written: %v", err)
	}
	var back T
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatalf("written but not read: %v\n%s", err, first)
	}
	second, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Fatalf("changed by a round trip:\n%s\n%s", first, second)
	}
}

func inspect(t *testing.T, p im.Payload) {
	t.Helper()
	if p == nil {
		return
	}
	_ = p.Validate()
	if n := im.PayloadSize(p); n < 0 {
		t.Fatalf("size %d", n)
	}
	for _, l := range []im.Language{im.English, im.Chinese} {
		if s := im.MessageForShow(p, l); !utf8.ValidString(s) {
			t.Fatalf("%T in words is %q", p, s)
		}
	}
}

func addSeeds(f *testing.F) {
	f.Helper()
	for seed := range uint64(24) {
		m := imtest.New(seed).Message(2)
		b, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(merged(3)))
	f.Add([]byte(merged(40)))
	f.Add([]byte(`{"type":"TIMFileElem","payload":{"fileSize":1e400}}`))
	f.Add([]byte(`{"type":"New","payload":{"a":1}, "TYPE":"TIMTextElem"}`))
}

func FuzzMessage(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var m im.Message
		if json.Unmarshal(data, &m) != nil {
			return
		}
		inspect(t, m.Payload)
		valid := m.Validate() == nil
		_ = m.Countable()
		stable(t, m)
		l := im.NewLastMessage(&m)
		im.TrimPreview(l)
		stable(t, *l)
		if valid {
			if b, err := json.Marshal(m.Payload); err != nil || len(b) > 64<<10 {
				t.Fatalf("a valid message's payload takes %d bytes of JSON (%v)", len(b), err)
			}
		}
	})
}

func FuzzLastMessage(f *testing.F) {
	addSeeds(f)
	f.Add([]byte(`{"type":"TIMSoundElem","payload":{"second":"x"},"messageForShow":"[Voice]"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var l im.LastMessage
		if json.Unmarshal(data, &l) != nil {
			return
		}
		inspect(t, l.Payload)
		stable(t, l)
		im.TrimPreview(&l)
		if len(l.MessageForShow) > im.MaxPreviewTextBytes {
			t.Fatalf("%d bytes after trimming", len(l.MessageForShow))
		}
	})
}

// FuzzPayload reads the same bytes as each of the types.
func FuzzPayload(f *testing.F) {
	for seed := range uint64(40) {
		p := imtest.New(seed).Payload(2)
		b, err := json.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, kind := range []im.MessageType{
			im.MsgText, im.MsgImage, im.MsgAudio, im.MsgVideo, im.MsgFile, im.MsgFace, im.MsgLocation,
			im.MsgCustom, im.MsgMerger, im.MsgGroupTip, im.MsgGroupNotice, "", "TIMFutureElem",
		} {
			p, err := im.DecodePayload(kind, data)
			if err != nil {
				continue
			}
			if p.Type() != kind {
				t.Fatalf("a %q was read as %q", kind, p.Type())
			}
			inspect(t, p)
			b, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			again, err := im.DecodePayload(kind, b)
			if err != nil {
				t.Fatalf("%q: written but not read: %v\n%s", kind, err, b)
			}
			c, err := json.Marshal(again)
			if err != nil || !bytes.Equal(b, c) {
				t.Fatalf("%q: changed by a round trip (%v):\n%s\n%s", kind, err, b, c)
			}
		}
	})
}

// FuzzIDs checks that whatever is accepted as an id is fit to be part of
// subjects, keys and lines.
func FuzzIDs(f *testing.F) {
	for _, s := range hostileIDs() {
		if len(s) < 100 {
			f.Add(s)
		}
	}
	f.Add("C2Cbob")
	f.Add("GROUP@TGS#1")
	f.Fuzz(func(t *testing.T, s string) {
		plain := func(what string, max int, err error) {
			if err != nil {
				if im.CodeOf(err) == 0 {
					t.Fatalf("%s %q: %v has no code", what, s, err)
				}
				return
			}
			if len(s) == 0 || len(s) > max {
				t.Fatalf("%s of %d bytes is accepted", what, len(s))
			}
			for i := range len(s) {
				if s[i] < 0x20 || s[i] > 0x7e {
					t.Fatalf("%s %q is accepted", what, s)
				}
			}
		}
		plain("user", 32, im.UserID(s).Validate())
		plain("group", 48, im.GroupID(s).Validate())
		plain("device", 32, im.ValidateDevice(s))
		plain("message", 96, im.MessageID(s).Validate())
		c := im.ConversationID(s)
		plain("conversation", 53, c.Validate())
		if c.Validate() == nil && c.Type() != im.ConvSystem {
			back, err := im.NewConversationID(c.Type(), c.To())
			if err != nil || back != c {
				t.Fatalf("%q came back as %q (%v)", c, back, err)
			}
		}
		if im.UserID(s).Validate() == nil && im.C2C(im.UserID(s)).Peer() != im.UserID(s) {
			t.Fatalf("user %q is not the peer of its conversation", s)
		}
	})
}

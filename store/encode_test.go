package store

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"magpie/im"
)

// fullMessage has something in every field, of the given payload.
func fullMessage(p im.Payload) im.Message {
	return im.Message{
		ID: "wren-pc-1", ConversationID: "C2Cbob", ConversationType: im.ConvC2C, Type: p.Type(), Payload: p,
		From: "bob", To: "wren", Flow: im.FlowOut, Time: 1_700_000_000_123, Status: im.StatusFail, Sequence: 42,
		ClientSequence: 7, Random: 1 << 31, Priority: im.PriorityHigh, Nick: "鲍勃", Avatar: "https://x/y.png", NameCard: "card",
		AtUserList: []im.UserID{"carol", im.AtAllUsers}, CloudCustomData: `{"reply":1}`, IsRevoked: true, Revoker: "bob", RevokerNick: "鲍勃",
		Revokes: &im.Revocation{Sequence: 41, ID: "wren-pc-0", Type: im.MsgText, From: "wren", Nick: "W", NameCard: "c", Time: 1},
		IsRead:  true, IsPeerRead: true, IsHeard: true, IsResend: true, IsSystemMessage: true, IsPlaceMessage: true, IsDeleted: true, OnlineUserOnly: true,
		Error: &im.Error{Code: im.CodeMuted, Text: "muted"},
	}
}

func payloads() []im.Payload {
	name := "new"
	return []im.Payload{
		im.TextPayload{Text: "你好\nworld"},
		im.ImagePayload{UUID: "u", ImageFormat: 1, ImageInfoArray: []im.ImageInfo{{SizeType: 1, Size: 5, ImageURL: "x"}}, Preview: []byte{1, 2}},
		im.AudioPayload{URL: "x", Size: 1, Second: 2, Peaks: []byte{9}},
		im.VideoPayload{VideoURL: "x", VideoSize: 7, ThumbWidth: 3},
		im.FilePayload{FileName: "a/b.txt", FileSize: 1, FileURL: "x"},
		im.FacePayload{Index: -1, Data: "d"},
		im.LocationPayload{Description: "here", Latitude: 1.5, Longitude: -2.25},
		im.CustomPayload{Data: "d", Extension: "e"},
		im.MergerPayload{Title: "t", CompatibleText: "c", MessageList: []im.Message{fullMessage(im.TextPayload{Text: "inner"})}},
		im.GroupTipPayload{OperationType: im.TipGroupProfileUpdated, NewGroupProfile: &im.GroupChange{Name: &name}},
		im.GroupNoticePayload{OperationType: im.NoticeCustom, UserDefinedField: "f"},
		im.UnknownPayload{MessageType: "FutureElem", Raw: json.RawMessage(`{"a":[1,2]}`)},
	}
}

func TestMessageRoundTrip(t *testing.T) {
	sum := plain.sealer(kindMessage, "C2Cbob")
	for _, p := range payloads() {
		plain := im.Message{ID: "x", ConversationID: "C2Cbob", ConversationType: im.ConvC2C, Type: p.Type(), Payload: p, From: "bob",
			To: "bob", Flow: im.FlowIn, Status: im.StatusSuccess, Sequence: 1}
		for _, m := range []im.Message{fullMessage(p), plain} {
			s, err := sealMessage(sum, m.ConversationID, &m)
			if err != nil {
				t.Fatal(err)
			}
			got, err := openMessage(sum, m.ConversationID, s.key, s.value)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, m) {
				t.Fatalf("%s:\n got %+v\nwant %+v", p.Type(), got, m)
			}
		}
	}
}

// Every field of the message must come back: a field added to the model and
// forgotten here would be lost without a word.
func TestFullMessageIsFull(t *testing.T) {
	v := reflect.ValueOf(fullMessage(im.TextPayload{Text: "x"}))
	for i := range v.NumField() {
		switch v.Type().Field(i).Name {
		case "DisablePush", "PushTitle", "PushText":
			continue // they are about the moment in which a message comes
		}
		if v.Field(i).IsZero() {
			t.Errorf("im.Message has a new field %s: store it and fill it in fullMessage", v.Type().Field(i).Name)
		}
	}
}

func TestChecksumTellsPlacesApart(t *testing.T) {
	m := fullMessage(im.TextPayload{Text: "for bob only"})
	s, err := sealMessage(plain.sealer(kindMessage, "C2Cbob"), "C2Cbob", &m)
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() error{
		"another conversation": func() error {
			_, err := openMessage(plain.sealer(kindMessage, "C2Ccarol"), "C2Ccarol", s.key, s.value)
			return err
		},
		"another sequence": func() error {
			_, err := openMessage(plain.sealer(kindMessage, "C2Cbob"), "C2Cbob", sequenceKey(43), s.value)
			return err
		},
		"another kind": func() error { _, err := plain.decodeOutbox(s.key, s.value); return err },
	} {
		if err := open(); im.CodeOf(err) != im.CodeStoreDamaged {
			t.Errorf("%s: %v, want CodeStoreDamaged", name, err)
		}
	}
}

// seeds returns sealed bodies of every kind for the fuzzers.
func seeds(f *testing.F) {
	for _, p := range payloads() {
		e := newEncoder(0)
		m := fullMessage(p)
		if err := e.message(&m); err != nil {
			f.Fatal(err)
		}
		f.Add(e.b[1:])
		if e.b, _ = plain.encodeOutbox(&OutboxRow{Order: 1, Message: m, Base: 3, Tries: 2}); len(e.b) > 5 {
			f.Add(e.b[1 : len(e.b)-checksumSize])
		}
	}
	c := Conversation{First: 1, Last: 2}
	m := fullMessage(im.TextPayload{Text: "x"})
	c.ConversationID, c.LastMessage = "C2Cbob", im.NewLastMessage(&m)
	if b, err := plain.encodeConversation(&c); err == nil {
		f.Add(b[1 : len(b)-checksumSize])
	}
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
}

// FuzzDecode gives every decoder bodies with a right checksum: what decodes must
// encode to something that decodes to the same.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		value := append([]byte{formatVersion}, body...)
		key := sequenceKey(42)
		seal := func(k kind, scope string, key []byte) []byte {
			return plain.sealer(k, scope).seal(key, bytes.Clone(value))
		}
		sum := plain.sealer(kindMessage, "C2Cbob")
		if m, err := openMessage(sum, "C2Cbob", key, seal(kindMessage, "C2Cbob", key)); err == nil {
			s, err := sealMessage(sum, "C2Cbob", &m)
			if err != nil {
				return // JSON that is read and not written, such as a location of 1e999
			}
			again, err := openMessage(sum, "C2Cbob", s.key, s.value)
			if err != nil {
				t.Fatal(err)
			}
			if twice, err := sealMessage(sum, "C2Cbob", &again); err != nil || !bytes.Equal(twice.value, s.value) {
				t.Fatalf("%v\n got %x\nwant %x", err, twice.value, s.value)
			}
		}
		if r, err := plain.decodeOutbox(key, seal(kindOutbox, "", key)); err == nil {
			if b, err := plain.encodeOutbox(&r); err == nil {
				if _, err := plain.decodeOutbox(key, b); err != nil {
					t.Fatal(err)
				}
			}
		}
		id := []byte("C2Cbob")
		if c, err := plain.decodeConversation(id, seal(kindConv, "", id)); err == nil {
			if b, err := plain.encodeConversation(&c); err == nil {
				if _, err := plain.decodeConversation(id, b); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n, p, err := decodePlace(plain.sealer(kindPlace, ""), id, seal(kindPlace, "", id)); err == nil {
			if again, q, err := decodePlace(plain.sealer(kindPlace, ""), id, encodePlace(plain.sealer(kindPlace, ""), id, n, p)); err != nil || again != n || q != p {
				t.Fatal(again, q, err)
			}
		}
		_, _ = plain.decodeNumber(id, seal(kindNumber, "", id))
		_, _ = plain.decodeSegment(segmentKey(1), seal(kindSearchSegment, "", segmentKey(1)))
		_ = plain.eachDead(deadKey(1, 0), seal(kindSearchDead, "", deadKey(1, 0)), func(uint32, uint32) {})
		if list, err := plain.decodeTail(key, seal(kindSearchTail, "", key)); err == nil && len(list) > len(body) {
			t.Fatalf("%d places in %d bytes", len(list), len(body))
		}
		_, _ = decodeRange(plain.sealer(kindRange, "C2Cbob"), key, seal(kindRange, "C2Cbob", key))
		_, _, _ = plain.decodeStamped(kindDraft, id, seal(kindDraft, "", id))
		_, _ = decodeSchema(seal(kindSchema, "", keySchema))
	})
}

// FuzzUnsealed gives the decoders what a damaged page may hold.
func FuzzUnsealed(f *testing.F) {
	f.Add([]byte{}, []byte{})
	f.Add(sequenceKey(1), []byte{1, 2, 3, 4, 5, 6})
	f.Fuzz(func(t *testing.T, key, value []byte) {
		if _, err := openMessage(plain.sealer(kindMessage, "C2Cbob"), "C2Cbob", key, value); err == nil && len(key) != 8 {
			t.Fatal("a message with a key that is no sequence")
		}
		_, _ = plain.decodeOutbox(key, value)
		_, _ = plain.decodeConversation(key, value)
		_, _, _ = decodePlace(plain.sealer(kindPlace, ""), key, value)
		_, _ = plain.decodeOldPlace(key, value)
		_, _ = plain.decodeNumber(key, value)
		_, _ = plain.decodeSegment(key, value)
		_, _ = plain.decodeTail(key, value)
		_ = plain.eachDead(key, value, func(uint32, uint32) {})
	})
}

// FuzzPages gives the page reader whole files: no crash, no end it does not
// reach, nothing larger than the file.
func FuzzPages(f *testing.F) {
	f.Add([]byte("not a database"), uint64(3))
	small := make([]byte, 4*4096)
	small[3*4096] = 3      // the id of the page
	small[3*4096+8] = 1    // a branch
	small[3*4096+10] = 1   // of one element
	small[3*4096+16+8] = 3 // that leads to itself
	f.Add(small, uint64(3))
	f.Fuzz(func(t *testing.T, data []byte, root uint64) {
		p, err := openPages(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		visited := 0
		w := newWalker(p, func(error) {})
		w.tree(root, func(e element) {
			visited++
			w.bucket(e.value, func(element) { visited++ })
		})
		if visited > len(data)*len(data)/elementSize+1 {
			t.Fatalf("%d entries in %d bytes", visited, len(data))
		}
		_, _ = p.freeIDs(root)
	})
}

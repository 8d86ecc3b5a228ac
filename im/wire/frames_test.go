package wire_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"magpie/im"
	"magpie/im/imtest"
	"magpie/im/wire"
)

// roundTrip sends frames of type F through Encode, Peek and Decode.
func roundTrip[F any](t *testing.T) {
	t.Helper()
	for seed := range uint64(200) {
		var want F
		imtest.New(seed).Fill(&want, 2)
		line, err := wire.Encode(want)
		if err != nil {
			t.Fatalf("%T, seed %d: %v", want, seed, err)
		}
		if bytes.ContainsAny(line, "\r\n") {
			t.Fatalf("%T takes more than a line: %q", want, line)
		}
		head, err := wire.Peek(line)
		if err != nil {
			t.Fatalf("%T, seed %d: %v", want, seed, err)
		}
		if got := reflect.ValueOf(want).FieldByName("Head").Interface(); got != head {
			t.Fatalf("%T: Peek says %+v, it is %+v", want, head, got)
		}
		got, err := wire.Decode[F](line)
		if err != nil {
			t.Fatalf("%T, seed %d: %v\n%s", want, seed, err, line)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%T, seed %d:\n got %+v\nwant %+v", want, seed, got, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	roundTrip[wire.Hello](t)
	roundTrip[wire.Welcome](t)
	roundTrip[wire.Send](t)
	roundTrip[wire.Sent](t)
	roundTrip[wire.Pull](t)
	roundTrip[wire.Page](t)
	roundTrip[wire.Conversations](t)
	roundTrip[wire.ConversationList](t)
	roundTrip[wire.ConversationGet](t)
	roundTrip[wire.ConversationInfo](t)
	roundTrip[wire.Read](t)
	roundTrip[wire.DeleteConversation](t)
	roundTrip[wire.GroupCreate](t)
	roundTrip[wire.GroupInvite](t)
	roundTrip[wire.GroupRef](t)
	roundTrip[wire.GroupReply](t)
	roundTrip[wire.GroupMemberList](t)
	roundTrip[wire.Users](t)
	roundTrip[wire.Profiles](t)
	roundTrip[wire.ProfileSet](t)
	roundTrip[wire.PresenceList](t)
	roundTrip[wire.OK](t)
	roundTrip[wire.Err](t)
	roundTrip[wire.Message](t)
	roundTrip[wire.Event](t)
	roundTrip[wire.Kick](t)
	roundTrip[wire.Resync](t)
}

func TestEncodeLeavesTextReadable(t *testing.T) {
	line, err := wire.Encode(wire.Send{Head: wire.Head{T: wire.TSend, I: 1}, Message: im.Message{
		Type: im.MsgText, Payload: im.TextPayload{Text: "<a> & 喜鹊\n"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(line, []byte(`{"text":"<a> & 喜鹊\n"}`)) {
		t.Errorf("got %s", line)
	}
}

// A message as large as allowed must fit into a frame, whatever is in it.
func TestLargestMessageFits(t *testing.T) {
	for _, c := range []string{"a", "\"", "<", "\x01", "\u2028", "鹊", "\U0001F426"} {
		m := im.Message{
			ID: im.MessageID(strings.Repeat("i", im.MaxMessageIDBytes)), ConversationID: im.GroupConversation(im.GroupID(strings.Repeat("\"", im.MaxGroupIDBytes))),
			Type: im.MsgText, Payload: im.TextPayload{Text: "x" + strings.Repeat(c, (im.MaxMessageBytes-1)/len(c))},
		}
		for range im.MaxAtUsers {
			m.AtUserList = append(m.AtUserList, im.UserID(strings.Repeat("u", im.MaxUserIDBytes)))
		}
		if err := m.Validate(); err != nil {
			t.Fatal(err)
		}
		f := wire.Send{Head: wire.Head{T: wire.TSend, I: 1 << 60}, Message: m, Base: 1 << 60, SendOptions: im.SendOptions{OfflinePushInfo: &im.OfflinePushInfo{
			Title: strings.Repeat(c, im.MaxOfflinePushBytes/len(c)),
		}}}
		line, err := wire.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		if len(line) > wire.MaxRequestBytes {
			t.Errorf("%q: the frame has %d bytes, %d are read", c, len(line), wire.MaxRequestBytes)
		}
	}
}

func TestPeek(t *testing.T) {
	for _, c := range []struct {
		line string
		want wire.Head
		ok   bool
	}{
		{`{"t":"send","i":7}`, wire.Head{T: "send", I: 7}, true},
		{` {"x":[1,{}],"t":"resync"} `, wire.Head{T: "resync"}, true},
		{`{"t":"frame of tomorrow","i":18446744073709551615}`, wire.Head{T: "frame of tomorrow", I: 1<<64 - 1}, true},
		{`{"t":"send","i":0}`, wire.Head{T: "send"}, true},
		{`{"i":7}`, wire.Head{}, false},
		{`{"t":"","i":7}`, wire.Head{}, false},
		{`{"t":7}`, wire.Head{}, false},
		{`{"t":"send","i":-1}`, wire.Head{}, false},
		{`{"t":"send","i":1.5}`, wire.Head{}, false},
		{`{"t":"send","i":"7"}`, wire.Head{}, false},
		{`{"t":"send","i":18446744073709551616}`, wire.Head{}, false},
		{`{"t":"send"`, wire.Head{}, false},
		{`{"t":"send"}{"t":"send"}`, wire.Head{}, false},
		{`"send"`, wire.Head{}, false},
		{`["send"]`, wire.Head{}, false},
		{`null`, wire.Head{}, false},
		{``, wire.Head{}, false},
		{"\x00", wire.Head{}, false},
		{strings.Repeat("[", 60000), wire.Head{}, false},
		{`{"t":"send","x":` + strings.Repeat(`{"x":`, 11000) + `1` + strings.Repeat(`}`, 11000) + `}`, wire.Head{}, false},
	} {
		got, err := wire.Peek([]byte(c.line))
		if (err == nil) != c.ok || c.ok && got != c.want {
			t.Errorf("%.60q: %+v, %v", c.line, got, err)
		}
		if err != nil && im.CodeOf(err) != im.CodeInvalidRequest {
			t.Errorf("%.60q: %v has not the code of a malformed request", c.line, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, line := range []string{
		`{"t":"send","i":1}`,
		`{"t":"send","i":1,"m":null}`,
		`{"t":"send","i":1,"m":{"type":"TIMTextElem"}}`,
		`{"t":"send","i":1,"m":{"type":"TIMTextElem","payload":{"text":1}}}`,
		`{"t":"send","i":1,"base":-1,"m":{"type":"TIMTextElem","payload":{"text":"x"}}}`,
		`{"t":"send","i":1,"m":` + strings.Repeat(`{"type":"TIMRelayElem","payload":{"messageList":[`, 1200) + strings.Repeat(`]}}`, 1200) + `}`,
		`[]`, ``, `{`,
	} {
		f, err := wire.Decode[wire.Send]([]byte(line))
		if err == nil && f.Message.Payload == nil && f.Message.Validate() != nil {
			continue // nothing was sent; the rules refuse it
		}
		if im.CodeOf(err) != im.CodeInvalidRequest {
			t.Errorf("%.70q: %v", line, err)
		}
	}
}

// Either side may be newer than the other.
func TestNewerFramesAreTolerated(t *testing.T) {
	const line = `{"t":"hello","i":1,"v":2,"user":"bob","future":{"a":[1,2]},"device":"d","caps":["zip","new"],"limits":null}`
	head, err := wire.Peek([]byte(line))
	if err != nil || head.T != wire.THello {
		t.Fatalf("%+v, %v", head, err)
	}
	f, err := wire.Decode[wire.Hello]([]byte(line))
	if err != nil || f.User != "bob" || f.V != 2 || len(f.Caps) != 2 {
		t.Errorf("%+v, %v", f, err)
	}
	e, err := wire.Decode[wire.Event]([]byte(`{"t":"ev","k":"tomorrow","conv":"C2Cbob","what":1}`))
	if err != nil || e.K != "tomorrow" {
		t.Errorf("%+v, %v", e, err)
	}
	w, err := wire.Decode[wire.Welcome]([]byte(`{"t":"hello","i":1,"v":1,"limits":{"frameBytes":1,"new":2}}`))
	if err != nil || w.Limits.FrameBytes != 1 {
		t.Errorf("%+v, %v", w, err)
	}
	m, err := wire.Decode[wire.Message]([]byte(`{"t":"m","m":{"ID":"x","type":"TIMHologramElem","payload":{"z":[0]}},"unread":3}`))
	if err != nil || m.Unread != 3 {
		t.Fatalf("%+v, %v", m, err)
	}
	if p, ok := m.Message.Payload.(im.UnknownPayload); !ok || string(p.Raw) != `{"z":[0]}` {
		t.Errorf("payload is %#v", m.Message.Payload)
	}
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"\n\n \r\n\t", nil},
		{"a", []string{"a"}},
		{"a\nb", []string{"a", "b"}},
		{"a\r\n\n  b \n", []string{"a", "b"}},
		{"\x00\n\xff", []string{"\x00", "\xff"}},
	} {
		var got []string
		for line := range wire.Lines([]byte(c.in)) {
			got = append(got, string(line))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
	for range wire.Lines([]byte("a\nb\nc")) {
		break // must not go on
	}
}

// frames decodes line as the frame of every type that the two sides read.
func frames(line []byte) map[string]func() (any, error) {
	return map[string]func() (any, error){
		"hello":   func() (any, error) { return wire.Decode[wire.Hello](line) },
		"welcome": func() (any, error) { return wire.Decode[wire.Welcome](line) },
		"send":    func() (any, error) { return wire.Decode[wire.Send](line) },
		"sent":    func() (any, error) { return wire.Decode[wire.Sent](line) },
		"pull":    func() (any, error) { return wire.Decode[wire.Pull](line) },
		"page":    func() (any, error) { return wire.Decode[wire.Page](line) },
		"convs":   func() (any, error) { return wire.Decode[wire.Conversations](line) },
		"list":    func() (any, error) { return wire.Decode[wire.ConversationList](line) },
		"info":    func() (any, error) { return wire.Decode[wire.ConversationInfo](line) },
		"read":    func() (any, error) { return wire.Decode[wire.Read](line) },
		"create":  func() (any, error) { return wire.Decode[wire.GroupCreate](line) },
		"invite":  func() (any, error) { return wire.Decode[wire.GroupInvite](line) },
		"group":   func() (any, error) { return wire.Decode[wire.GroupRef](line) },
		"reply":   func() (any, error) { return wire.Decode[wire.GroupReply](line) },
		"members": func() (any, error) { return wire.Decode[wire.GroupMemberList](line) },
		"users":   func() (any, error) { return wire.Decode[wire.Users](line) },
		"profile": func() (any, error) { return wire.Decode[wire.ProfileSet](line) },
		"message": func() (any, error) { return wire.Decode[wire.Message](line) },
		"event":   func() (any, error) { return wire.Decode[wire.Event](line) },
		"err":     func() (any, error) { return wire.Decode[wire.Err](line) },
	}
}

func FuzzFrames(f *testing.F) {
	for seed := range uint64(8) {
		r := imtest.New(seed)
		for _, frame := range []any{&wire.Hello{}, &wire.Send{}, &wire.Pull{}, &wire.Page{}, &wire.GroupCreate{}, &wire.Event{}, &wire.ConversationList{}} {
			r.Fill(frame, 1)
			line, err := wire.Encode(frame)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(line)
		}
	}
	f.Add([]byte("{\"t\":\"send\"}\n{\"t\":\"x\"}\r\n\n"))
	f.Add([]byte(strings.Repeat("[", wire.MaxRequestBytes)))
	f.Add([]byte(`{"t":"send","m":` + strings.Repeat(`{"type":"TIMRelayElem","payload":{"messageList":[`, 1300)))
	f.Fuzz(func(t *testing.T, message []byte) {
		for line := range wire.Lines(message) {
			if len(line) == 0 || bytes.ContainsRune(line, '\n') {
				t.Fatalf("line %q", line)
			}
			head, err := wire.Peek(line)
			if err != nil {
				if im.CodeOf(err) != im.CodeInvalidRequest {
					t.Fatalf("%v has no code", err)
				}
				continue
			}
			if head.T == "" {
				t.Fatal("a frame without a type")
			}
			for name, decode := range frames(line) {
				frame, err := decode()
				if err != nil {
					if im.CodeOf(err) != im.CodeInvalidRequest {
						t.Fatalf("%s: %v has no code", name, err)
					}
					continue
				}
				if again, err := wire.Encode(frame); err != nil || !json.Valid(again) {
					t.Fatalf("%s was read and cannot be written: %v", name, err)
				}
				if s, ok := frame.(wire.Send); ok && s.Message.Payload != nil {
					_ = s.Message.Validate()
				}
			}
		}
	})
}

// The dearest frames of 64 KB must not take more than some megabytes to read.
func TestBombsAreCheap(t *testing.T) {
	fill := func(begin, unit, end string) []byte {
		n := (wire.MaxRequestBytes - len(begin) - len(end)) / len(unit)
		return []byte(begin + strings.Repeat(unit, n) + end)
	}
	for name, line := range map[string][]byte{
		"merged in one another": []byte(`{"t":"send","i":1,"m":` + strings.Repeat(`{"type":"TIMRelayElem","payload":{"messageList":[`, 1200) + strings.Repeat(`]}}`, 1200) + `}`),
		"31 levels of much":     []byte(`{"t":"send","i":1,"m":` + strings.Repeat(`{"type":"TIMRelayElem","payload":{"messageList":[`, 31) + `{"type":"X","payload":"` + strings.Repeat("a", 60000) + `"}` + strings.Repeat(`]}}`, 31) + `}`),
		"many small messages":   fill(`{"t":"send","i":1,"m":{"type":"TIMRelayElem","payload":{"messageList":[{"isRevoked":true}`, `,{"isRevoked":true}`, `]}}}`),
		"many mentions":         fill(`{"t":"send","i":1,"m":{"type":"TIMTextElem","payload":{"text":"x"},"atUserList":[""`, `,""`, `]}}`),
		"many picture sizes":    fill(`{"t":"send","i":1,"m":{"type":"TIMImageElem","payload":{"imageInfoArray":[{}`, `,{}`, `]}}}`),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := wire.Peek(line); err != nil {
			t.Fatal(err)
		}
		if f, err := wire.Decode[wire.Send](line); err == nil && f.Message.Validate() == nil {
			t.Errorf("%s is a valid message", name)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 10<<20 {
			t.Errorf("%s: %d bytes take %d KB of memory", name, len(line), took>>10)
		}
	}
}

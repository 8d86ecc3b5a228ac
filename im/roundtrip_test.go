package im_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"magpie/im"
	"magpie/im/imtest"
)

// roundTrip sends v through JSON and back many times, filled anew each time.
func roundTrip[T any](t *testing.T, name string) {
	t.Run(name, func(t *testing.T) {
		for seed := range uint64(300) {
			var want, got T
			imtest.New(seed).Fill(&want, 3)
			b, err := json.Marshal(want)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if err := json.Unmarshal(b, &got); err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, b)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d:\n got %+v\nwant %+v\n%s", seed, got, want, b)
			}
		}
	})
}

func TestRoundTrip(t *testing.T) {
	roundTrip[im.Message](t, "message")
	roundTrip[im.Conversation](t, "conversation")
	roundTrip[im.LastMessage](t, "last message")
	roundTrip[im.Group](t, "group")
	roundTrip[im.GroupMember](t, "member")
	roundTrip[im.Profile](t, "profile")
	roundTrip[im.SendOptions](t, "options")
	roundTrip[im.Error](t, "error")
	roundTrip[im.UserPresence](t, "presence")
	roundTrip[im.TextPayload](t, "text")
	roundTrip[im.ImagePayload](t, "image")
	roundTrip[im.AudioPayload](t, "audio")
	roundTrip[im.VideoPayload](t, "video")
	roundTrip[im.FilePayload](t, "file")
	roundTrip[im.FacePayload](t, "face")
	roundTrip[im.LocationPayload](t, "location")
	roundTrip[im.CustomPayload](t, "custom")
	roundTrip[im.MergerPayload](t, "merger")
	roundTrip[im.GroupTipPayload](t, "tip")
	roundTrip[im.GroupNoticePayload](t, "notice")
}

// The names on the wire are those of the interface; renaming a Go field must
// not rename them. The samples are whole, so that a field cannot go missing.
func TestFieldNames(t *testing.T) {
	ref := im.GroupRef{GroupID: "g", Name: "n"}
	name := "new"
	for _, c := range []struct {
		value any
		json  string
	}{
		{im.TextPayload{Text: "hi"}, `{"text":"hi"}`},
		{im.ImagePayload{UUID: "u", ImageFormat: 1, ImageInfoArray: []im.ImageInfo{{InstanceID: "i", SizeType: 3, Size: 4, Width: 5, Height: 6, ImageURL: "a", URL: "b"}}},
			`{"uuid":"u","imageFormat":1,"imageInfoArray":[{"instanceID":"i","sizeType":3,"size":4,"width":5,"height":6,"imageUrl":"a","url":"b"}]}`},
		{im.AudioPayload{UUID: "u", URL: "a", RemoteAudioURL: "b", Size: 1, Second: 2, DownloadFlag: 2},
			`{"uuid":"u","url":"a","remoteAudioUrl":"b","size":1,"second":2,"downloadFlag":2}`},
		{im.VideoPayload{VideoUUID: "u", VideoURL: "a", RemoteVideoURL: "b", VideoFormat: "mp4", VideoSecond: 1, VideoSize: 2, VideoDownloadFlag: 2,
			ThumbUUID: "v", ThumbURL: "c", ThumbFormat: "jpg", ThumbWidth: 3, ThumbHeight: 4, ThumbSize: 5, ThumbDownloadFlag: 2},
			`{"videoUUID":"u","videoUrl":"a","remoteVideoUrl":"b","videoFormat":"mp4","videoSecond":1,"videoSize":2,"videoDownloadFlag":2,"thumbUUID":"v","thumbUrl":"c","thumbFormat":"jpg","thumbWidth":3,"thumbHeight":4,"thumbSize":5,"thumbDownloadFlag":2}`},
		{im.FilePayload{UUID: "u", FileName: "f", FileSize: 1, FileURL: "a", DownloadFlag: 2}, `{"uuid":"u","fileName":"f","fileSize":1,"fileUrl":"a","downloadFlag":2}`},
		{im.FacePayload{Index: 1, Data: "tt00"}, `{"index":1,"data":"tt00"}`},
		{im.LocationPayload{Description: "d", Latitude: 1.5, Longitude: 2}, `{"description":"d","latitude":1.5,"longitude":2}`},
		{im.NewDice(4), `{"data":"dice","description":"4","extension":""}`},
		{im.MergerPayload{Title: "t", AbstractList: []string{"a"}, CompatibleText: "c", DownloadKey: "k", Version: 1, LayersOverLimit: true},
			`{"title":"t","abstractList":["a"],"compatibleText":"c","downloadKey":"k","version":1,"layersOverLimit":true}`},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", UserIDList: []im.UserID{"b"}, GroupProfile: ref, MemberCount: 2, GroupJoinType: 1, NewGroupProfile: &im.GroupChange{Name: &name}, MemberList: []im.MemberChange{{UserID: "b", MuteTime: 60}}},
			`{"operationType":6,"operatorID":"a","userIDList":["b"],"groupProfile":{"groupID":"g","name":"n"},"memberCount":2,"groupJoinType":1,"newGroupProfile":{"name":"new"},"memberList":[{"userID":"b","muteTime":60}]}`},
		{im.GroupNoticePayload{OperationType: 1, OperatorID: "a", GroupProfile: ref, HandleMessage: "h", UserDefinedField: "u", MessageKey: "k", Authentication: "x"},
			`{"operationType":1,"operatorID":"a","groupProfile":{"groupID":"g","name":"n"},"handleMessage":"h","userDefinedField":"u","messageKey":"k","authentication":"x"}`},
		{im.Message{ID: "i", ConversationID: "C2Cb", ConversationType: im.ConvC2C, Type: im.MsgText, Payload: im.TextPayload{Text: "x"}, From: "a", To: "b", Flow: im.FlowOut, Time: 5, Status: im.StatusSuccess, Sequence: 7, ClientSequence: 8, Random: 9,
			Priority: im.PriorityNormal, Nick: "n", Avatar: "v", NameCard: "c", AtUserList: []im.UserID{"z"}, CloudCustomData: "d", IsRevoked: true, Revoker: "a", IsRead: true, IsPeerRead: true, IsResend: true, IsSystemMessage: true, IsPlaceMessage: true},
			`{"ID":"i","conversationID":"C2Cb","conversationType":"C2C","type":"TIMTextElem","payload":{"text":"x"},"from":"a","to":"b","flow":"out","time":5,"status":"success","sequence":7,"clientSequence":8,"random":9,"priority":"Normal","nick":"n","avatar":"v","nameCard":"c","atUserList":["z"],"cloudCustomData":"d","isRevoked":true,"revoker":"a","isRead":true,"isPeerRead":true,"isResend":true,"isSystemMessage":true,"isPlaceMessage":true}`},
		{im.Profile{UserID: "u", Nick: "n", Avatar: "a", Gender: im.GenderMale, Birthday: 20000101, Location: "l", SelfSignature: "s", AllowType: im.AllowAny, Language: 1, MessageSettings: 1, Level: 1, Role: 1, LastUpdatedTime: 1},
			`{"userID":"u","nick":"n","avatar":"a","gender":"Gender_Type_Male","birthday":20000101,"location":"l","selfSignature":"s","allowType":"AllowType_Type_AllowAny","language":1,"messageSettings":1,"level":1,"role":1,"lastUpdatedTime":1}`},
		{im.OfflinePushInfo{DisablePush: true, Title: "t", Description: "d", Extension: "e", IgnoreIOSBadge: true, AndroidOPPOChannelID: "o"},
			`{"disablePush":true,"title":"t","description":"d","extension":"e","ignoreIOSBadge":true,"androidOPPOChannelID":"o"}`},
	} {
		b, err := json.Marshal(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if string(b) != c.json {
			t.Errorf("%T\n got %s\nwant %s", c.value, b, c.json)
		}
	}
}

func TestUnknownTypeIsKept(t *testing.T) {
	const in = `{"ID":"a-d-1","conversationID":"C2Cb","conversationType":"C2C","type":"TIMFutureElem","payload":{"deep":[1,{"x":null}],"big":12345678901234567890},"from":"a","to":"b","time":0}`
	var m im.Message
	if err := json.Unmarshal([]byte(in), &m); err != nil {
		t.Fatal(err)
	}
	if _, ok := m.Payload.(im.UnknownPayload); !ok {
		t.Fatalf("payload is a %T", m.Payload)
	}
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if string(out) != in {
		t.Errorf("\n got %s\nwant %s", out, in)
	}
	if err := m.Validate(); im.CodeOf(err) != im.CodeInvalidParameter {
		t.Errorf("it may be sent: %v", err)
	}
}

func TestUnknownFieldsAreTolerated(t *testing.T) {
	const in = `{"ID":"a-d-1","new":{"a":[]},"type":"TIMTextElem","payload":{"text":"hi","style":7},"sequence":3}`
	var m im.Message
	if err := json.Unmarshal([]byte(in), &m); err != nil {
		t.Fatal(err)
	}
	if m.Sequence != 3 || m.Payload != (im.TextPayload{Text: "hi"}) {
		t.Errorf("got %+v", m)
	}
}

func TestMessageRefusesMalformed(t *testing.T) {
	for name, in := range map[string]string{
		"no payload":            `{"ID":"x","type":"TIMTextElem"}`,
		"null payload":          `{"ID":"x","type":"TIMTextElem","payload":null}`,
		"null":                  `null`,
		"payload of text":       `{"type":"TIMTextElem","payload":"hi"}`,
		"payload in a list":     `{"type":"TIMTextElem","payload":[1]}`,
		"number too large":      `{"type":"TIMSoundElem","payload":{"second":1e99}}`,
		"number past int64":     `{"type":"TIMFileElem","payload":{"fileSize":9223372036854775808}}`,
		"fraction":              `{"type":"TIMSoundElem","payload":{"second":1.5}}`,
		"sequence below 0":      `{"type":"TIMTextElem","payload":{"text":"x"},"sequence":-1}`,
		"random past uint32":    `{"type":"TIMTextElem","payload":{"text":"x"},"random":4294967296}`,
		"type of 65 bytes":      `{"type":"` + strings.Repeat("t", 65) + `","payload":{}}`,
		"list":                  `[]`,
		"broken":                `{"type":`,
		"a message in it fails": `{"type":"TIMRelayElem","payload":{"messageList":[{"type":"TIMTextElem"}]}}`,
	} {
		var m im.Message
		if err := json.Unmarshal([]byte(in), &m); err == nil {
			t.Errorf("%s: read as %+v", name, m)
		}
	}
}

// A payload that cannot be read must not take the whole conversation list with it.
func TestLastMessageKeepsItsWords(t *testing.T) {
	var c im.Conversation
	const in = `{"conversationID":"C2Cb","lastMessage":{"type":"TIMSoundElem","payload":{"second":"x"},"messageForShow":"[Voice] 0:14"}}`
	if err := json.Unmarshal([]byte(in), &c); err != nil {
		t.Fatal(err)
	}
	if c.LastMessage.Payload != nil || c.LastMessage.MessageForShow != "[Voice] 0:14" {
		t.Errorf("got %+v", c.LastMessage)
	}
}

// merged is a message of n merged messages in one another.
func merged(n int) string {
	return strings.Repeat(`{"type":"TIMRelayElem","payload":{"messageList":[`, n) +
		`{"type":"TIMTextElem","payload":{"text":"x"}}` + strings.Repeat(`]}}`, n)
}

// Each level of merged messages looked at all levels inside it again and kept a
// copy: 1 MB of them took gigabytes.
func TestNestingIsBounded(t *testing.T) {
	for _, c := range []struct {
		levels int
		ok     bool
	}{{1, true}, {32, true}, {33, false}, {3000, false}, {20000, false}} {
		var m im.Message
		err := json.Unmarshal([]byte(merged(c.levels)), &m)
		if (err == nil) != c.ok {
			t.Errorf("%d levels: %v", c.levels, err)
		}
		var l im.LastMessage
		if err := json.Unmarshal([]byte(merged(c.levels)), &l); (err == nil) != c.ok {
			t.Errorf("%d levels as last message: %v", c.levels, err)
		}
	}
	if _, err := im.DecodePayload("TIMFutureElem", []byte(strings.Repeat("[", 101)+strings.Repeat("]", 101))); err == nil {
		t.Error("an unknown payload may nest without bounds")
	}
	deepText := `{"type":"TIMTextElem","payload":{"text":"` + strings.Repeat(`[{\"`, 500) + `"}}`
	var m im.Message
	if err := json.Unmarshal([]byte(deepText), &m); err != nil {
		t.Errorf("brackets in a text were counted: %v", err)
	}
}

package im_test

import (
	"math"
	"strings"
	"testing"

	"magpie/im"
)

// code fails the test unless err is an *im.Error with code want, or nil for 0.
func code(t *testing.T, name string, err error, want im.Code) {
	t.Helper()
	if im.CodeOf(err) != want || (err == nil) != (want == 0) {
		t.Errorf("%s: got %v, want code %d", name, err, want)
	}
}

func goodImage() im.ImagePayload {
	info := im.ImageInfo{SizeType: im.ImageThumbnail, Size: 10, Width: 198, Height: 198, ImageURL: "https://x/1"}
	return im.ImagePayload{UUID: "u", ImageFormat: im.ImageJPEG, ImageInfoArray: []im.ImageInfo{info, info, info}}
}

func goodAudio() im.AudioPayload {
	return im.AudioPayload{UUID: "u", URL: "https://x/1", Size: 1000, Second: 14, Peaks: make([]byte, 100)}
}

func goodVideo() im.VideoPayload {
	return im.VideoPayload{VideoURL: "https://x/1", VideoFormat: "mp4", VideoSecond: 3, VideoSize: 1000, ThumbWidth: 10, ThumbHeight: 10}
}

func goodFile() im.FilePayload {
	return im.FilePayload{FileName: "a.txt", FileSize: 1, FileURL: "https://x/1"}
}

func goodMerger() im.MergerPayload {
	return im.MergerPayload{Title: "t", CompatibleText: "c", MessageList: []im.Message{{Type: im.MsgText, Payload: im.TextPayload{Text: "x"}}}}
}

// with returns good after change.
func with[P im.Payload](good P, change func(*P)) P {
	change(&good)
	return good
}

func TestValidatePayloads(t *testing.T) {
	const (
		param = im.CodeInvalidParameter
		empty = im.CodeEmptyMessage
	)
	type (
		image  = im.ImagePayload
		audio  = im.AudioPayload
		video  = im.VideoPayload
		file   = im.FilePayload
		merger = im.MergerPayload
	)
	for _, c := range []struct {
		name string
		p    im.Payload
		want im.Code
	}{
		{"text", im.TextPayload{Text: "hi"}, 0},
		{"text of direction marks", im.TextPayload{Text: "a\u202eb\x01"}, 0},
		{"no text", im.TextPayload{}, empty},
		{"spaces only", im.TextPayload{Text: " \n\t\u3000"}, empty},
		{"NUL", im.TextPayload{Text: "a\x00"}, param},
		{"not UTF-8", im.TextPayload{Text: "a\xff"}, param},

		{"image", goodImage(), 0},
		{"image without sizes", im.ImagePayload{}, empty},
		{"image with four sizes", with(goodImage(), func(p *image) { p.ImageInfoArray = append(p.ImageInfoArray, p.ImageInfoArray[0]) }), empty},
		{"image without address", with(goodImage(), func(p *image) { p.ImageInfoArray[0].ImageURL = "" }), empty},
		{"image without third address", with(goodImage(), func(p *image) { p.ImageInfoArray[2].ImageURL = "" }), empty},
		{"image of 0 bytes", with(goodImage(), func(p *image) { p.ImageInfoArray[0].Size = 0 }), empty},
		{"image of 20 MB", with(goodImage(), func(p *image) { p.ImageInfoArray[2].Size = im.MaxImageBytes }), 0},
		{"image over 20 MB", with(goodImage(), func(p *image) { p.ImageInfoArray[2].Size = im.MaxImageBytes + 1 }), im.CodeImageTooLarge},
		{"image of negative bytes", with(goodImage(), func(p *image) { p.ImageInfoArray[1].Size = -1 }), param},
		{"image of huge size", with(goodImage(), func(p *image) { p.ImageInfoArray[1].Width = math.MaxInt }), param},
		{"image of negative height", with(goodImage(), func(p *image) { p.ImageInfoArray[1].Height = -1 }), param},
		{"image of size type 0", with(goodImage(), func(p *image) { p.ImageInfoArray[1].SizeType = 0 }), param},
		{"image of format 256", with(goodImage(), func(p *image) { p.ImageFormat = 256 }), param},
		{"image with a large preview", with(goodImage(), func(p *image) { p.Preview = make([]byte, im.MaxPreviewBytes+1) }), param},
		{"image with NUL", with(goodImage(), func(p *image) { p.ImageInfoArray[0].URL = "\x00" }), param},

		{"audio", goodAudio(), 0},
		{"audio by another address", with(goodAudio(), func(p *audio) { p.URL, p.RemoteAudioURL = "", "https://x/2" }), 0},
		{"audio without address", with(goodAudio(), func(p *audio) { p.URL = "" }), empty},
		{"audio of 0 bytes", with(goodAudio(), func(p *audio) { p.Size = 0 }), im.CodeFileEmpty},
		{"audio of negative bytes", with(goodAudio(), func(p *audio) { p.Size = math.MinInt64 }), im.CodeFileEmpty},
		{"audio over 20 MB", with(goodAudio(), func(p *audio) { p.Size = im.MaxAudioBytes + 1 }), im.CodeAudioTooLarge},
		{"audio of 10 minutes", with(goodAudio(), func(p *audio) { p.Second = 600 }), 0},
		{"audio over 10 minutes", with(goodAudio(), func(p *audio) { p.Second = 601 }), param},
		{"audio of negative length", with(goodAudio(), func(p *audio) { p.Second = -1 }), param},
		{"audio with 101 peaks", with(goodAudio(), func(p *audio) { p.Peaks = make([]byte, 101) }), param},

		{"video", goodVideo(), 0},
		{"video without address", with(goodVideo(), func(p *video) { p.VideoURL = "" }), empty},
		{"video of 0 bytes", with(goodVideo(), func(p *video) { p.VideoSize = 0 }), im.CodeFileEmpty},
		{"video over 100 MB", with(goodVideo(), func(p *video) { p.VideoSize = im.MaxVideoBytes + 1 }), im.CodeVideoTooLarge},
		{"video of negative length", with(goodVideo(), func(p *video) { p.VideoSecond = -1 }), param},
		{"video of two days", with(goodVideo(), func(p *video) { p.VideoSecond = 172800 }), param},
		{"video with a huge still", with(goodVideo(), func(p *video) { p.ThumbHeight = math.MaxInt }), param},
		{"video with a still over 20 MB", with(goodVideo(), func(p *video) { p.ThumbSize = im.MaxImageBytes + 1 }), im.CodeImageTooLarge},
		{"video with a still of negative bytes", with(goodVideo(), func(p *video) { p.ThumbSize = -1 }), param},
		{"video with a large preview", with(goodVideo(), func(p *video) { p.Preview = make([]byte, im.MaxPreviewBytes+1) }), param},

		{"file", goodFile(), 0},
		{"file with a path for a name", with(goodFile(), func(p *file) { p.FileName = "../../etc/passwd" }), 0},
		{"file with a large preview", with(goodFile(), func(p *file) { p.Preview = make([]byte, im.MaxPreviewBytes+1) }), param},
		{"file without address", with(goodFile(), func(p *file) { p.FileURL = "" }), empty},
		{"file without name", with(goodFile(), func(p *file) { p.FileName = "" }), empty},
		{"file of 0 bytes", with(goodFile(), func(p *file) { p.FileSize = 0 }), im.CodeFileEmpty},
		{"file over 100 MB", with(goodFile(), func(p *file) { p.FileSize = im.MaxFileBytes + 1 }), im.CodeFileTooLarge},
		{"file with NUL in its name", with(goodFile(), func(p *file) { p.FileName = "a\x00.txt" }), param},

		{"face", im.FacePayload{Index: 1, Data: "tt00"}, 0},
		{"face below 0", im.FacePayload{Index: -1}, param},

		{"place", im.LocationPayload{Description: "Xi'an", Latitude: 34.3, Longitude: 108.9}, 0},
		{"place at the corner", im.LocationPayload{Latitude: -90, Longitude: 180}, 0},
		{"place past the pole", im.LocationPayload{Latitude: 90.1}, param},
		{"place past the date line", im.LocationPayload{Longitude: -180.1}, param},
		{"no place", im.LocationPayload{Latitude: math.NaN()}, param},

		{"custom by data", im.CustomPayload{Data: "d"}, 0},
		{"custom by extension", im.CustomPayload{Extension: "d"}, 0},
		{"custom empty", im.CustomPayload{}, empty},
		{"custom not UTF-8", im.CustomPayload{Data: "\xff"}, param},

		{"merger", goodMerger(), 0},
		{"merger by key", im.MergerPayload{CompatibleText: "c", DownloadKey: "k"}, 0},
		{"merger without text", with(goodMerger(), func(p *merger) { p.CompatibleText = "" }), empty},
		{"merger without messages", with(goodMerger(), func(p *merger) { p.MessageList = nil }), empty},
		{"merger of 301", with(goodMerger(), func(p *merger) { p.MessageList = make([]im.Message, 301) }), im.CodeMergerInvalid},
		{"merger with a failed one", with(goodMerger(), func(p *merger) { p.MessageList[0].Status = im.StatusFail }), im.CodeMergerInvalid},
		{"merger with an empty one", with(goodMerger(), func(p *merger) { p.MessageList[0].Payload = nil }), im.CodeMergerInvalid},
		{"merger with another type", with(goodMerger(), func(p *merger) { p.MessageList[0].Type = im.MsgFace }), im.CodeMergerInvalid},
		{"merger with an invalid one", with(goodMerger(), func(p *merger) { p.MessageList[0].Payload = im.TextPayload{} }), im.CodeMergerInvalid},
		{"merger with a tip", with(goodMerger(), func(p *merger) {
			p.MessageList[0].Type, p.MessageList[0].Payload = im.MsgGroupTip, im.GroupTipPayload{}
		}), im.CodeMergerInvalid},
		{"merger with an unknown one", with(goodMerger(), func(p *merger) {
			p.MessageList[0].Type, p.MessageList[0].Payload = "New", im.UnknownPayload{MessageType: "New"}
		}), 0},
		{"merger with NUL in the digest", with(goodMerger(), func(p *merger) { p.AbstractList = []string{"\x00"} }), param},

		{"tip", im.GroupTipPayload{}, param},
		{"notice", im.GroupNoticePayload{}, param},
		{"unknown", im.UnknownPayload{MessageType: "New"}, param},
	} {
		code(t, c.name, c.p.Validate(), c.want)
	}
}

func goodMessage() im.Message {
	return im.Message{ID: "alice-d1-01ARZ3NDEKTSV4RRFFQ69G5FAV", ConversationID: "C2Cbob", Type: im.MsgText, Payload: im.TextPayload{Text: "hi"}}
}

func TestValidateMessage(t *testing.T) {
	many := make([]im.UserID, im.MaxAtUsers+1)
	for i := range many {
		many[i] = "bob"
	}
	for _, c := range []struct {
		name   string
		change func(*im.Message)
		want   im.Code
	}{
		{"good", func(*im.Message) {}, 0},
		{"in a group", func(m *im.Message) { m.ConversationID = "GROUPg 1/x" }, 0},
		{"no id", func(m *im.Message) { m.ID = "" }, im.CodeInvalidMessage},
		{"id with a slash", func(m *im.Message) { m.ID = "alice-d/1" }, im.CodeInvalidMessage},
		{"id of 97 bytes", func(m *im.Message) { m.ID = im.MessageID(strings.Repeat("a", 97)) }, im.CodeInvalidMessage},
		{"to nowhere", func(m *im.Message) { m.ConversationID = "bob" }, im.CodeInvalidConversationID},
		{"to the system", func(m *im.Message) { m.ConversationID = im.SystemConversation }, im.CodeInvalidConversationType},
		{"to nobody", func(m *im.Message) { m.ConversationID = "C2C" }, im.CodeInvalidUserID},
		{"to everybody", func(m *im.Message) { m.ConversationID = im.C2C(im.AtAllUsers) }, im.CodeInvalidUserID},
		{"to no group", func(m *im.Message) { m.ConversationID = "GROUP" }, im.CodeInvalidGroupID},
		{"priority", func(m *im.Message) { m.Priority = "Urgent" }, im.CodeInvalidParameter},
		{"30 mentions", func(m *im.Message) { m.AtUserList = many[:30] }, 0},
		{"31 mentions", func(m *im.Message) { m.AtUserList = many }, im.CodeTooManyMentions},
		{"mention of all", func(m *im.Message) { m.AtUserList = []im.UserID{im.AtAllUsers} }, 0},
		{"mention of 10 MB", func(m *im.Message) { m.AtUserList = []im.UserID{im.UserID(strings.Repeat("a", 10<<20))} }, im.CodeInvalidUserID},
		{"no payload", func(m *im.Message) { m.Payload = nil }, im.CodeInvalidMessage},
		{"another payload", func(m *im.Message) { m.Type = im.MsgFace }, im.CodeInvalidMessage},
		{"empty payload", func(m *im.Message) { m.Payload = im.TextPayload{} }, im.CodeEmptyMessage},
		{"8000 bytes", func(m *im.Message) { m.Payload = im.TextPayload{Text: strings.Repeat("a", 8000)} }, 0},
		{"8001 bytes", func(m *im.Message) { m.Payload = im.TextPayload{Text: strings.Repeat("a", 8001)} }, im.CodeMessageTooLong},
		{"8000 bytes and one beside", func(m *im.Message) {
			m.Payload, m.CloudCustomData = im.TextPayload{Text: strings.Repeat("a", 8000)}, "b"
		}, im.CodeMessageTooLong},
		{"8001 bytes beside", func(m *im.Message) { m.CloudCustomData = strings.Repeat("a", 8001) }, im.CodeMessageTooLong},
		{"NUL beside", func(m *im.Message) { m.CloudCustomData = "\x00" }, im.CodeInvalidParameter},
	} {
		m := goodMessage()
		c.change(&m)
		code(t, c.name, m.Validate(), c.want)
	}
}

func TestValidateSendOptions(t *testing.T) {
	for _, c := range []struct {
		name string
		push *im.OfflinePushInfo
		want im.Code
	}{
		{"none", nil, 0},
		{"2000 bytes", &im.OfflinePushInfo{Title: strings.Repeat("a", 1000), Description: strings.Repeat("b", 1000)}, 0},
		{"2001 bytes", &im.OfflinePushInfo{Title: strings.Repeat("a", 1000), Extension: strings.Repeat("b", 1001)}, im.CodeMessageTooLong},
		{"NUL", &im.OfflinePushInfo{AndroidOPPOChannelID: "\x00"}, im.CodeInvalidParameter},
	} {
		o := im.SendOptions{OfflinePushInfo: c.push}
		code(t, c.name, o.Validate(), c.want)
	}
}

// forgedNames are what no name may hold: controls and direction overrides.
func forgedNames() []string {
	return []string{"a\x00b", "a\nb", "a\tb", "\x1b[31m", "a\u007fb", "a\u0085b", "gpj.\u202eexe", "a\u202ab", "a\u2066b", "a\u2069", "a\xff"}
}

func TestValidateGroup(t *testing.T) {
	fields := func(n int, value string) map[string]string {
		m := map[string]string{}
		for i := range n {
			m[string(rune('a'+i))] = value
		}
		return m
	}
	for _, c := range []struct {
		name   string
		change func(*im.Group)
		want   im.Code
	}{
		{"good", func(*im.Group) {}, 0},
		{"in Chinese", func(g *im.Group) { g.Name = strings.Repeat("鹊", 10) }, 0},
		{"right to left", func(g *im.Group) { g.Name = "שלום\u200f" }, 0},
		{"type", func(g *im.Group) { g.Type = "Club" }, im.CodeInvalidGroupType},
		{"no name", func(g *im.Group) { g.Name = "" }, im.CodeInvalidGroupName},
		{"spaces for a name", func(g *im.Group) { g.Name = " \u3000" }, im.CodeInvalidGroupName},
		{"name of 31 bytes", func(g *im.Group) { g.Name = strings.Repeat("a", 31) }, im.CodeInvalidGroupName},
		{"name of 10 MB", func(g *im.Group) { g.Name = strings.Repeat("a", 10<<20) }, im.CodeInvalidGroupName},
		{"introduction", func(g *im.Group) { g.Introduction = strings.Repeat("a", 241) }, im.CodeInvalidGroupIntroduction},
		{"introduction of lines", func(g *im.Group) { g.Introduction = "a\nb" }, 0},
		{"notification", func(g *im.Group) { g.Notification = strings.Repeat("a", 301) }, im.CodeInvalidGroupNotification},
		{"avatar", func(g *im.Group) { g.Avatar = strings.Repeat("a", 101) }, im.CodeInvalidGroupAvatar},
		{"join option", func(g *im.Group) { g.JoinOption = "Maybe" }, im.CodeInvalidGroupParameter},
		{"10 fields", func(g *im.Group) { g.GroupCustomField = fields(10, strings.Repeat("v", 512)) }, 0},
		{"11 fields", func(g *im.Group) { g.GroupCustomField = fields(11, "") }, im.CodeInvalidGroupParameter},
		{"long field", func(g *im.Group) { g.GroupCustomField = fields(1, strings.Repeat("v", 513)) }, im.CodeInvalidGroupParameter},
		{"field without key", func(g *im.Group) { g.GroupCustomField = map[string]string{"": "v"} }, im.CodeInvalidGroupParameter},
		{"field with a dotted key", func(g *im.Group) { g.GroupCustomField = map[string]string{"a.b": "v"} }, im.CodeInvalidGroupParameter},
	} {
		g := im.Group{Name: "group", Type: im.GroupWork}
		c.change(&g)
		code(t, c.name, g.Validate(), c.want)
	}
	for _, name := range forgedNames() {
		g := im.Group{Name: name, Type: im.GroupWork}
		code(t, "name "+name, g.Validate(), im.CodeInvalidGroupName)
		code(t, "name card "+name, im.ValidateNameCard(name), im.CodeInvalidNameCard)
	}
	code(t, "no name card", im.ValidateNameCard(""), 0)
	code(t, "name card of 51 bytes", im.ValidateNameCard(strings.Repeat("a", 51)), im.CodeInvalidNameCard)

	member := im.GroupMember{UserID: "bob", Role: im.RoleMember}
	code(t, "member", member.Validate(), 0)
	for _, c := range []struct {
		change func(*im.GroupMember)
		want   im.Code
	}{
		{func(m *im.GroupMember) { m.UserID = "" }, im.CodeInvalidUserID},
		{func(m *im.GroupMember) { m.Role = "King" }, im.CodeInvalidGroupParameter},
		{func(m *im.GroupMember) { m.NameCard = "\n" }, im.CodeInvalidNameCard},
		{func(m *im.GroupMember) { m.MemberCustomField = fields(6, "") }, im.CodeInvalidGroupParameter},
		{func(m *im.GroupMember) { m.MemberCustomField = fields(1, strings.Repeat("v", 65)) }, im.CodeInvalidGroupParameter},
	} {
		m := member
		c.change(&m)
		code(t, "member", m.Validate(), c.want)
	}
}

func TestValidateProfile(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*im.Profile)
		want   im.Code
	}{
		{"empty", func(*im.Profile) {}, 0},
		{"nick of 500 bytes", func(p *im.Profile) { p.Nick = strings.Repeat("a", 500) }, 0},
		{"nick of 501 bytes", func(p *im.Profile) { p.Nick = strings.Repeat("a", 501) }, im.CodeProfileValueTooLong},
		{"avatar", func(p *im.Profile) { p.Avatar = strings.Repeat("a", 501) }, im.CodeProfileValueTooLong},
		{"signature", func(p *im.Profile) { p.SelfSignature = strings.Repeat("a", 501) }, im.CodeProfileValueTooLong},
		{"signature of lines", func(p *im.Profile) { p.SelfSignature = "a\nb" }, 0},
		{"location", func(p *im.Profile) { p.Location = strings.Repeat("a", 17) }, im.CodeProfileValueTooLong},
		{"gender", func(p *im.Profile) { p.Gender = "?" }, im.CodeProfileValueInvalid},
		{"allow type", func(p *im.Profile) { p.AllowType = "?" }, im.CodeProfileValueInvalid},
		{"birthday", func(p *im.Profile) { p.Birthday = 20000229 }, 0},
		{"no such day", func(p *im.Profile) { p.Birthday = 20010229 }, im.CodeProfileValueInvalid},
		{"no such month", func(p *im.Profile) { p.Birthday = 20011301 }, im.CodeProfileValueInvalid},
		{"birthday past all years", func(p *im.Profile) { p.Birthday = math.MaxInt }, im.CodeProfileValueInvalid},
		{"birthday below 0", func(p *im.Profile) { p.Birthday = -20000101 }, im.CodeProfileValueInvalid},
		{"level below 0", func(p *im.Profile) { p.Level = -1 }, im.CodeProfileValueInvalid},
		{"long field", func(p *im.Profile) { p.CustomField = map[string]string{"a": strings.Repeat("a", 501)} }, im.CodeProfileValueTooLong},
	} {
		var p im.Profile
		c.change(&p)
		code(t, c.name, p.Validate(), c.want)
	}
	for _, nick := range forgedNames() {
		p := im.Profile{Nick: nick}
		if err := p.Validate(); err == nil {
			t.Errorf("nick %q is allowed", nick)
		}
	}
	p := im.Profile{Nick: "a\u202eb"}
	code(t, "nick with an override", p.Validate(), im.CodeProfileValueInvalid)
}

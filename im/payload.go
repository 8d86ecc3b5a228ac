package im

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Payload is the content of a message. The set of types is that of
// [MessageType]; what is not known to this program is an [UnknownPayload].
// Payloads are values: they are not changed once they are in a message.
type Payload interface {
	// Type is the message type that carries this payload.
	Type() MessageType
	// Validate returns an *Error unless the payload may be sent.
	Validate() error
}

// DecodePayload reads the JSON form of a payload of type t.
func DecodePayload(t MessageType, data []byte) (Payload, error) {
	switch t {
	case MsgText:
		return decode[TextPayload](data)
	case MsgImage:
		return decode[ImagePayload](data)
	case MsgAudio:
		return decode[AudioPayload](data)
	case MsgVideo:
		return decode[VideoPayload](data)
	case MsgFile:
		return decode[FilePayload](data)
	case MsgFace:
		return decode[FacePayload](data)
	case MsgLocation:
		return decode[LocationPayload](data)
	case MsgCustom:
		return decode[CustomPayload](data)
	case MsgMerger:
		return decode[MergerPayload](data)
	case MsgGroupTip:
		return decode[GroupTipPayload](data)
	case MsgGroupNotice:
		return decode[GroupNoticePayload](data)
	}
	if len(t) > msgTypeMaxBytes {
		return nil, fmt.Errorf("im: message type of %d bytes", len(t))
	}
	if err := CheckNesting(data); err != nil {
		return nil, err
	}
	if !json.Valid(data) {
		return nil, fmt.Errorf("im: payload of type %q is not JSON", t)
	}
	return UnknownPayload{MessageType: t, Raw: bytes.Clone(data)}, nil
}

func decode[P Payload](data []byte) (Payload, error) {
	var p P
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, err
	}
	return p, nil
}

// PayloadSize is the number of bytes that count against [MaxMessageBytes]: the
// sum of all fields' contents. Fields that are not text count as they are
// written in JSON; group tips and notices, which only the server makes, as 0.
func PayloadSize(p Payload) int {
	switch p := p.(type) {
	case TextPayload:
		return len(p.Text)
	case CustomPayload:
		return len(p.Data) + len(p.Description) + len(p.Extension)
	case FacePayload:
		return len(p.Data) + len(fmt.Sprint(p.Index))
	case GroupTipPayload, GroupNoticePayload:
		return 0
	case UnknownPayload:
		return len(p.Raw)
	case nil:
		return 0
	}
	b, err := json.Marshal(p)
	if err != nil {
		return MaxMessageBytes + 1
	}
	return len(b)
}

// TextPayload is plain text; emoji codes, links and mentions are read out of it.
type TextPayload struct {
	Text string `json:"text"`
}

// Type implements Payload.
func (TextPayload) Type() MessageType { return MsgText }

// Validate refuses empty text (2403), NUL and invalid UTF-8 (6017).
func (p TextPayload) Validate() error {
	if strings.TrimSpace(p.Text) == "" {
		return Errorf(CodeEmptyMessage, "the text is empty")
	}
	return checkText("text", p.Text)
}

// FacePayload is a sticker: Index chooses it, Data names the set or more.
type FacePayload struct {
	Index int    `json:"index"`
	Data  string `json:"data"`
}

// Type implements Payload.
func (FacePayload) Type() MessageType { return MsgFace }

// Validate refuses a negative index (6017).
func (p FacePayload) Validate() error {
	if p.Index < 0 {
		return Errorf(CodeInvalidParameter, "sticker %d", p.Index)
	}
	return checkTexts(p.Data)
}

// LocationPayload is a place on earth, in degrees.
type LocationPayload struct {
	Description string  `json:"description"`
	Latitude    float64 `json:"latitude"`
	Longitude   float64 `json:"longitude"`
}

// Type implements Payload.
func (LocationPayload) Type() MessageType { return MsgLocation }

// Validate refuses places off the globe (6017).
func (p LocationPayload) Validate() error {
	if !(p.Latitude >= -90 && p.Latitude <= 90 && p.Longitude >= -180 && p.Longitude <= 180) {
		return Errorf(CodeInvalidParameter, "no such place: %g, %g", p.Latitude, p.Longitude)
	}
	return checkTexts(p.Description)
}

// CustomPayload is content that programs agree on among themselves.
type CustomPayload struct {
	Data        string `json:"data"`
	Description string `json:"description"`
	Extension   string `json:"extension"`
}

// Type implements Payload.
func (CustomPayload) Type() MessageType { return MsgCustom }

// Validate refuses a message whose three parts are all empty (2403).
func (p CustomPayload) Validate() error {
	if p.Data == "" && p.Description == "" && p.Extension == "" {
		return Errorf(CodeEmptyMessage, "data, description and extension are all empty")
	}
	return checkTexts(p.Data, p.Description, p.Extension)
}

// MergerPayload is several messages forwarded as one, at most 300. Those that fit
// into a message are in MessageList; of others DownloadKey is the address of a file
// with their list as JSON, and Files are the addresses of what that list names, so
// that whoever may read the message may read them too.
type MergerPayload struct {
	Title           string    `json:"title"`
	AbstractList    []string  `json:"abstractList"`
	CompatibleText  string    `json:"compatibleText"`
	MessageList     []Message `json:"messageList,omitempty"`
	DownloadKey     string    `json:"downloadKey,omitempty"`
	Files           []string  `json:"files,omitempty"`
	Version         int       `json:"version,omitempty"`
	LayersOverLimit bool      `json:"layersOverLimit,omitempty"`
}

// Type implements Payload.
func (MergerPayload) Type() MessageType { return MsgMerger }

// Validate refuses an empty list or text (2403), more than 300 messages and
// messages that cannot be forwarded: failed ones, tips, notices and those whose
// own payload is not valid (2450). Unknown types are forwarded as they are.
func (p MergerPayload) Validate() error {
	if len(p.MessageList) == 0 && p.DownloadKey == "" || p.CompatibleText == "" {
		return Errorf(CodeEmptyMessage, "a merged message needs messages and a text for older clients")
	}
	if len(p.MessageList) > MaxMergedMessages {
		return Errorf(CodeMergerInvalid, "%d merged messages, %d are allowed", len(p.MessageList), MaxMergedMessages)
	}
	for i := range p.MessageList {
		m := &p.MessageList[i]
		if m.Status == StatusFail || m.Payload == nil || m.Payload.Type() != m.Type {
			return Errorf(CodeMergerInvalid, "merged message %d was not sent or has no content", i)
		}
		if _, unknown := m.Payload.(UnknownPayload); unknown {
			continue
		}
		if err := m.Payload.Validate(); err != nil {
			return Errorf(CodeMergerInvalid, "merged message %d: %v", i, err)
		}
	}
	for _, f := range p.Files {
		if _, ok := BlobHash(f); !ok {
			return Errorf(CodeMergerInvalid, "%.80q is not the address of a file", f)
		}
	}
	return checkTexts(append([]string{p.Title, p.CompatibleText, p.DownloadKey}, p.AbstractList...)...)
}

// UnknownPayload keeps a payload of a type this program does not know, so that
// it is stored and passed on unchanged. It is shown as an unknown message and
// cannot be sent.
type UnknownPayload struct {
	MessageType MessageType
	Raw         json.RawMessage
}

// Type implements Payload.
func (p UnknownPayload) Type() MessageType { return p.MessageType }

// Validate always refuses (6017).
func (p UnknownPayload) Validate() error {
	return Errorf(CodeInvalidParameter, "message type %.64q is not known", p.MessageType)
}

// MarshalJSON returns the payload as it came.
func (p UnknownPayload) MarshalJSON() ([]byte, error) {
	if len(p.Raw) == 0 {
		return []byte("{}"), nil
	}
	return p.Raw, nil
}

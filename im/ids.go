package im

import (
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// UserID names an account: 1 to 32 bytes of ASCII letters, digits, '_' and '-'
// ([UserID.Validate]). It never contains a separator of paths, subjects or
// conversation ids, so it can be embedded in all of them.
type UserID string

// GroupID names a group: 1 to 48 bytes of printable ASCII. Ids given by the
// server begin with "@TGS#", which people may not choose.
type GroupID string

// ConversationID names a conversation as one of its members sees it:
// "C2C" + the peer's UserID, "GROUP" + the GroupID, or [SystemConversation].
// The same one-to-one conversation therefore has a different id on each side.
type ConversationID string

// MessageID names a message for ever, on every device and on the server. Its
// sender makes it once: user, '-', device, '-', ULID. Ids order by nothing;
// order within a conversation is [Message.Sequence] alone.
type MessageID string

// SystemUser is the sender of tips and notices, and SystemConversation the
// conversation that collects notices.
const (
	SystemUser         UserID         = "@TIM#SYSTEM"
	SystemConversation ConversationID = "@TIM#SYSTEM"
)

// GroupIDPrefix begins every group id that the server chose itself.
const GroupIDPrefix = "@TGS#"

// Validate returns an *Error with code 7003 unless u may name an account.
// [AtAllUsers] has the form of an id and is nobody's.
func (u UserID) Validate() error {
	if u == AtAllUsers {
		return Errorf(CodeInvalidUserID, "user id %s stands for everybody", AtAllUsers)
	}
	if len(u) == 0 || len(u) > MaxUserIDBytes {
		return Errorf(CodeInvalidUserID, "user id of %d bytes, 1 to %d are allowed", len(u), MaxUserIDBytes)
	}
	for i := range len(u) {
		if c := u[i]; !isAlnum(c) && c != '_' && c != '-' {
			return Errorf(CodeInvalidUserID, "user id contains %q; letters, digits, '_' and '-' are allowed", c)
		}
	}
	return nil
}

// Validate returns an *Error with code 8501 unless g may name a group,
// including the ids that only the server gives.
func (g GroupID) Validate() error {
	if len(g) == 0 || len(g) > MaxGroupIDBytes {
		return Errorf(CodeInvalidGroupID, "group id of %d bytes, 1 to %d are allowed", len(g), MaxGroupIDBytes)
	}
	for i := range len(g) {
		if g[i] < 0x20 || g[i] > 0x7e {
			return Errorf(CodeInvalidGroupID, "group id contains byte 0x%02x; printable ASCII is allowed", g[i])
		}
	}
	return nil
}

// ValidateChosen is Validate for an id that a person asks for: those that
// begin with "@TGS#" are the server's own, and spaces at an end would make ids
// that look the same.
func (g GroupID) ValidateChosen() error {
	if strings.HasPrefix(string(g), GroupIDPrefix) {
		return Errorf(CodeInvalidGroupID, "group id begins with %q, which only the server gives", GroupIDPrefix)
	}
	if strings.TrimSpace(string(g)) != string(g) {
		return Errorf(CodeInvalidGroupID, "group id begins or ends with a space")
	}
	return g.Validate()
}

// C2C returns the id under which the caller sees its conversation with peer.
func C2C(peer UserID) ConversationID { return ConversationID("C2C" + string(peer)) }

// GroupConversation returns the id of the conversation of group g.
func GroupConversation(g GroupID) ConversationID { return ConversationID("GROUP" + string(g)) }

// Type returns the kind of conversation, or "" if c is none of the three forms.
func (c ConversationID) Type() ConversationType {
	switch {
	case c == SystemConversation:
		return ConvSystem
	case strings.HasPrefix(string(c), "C2C"):
		return ConvC2C
	case strings.HasPrefix(string(c), "GROUP"):
		return ConvGroup
	}
	return ""
}

// Peer returns the other side of a one-to-one conversation, "" for any other.
func (c ConversationID) Peer() UserID {
	if p, ok := strings.CutPrefix(string(c), "C2C"); ok {
		return UserID(p)
	}
	return ""
}

// Group returns the group of a group conversation, "" for any other.
func (c ConversationID) Group() GroupID {
	if g, ok := strings.CutPrefix(string(c), "GROUP"); ok && c.Type() == ConvGroup {
		return GroupID(g)
	}
	return ""
}

// To returns what the interface calls "to": the peer or the group.
func (c ConversationID) To() string {
	if c.Type() == ConvGroup {
		return string(c.Group())
	}
	return string(c.Peer())
}

// Validate returns an *Error with code 2503, 7003 or 8501 unless c is well formed.
func (c ConversationID) Validate() error {
	switch c.Type() {
	case ConvSystem:
		return nil
	case ConvC2C:
		return c.Peer().Validate()
	case ConvGroup:
		return c.Group().Validate()
	}
	return Errorf(CodeInvalidConversationID, "conversation id must begin with C2C or GROUP")
}

// NewConversationID builds the id from the interface's pair of type and "to".
func NewConversationID(t ConversationType, to string) (ConversationID, error) {
	var c ConversationID
	switch t {
	case ConvC2C:
		c = C2C(UserID(to))
	case ConvGroup:
		c = GroupConversation(GroupID(to))
	default:
		return "", Errorf(CodeInvalidConversationType, "messages go to %s or %s, not to %q", ConvC2C, ConvGroup, t)
	}
	return c, c.Validate()
}

// Validate returns an *Error with code 2105 unless m has the shape
// user-device-unique of at most [MaxMessageIDBytes] bytes of ASCII letters,
// digits, '_' and '-' ('@' and '#' too, for the server's own).
func (m MessageID) Validate() error {
	if len(m) == 0 || len(m) > MaxMessageIDBytes {
		return Errorf(CodeInvalidMessage, "message id of %d bytes, 1 to %d are allowed", len(m), MaxMessageIDBytes)
	}
	for i := range len(m) {
		if c := m[i]; !isAlnum(c) && !strings.ContainsRune("_-@#", rune(c)) {
			return Errorf(CodeInvalidMessage, "message id contains %q", c)
		}
	}
	return nil
}

// NewMessageID makes the id of a message that user writes on device at t, with
// 80 random bits from entropy; nil stands for crypto/rand. A
// ulid.MonotonicReader makes ids of one millisecond ascend. The error is an
// *Error for the user or the device, else that of entropy or of a time that no
// ULID can hold (before 1970, after 10889).
func NewMessageID(user UserID, device string, t time.Time, entropy io.Reader) (MessageID, error) {
	if err := user.Validate(); err != nil {
		return "", err
	}
	if err := ValidateDevice(device); err != nil {
		return "", err
	}
	if entropy == nil {
		// ulid takes nil for "all zero", which would name every message the same.
		entropy = rand.Reader
	}
	id, err := ulid.New(ulid.Timestamp(t), entropy)
	if err != nil {
		return "", fmt.Errorf("im: new message id: %w", err)
	}
	return MessageID(string(user) + "-" + device + "-" + id.String()), nil
}

// ValidateDevice returns an *Error with code 6017 unless device may name an
// installation of an account: 1 to [MaxDeviceIDBytes] bytes of ASCII letters,
// digits and '_'. A '-' divides the parts of a message id.
func ValidateDevice(device string) error {
	if len(device) == 0 || len(device) > MaxDeviceIDBytes {
		return Errorf(CodeInvalidParameter, "device id of %d bytes, 1 to %d are allowed", len(device), MaxDeviceIDBytes)
	}
	for i := range len(device) {
		if c := device[i]; !isAlnum(c) && c != '_' {
			return Errorf(CodeInvalidParameter, "device id contains %q; letters, digits and '_' are allowed", c)
		}
	}
	return nil
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

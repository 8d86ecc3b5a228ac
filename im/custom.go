package im

import (
	"encoding/json"
	"strings"
)

// Custom messages that this program gives a meaning of its own. All others are
// shown by their description.

// groupCreatedData is the data of the custom message that a new group's owner
// says first, as clients of the interface do.
const groupCreatedData = "group_create"

// NewGroupCreated is what the owner of a new group says first; it lets the
// members of a work group see the group. extension tells it in words to clients
// that do not know it.
func NewGroupCreated(owner UserID) CustomPayload {
	return CustomPayload{Data: groupCreatedData, Extension: string(owner) + "创建群组"}
}

// GroupCreated reports whether p is what NewGroupCreated makes.
func (p CustomPayload) GroupCreated() bool { return p.Data == groupCreatedData }

// typingStatus is the custom message by which clients of the interface tell that
// somebody types; it goes to who is online only and is never shown as a message.
type typingStatus struct {
	BusinessID   string `json:"businessID"`
	TypingStatus int    `json:"typingStatus"`
	UserAction   int    `json:"userAction"`
	Version      int    `json:"version"`
	ActionParam  string `json:"actionParam"`
}

const (
	typingBusiness = "user_typing_status"
	typingAction   = 14
	typingInput    = "EIMAMSG_InputStatus_Ing"
	typingEnd      = "EIMAMSG_InputStatus_End"
)

// NewTyping tells that its sender types, or no longer does.
func NewTyping(on bool) CustomPayload {
	s := typingStatus{BusinessID: typingBusiness, UserAction: typingAction, ActionParam: typingEnd}
	if on {
		s.TypingStatus, s.ActionParam = 1, typingInput
	}
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and numbers always can be
	}
	return CustomPayload{Data: string(data)}
}

// Typing reports whether p tells that its sender types (on) or stopped; ok is
// false if it tells something else.
func (p CustomPayload) Typing() (on, ok bool) {
	if !strings.Contains(p.Data, typingBusiness) || len(p.Data) > MaxMessageBytes {
		return false, false
	}
	var s typingStatus
	if json.Unmarshal([]byte(p.Data), &s) != nil || s.BusinessID != typingBusiness {
		return false, false
	}
	return s.TypingStatus == 1 || s.ActionParam == typingInput, true
}

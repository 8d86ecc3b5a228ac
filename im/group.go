package im

import "strings"

// Group is a group's profile. MemberCount and the rights of its type are the
// server's; SelfInfo is the reader's own standing in it.
type Group struct {
	GroupID          GroupID           `json:"groupID"`
	Name             string            `json:"name"`
	Avatar           string            `json:"avatar,omitempty"`
	Type             GroupType         `json:"type"`
	Introduction     string            `json:"introduction,omitempty"`
	Notification     string            `json:"notification,omitempty"`
	OwnerID          UserID            `json:"ownerID,omitempty"`
	CreateTime       int64             `json:"createTime,omitempty"`   // ms since 1970
	LastInfoTime     int64             `json:"lastInfoTime,omitempty"` // ms since 1970
	InfoSequence     uint64            `json:"infoSequence,omitempty"`
	MemberCount      int               `json:"memberCount,omitempty"`
	MaxMemberCount   int               `json:"maxMemberCount,omitempty"`
	JoinOption       JoinOption        `json:"joinOption,omitempty"`
	MuteAllMembers   bool              `json:"muteAllMembers,omitempty"`
	GroupCustomField map[string]string `json:"groupCustomField,omitempty"`
	SelfInfo         *GroupSelfInfo    `json:"selfInfo,omitempty"`
}

// GroupSelfInfo is what the signed-in user is and wants in a group.
type GroupSelfInfo struct {
	Role              Role       `json:"role"`
	JoinTime          int64      `json:"joinTime"` // ms since 1970
	NameCard          string     `json:"nameCard,omitempty"`
	MessageRemindType RemindType `json:"messageRemindType,omitempty"`
}

// GroupMember is one member of a group. MuteUntil is ms since 1970, 0 if not muted.
type GroupMember struct {
	UserID            UserID            `json:"userID"`
	Nick              string            `json:"nick,omitempty"`
	Avatar            string            `json:"avatar,omitempty"`
	Role              Role              `json:"role"`
	JoinTime          int64             `json:"joinTime"` // ms since 1970
	LastSendMsgTime   int64             `json:"lastSendMsgTime,omitempty"`
	NameCard          string            `json:"nameCard,omitempty"`
	MuteUntil         int64             `json:"muteUntil,omitempty"`
	MemberCustomField map[string]string `json:"memberCustomField,omitempty"`
}

// Validate checks what people choose about a group. The error is an *Error:
// 2600 for the type, 8502 to 8505 for the texts.
func (g *Group) Validate() error {
	switch g.Type {
	case GroupWork, GroupPublic, GroupMeeting, GroupAVChatRoom:
	default:
		return Errorf(CodeInvalidGroupType, "group type %.32q is not known", g.Type)
	}
	if strings.TrimSpace(g.Name) == "" || !validName(g.Name, MaxGroupNameBytes) {
		return Errorf(CodeInvalidGroupName, "group name of %d bytes; 1 to %d are allowed, on one line, without direction controls", len(g.Name), MaxGroupNameBytes)
	}
	if !validText(g.Introduction, MaxGroupIntroductionBytes) {
		return Errorf(CodeInvalidGroupIntroduction, "introduction of %d bytes, %d are allowed", len(g.Introduction), MaxGroupIntroductionBytes)
	}
	if !validText(g.Notification, MaxGroupNotificationBytes) {
		return Errorf(CodeInvalidGroupNotification, "notice of %d bytes, %d are allowed", len(g.Notification), MaxGroupNotificationBytes)
	}
	if !validText(g.Avatar, MaxGroupAvatarBytes) {
		return Errorf(CodeInvalidGroupAvatar, "avatar address of %d bytes, %d are allowed", len(g.Avatar), MaxGroupAvatarBytes)
	}
	switch g.JoinOption {
	case "", JoinFree, JoinNeedPermission, JoinDisabled:
	default:
		return Errorf(CodeInvalidGroupParameter, "join option %.32q is not known", g.JoinOption)
	}
	return validFields(g.GroupCustomField, MaxGroupFields, MaxGroupFieldBytes)
}

// Validate checks what people choose about a member. The error is an *Error:
// 7003, 8506 for the name card, 10004 for the rest.
func (m *GroupMember) Validate() error {
	if err := m.UserID.Validate(); err != nil {
		return err
	}
	if err := ValidateNameCard(m.NameCard); err != nil {
		return err
	}
	switch m.Role {
	case RoleOwner, RoleAdmin, RoleMember:
	default:
		return Errorf(CodeInvalidGroupParameter, "role %.32q is not known", m.Role)
	}
	return validFields(m.MemberCustomField, MaxMemberFields, MaxMemberFieldBytes)
}

// ValidateNameCard returns an *Error with code 8506 unless card may be a
// member's name in a group; an empty one takes the name away.
func ValidateNameCard(card string) error {
	if !validName(card, MaxNameCardBytes) {
		return Errorf(CodeInvalidNameCard, "name card of %d bytes; %d are allowed, on one line, without direction controls", len(card), MaxNameCardBytes)
	}
	return nil
}

// validFields checks custom fields; the error is an *Error with code 10004.
func validFields(fields map[string]string, most, valueBytes int) error {
	if len(fields) > most {
		return Errorf(CodeInvalidGroupParameter, "%d custom fields, %d are allowed", len(fields), most)
	}
	for k, v := range fields {
		if !validFieldKey(k) {
			return Errorf(CodeInvalidGroupParameter, "key of a custom field: 1 to %d letters, digits and '_' are allowed", MaxFieldKeyBytes)
		}
		if !validText(v, valueBytes) {
			return Errorf(CodeInvalidGroupParameter, "custom field %s of %d bytes, %d are allowed", k, len(v), valueBytes)
		}
	}
	return nil
}

func validFieldKey(k string) bool {
	for i := range len(k) {
		if !isAlnum(k[i]) && k[i] != '_' {
			return false
		}
	}
	return len(k) > 0 && len(k) <= MaxFieldKeyBytes
}

// HasUnread reports whether conversations of groups of type t count unread
// messages; Meeting and AVChatRoom groups do not.
func (t GroupType) HasUnread() bool { return t != GroupMeeting && t != GroupAVChatRoom }

// HistoryFromStart reports whether a new member may read what was said before
// it joined.
func (t GroupType) HistoryFromStart() bool { return t == GroupMeeting }

// MembersInvite reports whether every member may bring in others without
// their consent.
func (t GroupType) MembersInvite() bool { return t == GroupWork }

// OwnerMayQuit reports whether the owner may leave and so leave the group
// without an owner.
func (t GroupType) OwnerMayQuit() bool { return t == GroupWork }

// MemberTips reports whether joins and departures are told in the conversation.
func (t GroupType) MemberTips() bool { return t != GroupMeeting }

package im

// GroupTipOperation is what a group tip tells.
type GroupTipOperation int

// Group tip operations.
const (
	TipMemberJoin           GroupTipOperation = 1
	TipMemberQuit           GroupTipOperation = 2
	TipMemberKickedOut      GroupTipOperation = 3
	TipMemberSetAdmin       GroupTipOperation = 4
	TipMemberCanceledAdmin  GroupTipOperation = 5
	TipGroupProfileUpdated  GroupTipOperation = 6
	TipMemberProfileUpdated GroupTipOperation = 7
)

// Ways to join, in [GroupTipPayload].GroupJoinType.
const (
	JoinedByApplying = 1
	JoinedByInvite   = 2
)

// GroupTipPayload tells the members of a group what changed in it. Tips are
// stored and counted like other messages; only the server makes them.
type GroupTipPayload struct {
	OperationType   GroupTipOperation `json:"operationType"`
	OperatorID      UserID            `json:"operatorID"`
	UserIDList      []UserID          `json:"userIDList,omitempty"`
	GroupProfile    GroupRef          `json:"groupProfile"`
	MemberCount     int               `json:"memberCount,omitempty"`
	GroupJoinType   int               `json:"groupJoinType,omitempty"`
	NewGroupProfile *GroupChange      `json:"newGroupProfile,omitempty"`
	MemberList      []MemberChange    `json:"memberList,omitempty"`
	// Names are the nicks of the operator and the users at that time.
	Names map[UserID]string `json:"names,omitempty"`
}

// GroupRef names a group in a tip or a notice.
type GroupRef struct {
	GroupID   GroupID   `json:"groupID"`
	Name      string    `json:"name,omitempty"`
	GroupName string    `json:"groupName,omitempty"` // accepted from older senders
	Type      GroupType `json:"type,omitempty"`
}

// Best is the best name there is for the group.
func (r GroupRef) Best() string {
	switch {
	case r.Name != "":
		return r.Name
	case r.GroupName != "":
		return r.GroupName
	}
	return string(r.GroupID)
}

// GroupChange holds the fields of a group's profile that changed; nil means unchanged.
type GroupChange struct {
	Name           *string           `json:"name,omitempty"`
	Avatar         *string           `json:"avatar,omitempty"`
	Introduction   *string           `json:"introduction,omitempty"`
	Notification   *string           `json:"notification,omitempty"`
	OwnerID        *UserID           `json:"ownerID,omitempty"`
	JoinOption     *JoinOption       `json:"joinOption,omitempty"`
	MuteAllMembers *bool             `json:"muteAllMembers,omitempty"`
	CustomField    map[string]string `json:"groupCustomField,omitempty"`
}

// MemberChange tells of one member; MuteTime is seconds, 0 for unmuted.
type MemberChange struct {
	UserID   UserID `json:"userID"`
	MuteTime int64  `json:"muteTime"`
}

// Type implements Payload.
func (GroupTipPayload) Type() MessageType { return MsgGroupTip }

// Validate implements Payload: people cannot send tips.
func (GroupTipPayload) Validate() error {
	return Errorf(CodeInvalidParameter, "group tips are made by the server")
}

// GroupNoticeOperation is what a group system notice tells.
type GroupNoticeOperation int

// Group system notice operations.
const (
	NoticeJoinRequest    GroupNoticeOperation = 1
	NoticeJoinAccepted   GroupNoticeOperation = 2
	NoticeJoinRefused    GroupNoticeOperation = 3
	NoticeKickedOut      GroupNoticeOperation = 4
	NoticeDismissed      GroupNoticeOperation = 5
	NoticeCreated        GroupNoticeOperation = 6
	NoticeInvited        GroupNoticeOperation = 7
	NoticeQuit           GroupNoticeOperation = 8
	NoticeSetAdmin       GroupNoticeOperation = 9
	NoticeCanceledAdmin  GroupNoticeOperation = 10
	NoticeRecycled       GroupNoticeOperation = 11
	NoticeInvitation     GroupNoticeOperation = 12
	NoticeInviteAccepted GroupNoticeOperation = 13
	NoticeInviteRefused  GroupNoticeOperation = 14
	NoticeReadSync       GroupNoticeOperation = 15
	NoticeRemindType     GroupNoticeOperation = 20
	NoticeCustom         GroupNoticeOperation = 255
)

// Asks reports whether the notice waits for an answer: somebody wants to join, or
// invites the reader.
func (p GroupNoticePayload) Asks() bool {
	return p.OperationType == NoticeJoinRequest || p.OperationType == NoticeInvitation
}

// Counts reports whether a notice adds to the unread count: those that only tell
// the reader what it did itself do not.
func (p GroupNoticePayload) Counts() bool {
	switch p.OperationType {
	case NoticeCreated, NoticeQuit, NoticeRecycled, NoticeReadSync, NoticeRemindType:
		return false
	}
	return true
}

// GroupNoticePayload is a notice to one user in [SystemConversation].
type GroupNoticePayload struct {
	OperationType    GroupNoticeOperation `json:"operationType"`
	OperatorID       UserID               `json:"operatorID"`
	GroupProfile     GroupRef             `json:"groupProfile"`
	HandleMessage    string               `json:"handleMessage,omitempty"`
	UserDefinedField string               `json:"userDefinedField,omitempty"`
	MessageKey       string               `json:"messageKey,omitempty"`
	Authentication   string               `json:"authentication,omitempty"`
	// Handled is how a request or invitation was answered, as far as this device
	// knows; clients keep it for themselves.
	Handled HandleAction `json:"handled,omitempty"`
	// Names are the nicks of those named at that time.
	Names map[UserID]string `json:"names,omitempty"`
}

// Type implements Payload.
func (GroupNoticePayload) Type() MessageType { return MsgGroupNotice }

// Validate implements Payload: people cannot send notices.
func (GroupNoticePayload) Validate() error {
	return Errorf(CodeInvalidParameter, "system notices are made by the server")
}

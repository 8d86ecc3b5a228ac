package im

// MessageType is the type of a message's payload, with the interface's values.
type MessageType string

// Message types.
const (
	MsgText         MessageType = "TIMTextElem"
	MsgImage        MessageType = "TIMImageElem"
	MsgAudio        MessageType = "TIMSoundElem"
	MsgFile         MessageType = "TIMFileElem"
	MsgFace         MessageType = "TIMFaceElem"
	MsgVideo        MessageType = "TIMVideoFileElem"
	MsgLocation     MessageType = "TIMLocationElem"
	MsgCustom       MessageType = "TIMCustomElem"
	MsgMerger       MessageType = "TIMRelayElem"
	MsgGroupTip     MessageType = "TIMGroupTipElem"
	MsgGroupNotice  MessageType = "TIMGroupSystemNoticeElem"
	msgTypeMaxBytes             = 64
)

// ConversationType tells one-to-one, group and system conversations apart.
type ConversationType string

// Conversation types.
const (
	ConvC2C    ConversationType = "C2C"
	ConvGroup  ConversationType = "GROUP"
	ConvSystem ConversationType = "@TIM#SYSTEM"
)

// Priority orders messages of a group that is over its rate; "" means Normal.
type Priority string

// Priorities, from the one kept longest to the one dropped first.
const (
	PriorityHigh   Priority = "High"
	PriorityNormal Priority = "Normal"
	PriorityLow    Priority = "Low"
	PriorityLowest Priority = "Lowest"
)

// Flow is the direction of a message as the signed-in user sees it.
type Flow string

// Flows.
const (
	FlowIn  Flow = "in"
	FlowOut Flow = "out"
)

// Status is where an own message stands.
type Status string

// Statuses. A received message is always StatusSuccess.
const (
	StatusUnsent  Status = "unSend"
	StatusSuccess Status = "success"
	StatusFail    Status = "fail"
)

// GroupType decides the rights of a group's members.
type GroupType string

// Group types.
const (
	GroupWork       GroupType = "Private"
	GroupPublic     GroupType = "Public"
	GroupMeeting    GroupType = "ChatRoom"
	GroupAVChatRoom GroupType = "AVChatRoom"
)

// Role is a member's standing in a group.
type Role string

// Roles.
const (
	RoleOwner  Role = "Owner"
	RoleAdmin  Role = "Admin"
	RoleMember Role = "Member"
)

// RemindType says what an incoming message of a conversation may do.
type RemindType string

// Remind types: notify, receive quietly, do not receive.
const (
	RemindNotify  RemindType = "AcceptAndNotify"
	RemindQuiet   RemindType = "AcceptNotNotify"
	RemindDiscard RemindType = "Discard"
)

// JoinOption says who may join a group by applying.
type JoinOption string

// Join options.
const (
	JoinFree           JoinOption = "FreeAccess"
	JoinNeedPermission JoinOption = "NeedPermission"
	JoinDisabled       JoinOption = "DisableApply"
)

// JoinStatus is what came of asking to join a group.
type JoinStatus string

// Join statuses.
const (
	JoinSuccess        JoinStatus = "JoinedSuccess"
	JoinAlreadyInGroup JoinStatus = "AlreadyInGroup"
	JoinWaitApproval   JoinStatus = "WaitAdminApproval"
)

// HandleAction is the answer to who asks to join, or to an invitation.
type HandleAction string

// Handle actions.
const (
	HandleAgree  HandleAction = "Agree"
	HandleReject HandleAction = "Reject"
)

// Gender of a profile.
type Gender string

// Genders.
const (
	GenderUnknown Gender = "Gender_Type_Unknown"
	GenderFemale  Gender = "Gender_Type_Female"
	GenderMale    Gender = "Gender_Type_Male"
)

// AllowType says who may add the user as a friend.
type AllowType string

// Allow types.
const (
	AllowAny         AllowType = "AllowType_Type_AllowAny"
	AllowNeedConfirm AllowType = "AllowType_Type_NeedConfirm"
	AllowDenyAny     AllowType = "AllowType_Type_DenyAny"
)

// AtType says whom an unread message of a group mentions.
type AtType int

// At types; a message that mentions both the user and everybody is AtAllAtMe.
const (
	AtMe      AtType = 1
	AtAll     AtType = 2
	AtAllAtMe AtType = 3
)

// AtAllUsers is the pseudo user id in AtUserList that mentions everybody.
const AtAllUsers UserID = "__kImSDK_MesssageAtALL__"

// UserStatus is whether an account is connected.
type UserStatus int

// User statuses.
const (
	StatusUnknown UserStatus = 0
	StatusOnline  UserStatus = 1
	StatusOffline UserStatus = 2
)

// NetState is the state of the client's connection.
type NetState string

// Net states.
const (
	NetConnected    NetState = "connected"
	NetConnecting   NetState = "connecting"
	NetDisconnected NetState = "disconnected"
)

// KickReason is why the server ended a session for good.
type KickReason string

// Kick reasons.
const (
	KickMultipleAccount KickReason = "multipleAccount"
	KickMultipleDevice  KickReason = "multipleDevice"
	KickUserSigExpired  KickReason = "userSigExpired"
	KickREST            KickReason = "REST_API_Kick"
)

// EventName names an event of the client core.
type EventName string

// Events of the interface.
const (
	EventSDKReady                EventName = "sdkStateReady"
	EventSDKNotReady             EventName = "sdkStateNotReady"
	EventSDKDestroy              EventName = "sdkDestroy"
	EventMessageReceived         EventName = "onMessageReceived"
	EventGroupNoticeReceived     EventName = "receiveGroupSystemNotice"
	EventMessageRevoked          EventName = "onMessageRevoked"
	EventMessageReadByPeer       EventName = "onMessageReadByPeer"
	EventConversationListUpdated EventName = "onConversationListUpdated"
	EventTotalUnreadUpdated      EventName = "onTotalUnreadMessageCountUpdated"
	EventGroupListUpdated        EventName = "onGroupListUpdated"
	EventProfileUpdated          EventName = "onProfileUpdated"
	EventUserStatusUpdated       EventName = "onUserStatusUpdated"
	EventBlacklistUpdated        EventName = "blacklistUpdated"
	EventKickedOut               EventName = "kickedOut"
	EventError                   EventName = "error"
	EventNetStateChange          EventName = "netStateChange"
)

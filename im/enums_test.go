package im_test

import (
	"testing"

	"magpie/im"
)

// The values are those that the published interface has at run time. They are
// on disks and on wires, so none may ever change.
func TestPublishedValues(t *testing.T) {
	same := func(name string, got, want any) {
		if got != want {
			t.Errorf("%s = %v, published is %v", name, got, want)
		}
	}
	for want, got := range map[string]im.EventName{
		"sdkStateReady": im.EventSDKReady, "sdkStateNotReady": im.EventSDKNotReady, "sdkDestroy": im.EventSDKDestroy,
		"onMessageReceived": im.EventMessageReceived, "receiveGroupSystemNotice": im.EventGroupNoticeReceived, "onMessageRevoked": im.EventMessageRevoked, "onMessageReadByPeer": im.EventMessageReadByPeer,
		"onConversationListUpdated": im.EventConversationListUpdated, "onTotalUnreadMessageCountUpdated": im.EventTotalUnreadUpdated,
		"onGroupListUpdated": im.EventGroupListUpdated, "onProfileUpdated": im.EventProfileUpdated, "onUserStatusUpdated": im.EventUserStatusUpdated,
		"blacklistUpdated": im.EventBlacklistUpdated, "kickedOut": im.EventKickedOut, "error": im.EventError, "netStateChange": im.EventNetStateChange,
	} {
		same("event", string(got), want)
	}
	for want, got := range map[string]im.MessageType{
		"TIMTextElem": im.MsgText, "TIMImageElem": im.MsgImage, "TIMSoundElem": im.MsgAudio, "TIMFileElem": im.MsgFile, "TIMFaceElem": im.MsgFace,
		"TIMVideoFileElem": im.MsgVideo, "TIMLocationElem": im.MsgLocation, "TIMGroupTipElem": im.MsgGroupTip,
		"TIMGroupSystemNoticeElem": im.MsgGroupNotice, "TIMCustomElem": im.MsgCustom, "TIMRelayElem": im.MsgMerger,
	} {
		same("message type", string(got), want)
	}
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"MSG_PRIORITY_HIGH", im.PriorityHigh, im.Priority("High")},
		{"MSG_PRIORITY_NORMAL", im.PriorityNormal, im.Priority("Normal")},
		{"MSG_PRIORITY_LOW", im.PriorityLow, im.Priority("Low")},
		{"MSG_PRIORITY_LOWEST", im.PriorityLowest, im.Priority("Lowest")},
		{"CONV_C2C", im.ConvC2C, im.ConversationType("C2C")},
		{"CONV_GROUP", im.ConvGroup, im.ConversationType("GROUP")},
		{"CONV_SYSTEM", im.ConvSystem, im.ConversationType("@TIM#SYSTEM")},
		{"system conversation", im.SystemConversation, im.ConversationID("@TIM#SYSTEM")},
		{"system user", im.SystemUser, im.UserID("@TIM#SYSTEM")},
		{"CONV_AT_ME", im.AtMe, im.AtType(1)},
		{"CONV_AT_ALL", im.AtAll, im.AtType(2)},
		{"CONV_AT_ALL_AT_ME", im.AtAllAtMe, im.AtType(3)},
		{"GRP_WORK", im.GroupWork, im.GroupType("Private")},
		{"GRP_PUBLIC", im.GroupPublic, im.GroupType("Public")},
		{"GRP_MEETING", im.GroupMeeting, im.GroupType("ChatRoom")},
		{"GRP_AVCHATROOM", im.GroupAVChatRoom, im.GroupType("AVChatRoom")},
		{"GRP_MBR_ROLE_OWNER", im.RoleOwner, im.Role("Owner")},
		{"GRP_MBR_ROLE_ADMIN", im.RoleAdmin, im.Role("Admin")},
		{"GRP_MBR_ROLE_MEMBER", im.RoleMember, im.Role("Member")},
		{"GRP_TIP_MBR_JOIN", im.TipMemberJoin, im.GroupTipOperation(1)},
		{"GRP_TIP_MBR_QUIT", im.TipMemberQuit, im.GroupTipOperation(2)},
		{"GRP_TIP_MBR_KICKED_OUT", im.TipMemberKickedOut, im.GroupTipOperation(3)},
		{"GRP_TIP_MBR_SET_ADMIN", im.TipMemberSetAdmin, im.GroupTipOperation(4)},
		{"GRP_TIP_MBR_CANCELED_ADMIN", im.TipMemberCanceledAdmin, im.GroupTipOperation(5)},
		{"GRP_TIP_GRP_PROFILE_UPDATED", im.TipGroupProfileUpdated, im.GroupTipOperation(6)},
		{"GRP_TIP_MBR_PROFILE_UPDATED", im.TipMemberProfileUpdated, im.GroupTipOperation(7)},
		{"notice: request", im.NoticeJoinRequest, im.GroupNoticeOperation(1)},
		{"notice: accepted", im.NoticeJoinAccepted, im.GroupNoticeOperation(2)},
		{"notice: refused", im.NoticeJoinRefused, im.GroupNoticeOperation(3)},
		{"notice: kicked", im.NoticeKickedOut, im.GroupNoticeOperation(4)},
		{"notice: dismissed", im.NoticeDismissed, im.GroupNoticeOperation(5)},
		{"notice: created", im.NoticeCreated, im.GroupNoticeOperation(6)},
		{"notice: invited", im.NoticeInvited, im.GroupNoticeOperation(7)},
		{"notice: quit", im.NoticeQuit, im.GroupNoticeOperation(8)},
		{"notice: admin", im.NoticeSetAdmin, im.GroupNoticeOperation(9)},
		{"notice: no admin", im.NoticeCanceledAdmin, im.GroupNoticeOperation(10)},
		{"notice: recycled", im.NoticeRecycled, im.GroupNoticeOperation(11)},
		{"notice: invitation", im.NoticeInvitation, im.GroupNoticeOperation(12)},
		{"notice: invitation accepted", im.NoticeInviteAccepted, im.GroupNoticeOperation(13)},
		{"notice: invitation refused", im.NoticeInviteRefused, im.GroupNoticeOperation(14)},
		{"notice: read", im.NoticeReadSync, im.GroupNoticeOperation(15)},
		{"notice: remind type", im.NoticeRemindType, im.GroupNoticeOperation(20)},
		{"notice: custom", im.NoticeCustom, im.GroupNoticeOperation(255)},
		{"MSG_REMIND_ACPT_AND_NOTE", im.RemindNotify, im.RemindType("AcceptAndNotify")},
		{"MSG_REMIND_ACPT_NOT_NOTE", im.RemindQuiet, im.RemindType("AcceptNotNotify")},
		{"MSG_REMIND_DISCARD", im.RemindDiscard, im.RemindType("Discard")},
		{"GENDER_UNKNOWN", im.GenderUnknown, im.Gender("Gender_Type_Unknown")},
		{"GENDER_FEMALE", im.GenderFemale, im.Gender("Gender_Type_Female")},
		{"GENDER_MALE", im.GenderMale, im.Gender("Gender_Type_Male")},
		{"KICKED_OUT_MULT_ACCOUNT", im.KickMultipleAccount, im.KickReason("multipleAccount")},
		{"KICKED_OUT_MULT_DEVICE", im.KickMultipleDevice, im.KickReason("multipleDevice")},
		{"KICKED_OUT_USERSIG_EXPIRED", im.KickUserSigExpired, im.KickReason("userSigExpired")},
		{"KICKED_OUT_REST_API", im.KickREST, im.KickReason("REST_API_Kick")},
		{"ALLOW_TYPE_ALLOW_ANY", im.AllowAny, im.AllowType("AllowType_Type_AllowAny")},
		{"ALLOW_TYPE_NEED_CONFIRM", im.AllowNeedConfirm, im.AllowType("AllowType_Type_NeedConfirm")},
		{"ALLOW_TYPE_DENY_ANY", im.AllowDenyAny, im.AllowType("AllowType_Type_DenyAny")},
		{"JOIN_OPTIONS_FREE_ACCESS", im.JoinFree, im.JoinOption("FreeAccess")},
		{"JOIN_OPTIONS_NEED_PERMISSION", im.JoinNeedPermission, im.JoinOption("NeedPermission")},
		{"JOIN_OPTIONS_DISABLE_APPLY", im.JoinDisabled, im.JoinOption("DisableApply")},
		{"NET_STATE_CONNECTED", im.NetConnected, im.NetState("connected")},
		{"NET_STATE_CONNECTING", im.NetConnecting, im.NetState("connecting")},
		{"NET_STATE_DISCONNECTED", im.NetDisconnected, im.NetState("disconnected")},
		{"MSG_AT_ALL", im.AtAllUsers, im.UserID("__kImSDK_MesssageAtALL__")},
		{"USER_STATUS_UNKNOWN", im.StatusUnknown, im.UserStatus(0)},
		{"USER_STATUS_ONLINE", im.StatusOnline, im.UserStatus(1)},
		{"USER_STATUS_OFFLINE", im.StatusOffline, im.UserStatus(2)},
		{"flow in", im.FlowIn, im.Flow("in")},
		{"flow out", im.FlowOut, im.Flow("out")},
		{"status", im.StatusUnsent, im.Status("unSend")},
		{"status", im.StatusSuccess, im.Status("success")},
		{"status", im.StatusFail, im.Status("fail")},
		{"image: original", im.ImageOriginal, im.ImageSizeType(1)},
		{"image: large", im.ImageLarge, im.ImageSizeType(2)},
		{"image: thumbnail", im.ImageThumbnail, im.ImageSizeType(3)},
		{"limit: user id", im.MaxUserIDBytes, 32},
		{"limit: group id", im.MaxGroupIDBytes, 48},
		{"limit: message", im.MaxMessageBytes, 8000},
		{"limit: page", im.PageSize, 15},
		{"limit: file", im.MaxFileBytes, 104857600},
		{"limit: image", im.MaxImageBytes, 20971520},
	} {
		same(c.name, c.got, c.want)
	}
}

package im

// Codes of the published interface that this program uses or understands.
const (
	CodeInvalidMessage          Code = 2105
	CodeInvalidConversationType Code = 2106
	CodeFileEmpty               Code = 2108
	CodeRevokeFailed            Code = 2110
	CodeImageFormat             Code = 2252
	CodeImageTooLarge           Code = 2253
	CodeAudioTooLarge           Code = 2301
	CodeVideoTooLarge           Code = 2351
	CodeVideoFormat             Code = 2352
	CodeFileTooLarge            Code = 2402
	// CodeEmptyMessage and CodeFileURLMissing are one code in the interface: an
	// element lacks what makes it sendable.
	CodeEmptyMessage          Code = 2403
	CodeFileURLMissing        Code = 2403
	CodeMergerInvalid         Code = 2450
	CodeForwardInvalid        Code = 2453
	CodeConversationNotFound  Code = 2500
	CodeUserOrGroupNotFound   Code = 2501
	CodeInvalidConversationID Code = 2503
	CodeInvalidGroupType      Code = 2600
	CodeCannotJoinWork        Code = 2601
	CodeNoTransferInLive      Code = 2620
	CodeTransferToSelf        Code = 2621
	CodeCannotDismissWork     Code = 2622
	CodeMemberNotInGroup      Code = 2623
	CodeGroupNoInvite         Code = 2661
	CodeNoKickInLive          Code = 2680
	CodeNotOwner              Code = 2681
	CodeNoRolesInType         Code = 2682
	CodeInvalidRole           Code = 2683
	CodeOwnRole               Code = 2684
	CodeMuteSelf              Code = 2685
	CodeBlacklistSelf         Code = 2742
	CodeNetworkError          Code = 2800
	CodeNetworkTimeout        Code = 2801
	CodeNoNetwork             Code = 2805
	CodeTooFrequent           Code = 2996
	CodeNotReady              Code = 2999
	CodeKickedDevice          Code = 3002
	CodeKickedAccount         Code = 3003
	CodeKickedExpired         Code = 3004
	CodeLoggedOut             Code = 3005
	CodeKickedByServer        Code = 3006

	CodeNotLoggedIn         Code = 6014
	CodeInvalidParameter    Code = 6017
	CodeSessionExpired      Code = 6206
	CodeKickedElsewhere     Code = 6208
	CodeRevokeTooLateNative Code = 6223
	CodeInvalidUserID       Code = 7003
	CodeFileMissing         Code = 7004
	CodeFileTooLargeNative  Code = 7005
	CodeFileEmptyNative     Code = 7006

	CodeMessageTooLong           Code = 8001
	CodeMergerTooDeep            Code = 8005
	CodeInvalidGroupID           Code = 8501
	CodeInvalidGroupName         Code = 8502
	CodeInvalidGroupIntroduction Code = 8503
	CodeInvalidGroupNotification Code = 8504
	CodeInvalidGroupAvatar       Code = 8505
	CodeInvalidNameCard          Code = 8506
	CodeCallRate                 Code = 9506
	CodeNetworkDown              Code = 9508
	CodeConnectTimeout           Code = 9510
	CodeAnswerTimeout            Code = 9520
	CodePacketTooLarge           Code = 9522

	CodeGroupInternal         Code = 10002
	CodeInvalidGroupParameter Code = 10004
	CodeTooManyAccounts       Code = 10005
	CodeGroupRate             Code = 10006
	CodeGroupPermission       Code = 10007
	CodeOwnerMayNotQuit       Code = 10009
	CodeGroupNotFound         Code = 10010
	CodeAlreadyMember         Code = 10013
	CodeGroupFull             Code = 10014
	CodeGroupIDUnknown        Code = 10015
	CodeGroupRefused          Code = 10016
	CodeMuted                 Code = 10017
	CodeGroupUserNotFound     Code = 10019
	CodeGroupIDTaken          Code = 10021
	CodeRateLimited           Code = 10023
	CodeRequestHandled        Code = 10024
	CodeGroupIDOwned          Code = 10025
	CodeRevokeNotFound        Code = 10030
	CodeRevokeTooLate         Code = 10031
	CodeRevokeUnsupported     Code = 10032
	CodeRevokeGroupType       Code = 10033
	CodeTooManyGroups         Code = 10037
	CodeTooManyMembers        Code = 10038
	CodeTooManyMentions       Code = 10053

	CodeInvalidRequest    Code = 20001
	CodeC2CUserNotFound   Code = 20003
	CodeServerInternal    Code = 20005
	CodeSendRefused       Code = 20006
	CodeBlocked           Code = 20007
	CodeNotFriends        Code = 20009
	CodeSenderMuted       Code = 20012
	CodeRevokeTooLateC2C  Code = 20016
	CodeRevokeNotFoundC2C Code = 20022
	CodeAlreadyRevoked    Code = 20023

	CodeTooManyFriends Code = 30010
	CodeNotFriend      Code = 31704

	CodeProfileValueTooLong Code = 40601
	CodeProfileValueInvalid Code = 40605

	CodeUserSigExpired      Code = 70001
	CodeUserSigEmpty        Code = 70002
	CodeUserSigInvalid      Code = 70003
	CodeUserSigMismatch     Code = 70009
	CodeUserSigWrongUser    Code = 70013
	CodeUserSigWrongApp     Code = 70014
	CodeNoSecretKey         Code = 70016
	CodeTooManyAttempts     Code = 70050
	CodeAccountBanned       Code = 70051
	CodeUserSigRevoked      Code = 70052
	CodeUserNotFound        Code = 70107
	CodeTextRefused         Code = 80001
	CodeMessageTooLongAtAll Code = 80002
	CodeBodyTooLong         Code = 93000
)

// Codes of our own, for what the interface has no number.
const (
	// CodeWrongPassword: the password does not fit the user, or there is no such
	// user; the two are not told apart.
	CodeWrongPassword Code = 130100
	// CodeDiskFull: the machine that should have stored it has no room.
	CodeDiskFull Code = 130101
	// CodeDiverged: what the client has at a sequence is not what the server has.
	CodeDiverged Code = 130102
	// CodeVersion: client and server speak no common version of the protocol.
	CodeVersion Code = 130103
	// CodeBusy: the server is at a limit of its own; trying again helps.
	CodeBusy Code = 130104
	// CodeDataFolderInUse: another process already serves this data folder.
	CodeDataFolderInUse Code = 130105
	// CodeStoreDamaged: the local history could not be read and was set aside.
	CodeStoreDamaged Code = 130106
	// CodeFrameTooLarge: a frame over the limit of hello was sent.
	CodeFrameTooLarge Code = 130107
	// CodeServerUnreachable: no connection to the server could be made.
	CodeServerUnreachable Code = 130108
	// CodeUserExists: an account of that name is there already.
	CodeUserExists Code = 130109
	// CodeBlobNotFound: the server has no such file, or this user may not read it;
	// the two are not told apart.
	CodeBlobNotFound Code = 130110
	// CodeBlobDamaged: what arrived is not what was sent: its hash is another; or what
	// the server has of it is damaged.
	CodeBlobDamaged Code = 130111
	// CodeSealed: what is on the disk is encrypted, and its key is not unlocked.
	CodeSealed Code = 130112
	// CodeWrongKey: what is on the disk was encrypted with another key, or a
	// passphrase or recovery code does not fit.
	CodeWrongKey Code = 130113
	// CodeReadOnly: what is on the disk may be read and not written.
	CodeReadOnly Code = 130114
	// CodeHistoryGone: the folder or the file of the history vanished while it was
	// open.
	CodeHistoryGone Code = 130115
	// CodeVaultDamaged: the file with the wrapped key is missing, damaged or forged.
	CodeVaultDamaged Code = 130120
	// CodeKeyStore: the system's key store is not there, or does not answer.
	CodeKeyStore Code = 130121
	// CodeKeyGone: the system's key store answers, and has no key for this folder.
	CodeKeyGone Code = 130122
	// CodeWeakPassphrase: a new passphrase is too short.
	CodeWeakPassphrase Code = 130123
	// CodeInvitationUnknown: the server has no such invitation, or it was withdrawn or
	// replaced by another; these are not told apart.
	CodeInvitationUnknown Code = 130130
	// CodeInvitationExpired: the invitation was valid for a time that is over.
	CodeInvitationExpired Code = 130131
	// CodeInvitationUsed: as many people joined by the invitation as it was made for.
	CodeInvitationUsed Code = 130132
	// CodeInvitationMalformed: what should be the link of an invitation cannot be read.
	CodeInvitationMalformed Code = 130133
	// CodeCertificate: who answers at the server's address has another certificate
	// than the server that the account was made on.
	CodeCertificate Code = 130134
	// CodePortInUse: another program listens on the port that others would connect to.
	CodePortInUse Code = 130135
	// CodePictureUnreadable: a picture of a QR code is none, is damaged, or has more
	// pixels than are decoded.
	CodePictureUnreadable Code = 130136
	// CodeNoQRCode: no QR code can be read from a picture.
	CodeNoQRCode Code = 130137
	// CodeNotInvitation: the QR codes of a picture say something else than the link of
	// an invitation.
	CodeNotInvitation Code = 130138
	// CodeNotAFile: a folder, a device or a pipe, where a file is wanted.
	CodeNotAFile Code = 130139
)

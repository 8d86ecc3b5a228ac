package im

import "time"

// Limits of the model. Sizes are bytes, times are durations. Server and client
// hold to the same figures: the client so that a person hears of a limit before
// sending, the server because a client may be anybody's. Source: the published
// limits of the interface's 2.6 era.
const (
	MaxUserIDBytes    = 32
	MaxGroupIDBytes   = 48
	MaxMessageIDBytes = 96
	MaxDeviceIDBytes  = 32

	// MaxMessageBytes bounds the sum of all fields of all elements.
	MaxMessageBytes = 8000
	// MaxCloudCustomBytes bounds the free data that travels beside the payload.
	MaxCloudCustomBytes = 8000
	// MaxOfflinePushBytes bounds the texts of an [OfflinePushInfo] together.
	MaxOfflinePushBytes = 2000
	// MaxPreviewBytes bounds the small JPEG inside a picture's or film's payload.
	MaxPreviewBytes = 4 << 10
	// MaxPeaks bounds the waveform inside a voice note's payload.
	MaxPeaks = 100
	// MaxPixels bounds each side of a picture, film or still.
	MaxPixels = 100_000
	// MaxVideo bounds what a film may say of its length.
	MaxVideo = 24 * time.Hour
	// MaxMergedMessages bounds the messages forwarded as one.
	MaxMergedMessages = 300
	// MaxMergedListBytes bounds the file with the list of a merged message that is
	// too large to have it inside: 300 messages of the largest size, and what JSON adds.
	MaxMergedListBytes = 8 << 20
	// MaxNesting bounds how deep the JSON of one message nests, which is about 30
	// merged messages in one another. The interface allows 100 of those; nobody's
	// eye does, and the work of reading them grows with the square.
	MaxNesting = 100

	MaxFileBytes  = 100 << 20
	MaxVideoBytes = 100 << 20
	MaxImageBytes = 20 << 20
	MaxAudioBytes = 20 << 20
	MaxAudio      = 10 * time.Minute

	MaxGroupNameBytes         = 30
	MaxGroupIntroductionBytes = 240
	MaxGroupNotificationBytes = 300
	MaxGroupAvatarBytes       = 100
	MaxNameCardBytes          = 50
	MaxGroupFields            = 10
	MaxFieldKeyBytes          = 16
	MaxGroupFieldBytes        = 512
	MaxMemberFields           = 5
	MaxMemberFieldBytes       = 64
	MaxGroupMembers           = 2000
	MaxGroupsPerUser          = 500
	MaxCreateGroupMembers     = 100
	MaxInviteMembers          = 100
	MaxKickMembers            = 100
	MaxGroupAdmins            = 10
	MaxAtUsers                = 30
	// MaxHandleMessageBytes bounds the words of who asks to join, of who answers,
	// and the reason of a removal.
	MaxHandleMessageBytes = 300
	// MaxRemarkBytes bounds the user's own name for another.
	MaxRemarkBytes = 96

	MaxNickBytes      = 500
	MaxSignatureBytes = 500
	MaxAvatarBytes    = 500
	MaxLocationBytes  = 16
	MaxProfileFields  = 20
	MaxBlacklist      = 1000

	// MaxPasswordBytes bounds what is hashed for one sign-in.
	MaxPasswordBytes = 256

	// PageSize is both the default and the most of one page of history.
	PageSize = 15
	// ConversationPage is how many conversations one request lists.
	ConversationPage = 100

	GroupMessagesPerSecond = 40
	UserMessagesPerSecond  = 20
	RevokeWindow           = 2 * time.Minute
	MaxSystemNotices       = 100
	SystemNoticeLifetime   = 7 * 24 * time.Hour
)

package wire

import (
	"magpie/im"
)

// Version is the version of the protocol that this package speaks.
const Version = 1

// Sizes in bytes. A gateway reads frames of up to MaxRequestBytes, a client
// WebSocket messages of up to MaxPushBytes.
const (
	MaxRequestBytes = 64 << 10
	MaxPushBytes    = 1 << 20
)

// Paths at which a gateway accepts WebSocket connections, uploads by the tus
// protocol, and requests for files by their hash.
const (
	Path      = "/v1/chat"
	FilesPath = "/v1/files/"
	BlobsPath = "/v1/blobs/"
)

// MetaHash is the key of Upload-Metadata under which a client announces the
// SHA-256 of what it uploads, in hexadecimal.
const MetaHash = "sha256"

// Types of frames, the values of "t".
const (
	// Requests.
	THello         = "hello"
	TSend          = "send"
	TPull          = "pull"
	TConversations = "convs"
	TRead          = "read"
	TRevoke        = "revoke"
	TDeleteConv    = "conv.delete"
	TConversation  = "conv.get"
	TConvSet       = "conv.set"
	TGroupCreate   = "group.create"
	TGroupInvite   = "group.invite"
	TGroupQuit     = "group.quit"
	TGroupInfo     = "group.info"
	TGroupMembers  = "group.members"
	TGroupSet      = "group.set"
	TGroupJoin     = "group.join"
	TGroupAnswer   = "group.answer"
	TGroupKick     = "group.kick"
	TGroupDismiss  = "group.dismiss"
	TGroupTransfer = "group.transfer"
	TGroupMember   = "group.member"
	TProfileGet    = "profile.get"
	TProfileSet    = "profile.set"
	TPresence      = "presence"
	TBlock         = "block"
	TBlocked       = "blocked"

	// Answers. send and revoke (with a Sent), read, conv.delete, conv.set,
	// group.quit, group.answer, group.kick, group.dismiss, group.transfer,
	// group.member, profile.set and block answer with TOK, all other requests
	// with a frame of their own type; any of them with TError.
	TOK    = "ok"
	TError = "err"

	// Pushes.
	TMessage = "m"
	TEvent   = "ev"
	TKick    = "kick"
	TResync  = "resync"
)

// Head begins every frame.
type Head struct {
	T string `json:"t"`
	I uint64 `json:"i,omitempty"`
}

// Hello opens a session; it is the first frame and sent within 10 s. Exactly
// one of UserSig, Password and Token is set.
type Hello struct {
	Head
	V        int       `json:"v"`
	User     im.UserID `json:"user"`
	UserSig  string    `json:"usersig,omitempty"`
	Password string    `json:"password,omitempty"`
	Token    string    `json:"token,omitempty"`
	// Device names this installation of this account, made once at random.
	Device string `json:"device"`
	// Platform is the kind of device: "desktop", "cli", "bot", "mobile", "web".
	Platform string   `json:"platform,omitempty"`
	Caps     []string `json:"caps,omitempty"`
	// Invite is the secret of an invitation: with it, and Password, an account that is
	// not there is made, with the name Nick to show.
	Invite string `json:"invite,omitempty"`
	Nick   string `json:"nick,omitempty"`
}

// Welcome answers Hello.
type Welcome struct {
	Head
	V       int       `json:"v"`
	User    im.UserID `json:"user"`
	Session string    `json:"sid"`
	// Now is the server's clock, milliseconds since 1970.
	Now int64 `json:"now"`
	// Epoch changes when the server's history is not the one it was (restored
	// from a copy); clients then compare message ids from the start.
	Epoch string `json:"epoch"`
	// Token signs in this device again until TokenExpires (ms since 1970).
	Token        string `json:"token,omitempty"`
	TokenExpires int64  `json:"tokenExpires,omitempty"`
	Limits       Limits `json:"limits"`
	// Inviter is who made the invitation that was shown.
	Inviter im.UserID `json:"inviter,omitempty"`
}

// Limits are those of the server that a client mirrors.
type Limits struct {
	FrameBytes   int   `json:"frameBytes"`
	MessageBytes int   `json:"messageBytes"`
	PageSize     int   `json:"pageSize"`
	RevokeWindow int64 `json:"revokeWindow"` // seconds
	// PingInterval is how often the server pings, in seconds; a client that saw
	// nothing for twice as long reconnects.
	PingInterval int64 `json:"pingInterval"`
}

// Send hands over a message. Of it the server reads ID, ConversationID, Type,
// Payload, ClientSequence, Random, Priority, AtUserList, CloudCustomData.
type Send struct {
	Head
	Message im.Message `json:"m"`
	// Base is the highest sequence the client knew in the conversation when it
	// first tried. Sent again however late, the message is found above it.
	Base uint64 `json:"base,omitempty"`
	im.SendOptions
}

// Sent answers Send once the message is durable. Sequence is 0 if it was for
// online users only. Dup says that it had been stored before.
type Sent struct {
	Head
	ID       im.MessageID `json:"id"`
	Sequence uint64       `json:"n"`
	Time     int64        `json:"time"`
	Dup      bool         `json:"dup,omitempty"`
}

// Revoke recalls the message with the number Sequence for everybody. ID, if it
// is not empty, is the message that the client has there; another one is not
// recalled. The answer is a Sent with the id of what was recalled and the number
// and time of the recall.
type Revoke struct {
	Head
	Conversation im.ConversationID `json:"conv"`
	Sequence     uint64            `json:"n"`
	ID           im.MessageID      `json:"id,omitempty"`
}

// Pull asks for a page of history: the newest messages with Sequence < Before
// (0: from the end), or, if Forward, the oldest with Sequence > After. Limit is
// at most 15 backwards and 100 forwards, 0 for that.
type Pull struct {
	Head
	Conversation im.ConversationID `json:"conv"`
	Before       uint64            `json:"before,omitempty"`
	Forward      bool              `json:"forward,omitempty"`
	After        uint64            `json:"after,omitempty"`
	// AfterID is the id of the message that the client has at After; if the
	// server has another there, it answers with im.CodeDiverged.
	AfterID im.MessageID `json:"afterID,omitempty"`
	// Next is the cursor of the page before, instead of Before.
	Next  string `json:"next,omitempty"`
	Limit int    `json:"limit,omitempty"`
}

// Page answers Pull, messages oldest first. Every stored sequence between the
// first and the last message of the page is in it. Next continues backwards.
// IsCompleted says that there is nothing further in the direction asked for.
type Page struct {
	Head
	Conversation im.ConversationID `json:"conv"`
	Messages     []im.Message      `json:"msgs"`
	Next         string            `json:"next,omitempty"`
	IsCompleted  bool              `json:"isCompleted,omitempty"`
	// Last is the highest sequence of the conversation, First the lowest that
	// this user may read.
	First uint64 `json:"first,omitempty"`
	Last  uint64 `json:"last,omitempty"`
}

// Conversations asks for the list, the most recent first.
type Conversations struct {
	Head
	Cursor string `json:"cursor,omitempty"`
	Limit  int    `json:"limit,omitempty"` // at most 100, 0 for that
}

// ConversationRow is a conversation with the range of sequences that the user
// may read: First to Last. LastMessage is nil if it has none.
type ConversationRow struct {
	im.Conversation
	First uint64 `json:"first,omitempty"`
	Last  uint64 `json:"last"`
	// Deleted: the user took the conversation from the list and nothing came since.
	Deleted bool `json:"deleted,omitempty"`
}

// ConversationList answers Conversations.
type ConversationList struct {
	Head
	List        []ConversationRow `json:"list"`
	Cursor      string            `json:"cursor,omitempty"`
	IsCompleted bool              `json:"isCompleted,omitempty"`
	TotalUnread uint64            `json:"totalUnread"`
}

// ConversationGet asks for one conversation, also one never spoken in. The
// answer is a ConversationInfo.
type ConversationGet struct {
	Head
	Conversation im.ConversationID `json:"conv"`
}

// ConversationInfo answers ConversationGet.
type ConversationInfo struct {
	Head
	Row ConversationRow `json:"row"`
}

// Read reports that everything up to Sequence was read. It never goes back.
type Read struct {
	Head
	Conversation im.ConversationID `json:"conv"`
	Sequence     uint64            `json:"n"`
}

// DeleteConversation takes a conversation from the list as far as Sequence, the
// highest that the client had (0: as far as there is); its messages stay, and the
// next one brings it back.
type DeleteConversation struct {
	Head
	Conversation im.ConversationID `json:"conv"`
	Sequence     uint64            `json:"n,omitempty"`
}

// ConvSet changes how the user wants a conversation; what is nil or empty stays
// as it is. The user's other devices get EvConvChanged.
type ConvSet struct {
	Head
	Conversation      im.ConversationID `json:"conv"`
	IsPinned          *bool             `json:"isPinned,omitempty"`
	MessageRemindType im.RemindType     `json:"messageRemindType,omitempty"`
	MarkedUnread      *bool             `json:"markedUnread,omitempty"`
	Remark            *string           `json:"remark,omitempty"`
	// Heard are voice notes that were listened to; they join those of before.
	Heard im.SequenceSet `json:"heard,omitempty"`
}

// GroupCreate makes a group with the sender as owner. Of Group the server reads
// GroupID (empty: the server chooses), Name, Type, Avatar, Introduction,
// Notification, JoinOption.
type GroupCreate struct {
	Head
	Group   im.Group    `json:"group"`
	Members []im.UserID `json:"members,omitempty"`
}

// GroupInvite brings users into a group.
type GroupInvite struct {
	Head
	Group im.GroupID  `json:"group"`
	Users []im.UserID `json:"users"`
}

// InviteResult says per user what an invitation came to.
type InviteResult struct {
	UserID im.UserID `json:"userID"`
	// Result is 0 failed, 1 joined, 2 already a member, 3 was asked and has not
	// answered yet.
	Result int       `json:"result"`
	Error  *im.Error `json:"error,omitempty"`
}

// GroupRef names a group in group.quit, group.dismiss, group.info and
// group.members requests.
type GroupRef struct {
	Head
	Group im.GroupID `json:"group"`
	// Cursor continues a list of members.
	Cursor string `json:"cursor,omitempty"`
}

// GroupSet changes the profile of a group: the fields of Set that are not nil.
type GroupSet struct {
	Head
	Group im.GroupID     `json:"group"`
	Set   im.GroupChange `json:"set"`
}

// GroupJoin asks to join a group; HandleMessage, at most 300 bytes, is what its
// admins read where they have to agree.
type GroupJoin struct {
	Head
	Group         im.GroupID `json:"group"`
	HandleMessage string     `json:"handleMessage,omitempty"`
}

// GroupJoined answers GroupJoin. Group is what the user may know of the group.
type GroupJoined struct {
	Head
	Status im.JoinStatus `json:"status"`
	Group  im.Group      `json:"group"`
}

// GroupAnswer answers a request to join of User, or, with User the sender
// itself, an invitation. MessageKey and Authentication are those of the notice.
type GroupAnswer struct {
	Head
	Group          im.GroupID      `json:"group"`
	User           im.UserID       `json:"user"`
	Action         im.HandleAction `json:"handleAction"`
	HandleMessage  string          `json:"handleMessage,omitempty"`
	MessageKey     string          `json:"messageKey"`
	Authentication string          `json:"authentication"`
}

// GroupKick removes members; Reason, at most 300 bytes, is told to them.
type GroupKick struct {
	Head
	Group  im.GroupID  `json:"group"`
	Users  []im.UserID `json:"users"`
	Reason string      `json:"reason,omitempty"`
}

// GroupTransfer makes User the owner.
type GroupTransfer struct {
	Head
	Group im.GroupID `json:"group"`
	User  im.UserID  `json:"user"`
}

// GroupMember changes one member, also the sender itself; what is nil or empty
// stays as it is. MuteTime is seconds from now, 0 lets the member speak again.
type GroupMember struct {
	Head
	Group             im.GroupID        `json:"group"`
	User              im.UserID         `json:"user"`
	Role              im.Role           `json:"role,omitempty"`
	MuteTime          *int64            `json:"muteTime,omitempty"`
	NameCard          *string           `json:"nameCard,omitempty"`
	MemberCustomField map[string]string `json:"memberCustomField,omitempty"`
}

// GroupReply answers GroupCreate, GroupInvite, GroupInfo and GroupSet.
type GroupReply struct {
	Head
	Group   im.Group       `json:"group"`
	Results []InviteResult `json:"results,omitempty"`
}

// GroupMemberList answers GroupMembers: at most 100 members a page, the owner first.
type GroupMemberList struct {
	Head
	Group   im.GroupID       `json:"group"`
	Members []im.GroupMember `json:"members"`
	Cursor  string           `json:"cursor,omitempty"`
}

// Users names users in ProfileGet (at most 100) and Presence (at most 500).
// Presence answers with the present state and subscribes the connection to
// changes of these users.
type Users struct {
	Head
	Users []im.UserID `json:"users"`
}

// Profiles answers ProfileGet; unknown users are left out.
type Profiles struct {
	Head
	Profiles []im.Profile `json:"profiles"`
}

// ProfileSet replaces what the user shows of itself.
type ProfileSet struct {
	Head
	Profile im.Profile `json:"profile"`
}

// PresenceList answers Presence.
type PresenceList struct {
	Head
	Users []im.UserPresence `json:"users"`
}

// Block puts users on the list of those whose one-to-one messages are refused,
// or with Off takes them from it. At most 100 a request.
type Block struct {
	Head
	Users []im.UserID `json:"users"`
	Off   bool        `json:"off,omitempty"`
}

// Blocked asks for the list, and answers with it, the latest first.
type Blocked struct {
	Head
	Users []im.UserID `json:"users,omitempty"`
}

// OK answers a request that has nothing to tell.
type OK struct {
	Head
}

// Err answers any request that failed. I is 0 when the frame it answers had
// none that could be read; the connection is then closed after it.
type Err struct {
	Head
	Error *im.Error `json:"error"`
}

// Message pushes one message to a device: new ones of others, and own ones sent
// from another device. It is a hint; what was missed is pulled.
type Message struct {
	Head
	Message im.Message `json:"m"`
	// Unread is the conversation's unread count for this user after it.
	Unread uint64 `json:"unread"`
}

// Kinds of events, the values of Event.K.
const (
	// EvRead: this account read up to Sequence on another device; Unread is what is left.
	EvRead = "read"
	// EvPeerRead: the other side of a one-to-one conversation read up to Sequence.
	EvPeerRead = "peerRead"
	// EvConvDeleted: this account took the conversation from its list.
	EvConvDeleted = "convDeleted"
	// EvConvChanged: ask again for the conversation (membership, profile, settings).
	EvConvChanged = "convChanged"
	// EvConvGone: the user is no member of the group any more.
	EvConvGone = "convGone"
	// EvBlocked: the list of whom this user blocks changed on another device.
	EvBlocked = "blocked"
	// EvProfile: Profile is the new profile of User.
	EvProfile = "profile"
	// EvPresence: User is now online or offline (Status).
	EvPresence = "presence"
)

// Event pushes a change that is not a message.
type Event struct {
	Head
	K            string            `json:"k"`
	Conversation im.ConversationID `json:"conv,omitempty"`
	Sequence     uint64            `json:"n,omitempty"`
	Unread       uint64            `json:"unread,omitempty"`
	User         im.UserID         `json:"user,omitempty"`
	Status       im.UserStatus     `json:"status,omitempty"`
	Profile      *im.Profile       `json:"profile,omitempty"`
}

// Kick ends a session for good: the client must not sign in again by itself.
type Kick struct {
	Head
	Reason im.KickReason `json:"reason"`
}

// Resync tells a client that pushes may have been lost: it asks for its list.
type Resync struct {
	Head
}

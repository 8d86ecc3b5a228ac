package core

import (
	"encoding/json"

	"magpie/im"
)

// Event is one thing that happened; a type switch tells which. Name is the
// interface's name for it, or one of ours for what the interface has no name.
type Event interface{ Name() im.EventName }

// Names of events that the interface does not have.
const (
	EventMessageUpdated im.EventName = "onMessageUpdated"
	EventMessageRemoved im.EventName = "onMessageRemoved"
	EventDeleted        im.EventName = "onMessagesDeleted"
	EventHistoryChanged im.EventName = "onHistoryChanged"
	EventStateChanged   im.EventName = "onStateChanged"
	EventTyping         im.EventName = "onTyping"
	EventTransfer       im.EventName = "onTransferProgress"
	EventMessageHeard   im.EventName = "onMessageHeard"
	EventDownloadEnded  im.EventName = "onDownloadEnded"
	EventHistory        im.EventName = "onHistoryProgress"
	EventFilesRemoved   im.EventName = "onFilesRemoved"
)

// StateChanged fires at every change of [Client.State], before the events of
// the interface that tell the same.
type StateChanged struct {
	State State `json:"state"`
	// RetryAt is when the next attempt starts, milliseconds since 1970; 0 if
	// none is planned.
	RetryAt int64 `json:"retryAt,omitempty"`
	// Error is why the last attempt or connection ended, nil while there is one.
	Error *im.Error `json:"error,omitempty"`
}

// SDKReady fires when the client is signed in and has caught up: once for each
// connection that gets that far.
type SDKReady struct{}

// SDKNotReady fires when a client that was ready is so no more: once for each SDKReady.
type SDKNotReady struct{}

// NetStateChange fires when the connection is being made, was made or was lost.
type NetStateChange struct {
	State im.NetState `json:"state"`
}

// KickedOut fires when the server ended the session for good, or would not renew
// it because the signature had expired: once, after SDKNotReady; the client stays
// in [Kicked] and makes no attempt by itself.
type KickedOut struct {
	Type im.KickReason `json:"type"`
}

// ErrorEvent fires for failures that no call can return: a refused sign-in
// (SignIn is then true and the client makes no further attempt), a message
// that could not be written to disk, an answer that makes no sense.
type ErrorEvent struct {
	Error  *im.Error `json:"error"`
	SignIn bool      `json:"signIn,omitempty"`
}

// MessageReceived fires after new messages were stored: those of others and
// own ones sent from another device, all of one conversation, by sequence.
// Messages for online users only come alone, have sequence 0 and are not stored;
// those of live rooms come alone, too, with numbers of this process. One that
// was recalled before it came here is received as recalled.
type MessageReceived struct {
	Messages []im.Message `json:"messages"`
}

// MessageRevoked fires when messages of one conversation were recalled, after
// their content was removed from the disk: once for each message on each device,
// in order with the conversation's other events. Messages are what is left of
// them ([im.Message].IsRevoked): who sent and who recalled them, and when. It
// also tells of messages that were recalled before they came here; they are
// received as recalled first. It is not raised for history from before this
// device that it never had.
type MessageRevoked struct {
	Messages []im.Message `json:"messages"`
}

// GroupNoticeReceived fires for each new notice of the system conversation,
// before the MessageReceived that has it.
type GroupNoticeReceived struct {
	Message im.Message `json:"message"`
}

// Typing fires when the other side of a one-to-one conversation types (On) or
// said that it stopped. No end may ever come: it is over 6 s after the last On,
// and with a message of that user that is not older than Time, when it was said
// (ms since 1970, the server's clock): it may come before messages that were sent
// before it.
type Typing struct {
	ConversationID im.ConversationID `json:"conversationID"`
	UserID         im.UserID         `json:"userID"`
	On             bool              `json:"on"`
	Time           int64             `json:"time"`
}

// BlacklistUpdated fires when this account blocks others than before, on
// whichever device that was changed. Users is the whole list.
type BlacklistUpdated struct {
	Users []im.UserID `json:"users"`
}

// MessageUpdated fires when an own message of this device got another status:
// written to the outbox (unSend), acknowledged (success, now with sequence and
// the server's time), or refused (fail, with Error).
type MessageUpdated struct {
	Message im.Message `json:"message"`
}

// TransferProgress fires while files are uploaded for a message of the outbox (ID
// is set) or one is downloaded (Address is set, Download is true): at most 20
// times a second for each, and when all bytes are there. How an upload ends is
// told by MessageUpdated or MessageRemoved, a download by DownloadEnded.
type TransferProgress struct {
	ID       im.MessageID `json:"ID,omitempty"`
	Address  string       `json:"address,omitempty"`
	Sent     int64        `json:"sent"` // bytes that are over there, or here
	Total    int64        `json:"total"`
	Download bool         `json:"download,omitempty"`
	Paused   bool         `json:"paused,omitempty"`
}

// DownloadEnded fires once for each download that began: the file is here, or
// Error says why it is not.
type DownloadEnded struct {
	Address string    `json:"address"`
	Error   *im.Error `json:"error,omitempty"`
}

// FilesRemoved fires after files were taken from this disk to make room: what shows
// them shows that they are not here.
type FilesRemoved struct {
	Addresses []string `json:"addresses"`
}

// MessageRemoved fires when an unsent message was cancelled.
type MessageRemoved struct {
	ConversationID im.ConversationID `json:"conversationID"`
	ID             im.MessageID      `json:"ID"`
}

// MessagesDeleted fires after messages of one conversation were deleted from this device
// ([Client.ForgetMessages]). Messages are what is left of them ([im.Message.Deleted]).
type MessagesDeleted struct {
	ConversationID im.ConversationID `json:"conversationID"`
	Messages       []im.Message      `json:"messages"`
}

// HistoryChanged fires when the stored history of a conversation changed other
// than by new messages and recalls: older ones were fetched (From to To are now
// here), a notice was marked as handled (From and To are its sequence), or,
// if Truncated, everything above From was dropped because the server has
// something else there, or because it was deleted here.
type HistoryChanged struct {
	ConversationID im.ConversationID `json:"conversationID"`
	From           uint64            `json:"from"`
	To             uint64            `json:"to,omitempty"`
	Truncated      bool              `json:"truncated,omitempty"`
}

// MessageReadByPeer fires when the other side of a one-to-one conversation has
// read everything up to Sequence.
type MessageReadByPeer struct {
	ConversationID im.ConversationID `json:"conversationID"`
	Sequence       uint64            `json:"sequence"`
}

// MessageHeard fires when voice notes of others were listened to, here or on
// another device.
type MessageHeard struct {
	ConversationID im.ConversationID `json:"conversationID"`
	Messages       []im.MessageID    `json:"messages"`
}

// ConversationListUpdated fires, at most 20 times a second, after
// conversations changed, came or went. Conversations is the whole list as
// [Client.GetConversationList] returns it, Changed what differs from before.
type ConversationListUpdated struct {
	Conversations []im.Conversation   `json:"conversations"`
	Changed       []im.ConversationID `json:"changed"`
}

// TotalUnreadUpdated fires when the sum of the unread counts changed.
type TotalUnreadUpdated struct {
	Unread uint64 `json:"unread"`
}

// ProfileUpdated fires when profiles in the cache changed or came.
type ProfileUpdated struct {
	Profiles []im.Profile `json:"profiles"`
}

// GroupListUpdated fires when the account joined or left a group, or the
// profile of one of its groups changed, once for each change. Left is true for the group that the
// account is no longer a member of.
type GroupListUpdated struct {
	Group im.Group `json:"group"`
	Left  bool     `json:"left,omitempty"`
}

// UserStatusUpdated fires when users asked about with [Client.Presence] came or went.
type UserStatusUpdated struct {
	Users []im.UserPresence `json:"users"`
}

// Name implements Event.
func (StateChanged) Name() im.EventName { return EventStateChanged }

// Name implements Event.
func (SDKReady) Name() im.EventName { return im.EventSDKReady }

// Name implements Event.
func (SDKNotReady) Name() im.EventName { return im.EventSDKNotReady }

// Name implements Event.
func (NetStateChange) Name() im.EventName { return im.EventNetStateChange }

// Name implements Event.
func (KickedOut) Name() im.EventName { return im.EventKickedOut }

// Name implements Event.
func (ErrorEvent) Name() im.EventName { return im.EventError }

// Name implements Event.
func (MessageReceived) Name() im.EventName { return im.EventMessageReceived }

// Name implements Event.
func (MessageRevoked) Name() im.EventName { return im.EventMessageRevoked }

// Name implements Event.
func (GroupNoticeReceived) Name() im.EventName { return im.EventGroupNoticeReceived }

// Name implements Event.
func (Typing) Name() im.EventName { return EventTyping }

// Name implements Event.
func (BlacklistUpdated) Name() im.EventName { return im.EventBlacklistUpdated }

// Name implements Event.
func (MessageUpdated) Name() im.EventName { return EventMessageUpdated }

// Name implements Event.
func (TransferProgress) Name() im.EventName { return EventTransfer }

// Name implements Event.
func (DownloadEnded) Name() im.EventName { return EventDownloadEnded }

// Name implements Event.
func (FilesRemoved) Name() im.EventName { return EventFilesRemoved }

// Name implements Event.
func (MessageRemoved) Name() im.EventName { return EventMessageRemoved }

// Name implements Event.
func (MessagesDeleted) Name() im.EventName { return EventDeleted }

// Name implements Event.
func (HistoryChanged) Name() im.EventName { return EventHistoryChanged }

// Name implements Event.
func (HistoryProgress) Name() im.EventName { return EventHistory }

// Name implements Event.
func (MessageHeard) Name() im.EventName { return EventMessageHeard }

// Name implements Event.
func (MessageReadByPeer) Name() im.EventName { return im.EventMessageReadByPeer }

// Name implements Event.
func (ConversationListUpdated) Name() im.EventName { return im.EventConversationListUpdated }

// Name implements Event.
func (TotalUnreadUpdated) Name() im.EventName { return im.EventTotalUnreadUpdated }

// Name implements Event.
func (ProfileUpdated) Name() im.EventName { return im.EventProfileUpdated }

// Name implements Event.
func (GroupListUpdated) Name() im.EventName { return im.EventGroupListUpdated }

// Name implements Event.
func (UserStatusUpdated) Name() im.EventName { return im.EventUserStatusUpdated }

// MarshalEvent returns e as one line of JSON, {"name": …, "data": …}, without a newline.
func MarshalEvent(e Event) ([]byte, error) {
	return json.Marshal(struct {
		Name im.EventName `json:"name"`
		Data Event        `json:"data"`
	}{e.Name(), e})
}

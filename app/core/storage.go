package core

import (
	"context"

	"magpie/im"
	"magpie/store"
)

// storage is what the core needs of [store.Store]. Tests put disks between
// that are full or slow.
type storage interface {
	Meta(key string) (string, error)
	SetMeta(ctx context.Context, key, value string) error

	PutConversations(ctx context.Context, rows []store.Conversation) error
	UpdateConversation(ctx context.Context, id im.ConversationID, f func(*store.Conversation) error) error
	Conversation(id im.ConversationID) (store.Conversation, bool, error)
	Conversations(offset, limit int) ([]store.Conversation, error)
	TotalUnread() (uint64, error)

	Ingest(ctx context.Context, batches ...store.Batch) error
	Page(conv im.ConversationID, before uint64, limit int) ([]im.Message, error)
	PageAfter(conv im.ConversationID, after uint64, limit int) ([]im.Message, error)
	Media(conv im.ConversationID, q store.MediaQuery) ([]im.Message, error)
	CountMedia(conv im.ConversationID, types []im.MessageType, upTo uint64) (all, until int, err error)
	Message(id im.MessageID) (im.Message, bool, error)
	Ranges(conv im.ConversationID) ([]store.Range, error)
	Recalls(conv im.ConversationID) ([]im.Message, error)
	Search(ctx context.Context, q store.SearchQuery) (store.SearchResult, error)
	Truncate(ctx context.Context, conv im.ConversationID, after uint64) error
	Forget(ctx context.Context, conv im.ConversationID) error
	Delete(ctx context.Context, conv im.ConversationID, ids []im.MessageID) ([]im.Message, error)
	Histories() ([]im.ConversationID, error)

	Enqueue(ctx context.Context, row store.OutboxRow) (store.OutboxRow, error)
	Outbox() ([]store.OutboxRow, error)
	OutboxOf(conv im.ConversationID) ([]store.OutboxRow, error)
	UpdateOutbox(ctx context.Context, id im.MessageID, f func(*store.OutboxRow) error) error
	Acknowledge(ctx context.Context, id im.MessageID, sequence uint64, timeMS int64) (im.Message, error)
	RemoveOutbox(ctx context.Context, id im.MessageID) error

	SetDraft(ctx context.Context, conv im.ConversationID, text string) error
	Draft(conv im.ConversationID) (string, error)

	PutProfiles(ctx context.Context, ps []im.Profile) error
	Profile(user im.UserID) (im.Profile, bool, error)
	PutGroup(ctx context.Context, g im.Group) error
	Group(id im.GroupID) (im.Group, bool, error)
	Groups() ([]im.Group, error)
	PutMembers(ctx context.Context, g im.GroupID, ms []im.GroupMember) error
	Members(g im.GroupID) ([]im.GroupMember, error)
}

// Keys of the store's meta values.
const (
	metaDevice = "device"
	metaToken  = "token"
	metaEpoch  = "epoch"
	metaFloors = "floors" // see floors
	metaRescue = "rescue" // see rescue

	metaForgotten = store.MetaForgotten // see Client.ForgetHistory
	metaImported  = "imported"          // how many messages of each conversation were imported
	metaPaused    = "paused"            // ids of messages whose transfer a person paused
	metaUnwanted  = "unwanted"          // see unwanted

	metaBlacklist = "blacklist"
)

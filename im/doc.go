// Package im is the model that client and server share: messages and their
// payloads, conversations, groups, profiles, tips, notices, events, limits and
// errors.
//
// It is plain data with rules. It opens no file, no connection and no window,
// imports nothing of ours and nothing heavy, and every value it defines can be
// copied freely. The names, values and figures are those of the published
// interface (docs/protocol.md says where we differ and why).
//
// Begin with [Message] and [Payload]; [Conversation] is what the list shows;
// [Error] is what a person may be told. Package im/wire holds the frames in
// which these travel.
package im

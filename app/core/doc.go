// Package core is a chat client without a window: it signs in, keeps the
// history on disk complete and in order, sends what was written, however often
// the network or the process goes away, and tells what happened as typed
// events. The window, the command line, bots and tests all use it.
//
// # Beginning
//
//	st, _, err := store.Open(path, store.Options{Account: "ann"})
//	c, err := core.New(core.Options{Store: st, Server: "chat.example.org", User: "ann", Password: password})
//	sub := c.Subscribe()
//	c.Start(ctx)
//	defer c.Close()
//	for e := range sub.Events() {
//		switch e := e.(type) {
//		case core.MessageReceived:
//			…
//		}
//	}
//
// A [Client] works from the disk at once, before and without any connection:
// [Client.GetConversationList], [Client.History] and [Client.SendMessage] need
// no server. What was sent is on disk when SendMessage returns and goes out as
// soon as there is a connection, in this process or a later one.
//
// # States
//
// A client is [Offline], [Connecting], [Syncing], [Ready] or [Kicked]. Between
// Offline and Ready it goes by itself, with a random and growing pause between
// attempts. It stays Offline after a refused sign-in ([Client.SignInError]) and
// Kicked after the server ended the session for good, until a person asks for
// another attempt with [Client.SignIn]. A signature that expired refuses the
// first sign-in (code 70001); after a session it is a kick (userSigExpired), as
// in the interface, whether the server ends the session or refuses the next.
//
// # What needs the server
//
// Reading and writing messages, read marks, deleting from the list and drafts
// work without a connection. Settings of a conversation, groups, the block list,
// recalls and profiles are the server's: their calls return code 9508 without a
// connection, change nothing before the server has, and then show at once. What
// was last known of them can be read offline.
//
// # Conversations of their own kind
//
// The system conversation, [im.SystemConversation], has the notices of groups as
// messages; [GroupNoticeReceived] comes before the MessageReceived of each, and
// [Client.HandleGroupApplication] answers those that ask something. What is said
// in live rooms ([im.GroupAVChatRoom]) is stored nowhere: the last 500 messages
// of each are kept in memory, with numbers of this process, and
// [Client.History] serves them. Who types is told by [Typing], never as a
// message.
//
// # Files
//
// [Client.AddFile] copies a file into the account's folder and gives its address,
// which a payload then has. Sending such a message uploads what the server does
// not have, in pieces, through cuts and restarts; [TransferProgress] tells how far
// it is, [Client.PauseTransfer] and [Client.CancelMessage] stop it. [Client.Download]
// fetches what a message names, once, by range, and compares it with its hash;
// [Client.OpenFile] reads what is here. Options.AutoDownload says what is fetched
// by itself. No name that somebody sent is ever part of a path. With Options.Key all
// of it is sealed on the disk, and nobody but the core knows where.
//
// # Promises
//
//   - The store is written before an event is raised: whoever hears of a
//     message finds it on disk.
//   - The server's log is the truth and a push only a hint. Messages are kept
//     by their sequence, holes are found and pulled, nothing is shown twice.
//   - [MessageReceived] comes once for each message of others, and of the
//     account's other devices, in order within a conversation. It is not raised
//     for history from before this device first signed in, nor for what the
//     background fetches after a long absence ([HistoryChanged]).
//   - A message that was recalled leaves nothing of its content on disk, on
//     every device, also where its recall comes before it or weeks later.
//     [MessageRevoked] comes once for each.
//   - A message keeps its id for ever. Sending again, an hour or a restart
//     later, stores it once.
//   - Nothing waits for a subscriber. Events queue in memory until they are taken.
//   - Values handed out are copies; what an event holds is shared by all who
//     hear it and is not to be changed.
//
// Errors that a person may be told are [*magpie/im.Error] with a code. The
// package opens no window, plays no sound, prints and logs nothing. All methods
// of Client may be called from any goroutine.
package core

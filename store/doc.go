// Package store is what a signed-in account has on its own disk: history,
// conversations with their unread counts, the outbox, drafts, profiles, groups.
// It is one bbolt file for one account; docs/storage.md describes the format.
//
// Promises:
//   - What a method returned nil for is on the disk: a crash or a power cut after
//     it takes nothing back. What it returned an error for is not there at all.
//   - What a person did (Enqueue, SetDraft, UpdateConversation, Acknowledge …) is
//     committed at once. What the network brought (Ingest, PutConversations …) is
//     gathered with its neighbours for [Options].BatchWindow into one
//     transaction. All go through one writer, in the order of the calls.
//   - Values handed out are copies: nothing of the file escapes a call.
//   - Damage never crashes the program and never deletes anything. Met on Open,
//     the file is set aside and what can be read is copied into a fresh one
//     ([Report]); met later, the call returns an [im.Error] with
//     [im.CodeStoreDamaged] and the next Open looks at everything.
//   - What Ingest returned for is found by Search; what was recalled is not, and
//     leaves the index as it leaves the history. No answer comes from a damaged page.
//   - A full disk is an [im.Error] with [im.CodeDiskFull]; the store stays usable.
//
// It never talks to a network, never deletes messages by itself, and never
// computes unread counts: those are the server's.
//
// Begin with [Open]; [Store.Page], [Store.Search] and [Store.Ingest] are the ends
// that everything else serves.
package store

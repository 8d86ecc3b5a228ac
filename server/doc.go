// Package server is Magpie's server: the message log, the rules and the
// gateway, in one value that a desktop program embeds and that server/magpied
// runs alone.
//
// What it promises:
//
//   - A message is on the disk (fsync) before it is acknowledged; so is a file
//     before its upload is.
//   - Every conversation numbers its messages 1, 2, 3 …; the order is the same
//     for everyone. The same message id is stored once, however often and
//     however late it is sent again.
//   - A frame from the network is answered with a coded error or with what it
//     asked for; it never reaches anyone who may not see it.
//
// What it never does: trust an id because it is well formed, use a name from
// outside as a path or a subject, or keep in memory what grows with history.
//
// The log is the truth (log.go). Heads (head.go), counters and pushes are
// derived from it and repaired from it (repair.go). Membership and read state
// are small records of their own (group_store.go, inbox.go). Every question of
// "may this user do that" is answered in authorise.go and nowhere else.
//
// Begin with [Open]; a request's way is gateway.go → conn.go → dispatch.go →
// authorise.go → actor.go → log.go → fanout.go.
package server

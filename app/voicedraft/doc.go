// Package voicedraft keeps the voice notes of an account that are recorded and not
// sent yet, and sends them: none is ever lost, and none goes out twice.
//
// A note grows in a file of its own while it is recorded (package record). It is a
// draft of its conversation for as long as that file is there. Who sends it first
// notes beside it which message it becomes; the file goes once that message is in
// the outbox. What a killed process left half done, [Folder.Resume] ends: the same
// message, which the client core takes once.
//
// Begin with [Folder].
package voicedraft

// Package outgoing makes of a file what a message with it says: it copies the file
// into the account, finds out by its bytes what it is, and adds the thumbnails.
// Window and command line send files through it.
//
// It looks at the copy and never at the source, which may change or vanish as soon
// as [Prepare] has returned. It uploads nothing: that is done by
// [core.Client.SendMessage].
package outgoing

// Package datalock keeps two processes from serving one data folder.
//
// The lock is the operating system's own on a file inside the folder (flock on
// Unix, LockFileEx on Windows), so it ends with its process, however that ends,
// and nothing stale is ever left to be judged. The file also holds the id of
// the process, for the message only. Folders on network file systems are as
// safe as the locks of that file system.
//
// Begin with [Acquire].
package datalock

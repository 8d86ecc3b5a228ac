// Package durable makes names last. A file that was written beside and renamed is
// whole after a power cut, but it may still have its old name, or none: that is in
// the folder, which is synced by itself.
//
// Begin with [Folder].
package durable

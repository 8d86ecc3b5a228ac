// Package inviting is what the owner of a data folder says on a command line about others:
// how the server stands to the network, that it is to be open or closed, that somebody is
// invited, or not any more. `magpie host` and `magpied host` are this package with their
// own ways to the folder.
//
// It prints nothing itself: [Options.Words] and [Options.JSON] return what is to be
// printed, the QR code for a terminal among it.
//
// Begin with [Options.Do].
package inviting

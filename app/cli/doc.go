// Package cli is Magpie without a window: it serves, sends, follows and reads
// history from a shell, on the same client core and the same files as the
// window. It is made for scripts: what was asked for goes to standard output,
// everything else to standard error, and the exit code tells what happened
// ([ExitOK] and its neighbours).
package cli

// Package instance keeps one window to a profile: the first process locks it and
// listens, a second one asks it to come to the front and ends. The lock decides;
// it goes with the process, however that ends.
//
// The same socket serves the command line. A command that needs an account which
// the window has open runs inside the window's process ([Do], [Handler]): there is
// never a second process on an open history. Begin reading at frame.go, which is
// all of the protocol.
//
// Only processes of the same user are heard, and nothing that a peer does or
// leaves undone holds up the window: what it may send is bounded, what it does not
// take in time is given up.
package instance

// Package wire defines the frames between a client and a gateway: JSON objects
// in text messages of a WebSocket, one object a line, several lines a message
// allowed.
//
// Every frame has a type "t". A request also has a number "i" > 0 that its
// answer repeats; a push has none. Unknown fields and unknown frames are passed
// over, so either side may be newer than the other; [Version] in hello says
// what both can rely on. docs/protocol.md describes every frame well enough to
// write another client.
package wire

// Package proxy finds the way from this computer to a server: straight, through the
// proxy that the environment names, or through one that a person has entered.
//
// A [Way] opens the TCP connection below everything else; TLS to the server is made
// within it, so that a proxy sees an address and no content. Names are not looked up
// here but by the proxy. A server on this computer is always reached straight.
//
// What it never does: it falls back to a straight connection when a proxy fails, since
// who enters one may have no other permission, or no wish to be seen.
//
// Begin with [Route], which a person's choice becomes, and [Way].
package proxy

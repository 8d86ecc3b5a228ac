// Package invite is the link by which a person joins a server on somebody's
// computer:
//
//	magpie://HOST:PORT/join#k=SECRET&fp=SHA256&or=HOST,HOST
//
// k is the secret of the invitation, fp the SHA-256 of the server's certificate in
// hexadecimal, or (which may be missing) further hosts at which the same server may
// be found, at the same port. What follows the # is never sent to anybody by a
// program that opens links.
//
// The package reads and writes links and knows no network. Whoever has an
// [Invitation] of [Parse] may rely on every field being well-formed; that somebody
// answers there, and who, is for the connection to find out, which trusts nothing
// but the fingerprint.
package invite

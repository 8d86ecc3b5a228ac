// Package auth decides who a connection belongs to. It signs and verifies
// UserSigs of the published second version, hashes and checks passwords with
// argon2id, and makes and reads the tokens with which a device signs in again.
//
// It keeps no state, opens no file and knows no clock: keys and times are passed
// in. Everything it reads from outside is capped before it is decoded, and
// secrets are compared in constant time. Errors for the person at the other end
// are *im.Error; any other error is the server's own trouble (a damaged hash, a
// missing key) and must not be sent to a client.
//
// Begin with [Verify], [CheckPassword] and [ParseToken].
package auth

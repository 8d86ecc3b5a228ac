package core

import (
	"magpie/im"
	"magpie/im/wire"
)

// keys are what the client can sign in with, in the order in which it tries.
// typed ones come first: a person who enters a password wants that one judged.
type keys struct {
	token, stored, userSig, password string
	typed                            bool
}

func (c *Client) readKeys() (keys, error) {
	stored, err := c.db.Meta(metaToken)
	return keys{token: c.o.Token, stored: stored, userSig: c.o.UserSig, password: c.o.Password}, err
}

func (k *keys) replace(password, userSig string) {
	if password != "" {
		k.password, k.typed = password, true
	}
	if userSig != "" {
		k.userSig, k.typed = userSig, true
	}
}

// hello fills in the key to try next; false if there is none left.
func (k *keys) hello(h *wire.Hello) bool {
	typed := func() bool {
		switch {
		case k.userSig != "":
			h.UserSig = k.userSig
		case k.password != "":
			h.Password = k.password
		default:
			return false
		}
		return true
	}
	switch {
	case k.typed && typed():
	case k.token != "":
		h.Token = k.token
	case k.stored != "":
		h.Token = k.stored
	default:
		return typed()
	}
	return true
}

// refused notes that the server does not take the key that was in h. It
// reports whether another one is left to try. The last one is kept, so that a
// later SignIn without a new one tries it again.
func (k *keys) refused(h *wire.Hello) bool {
	left := *k
	switch {
	case h.Token != "" && h.Token == k.token:
		left.token = ""
	case h.Token != "":
		left.stored = ""
	case h.UserSig != "":
		left.userSig = ""
	default:
		left.password = ""
	}
	if k.typed && h.Token == "" {
		return false // what a person typed is not replaced by something older
	}
	if !left.hello(new(wire.Hello)) {
		return false
	}
	*k = left
	return true
}

// final reports whether the server's answer to hello makes another attempt
// with the same key useless.
func final(err error) bool {
	switch im.CodeOf(err) {
	case im.CodeWrongPassword, im.CodeUserSigExpired, im.CodeUserSigEmpty, im.CodeUserSigInvalid,
		im.CodeUserSigMismatch, im.CodeUserSigRevoked, im.CodeUserSigWrongUser, im.CodeUserSigWrongApp, im.CodeUserNotFound,
		im.CodeInvalidUserID, im.CodeVersion, im.CodeInvalidParameter, im.CodeCertificate, im.CodeUserExists, im.CodeProfileValueInvalid,
		im.CodeProfileValueTooLong, im.CodeInvitationUnknown, im.CodeInvitationExpired, im.CodeInvitationUsed:
		return true
	}
	return false
}

package server

import (
	"encoding/base64"
	"hash/fnv"
	"strconv"
	"strings"

	"magpie/im"
)

// convKey names a conversation inside the server, the same for all its
// members: "c/<lower user>/<higher user>", "g/<encoded group>", or "s/<user>"
// for a user's system notices. It is one token of a subject. '/' and '=' cannot be part of a user id, so no two
// conversations share a key.
type convKey string

func c2cKey(a, b im.UserID) convKey {
	if b < a {
		a, b = b, a
	}
	return convKey("c/" + encodeID(string(a)) + "/" + encodeID(string(b)))
}

func groupKey(g im.GroupID) convKey { return convKey("g/" + encodeID(string(g))) }

func systemKey(u im.UserID) convKey { return convKey("s/" + encodeID(string(u))) }

// keyFor translates the id under which viewer sees a conversation.
func keyFor(viewer im.UserID, c im.ConversationID) (convKey, error) {
	if err := c.Validate(); err != nil {
		return "", err
	}
	switch c.Type() {
	case im.ConvC2C:
		return c2cKey(viewer, c.Peer()), nil
	case im.ConvGroup:
		return groupKey(c.Group()), nil
	}
	return systemKey(viewer), nil
}

// users returns both sides of a one-to-one conversation; they are equal for
// one with oneself.
func (k convKey) users() (a, b im.UserID, ok bool) {
	rest, ok := strings.CutPrefix(string(k), "c/")
	if !ok {
		return "", "", false
	}
	x, y, ok := strings.Cut(rest, "/")
	if !ok {
		return "", "", false
	}
	return im.UserID(decodeID(x)), im.UserID(decodeID(y)), true
}

// group returns the group of a group conversation.
func (k convKey) group() (im.GroupID, bool) {
	rest, ok := strings.CutPrefix(string(k), "g/")
	return im.GroupID(decodeID(rest)), ok
}

// system returns the user whose system notices k holds.
func (k convKey) system() (im.UserID, bool) {
	rest, ok := strings.CutPrefix(string(k), "s/")
	return im.UserID(decodeID(rest)), ok
}

// sides returns those a conversation without members is between.
func (k convKey) sides() []im.UserID {
	if u, ok := k.system(); ok {
		return []im.UserID{u}
	}
	a, b, ok := k.users()
	switch {
	case !ok:
		return nil
	case a == b:
		return []im.UserID{a}
	}
	return []im.UserID{a, b}
}

// peerOf returns the other side of a one-to-one conversation, viewer itself
// for the one with oneself, "" for groups.
func (k convKey) peerOf(viewer im.UserID) im.UserID {
	a, b, ok := k.users()
	switch {
	case !ok:
		return ""
	case a == viewer:
		return b
	}
	return a
}

// seenBy is the id under which viewer sees the conversation.
func (k convKey) seenBy(viewer im.UserID) im.ConversationID {
	if g, ok := k.group(); ok {
		return im.GroupConversation(g)
	}
	if _, ok := k.system(); ok {
		return im.SystemConversation
	}
	return im.C2C(k.peerOf(viewer))
}

// partition spreads conversations over n streams, for ever the same way.
func (k convKey) partition(n int) int {
	h := fnv.New32a()
	h.Write([]byte(k))
	return int(h.Sum32() % uint32(n))
}

// subject is where the log keeps the conversation.
func (k convKey) subject(partitions int) string {
	return "m." + twoDigits(k.partition(partitions)) + "." + string(k)
}

func twoDigits(n int) string {
	s := strconv.Itoa(n)
	if len(s) < 2 {
		return "0" + s
	}
	return s
}

// encodeID makes one subject token of any id: ids of letters, digits, '_' and
// '-' stay readable, everything else becomes "=" and base64url. '.', '*', '>'
// and spaces from outside therefore never reach a subject.
func encodeID(id string) string {
	if len(id) >= 1 && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == "" {
		return id
	}
	return "=" + base64.RawURLEncoding.EncodeToString([]byte(id))
}

// decodeID undoes encodeID; what encodeID cannot have made is returned as it is.
func decodeID(token string) string {
	b64, ok := strings.CutPrefix(token, "=")
	if !ok {
		return token
	}
	b, err := base64.RawURLEncoding.DecodeString(b64)
	if err != nil {
		return token
	}
	return string(b)
}

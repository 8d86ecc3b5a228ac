// Package deeplink reads the links that lead into the program:
//
//	magpie://chat/C2CuserID            a person
//	magpie://chat/GROUPgroupID         a group
//	magpie://HOST:PORT/join#…          an invitation, which package invite reads
//
// Anybody can write such a link, and a browser hands it over without a question.
// So a link only says where to go: it carries nothing that is sent, changed or run,
// and one that is not exactly of this form is refused whole. Begin with [Parse].
package deeplink

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"magpie/im"
)

const (
	// Scheme is that of the links, as it is registered with the system.
	Scheme = "magpie"
	// MaxBytes bounds a link; an invitation has about 200.
	MaxBytes = 2048

	chatHost = "chat"
	joinPath = "/join"
)

// Link is where a link leads: one of its fields is set.
type Link struct {
	// Chat is the conversation with a person or of a group.
	Chat im.ConversationID
	// Invitation is the whole link of an invitation. Of what it says only the form
	// of its address is known to be right.
	Invitation string
}

// Is reports whether s means to be one of these links, well formed or not.
func Is(s string) bool {
	const prefix = Scheme + ":"
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// ForChat is the link to a conversation with a person or of a group.
func ForChat(conv im.ConversationID) string {
	return (&url.URL{Scheme: Scheme, Host: chatHost, Path: "/" + string(conv)}).String()
}

// Parse reads a link. The error is an *[im.Error] with code 6017 for one that is
// damaged, too long, or of another form, whatever it would lead to.
func Parse(s string) (Link, error) {
	if len(s) > MaxBytes {
		return Link{}, im.Errorf(im.CodeInvalidParameter, "a link of %d bytes, %d are allowed", len(s), MaxBytes)
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, hidden) {
		return Link{}, im.Errorf(im.CodeInvalidParameter, "the link has signs that are not shown")
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != Scheme || u.Opaque != "" || u.User != nil || u.RawQuery != "" || u.ForceQuery {
		return Link{}, im.Errorf(im.CodeInvalidParameter, "this is no link of the form %s://…", Scheme)
	}
	switch {
	case u.Host == chatHost && u.Fragment == "" && !strings.HasSuffix(s, "#"):
		return chat(u)
	case u.Hostname() != "" && u.Port() != "" && u.Path == joinPath && u.Fragment != "":
		return Link{Invitation: s}, nil
	}
	return Link{}, im.Errorf(im.CodeInvalidParameter, "the link leads to nothing that this version knows")
}

// chat reads the conversation of a link.
func chat(u *url.URL) (Link, error) {
	conv := im.ConversationID(strings.TrimPrefix(u.Path, "/"))
	if t := conv.Type(); t != im.ConvC2C && t != im.ConvGroup {
		return Link{}, im.Errorf(im.CodeInvalidParameter, "the link names no conversation")
	}
	if err := conv.Validate(); err != nil {
		return Link{}, im.Errorf(im.CodeInvalidParameter, "the link names no conversation: %v", err)
	}
	return Link{Chat: conv}, nil
}

// hidden reports whether a sign of a link can mislead who reads it: spaces, controls,
// and those that turn the direction of writing or take no room.
func hidden(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

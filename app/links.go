package app

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"magpie/app/deeplink"
	"magpie/app/i18n"
)

// openLink opens the address of a link in the system's browser, and nothing but
// the web and the program's own ([mainScreen.openOwnLink]). It leads where one
// reads; where an address can be misread, by a user's name before the host or
// letters that look like others, it asks first and names the host.
func (m *mainScreen) openLink(address string) {
	if deeplink.Is(address) {
		m.openOwnLink(address)
		return
	}
	u, host, plain := readLink(address)
	if u == nil {
		m.app.say(m.tr.T("link.bad"))
		return
	}
	open := func() {
		if err := m.app.openURL(u); err != nil {
			m.report(err)
		}
	}
	if plain {
		open()
		return
	}
	m.app.askOfLink(question{
		title: m.tr.T("link.title"),
		text:  m.tr.F("link.text", i18n.Args{"Host": host}),
		yes:   m.tr.T("link.open"),
		no:    m.tr.T("action.cancel"),
		onYes: open,
	})
}

// overLink says where the link under the pointer leads, before anybody clicks: the
// address as it is read, or, where it can be misread, the host as it is asked for on
// the network.
func (m *mainScreen) overLink(address string) {
	words := ""
	switch u, host, plain := readLink(address); {
	case plain, deeplink.Is(address):
		words = address
	case u != nil:
		words = m.tr.F("link.leadsTo", i18n.Args{"Host": host})
	}
	m.content.showLeads(words)
}

// readLink returns the address of a link, nil if it is none of the web, with its
// host as it is asked for on the network. plain: it cannot be misread.
func readLink(address string) (u *url.URL, host string, plain bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, "", false
	}
	host = u.Hostname()
	ascii, err := idna.Punycode.ToASCII(host)
	if err != nil {
		return nil, "", false
	}
	plain = u.User == nil && strings.EqualFold(ascii, host)
	return u, ascii, plain
}

package app

import "testing"

func TestReadLink(t *testing.T) {
	for _, c := range []struct {
		address, host string
		plain         bool
	}{
		{"https://example.org/a?b#c", "example.org", true},
		{"http://EXAMPLE.org:8080", "EXAMPLE.org", true},
		{"http://[::1]:80/", "::1", true},
		{"https://bank.example@evil.example/", "evil.example", false},
		{"https://аpple.com/", "xn--pple-43d.com", false}, // a Cyrillic first letter
		{"https://例え.jp", "xn--r8jz45g.jp", false},
		{"ftp://example.org", "", false},
		{"file:///etc/passwd", "", false},
		{"javascript:alert(1)", "", false},
		{"https:///path", "", false},
		{"http://a b/", "", false},
	} {
		u, host, plain := readLink(c.address)
		if host != c.host || plain != c.plain || (u == nil) != (c.host == "") {
			t.Errorf("%q: %v, %q, %v", c.address, u, host, plain)
		}
	}
}

// Before anybody clicks, the window says where a link leads; of one that can be
// misread it names the host, and asks.
func TestWhereALinkLeads(t *testing.T) {
	u := begin(t, t.TempDir())
	u.start()
	u.do(func() { u.a.main.openChat("C2Cecho") })
	u.sees("Message Echo")
	for _, c := range []struct{ address, says string }{
		{"https://example.org/a?b", "https://example.org/a?b"},
		{"https://аpple.com/", "Leads to xn--pple-43d.com"},
		{"https://bank.example@evil.example/", "Leads to evil.example"},
		{"magpie://chat/C2Cecho", "magpie://chat/C2Cecho"},
		{"", ""},
	} {
		u.do(func() {
			u.a.main.overLink(c.address)
			if got := u.a.main.content.leads; got.Text() != c.says || got.Visible() != (c.says != "") {
				t.Errorf("%q: %q, visible %v", c.address, got.Text(), got.Visible())
			}
		})
	}
	u.do(func() { u.a.main.openLink("https://bank.example@evil.example/") })
	u.sees("It leads to evil.example")
	u.end()
}

// However many links that lead nowhere come in a row, one question is in front.
func TestLinksDoNotPileUp(t *testing.T) {
	u := begin(t, t.TempDir())
	u.start()
	u.do(func() {
		for range 3 {
			u.a.openLink("magpie://nowhere")
		}
		u.a.main.openLink("https://bank.example@evil.example/")
		if n := len(u.a.window.Canvas().Overlays().List()); n != 1 {
			t.Errorf("%d questions lie over each other", n)
		}
	})
	u.tap("OK")
	u.do(func() { u.a.main.openLink("https://bank.example@evil.example/") })
	u.sees("It leads to evil.example")
	u.end()
}

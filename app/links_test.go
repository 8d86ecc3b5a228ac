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

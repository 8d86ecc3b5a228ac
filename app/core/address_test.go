package core

import (
	"net/url"
	"strings"
	"testing"

	"magpie/im"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"chat.example.org", "wss://chat.example.org/v1/chat"},
		{" chat.example.org:8443 ", "wss://chat.example.org:8443/v1/chat"},
		{"localhost:8787", "ws://localhost:8787/v1/chat"},
		{"127.0.0.1:8787", "ws://127.0.0.1:8787/v1/chat"},
		{"[::1]:8787", "ws://[::1]:8787/v1/chat"},
		{"192.168.1.5", "wss://192.168.1.5/v1/chat"},
		{"ws://192.168.1.5:80", "ws://192.168.1.5:80/v1/chat"},
		{"wss://h/x/y", "wss://h/x/y"},
		{"http://h/", "ws://h/v1/chat"},
		{"https://h:1", "wss://h:1/v1/chat"},
		{"", ""},
		{"://", ""},
		{"ftp://h", ""},
		{"h:0x50", ""},
		{"h:99999", ""},
		{"h:http", ""},
		{"https://user:secret@h", ""},
		{"https://h/?q=1", ""},
		{"https://h/#f", ""},
		{"two words", ""},
		{"h\x00", ""},
		{"ws:///path", ""},
	} {
		got, err := address(c.in)
		if c.want == "" {
			equal(t, c.in, im.CodeOf(err), im.CodeInvalidParameter)
			continue
		}
		ok(t, err)
		equal(t, c.in, got, c.want)
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"h", "h:1", "ws://[::1]:9/x", "https://a@b", "\x00", "http://%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := address(s)
		if err != nil {
			if im.CodeOf(err) != im.CodeInvalidParameter {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		u, err := url.Parse(got)
		if err != nil || u.Scheme != "ws" && u.Scheme != "wss" || u.Hostname() == "" || u.User != nil || !strings.HasPrefix(u.Path, "/") {
			t.Fatalf("%q became %q: %v", s, got, err)
		}
		again, err := address(got)
		if err != nil || again != got {
			t.Fatalf("%q is not stable: %q, %v", got, again, err)
		}
	})
}

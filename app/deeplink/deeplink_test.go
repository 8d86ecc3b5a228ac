package deeplink

import (
	"strings"
	"testing"

	"magpie/im"
)

func TestParse(t *testing.T) {
	const invitation = "magpie://192.168.1.5:8443/join#k=c2VjcmV0&fp=00ff"
	for s, want := range map[string]Link{
		"magpie://chat/C2Cann":                                       {Chat: "C2Cann"},
		"MAGPIE://chat/C2Cann":                                       {Chat: "C2Cann"},
		"magpie://chat/GROUPdesign":                                  {Chat: "GROUPdesign"},
		"magpie://chat/GROUP%40TGS%23a%20b":                          {Chat: "GROUP@TGS#a b"},
		"magpie://chat/GROUP@TGS%23a":                                {Chat: "GROUP@TGS#a"},
		invitation:                                                   {Invitation: invitation},
		"magpie://[fe80::1]:1/join#k=x":                              {Invitation: "magpie://[fe80::1]:1/join#k=x"},
		"magpie://chat:8443/join#k=x":                                {Invitation: "magpie://chat:8443/join#k=x"},
		"magpie://chat/C2C" + strings.Repeat("a", im.MaxUserIDBytes): {Chat: im.ConversationID("C2C" + strings.Repeat("a", im.MaxUserIDBytes))},
	} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
}

// What is not exactly of the form is refused whole, and says so with a code.
func TestHostileLinks(t *testing.T) {
	for _, s := range []string{
		"", "magpie", "magpie:", "magpie://", "magpie:chat/C2Cann", "magpie:///C2Cann", "magpie://chat", "magpie://chat/",
		"magpie://chat/ann", "magpie://chat/C2C", "magpie://chat/GROUP", "magpie://chat/@TIM#SYSTEM", "magpie://chat/@TIM%23SYSTEM",
		"magpie://chat/C2Cann/", "magpie://chat//C2Cann/x", "magpie://chat/C2Cann?text=hello", "magpie://chat/C2Cann?", "magpie://chat/C2Cann#send", "magpie://chat/C2Cann#",
		"magpie://chat/C2C../../etc/passwd", "magpie://chat/C2C%00", "magpie://chat/C2Ca%0ab", "magpie://chat/C2Ca%2fb/../c", "magpie://chat/C2C%zz",
		"magpie://user@chat/C2Cann", "magpie://chat:80/C2Cann", "magpie://other/C2Cann", "magpie://CHAT/C2Cann",
		"http://chat/C2Cann", "file:///etc/passwd", "javascript:alert(1)", "xmagpie://chat/C2Cann", " magpie://chat/C2Cann",
		"magpie://chat/C2Cann ", "magpie://chat/C2Ca\nb", "magpie://chat/C2C\u202eann", "magpie://chat/C2Ca\u200bnn", "magpie://chat/C2C\xff",
		"magpie://chat/C2C" + strings.Repeat("a", MaxBytes), "magpie://chat/C2C" + strings.Repeat("a", im.MaxUserIDBytes+1),
		"magpie://host/join#k=x", "magpie://host:1/join", "magpie://host:1/join/#k=x", "magpie://host:1/other#k=x", "magpie://:1/join#k=x",
		"magpie://user:word@host:1/join#k=x", "magpie://host:1/join?k=x#y", "magpie://host:99999999999999999999x/join#k",
	} {
		if got, err := Parse(s); im.CodeOf(err) != im.CodeInvalidParameter || got != (Link{}) {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
}

func TestIs(t *testing.T) {
	for s, want := range map[string]bool{"magpie:": true, "Magpie://x": true, "magpie": false, "magpied:x": false, "https://magpie": false, "": false} {
		if Is(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

// Whatever is accepted is one conversation that can be named, or an invitation as it
// stands; its own link leads to the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"magpie://chat/C2Cann", "magpie://chat/GROUP%40TGS%23a%20b", "magpie://[::1]:1/join#k=x", "magpie://a@b:1/join#", "magpie:%2f", "magpie://chat/C2C%e2%80%ae"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := Parse(s)
		if err != nil {
			if l != (Link{}) || im.CodeOf(err) != im.CodeInvalidParameter {
				t.Fatalf("refused as %v with %+v", err, l)
			}
			return
		}
		if !Is(s) || len(s) > MaxBytes || (l.Chat == "") == (l.Invitation == "") {
			t.Fatalf("accepted as %+v", l)
		}
		if l.Invitation != "" {
			if l.Invitation != s {
				t.Fatalf("an invitation became %q", l.Invitation)
			}
			return
		}
		if l.Chat.Validate() != nil || l.Chat.Type() == im.ConvSystem {
			t.Fatalf("names %q", l.Chat)
		}
		if again, err := Parse(ForChat(l.Chat)); err != nil || again != l {
			t.Fatalf("%q leads to %+v, %v", ForChat(l.Chat), again, err)
		}
	})
}

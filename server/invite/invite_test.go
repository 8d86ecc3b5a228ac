package invite_test

import (
	"reflect"
	"strings"
	"testing"

	"magpie/im"
	"magpie/server/invite"
)

const (
	secret = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	print  = "9c41000000000000000000000000000000000000000000000000000000000fe2"
	tail   = "/join#k=" + secret + "&fp=" + print
)

func fingerprint(t *testing.T) invite.Fingerprint {
	t.Helper()
	f, err := invite.ParseFingerprint(print)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestParse(t *testing.T) {
	colons := ""
	for i := 0; i < len(print); i += 2 {
		colons += ":" + strings.ToUpper(print[i:i+2])
	}
	for link, hosts := range map[string][]string{
		"magpie://192.168.1.20:7443" + tail:                                                         {"192.168.1.20"},
		" \n MAGPIE://192.168.1.20:7443" + tail + "\r\n":                                            {"192.168.1.20"},
		"magpie://[fd00::2]:7443" + tail:                                                            {"fd00::2"},
		"magpie://[FD00:0::2]:7443" + tail:                                                          {"fd00::2"},
		"magpie://[::ffff:10.0.0.1]:7443" + tail:                                                    {"10.0.0.1"},
		"magpie://Host-1.Example:7443" + tail:                                                       {"host-1.example"},
		"magpie://host:7443/join/#fp=" + print + "&k=" + secret:                                     {"host"},
		"magpie://host:7443/join#k=" + secret + "&fp=" + colons[1:]:                                 {"host"},
		"magpie://host:7443/join#k=" + secret + "&fp=" + strings.ReplaceAll(colons[1:], ":", "%3A"): {"host"},
		"magpie://10.0.0.1:7443" + tail + "&or=fd00::2,10.0.0.1,printer.local":                      {"10.0.0.1", "fd00::2", "printer.local"},
		"magpie://10.0.0.1:7443" + tail + "&new=&later=thing":                                       {"10.0.0.1"},
	} {
		got, err := invite.Parse(link)
		want := invite.Invitation{Hosts: hosts, Port: 7443, Secret: secret, Fingerprint: fingerprint(t)}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", link, got, err)
			continue
		}
		again, err := invite.Parse(got.String())
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%s written as %s is read as %+v, %v", link, got, again, err)
		}
	}
}

// What somebody else made to harm is refused, with the code that has the words.
func TestParseRefuses(t *testing.T) {
	for name, link := range map[string]string{
		"nothing":             "",
		"another scheme":      "https://host:7443" + tail,
		"no scheme":           "host:7443" + tail,
		"a chat":              "magpie://chat/C2Calice",
		"another path":        "magpie://host:7443/leave#k=" + secret + "&fp=" + print,
		"a longer path":       "magpie://host:7443/a/join#k=" + secret + "&fp=" + print,
		"a query":             "magpie://host:7443/join?k=" + secret + "#fp=" + print,
		"a user":              "magpie://bank.example@host:7443" + tail,
		"a user and password": "magpie://a:b@host:7443" + tail,
		"no port":             "magpie://host" + tail,
		"port 0":              "magpie://host:0" + tail,
		"port +1":             "magpie://host:+1" + tail,
		"port 65536":          "magpie://host:65536" + tail,
		"a named port":        "magpie://host:https" + tail,
		"no host":             "magpie://:7443" + tail,
		"all interfaces":      "magpie://0.0.0.0:7443" + tail,
		"all of version 6":    "magpie://[::]:7443" + tail,
		"a group of hosts":    "magpie://224.0.0.1:7443" + tail,
		"everybody":           "magpie://255.255.255.255:7443" + tail,
		"an interface":        "magpie://[fe80::1%25eth0]:7443" + tail,
		"a number":            "magpie://3232235796:7443" + tail,
		"an octal address":    "magpie://0300.0250.01.024:7443" + tail,
		"a space":             "magpie://ho st:7443" + tail,
		"a line break":        "magpie://ho\nst:7443" + tail,
		"a homograph":         "magpie://exаmple.org:7443" + tail,
		"an empty label":      "magpie://a..b:7443" + tail,
		"a label of a dash":   "magpie://-a.b:7443" + tail,
		"a long name":         "magpie://" + strings.Repeat("a.", 200) + "b:7443" + tail,
		"cut after the path":  "magpie://host:7443/join",
		"cut after the key":   "magpie://host:7443/join#k=" + secret,
		"cut within":          "magpie://host:7443/join#k=" + secret + "&fp=" + print[:60],
		"no secret":           "magpie://host:7443/join#fp=" + print,
		"a weak secret":       "magpie://host:7443/join#k=" + secret[:21] + "&fp=" + print,
		"a long secret":       "magpie://host:7443/join#k=" + strings.Repeat("A", 129) + "&fp=" + print,
		"a secret with a bar": "magpie://host:7443/join#k=" + secret + "|&fp=" + print,
		"two secrets":         "magpie://host:7443/join#k=" + secret + "&k=" + secret + "&fp=" + print,
		"two fingerprints":    "magpie://host:7443" + tail + "&fp=" + print,
		"no hexadecimal":      "magpie://host:7443/join#k=" + secret + "&fp=" + strings.Repeat("g", 64),
		"half an escape":      "magpie://host:7443/join#k=" + secret + "&fp=%" + print,
		"too many hosts":      "magpie://host:7443" + tail + "&or=a,b,c,d,e",
		"a bad second host":   "magpie://host:7443" + tail + "&or=a,0.0.0.0",
		"an empty host":       "magpie://host:7443" + tail + "&or=",
		"too long":            "magpie://host:7443" + tail + "&x=" + strings.Repeat("x", invite.MaxBytes),
	} {
		got, err := invite.Parse(link)
		if im.CodeOf(err) != im.CodeInvitationMalformed || !reflect.DeepEqual(got, invite.Invitation{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestIs(t *testing.T) {
	for link, want := range map[string]bool{
		"magpie://host:7443/join": true, "MAGPIE://x/join/#": true, "magpie://": false, "magpie://chat/C2Cjoin": false,
		"https://host/join": false, "magpie://join": false, "magpie://host:7443/join/x": false, "": false,
	} {
		if got := invite.Is(link); got != want {
			t.Errorf("%q: %v", link, got)
		}
	}
}

func TestNew(t *testing.T) {
	hosts := []string{"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"}
	i, err := invite.New(hosts, 7443, secret, print)
	if err != nil || len(i.Hosts) != invite.MaxHosts || i.Addresses()[0] != "10.0.0.1:7443" {
		t.Fatalf("%+v, %v", i, err)
	}
	if again, err := invite.Parse(i.String()); err != nil || !reflect.DeepEqual(again, i) {
		t.Errorf("read as %+v, %v", again, err)
	}
	if _, err := invite.New(nil, 7443, secret, print); im.CodeOf(err) != im.CodeNoNetwork {
		t.Errorf("without a host: %v", err)
	}
	for name, bad := range map[string]func() error{
		"secret": func() error { _, err := invite.New(hosts, 7443, "short", print); return err },
		"port":   func() error { _, err := invite.New(hosts, 0, secret, print); return err },
		"print":  func() error { _, err := invite.New(hosts, 7443, secret, "x"); return err },
		"host":   func() error { _, err := invite.New([]string{"::"}, 7443, secret, print); return err },
	} {
		if im.CodeOf(bad()) != im.CodeInvitationMalformed {
			t.Errorf("a bad %s: %v", name, bad())
		}
	}
}

func TestForPeople(t *testing.T) {
	got := fingerprint(t).ForPeople()
	want := "9C41" + strings.Repeat(" 0000", 7) + "\n" + strings.Repeat("0000 ", 7) + "0FE2"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whatever it is given, it says no or gives an invitation that is written and read
// as itself.
func FuzzParse(f *testing.F) {
	f.Add("magpie://192.168.1.20:7443" + tail)
	f.Add("magpie://[fd00::2]:1" + tail + "&or=10.0.0.1,a.b")
	f.Add("magpie://a@[::]:0/join#k=&fp=%&or=,")
	f.Fuzz(func(t *testing.T, s string) {
		i, err := invite.Parse(s)
		if err != nil {
			if im.CodeOf(err) != im.CodeInvitationMalformed {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if !invite.Is(s) || len(i.Hosts) == 0 || i.Port == 0 {
			t.Fatalf("%q is read as %+v", s, i)
		}
		again, err := invite.Parse(i.String())
		if err != nil || !reflect.DeepEqual(again, i) {
			t.Fatalf("%q: %+v is written as %q, read as %+v, %v", s, i, i, again, err)
		}
	})
}

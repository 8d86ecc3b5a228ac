package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/app/profile"
	"magpie/im"
)

// The report is shown before it goes anywhere, is what is copied, saved and printed by
// the command, and has nothing in it that is the person's.
func TestReportHasNothingOfThePerson(t *testing.T) {
	noLeaks(t)
	data := filepath.Join(t.TempDir(), "place-of-wren")
	saved := filepath.Join(t.TempDir(), "report.txt")
	u := beginWith(t, data, func(o *Options) {
		o.SaveTo = func(_ string, then func(string)) { then(saved) }
		o.Version = "9.8.7"
	})
	defer u.end()
	u.listening()
	u.start()
	ada := u.guest("ada-lovelace", "Countess")
	u.says(ada, "C2Cwren", "the analytical engine")
	u.until("the message is in the list", func() bool { return u.a.main.index("C2Cada-lovelace") >= 0 })
	u.do(func() {
		u.a.change(func(s *profile.Settings) {
			s.Accounts = append(s.Accounts, profile.Account{User: "cecilia", Server: "wss://secret.example.org"})
			s.Proxy.Address, s.Proxy.User = "proxy.example.net", "proxyuser"
		})
		u.a.main.report(im.Errorf(im.CodeFileMissing, "open %s/letter-to-ada.txt", data))
		u.a.main.report(&os.PathError{Op: "open", Path: data + "/diary.txt", Err: os.ErrNotExist})
	})
	u.settings()
	u.tap("About")
	u.tap("Show…")
	u.sees("This is all of it.")
	u.sees("version: 9.8.7")
	u.tap("Save…")
	u.until("it is saved", func() bool { _, err := os.Stat(saved); return err == nil })
	u.tap("Copy")
	u.sees("The report is in the clipboard")
	var copied string
	u.do(func() { copied = u.a.fyne.Clipboard().Content() })
	file, err := os.ReadFile(saved)
	u.ok(err)
	if string(file) != copied {
		t.Errorf("saved and copied differ:\n%s\n%s", file, copied)
	}
	u.a.files.wait()
	printed := u.magpieOK("", "diagnose")
	for name, text := range map[string]string{"the window's": copied, "the command's": printed} {
		for _, secret := range []string{
			"wren", "ada", "lovelace", "Countess", "analytical", "engine", "C2C", "cecilia", "example", "proxyuser",
			data, "place-of", "letter", "diary", os.TempDir(), "127.0.0.1",
		} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Errorf("%s report has %q:\n%s", name, secret, text)
			}
		}
		for _, line := range []string{"version: 9.8.7", "accounts: 2", "server: inside the program", "encryption: by the key store", "connection: ready", "1 times connected", "error: 7004, 1 times", "error: 0, 1 times"} {
			if !strings.Contains(text, line) {
				t.Errorf("%s report lacks %q:\n%s", name, line, text)
			}
		}
	}
}

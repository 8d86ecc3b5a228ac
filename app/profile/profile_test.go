package profile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/app/profile"
	"magpie/im"
)

func TestSettingsSurviveARestart(t *testing.T) {
	root := t.TempDir()
	p, err := profile.Open(root, "")
	if err != nil {
		t.Fatal(err)
	}
	var s profile.Settings
	local := profile.Account{User: "wren", Local: true}
	remote := profile.Account{User: "wren", Server: "wss://chat.example.org"}
	s.Use(local)
	s.Use(remote)
	s.Use(local)
	s.Theme = "dark"
	if err := p.Save(s); err != nil {
		t.Fatal(err)
	}
	p, err = profile.Open(root, profile.Default)
	if err != nil {
		t.Fatal(err)
	}
	got, aside, err := p.Load(time.Now())
	if err != nil || aside != "" {
		t.Fatal(aside, err)
	}
	if len(got.Accounts) != 2 || got.Accounts[0] != local || got.Accounts[1] != remote || got.Theme != "dark" {
		t.Fatalf("got %+v", got)
	}
	got.Forget(local)
	if len(got.Accounts) != 1 || got.Accounts[0] != remote {
		t.Fatalf("after Forget: %+v", got.Accounts)
	}
}

func TestDamagedSettingsAreSetAside(t *testing.T) {
	p, err := profile.Open(t.TempDir(), "second")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(p.Dir(), "settings.json")
	if err := os.WriteFile(path, []byte(`{"accounts":[{"user":"wr`), 0o600); err != nil {
		t.Fatal(err)
	}
	s, aside, err := p.Load(time.Now())
	if err != nil || len(s.Accounts) != 0 {
		t.Fatal(s, err)
	}
	kept, err := os.ReadFile(aside)
	if err != nil || !strings.HasSuffix(string(kept), `"wr`) {
		t.Fatalf("set aside as %q: %q, %v", aside, kept, err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("the damaged file is still in place")
	}
}

func TestNamesAreNeverPaths(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"..", "a/b", `a\b`, "a\x00b", "名", strings.Repeat("n", 33), "."} {
		if _, err := profile.Open(root, name); err == nil {
			t.Errorf("profile %q was allowed", name)
		}
	}
	p, err := profile.Open(root, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range []string{"wss://../../etc", "wss://" + strings.Repeat("long.", 400), "wss://a/b\x00"} {
		path, err := p.HistoryPath(profile.Account{User: "wren", Server: server})
		if err != nil {
			t.Fatalf("%.40q: %v", server, err)
		}
		if rel, err := filepath.Rel(filepath.Join(p.Dir(), "accounts"), filepath.Dir(path)); err != nil || strings.ContainsAny(rel, `/\`) {
			t.Errorf("%.40q lies at %q", server, rel)
		}
	}
}

// A window and commands change the settings at the same time.
func TestUpdatesAreNotLost(t *testing.T) {
	p, err := profile.Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 5 {
				a := profile.Account{User: im.UserID(fmt.Sprintf("user-%d-%d", i, j)), Local: true}
				if _, err := p.Update(time.Now(), func(s *profile.Settings) { s.Know(a); s.Know(a) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s, _, err := p.Load(time.Now())
	if err != nil || len(s.Accounts) != 40 {
		t.Errorf("%d accounts of 40 (%v)", len(s.Accounts), err)
	}
}

// The emoji used last come first, each once, and not more than are shown.
func TestRecentEmoji(t *testing.T) {
	var s profile.Settings
	for i := range 2 * profile.MaxRecentEmoji {
		s.UsedEmoji(fmt.Sprint(i))
	}
	last := s.RecentEmoji[5]
	before := slices.Clone(s.RecentEmoji)
	s.UsedEmoji(last)
	if len(s.RecentEmoji) != profile.MaxRecentEmoji || s.RecentEmoji[0] != last || s.RecentEmoji[1] != before[0] {
		t.Errorf("%q after %q was used", s.RecentEmoji, last)
	}
	if slices.Contains(s.RecentEmoji[1:], last) || slices.Contains(s.RecentEmoji, "0") {
		t.Errorf("%q", s.RecentEmoji)
	}
}

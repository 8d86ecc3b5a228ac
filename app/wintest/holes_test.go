//go:build wintest

package wintest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

// other is somebody who writes without a window.
func (s *magpied) other(user im.UserID) *core.Client {
	s.t.Helper()
	path, options := filepath.Join(s.t.TempDir(), "other.db"), store.Options{Account: user}
	storetest.Sound(s.t, path, options)
	st, _, err := store.Open(path, options)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := core.New(core.Options{Store: st, Server: "ws://" + s.addr, User: user, Password: password, Platform: "bot"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _, _ = c.Close(), st.Close() }) // the test is over
	c.Start(s.t.Context())
	return c
}

// says sends "number FROM" to "number TO" and waits until the server has them.
func says(t *testing.T, c *core.Client, to string, from, last int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var id im.MessageID
	for n := from; n <= last; n++ {
		m, err := c.SendMessage(ctx, c.CreateTextMessage(im.ConvC2C, to, fmt.Sprint("number ", n)), im.SendOptions{})
		if err != nil {
			t.Fatal(err)
		}
		id = m.ID
	}
	if _, err := c.WaitSent(ctx, id); err != nil {
		t.Fatal(err)
	}
}

// nothingInBackground is a person's setting: history comes when they go there.
func nothingInBackground(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]any{}
	if err := json.Unmarshal(data, &settings); err != nil {
		t.Fatal(err)
	}
	settings["historyDays"] = -1
	if data, err = json.Marshal(settings); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A window is closed, 600 messages are said, it opens again: whoever scrolls up goes
// through the hole without a break. Without a server the hole says what it is, and it
// loads when the server is back.
func TestBackToAHole(t *testing.T) {
	if os.Getenv("MAGPIE_SOAK") == "" {
		t.Skip("takes minutes: MAGPIE_SOAK=1")
	}
	server := startServerWith(t, []string{"--messages-per-second", "10000"}, "ann", "ben")
	data := t.TempDir()
	args := []string{"--data", data, "--profile", "ann"}
	ben := server.other("ben")
	ann := open(t, args...)
	ann.signIn(server.addr, "ann")
	says(t, ben, "ann", 1, 3)
	ann.click("number 3") // in the list
	ann.seesInMessages("number 3")
	ann.quit()
	nothingInBackground(t, filepath.Join(data, "profiles", "ann", "settings.json"))
	says(t, ben, "ann", 4, 603)

	ann = open(t, args...)
	ann.sees("number 603") // in the list
	ann.activate()
	ann.key("End")
	ann.seesInMessages("number 603")
	seen, loaded := map[string]bool{}, 0
	for range 400 {
		for _, text := range ann.texts() {
			if text.X > listWidth {
				seen[text.Text] = true
			}
		}
		if seen["number 1"] {
			break
		}
		if n, _ := ann.find("Loading "); n.Text != "" {
			loaded++
		}
		ann.xdotool("mousemove", "--window", ann.id, "600", "300", "click", "4", "sleep", "0.1", "click", "4")
	}
	missing := 0
	for n := 1; n <= 603; n++ {
		if !seen[fmt.Sprint("number ", n)] {
			missing++
		}
	}
	t.Logf("%d of 603 were never read off the screen, a hole was there %d times", missing, loaded)
	if !seen["number 1"] || missing > 60 { // what scrolled by between two looks
		t.Errorf("%d messages were not seen on the way up", missing)
	}
	ann.quit()

	says(t, ben, "ann", 604, 1203)
	ann = open(t, args...)
	ann.sees("number 1203") // in the list
	ann.eventually("the end is here", func() bool { _, offline := ann.find("Offline"); return !offline })
	server.kill()
	ann.sees("Offline")
	ann.activate()
	ann.key("End")
	ann.eventually("the hole says what it is", func() bool {
		if _, ok := ann.find("earlier messages will load when you are online"); ok {
			return true
		}
		ann.xdotool("mousemove", "--window", ann.id, "600", "300", "click", "4")
		return false
	})
	ann.shoot("offline")
	server.start(server.addr)
	ann.misses("will load when you are online")
	ann.eventually("what is below the hole's end is here", func() bool {
		if _, ok := ann.find("number 1090"); ok {
			return true
		}
		ann.xdotool("mousemove", "--window", ann.id, "600", "300", "click", "4")
		return false
	})
	ann.shoot("loaded")
	ann.quit()
}

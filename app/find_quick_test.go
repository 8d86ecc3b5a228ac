package app

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"magpie/store"
	"magpie/store/corpus/standard"
)

// In a long history each key is answered while the next is typed, and nothing that
// the window does for it takes long. MAGPIE_FIND_MESSAGES makes the history longer.
func TestSearchStaysQuick(t *testing.T) {
	noLeaks(t)
	messages := 10_000
	if n, err := strconv.Atoi(os.Getenv("MAGPIE_FIND_MESSAGES")); err == nil {
		messages = n
	}
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	path := u.historyPath()
	var o store.Options
	u.do(func() {
		account := u.a.session.account
		o = store.Options{Account: account.User, Key: u.a.keys.Account(account.Folder())}
	})
	u.end()
	st, _, err := store.Open(path, o)
	u.ok(err)
	u.ok(standard.NewPlan(standard.Options{Messages: messages, Seed: 1}).Write(t.Context(), st, nil))
	u.ok(st.Close())

	u = begin(t, data)
	u.until("the main screen with the list", func() bool { return u.a.main != nil && len(u.a.main.rows) > 10 })
	began := time.Now()
	u.do(u.a.main.find)
	t.Logf("opening it took %v", time.Since(began))
	var f *finder
	u.until("it is open and knows the people", func() bool {
		f = u.a.main.finding
		return f != nil && f.people != nil && f.found.answered
	})
	var blocked, answers []time.Duration
	for _, word := range []string{"meeting", "图标", "the report", "明天", "http", "a"} {
		for i := range []rune(word) {
			part := string([]rune(word)[:i+1])
			began := time.Now()
			u.do(func() { f.sheet.SetText(part) })
			blocked = append(blocked, time.Since(began))
			began = time.Now()
			u.until("an answer to "+part, func() bool { return f.found.asked.Text == strings.TrimSpace(part) && !f.found.busy() })
			answers = append(answers, time.Since(began))
		}
	}
	slices.Sort(blocked)
	slices.Sort(answers)
	n := len(answers)
	t.Logf("%d messages: a key keeps the window for %v at most, %v as a rule; it is answered after %v as a rule, %v at most, %v of that being the pause",
		messages, blocked[n-1], blocked[n/2], answers[n/2], answers[n-1], searchPause)
	if blocked[n/2] > 50*time.Millisecond || answers[n/2] > searchPause+time.Second {
		t.Error("that is not quick")
	}
	u.key("Escape")
	u.end()
}

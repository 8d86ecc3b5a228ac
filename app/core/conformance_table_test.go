package core

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"magpie/im"
)

// conformancePage is what the walk through the interface leaves for readers.
const conformancePage = "../../docs/conformance.md"

// updatePage, set to anything, has the page written instead of compared.
const updatePage = "MAGPIE_UPDATE"

// conformanceHead begins the page, with ' for the mark of code.
const conformanceHead = `# Conformance

Every function of the published interface, each of its examples in Go against a real server with two or three clients.
This page is made by 'TestConformance' in 'app/core' and compared by it on every run; 'UPDATE=1 go test -run TestConformance
./app/core' writes it anew, and only when every row passes. Names and codes are the interface’s; where Magpie differs is in
[protocol.md, section 11](protocol.md#11-differences-from-the-published-interface).

`

// walk goes through the interface's document section by section and keeps what
// was tried.
type walk struct {
	t       *testing.T
	section string
	rows    []walkRow
	failed  bool
}

type walkRow struct{ section, call, shows, test string }

// part begins a section of the document.
func (w *walk) part(section string) { w.section = section }

// row tries one call: shows says in a sentence what is asserted.
func (w *walk) row(call, shows string, test func(t *testing.T)) {
	w.t.Helper()
	w.rows = append(w.rows, walkRow{w.section, call, shows, w.t.Name() + "/" + strings.ReplaceAll(call, " ", "_")})
	if !w.t.Run(call, test) {
		w.failed = true
	}
}

// page is the document of what was tried. It is written only when everything
// passed, so each row of it was seen to hold.
func (w *walk) page() string {
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(strings.ReplaceAll(conformanceHead, "'", "`"), "UPDATE", updatePage))
	section := ""
	for _, r := range w.rows {
		if r.section != section {
			section = r.section
			fmt.Fprintf(&b, "## %s\n\n| interface | what is asserted | test | result |\n| --- | --- | --- | --- |\n", section)
		}
		fmt.Fprintf(&b, "| `%s` | %s | `%s` | passes |\n", r.call, r.shows, r.test)
		if next := w.after(r); next != section {
			b.WriteString("\n")
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// after is the section of the row that follows r, "" at the end.
func (w *walk) after(r walkRow) string {
	for i := range w.rows[:len(w.rows)-1] {
		if w.rows[i] == r {
			return w.rows[i+1].section
		}
	}
	return ""
}

// finish writes or compares the page.
func (w *walk) finish() {
	w.t.Helper()
	if w.failed || w.t.Failed() {
		return // the page tells of what passes
	}
	got := w.page()
	if os.Getenv(updatePage) != "" {
		ok(w.t, os.WriteFile(conformancePage, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(conformancePage)
	ok(w.t, err)
	if string(want) != got {
		w.t.Errorf("docs/conformance.md does not say what was tried; %s=1 go test -run TestConformance ./app/core writes it", updatePage)
	}
}

// flush waits until everything that was on its way to d has arrived: a message
// from another user follows it. Conversations are independent of each other, so
// what is asserted afterwards is what came in conv.
func (d *device) flush(from *device, conv im.ConversationID) {
	d.t.Helper()
	to := conv.To()
	if conv.Type() == im.ConvC2C {
		to = string(d.User())
	}
	text := fmt.Sprintf("flush %d %s", len(d.seen), from.CreateTextMessage(conv.Type(), to, "x").ID)
	from.say(conv.Type(), to, text)
	d.hear(text)
}

// heard returns the messages of conv that raised MessageReceived so far, without
// those of flush.
func (d *device) heard(conv im.ConversationID) []im.Message {
	var all []im.Message
	for _, e := range d.seen {
		r, is := e.(MessageReceived)
		if !is || r.Messages[0].ConversationID != conv {
			continue
		}
		for _, m := range r.Messages {
			if p, is := m.Payload.(im.TextPayload); is && strings.HasPrefix(p.Text, "flush ") {
				continue
			}
			all = append(all, m)
		}
	}
	return all
}

// named returns the events of a name so far, in order.
func (d *device) named(name im.EventName) []Event {
	var all []Event
	for _, e := range d.seen {
		if e.Name() == name {
			all = append(all, e)
		}
	}
	return all
}

// deliver sends a message and waits for the acknowledgement or the refusal.
func (d *device) deliver(m im.Message, o im.SendOptions) (im.Message, error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	m, err := d.SendMessage(ctx, m, o)
	if err != nil || o.OnlineUserOnly {
		return m, err
	}
	return d.WaitSent(ctx, m.ID)
}

// code asserts the code of an error.
func code(t testing.TB, what string, err error, want im.Code) {
	t.Helper()
	if got := im.CodeOf(err); got != want {
		t.Errorf("%s: %v (code %d), want code %d", what, err, got, want)
	}
}

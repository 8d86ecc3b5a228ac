package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"magpie/app/archive"
	"magpie/app/core"
	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

const (
	bob  = im.ConversationID("C2Cbob")
	team = im.ConversationID("GROUPteam")
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// account is a core on a store of its own, without a server.
func account(t *testing.T, user im.UserID) (*core.Client, *store.Store) {
	t.Helper()
	path, options := filepath.Join(t.TempDir(), "history.db"), store.Options{Account: user}
	storetest.Sound(t, path, options)
	s, _, err := store.Open(path, options)
	ok(t, err)
	c, err := core.New(core.Options{Store: s, Server: "127.0.0.1", User: user, Password: "x", Platform: "bot"})
	ok(t, err)
	t.Cleanup(func() {
		ok(t, c.Close())
		ok(t, s.Close())
	})
	return c, s
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func message(conv im.ConversationID, n uint64, from im.UserID, p im.Payload) im.Message {
	m := im.Message{
		ID: im.MessageID(fmt.Sprintf("%s-x-%s-%d", from, conv, n)), ConversationID: conv, ConversationType: conv.Type(), Type: p.Type(), Payload: p,
		From: from, To: conv.To(), Flow: im.FlowIn, Sequence: n, Status: im.StatusSuccess, Time: noon.Add(time.Duration(n) * time.Minute).UnixMilli(), Nick: "Bob <b>",
	}
	if from == "alice" {
		m.Flow = im.FlowOut
	}
	return m
}

// filled is alice with 2,600 messages from Bob and a few in a group.
func filled(t *testing.T) *core.Client {
	t.Helper()
	c, s := account(t, "alice")
	add := func(content string) core.File {
		f, err := c.AddFile(t.Context(), strings.NewReader(content), 1000)
		ok(t, err)
		return f
	}
	small, large, note, doc := add("small picture"), add("large picture"), add("a voice note"), add("a document")
	gone := im.BlobAddress(strings.Repeat("ab", 32))
	var list []im.Message
	for n := uint64(1); n <= 2600; n++ {
		var p im.Payload = im.TextPayload{Text: fmt.Sprintf("text %d <script>alert(1)</script> 你好 & bye", n)}
		switch n {
		case 10:
			p = im.ImagePayload{ImageFormat: im.ImagePNG, ImageInfoArray: []im.ImageInfo{
				{SizeType: im.ImageThumbnail, Size: small.Size, Width: 198, Height: 198, ImageURL: small.Address},
				{SizeType: im.ImageOriginal, Size: large.Size, Width: 400, Height: 400, ImageURL: large.Address}}}
		case 11:
			p = im.AudioPayload{URL: note.Address, Size: note.Size, Second: 3, Format: "m4a", Peaks: []byte{1, 2, 3}}
		case 12:
			p = im.FilePayload{FileName: `../../x" onclick="alert(1).exe`, FileSize: doc.Size, FileURL: doc.Address}
		case 13:
			p = im.FilePayload{FileName: "gone.pdf", FileSize: 9, FileURL: gone}
		case 9:
			p = im.TextPayload{Text: "text 9 \u202e<script>alert(1)</script> 你好 & bye\u2066"}
		case 14:
			p = im.CustomPayload{Data: "dice", Description: "a die"}
		}
		m := message(bob, n, []im.UserID{"bob", "alice"}[n%2], p)
		if n == 20 {
			m.IsRevoked, m.Revoker, m.Payload = true, m.From, nil
		}
		list = append(list, m)
	}
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: list, From: 1, To: 2600}))
	// Of the group only a part is here.
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: team, From: 5, To: 7, Messages: []im.Message{
		message(team, 5, "carol", im.TextPayload{Text: "[微笑]"}), message(team, 6, "bob", im.FilePayload{FileName: "again.txt", FileSize: doc.Size, FileURL: doc.Address}),
		message(team, 7, "alice", im.TextPayload{Text: "bye"})}}))
	return c
}

// replaced is b with one thing changed.
func replaced(t *testing.T, b []byte, old, with string) []byte {
	t.Helper()
	changed := bytes.Replace(b, []byte(old), []byte(with), 1)
	if bytes.Equal(b, changed) {
		t.Fatalf("there is no %q", old)
	}
	return changed
}

func options(t *testing.T) archive.Options {
	return archive.Options{Dir: filepath.Join(t.TempDir(), "export"), Now: noon, Zone: time.UTC}
}

// all is the whole history of a conversation as it is handed out.
func all(t *testing.T, c *core.Client, conv im.ConversationID) (list []im.Message) {
	t.Helper()
	q := core.HistoryQuery{Around: 1, Limit: 1000}
	for {
		p, err := c.History(t.Context(), conv, q)
		ok(t, err)
		list = append(list, p.Messages...)
		if len(p.Messages) == 0 || !p.HasNewer {
			return list
		}
		q = core.HistoryQuery{After: list[len(list)-1].Sequence, Limit: 1000}
	}
}

// What goes out comes back, to the last field, and a second time changes nothing.
func TestThereAndBack(t *testing.T) {
	from := filled(t)
	o := options(t)
	var told []archive.Progress
	o.OnProgress = func(p archive.Progress) { told = append(told, p) }
	done, err := archive.Export(t.Context(), from, o)
	ok(t, err)
	if want := (archive.Progress{Conversations: 2, Of: 2, Messages: 2603, Files: 4, Missing: 1, Holes: 4, Part: 1, Current: team}); done != want || told[len(told)-1] != want {
		t.Fatalf("%+v, told %+v", done, told[len(told)-1])
	}

	into, _ := account(t, "alice")
	back, err := archive.Import(t.Context(), into, o.Dir, nil)
	ok(t, err)
	if want := (archive.Progress{Conversations: 2, Of: 2, Messages: 2603, Files: 4, Part: 1, Current: team}); back != want {
		t.Errorf("%+v", back)
	}
	for _, conv := range []im.ConversationID{bob, team} {
		if a, b := all(t, from, conv), all(t, into, conv); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %d messages became %d, or others", conv, len(a), len(b))
		}
	}
	m := all(t, into, bob)[9].Payload.(im.ImagePayload)
	f, err := into.OpenFile(m.ImageInfoArray[1].ImageURL)
	ok(t, err)
	defer f.Close()
	if b, err := io.ReadAll(f); err != nil || string(b) != "large picture" {
		t.Errorf("it is %q, %v", b, err)
	}
	rows, err := into.GetConversationList(t.Context())
	ok(t, err)
	if len(rows) != 2 || rows[0].UnreadCount != 0 || rows[0].LastMessage == nil {
		t.Errorf("the list is %+v", rows)
	}
	again, err := archive.Import(t.Context(), into, filepath.Join(o.Dir, "messages.jsonl"), nil)
	if err != nil || again.Messages != 0 || again.Files != 0 || again.Here != 2603 {
		t.Errorf("again: %+v, %v", again, err)
	}
}

// An account that has a part, and recalled some of it since, gets the rest.
func TestIntoFilled(t *testing.T) {
	o := options(t)
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	into, s := account(t, "alice")
	here := message(bob, 3, "alice", im.TextPayload{Text: "this is what the server has now"})
	gone := message(bob, 4, "bob", im.TextPayload{Text: "x"})
	gone.IsRevoked, gone.Revoker, gone.Payload = true, "bob", nil
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, From: 3, To: 4, Messages: []im.Message{here, gone}}))
	done, err := archive.Import(t.Context(), into, o.Dir, nil)
	ok(t, err)
	if done.Messages != 2601 {
		t.Errorf("%d were added", done.Messages)
	}
	list := all(t, into, bob)
	if len(list) != 2600 || list[2].Payload != here.Payload || !list[3].IsRevoked || list[3].Payload != nil {
		t.Errorf("%d messages, %+v, %+v", len(list), list[2], list[3])
	}
}

// Of two servers that both have a user of that name the messages have the same numbers.
func TestIntoAnotherHistory(t *testing.T) {
	o := options(t)
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	for name, n := range map[string]uint64{"the first": 1, "in the middle": 1300, "the last": 2600} {
		t.Run(name, func(t *testing.T) {
			into, s := account(t, "alice")
			m := message(bob, n, "bob", im.TextPayload{Text: "of this server"})
			m.ID = "bob-y-1"
			ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, From: n, To: n, Messages: []im.Message{m}}))
			if done, err := archive.Import(t.Context(), into, o.Dir, nil); !errors.Is(err, archive.ErrOtherHistory) || done.Messages != 0 {
				t.Errorf("%+v, %v", done, err)
			}
			if list := all(t, into, bob); len(list) != 1 {
				t.Errorf("%d messages are here", len(list))
			}
		})
	}
}

func TestChosen(t *testing.T) {
	from := filled(t)
	o := options(t)
	o.Conversations, o.Since, o.Until = []im.ConversationID{bob}, noon.Add(100*time.Minute), noon.Add(110*time.Minute)
	done, err := archive.Export(t.Context(), from, o)
	if err != nil || done.Messages != 10 || done.Conversations != 1 || done.Files != 0 {
		t.Errorf("%+v, %v", done, err)
	}
	// What is missing of the group is older than what is wanted of it.
	o = options(t)
	o.Conversations, o.Since = []im.ConversationID{team}, noon.Add(6*time.Minute)
	if done, err := archive.Export(t.Context(), from, o); err != nil || done.Messages != 2 || done.Holes != 0 {
		t.Errorf("%+v, %v", done, err)
	}
	var unknown *archive.UnknownError
	o = options(t)
	o.Conversations = []im.ConversationID{"C2Cnobody"}
	if _, err := archive.Export(t.Context(), from, o); !errors.As(err, &unknown) || unknown.Conversation != "C2Cnobody" {
		t.Errorf("of nobody: %v", err)
	}
}

// asked is a source that notes what is asked of its server, which has nothing.
type asked struct {
	*core.Client
	before []uint64
}

func (a *asked) FillHistory(_ context.Context, _ im.ConversationID, before uint64) (int, error) {
	a.before = append(a.before, before)
	return 0, nil
}

// Of what is missing that is fetched which may be of the wanted time.
func TestFetchesWhatIsWanted(t *testing.T) {
	c, s := account(t, "alice")
	for _, n := range []uint64{10, 20, 30} { // and nothing between
		ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, From: n, To: n, Messages: []im.Message{message(bob, n, "bob", im.TextPayload{Text: "x"})}}))
	}
	at := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	for name, w := range map[string]struct {
		since, until time.Time
		want         []uint64
		holes        int
	}{
		"everything":        {want: []uint64{30}, holes: 9 + 9 + 9},
		"until before 20":   {until: at(20), want: []uint64{20}, holes: 9 + 9},
		"until before 10":   {until: at(10), want: []uint64{10}, holes: 9},
		"since after 20":    {since: at(21), want: []uint64{30}, holes: 9},
		"since the last":    {since: at(31)},
		"between 10 and 20": {since: at(11), until: at(19), want: []uint64{20}, holes: 9},
	} {
		t.Run(name, func(t *testing.T) {
			from, o := &asked{Client: c}, options(t)
			o.Fetch, o.Since, o.Until, o.Conversations = true, w.since, w.until, []im.ConversationID{bob}
			done, err := archive.Export(t.Context(), from, o)
			ok(t, err)
			if !slices.Equal(from.before, w.want) || done.Holes != w.holes {
				t.Errorf("asked before %d, %d missing; want %d, %d", from.before, done.Holes, w.want, w.holes)
			}
		})
	}
}

// What an export leaves that was killed is gone after the next one, a day later; what
// another one may be making is not, and nobody else can read either.
func TestLeftovers(t *testing.T) {
	o := options(t)
	beside := filepath.Dir(o.Dir)
	for name, age := range map[string]time.Duration{".magpie-export-1": 25 * time.Hour, ".magpie-export-2": time.Hour, "export-3": 25 * time.Hour} {
		dir := filepath.Join(beside, name)
		ok(t, os.Mkdir(dir, 0o700))
		ok(t, os.WriteFile(filepath.Join(dir, "messages.jsonl"), []byte("{}"), 0o600))
		ok(t, os.Chtimes(dir, o.Now, o.Now.Add(-age)))
	}
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	left, err := os.ReadDir(beside)
	ok(t, err)
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	if want := []string{".magpie-export-2", "export", "export-3"}; !slices.Equal(names, want) {
		t.Errorf("left %q, want %q", names, want)
	}
	ok(t, filepath.WalkDir(o.Dir, func(path string, d fs.DirEntry, err error) error {
		ok(t, err)
		if info, err := d.Info(); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		return nil
	}))
}

// Every conversation has a name to click on.
func TestNameOfNobody(t *testing.T) {
	from, s := account(t, "alice")
	const system = im.ConversationID("@TIM#SYSTEM")
	ok(t, s.PutConversations(t.Context(), []store.Conversation{{Conversation: im.Conversation{ConversationID: system, Type: system.Type()}}}))
	o := options(t)
	_, err := archive.Export(t.Context(), from, o)
	ok(t, err)
	index, err := os.ReadFile(filepath.Join(o.Dir, "index.html"))
	ok(t, err)
	if !strings.Contains(string(index), "<bdi>@TIM#SYSTEM</bdi>") {
		t.Errorf("%s", index)
	}
}

// The pages are whole: every link leads somewhere, every message is there once, and
// what people wrote is text, whatever it looks like.
func TestPages(t *testing.T) {
	o := options(t)
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	link := regexp.MustCompile(`(?:href|src|poster)="([^"]*)"`)
	texts := 0
	ok(t, filepath.WalkDir(o.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" {
			return err
		}
		b, err := os.ReadFile(path)
		ok(t, err)
		if bytes.ContainsAny(b, "\u202e\u2066") {
			t.Errorf("%s turns the direction of what it says", path)
		}
		if bytes.Contains(b, []byte("<script")) || bytes.Contains(b, []byte(` onclick="`)) {
			t.Errorf("%s runs what a peer wrote", path)
		}
		texts += bytes.Count(b, []byte("&lt;script&gt;alert(1)&lt;/script&gt; 你好 &amp; bye"))
		for _, m := range link.FindAllSubmatch(b, -1) {
			to := filepath.Join(filepath.Dir(path), filepath.FromSlash(html.UnescapeString(string(m[1]))))
			if rel, err := filepath.Rel(o.Dir, to); err != nil || !filepath.IsLocal(rel) {
				t.Errorf("%s leads out: %s", path, m[1])
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s leads nowhere: %v", path, err)
			}
		}
		return nil
	}))
	if want := 2600 - 5 - 1; texts != want {
		t.Errorf("%d texts, want %d", texts, want)
	}
	first, err := os.ReadFile(filepath.Join(o.Dir, "chats", "0001-1.html"))
	ok(t, err)
	for _, want := range []string{"<audio", ".m4a", "<img", "not part of the export", "recalled a message", "2026-11-20", "2026-11-21", "0001-2.html"} {
		if !strings.Contains(string(first), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

func TestExportIsWholeOrNot(t *testing.T) {
	from := filled(t)
	o := options(t)
	ok(t, os.Mkdir(o.Dir, 0o755))
	if _, err := archive.Export(t.Context(), from, o); !errors.Is(err, os.ErrExist) {
		t.Errorf("over a folder: %v", err)
	}
	ok(t, os.Remove(o.Dir))
	ctx, cancel := context.WithCancel(t.Context())
	o.OnProgress = func(p archive.Progress) {
		if p.Messages > 600 {
			cancel()
		}
	}
	if _, err := archive.Export(ctx, from, o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(o.Dir)); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
	o.Dir = filepath.Join(o.Dir, "in", "none")
	if _, err := archive.Export(t.Context(), from, o); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("into no folder: %v", err)
	}
}

// What is not a whole export of this account changes nothing.
func TestImportRefuses(t *testing.T) {
	o := options(t)
	o.Conversations = []im.ConversationID{team}
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	path := filepath.Join(o.Dir, "messages.jsonl")
	whole, err := os.ReadFile(path)
	ok(t, err)
	replace := func(old, new string) func() []byte {
		return func() []byte { return replaced(t, whole, old, new) }
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, c := range map[string]struct {
		change func() []byte
		want   error
	}{
		"empty":                  {func() []byte { return nil }, archive.ErrFormat},
		"text":                   {func() []byte { return []byte("hello\n") }, archive.ErrFormat},
		"cut":                    {func() []byte { return bytes.Join(lines[:len(lines)-2], nil) }, archive.ErrFormat},
		"a message taken out":    {func() []byte { return bytes.Join(append(append([][]byte{}, lines[:2]...), lines[3:]...), nil) }, archive.ErrFormat},
		"later":                  {replace(`"version":1`, `"version":2`), archive.ErrVersion},
		"of no version":          {replace(`"version":1`, `"version":0`), archive.ErrFormat},
		"of no direction":        {replace(`"flow":"in"`, `"flow":"up"`), archive.ErrFormat},
		"of no time":             {replace(fmt.Sprintf(`"time":%d`, noon.Add(5*time.Minute).UnixMilli()), `"time":-1`), archive.ErrFormat},
		"somebody's":             {replace(`"account":"alice"`, `"account":"mallory"`), archive.ErrOtherAccount},
		"a wrong type":           {replace(`"sequence":5`, `"sequence":"five"`), archive.ErrFormat},
		"another conversation":   {replace(`"conversationID":"GROUPteam","conversationType":"GROUP","type"`, `"conversationID":"C2Cbob","conversationType":"GROUP","type"`), archive.ErrFormat},
		"out of order":           {replace(`"sequence":7`, `"sequence":2`), archive.ErrFormat},
		"a payload that is none": {replace(`"payload":{"text":"[微笑]"}`, `"payload":7`), archive.ErrFormat},
		"a path that leads out":  {replace(`"path":"files/`, `"path":"files/../../`), archive.ErrFormat},
		"a line without end":     {func() []byte { return append(bytes.Clone(lines[0]), bytes.Repeat([]byte("x"), 2<<20)...) }, archive.ErrFormat},
		"more behind the end":    {func() []byte { return append(bytes.Clone(whole), lines[0]...) }, archive.ErrFormat},
	} {
		t.Run(name, func(t *testing.T) {
			ok(t, os.WriteFile(path, c.change(), 0o600))
			into, _ := account(t, "alice")
			if _, err := archive.Import(t.Context(), into, o.Dir, nil); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if rows, err := into.GetConversationList(t.Context()); err != nil || len(rows) != 0 {
				t.Errorf("it has %d conversations, %v", len(rows), err)
			}
		})
	}
	ok(t, os.WriteFile(path, whole, 0o600))
	files, err := filepath.Glob(filepath.Join(o.Dir, "files", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	ok(t, os.WriteFile(files[0], []byte("something else"), 0o600))
	into, _ := account(t, "alice")
	if _, err := archive.Import(t.Context(), into, o.Dir, nil); !errors.Is(err, archive.ErrFormat) {
		t.Errorf("a file that was changed: %v", err)
	}
	ok(t, os.Remove(files[0]))
	done, err := archive.Import(t.Context(), into, o.Dir, nil)
	if err != nil || done.Missing != 1 || len(all(t, into, team)) != 3 {
		t.Errorf("without the file: %+v, %v", done, err)
	}
}

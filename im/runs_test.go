package im_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"magpie/im"
)

// wechat knows three codes, as the example of the interface does.
func wechat(code string) bool {
	return code == "[微笑]" || code == "[呲牙]" || code == "[下雨]"
}

// short writes runs as one string: emoji between <>, runs divided by |.
func short(runs []im.Run) string {
	var parts []string
	for _, r := range runs {
		switch r.Kind {
		case im.RunEmoji:
			parts = append(parts, "<"+r.Text+">")
		case im.RunText:
			parts = append(parts, r.Text)
		case im.RunLink:
			parts = append(parts, "link:"+r.Text)
		case im.RunMention:
			parts = append(parts, "mention:"+r.Text)
		}
	}
	return strings.Join(parts, "|")
}

func TestParseEmojiCodesAsTheInterfaceDoes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"text alone", "hello", "hello"},
		{"a code alone", "[呲牙]", "<[呲牙]>"},
		{"the interface's example", "XXX[呲牙]XXX[呲牙XXX]", "XXX|<[呲牙]>|XXX|[|呲牙XXX]"},
		{"adjacent codes", "[微笑][呲牙][下雨]", "<[微笑]>|<[呲牙]>|<[下雨]>"},
		{"the same code twice", "[微笑][微笑]", "<[微笑]>|<[微笑]>"},
		{"text around", "a[微笑]b", "a|<[微笑]>|b"},
		{"never closed", "[微笑", "[微笑"},
		{"text, then never closed", "ab[微笑", "ab|[微笑"},
		{"a code, then never closed", "[微笑][呲牙", "<[微笑]>|[呲牙"},
		{"only opened", "[", "["},
		{"only closed", "]", "]"},
		{"nothing between", "[]", "[|]"},
		{"many opened, none closed", "[[[", "[[["},
		{"many opened, one closed", "[[[]", "[|[|[|]"},
		{"unknown", "[未知]", "[|未知]"},
		{"unknown, then known", "[未知][微笑]", "[|未知]|<[微笑]>"},
		{"two unknown", "[a][b]", "[|a]|[|b]"},
		{"nested, inner known", "[[微笑]]", "[|<[微笑]>|]"},
		{"nested, outer would be known", "[微[呲牙]笑]", "[|微|<[呲牙]>|笑]"},
		{"opened twice before a known one", "[微笑[微笑]", "[|微笑|<[微笑]>"},
		{"closed before opened", "]微笑[", "]微笑|["},
		{"closed before a code", "a]b[微笑]c", "a]b|<[微笑]>|c"},
		{"the first bracket that closes counts", "[微笑]]", "<[微笑]>|]"},
		{"full width brackets are text", "【微笑】", "【微笑】"},
		{"a space in the code", "[ 微笑]", "[| 微笑]"},
		{"over lines", "[微\n笑]\n[微笑]", "[|微\n笑]\n|<[微笑]>"},
		{"Unicode emoji are text here", "😀[微笑]😀", "😀|<[微笑]>|😀"},
		{"bytes that are no UTF-8", "\xff[微笑]\xfe[", "\xff|<[微笑]>|\xfe|["},
	} {
		t.Run(c.name, func(t *testing.T) {
			runs := im.ParseEmojiCodes(c.text, wechat)
			if got := short(runs); got != c.want {
				t.Errorf("%q gives\n%q, want\n%q", c.text, got, c.want)
			}
			for _, r := range runs {
				if r.Emoji != "" || r.URL != "" {
					t.Errorf("%+v says more than its text", r)
				}
			}
		})
	}
}

// reference is the interface's algorithm word for word, to compare with.
func reference(text string, known func(string) bool) string {
	var parts []string
	for text != "" {
		left, right := strings.Index(text, "["), strings.Index(text, "]")
		switch {
		case left == 0 && right == -1, left == -1:
			parts = append(parts, text)
			text = ""
		case left == 0 && known(text[:right+1]):
			parts = append(parts, "<"+text[:right+1]+">")
			text = text[right+1:]
		case left == 0:
			parts = append(parts, "[")
			text = text[1:]
		default:
			parts = append(parts, text[:left])
			text = text[left:]
		}
	}
	return strings.Join(parts, "|")
}

// Every text of up to seven of the pieces that matter, some 100,000.
func TestParseEmojiCodesOnAllShortTexts(t *testing.T) {
	pieces := []string{"[", "]", "a", "[微笑]", "微笑"}
	known := func(code string) bool { return code == "[微笑]" || code == "[a]" || code == "[]" }
	var try func(text string, left int)
	try = func(text string, left int) {
		if got, want := short(im.ParseEmojiCodes(text, known)), reference(text, known); got != want {
			t.Fatalf("%q gives\n%q, want\n%q", text, got, want)
		}
		if left == 0 {
			return
		}
		for _, p := range pieces {
			try(text+p, left-1)
		}
	}
	try("", 7)
}

func TestEmojiCodes(t *testing.T) {
	codes := im.EmojiCodes()
	if len(codes) < 100 {
		t.Fatalf("%d codes", len(codes))
	}
	seen := map[string]bool{}
	for _, code := range codes {
		if seen[code] {
			t.Errorf("%s twice", code)
		}
		seen[code] = true
		inner, ok1 := strings.CutPrefix(code, "[")
		inner, ok2 := strings.CutSuffix(inner, "]")
		if !ok1 || !ok2 || inner == "" || strings.ContainsAny(inner, "[] \n") {
			t.Errorf("%q is no code", code)
		}
		sequence, ok := im.EmojiByCode(code)
		if !ok {
			t.Errorf("%s is unknown", code)
		}
		// What a code stands for is itself an emoji, whole and in its full form.
		want := []im.Run{{Kind: im.RunEmoji, Text: sequence, Emoji: sequence}}
		if runs := im.ParseText(sequence, nil); !slices.Equal(runs, want) {
			t.Errorf("%s stands for %+v", code, runs)
		}
		want[0].Text = code
		if runs := im.ParseText(code, nil); !slices.Equal(runs, want) {
			t.Errorf("%s is %+v", code, runs)
		}
	}
	for code, want := range map[string]string{"[微笑]": "🙂", "[TUIEmoji_Smile]": "🙂", "[doge]": "🐶", "[爱心]": "❤️"} {
		if got, _ := im.EmojiByCode(code); got != want {
			t.Errorf("%s is %q, want %q", code, got, want)
		}
	}
	for _, code := range []string{"", "微笑", "[微笑", "[]", "[DOGE]", "[未知]", "🙂", "[" + strings.Repeat("a", 5000) + "]"} {
		if got, ok := im.EmojiByCode(code); ok {
			t.Errorf("%.20q is %q", code, got)
		}
	}
	codes[0] = "changed"
	if im.EmojiCodes()[0] != "[微笑]" {
		t.Error("the table can be changed from outside")
	}
}

func TestParseTextEmoji(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"text", "just words, 你好", "just words, 你好"},
		{"code", "好[微笑]吧", "好|<[微笑]>|吧"},
		{"adjacent", "[微笑][强]👍", "<[微笑]>|<[强]>|<👍>"},
		{"unknown codes stay one text", "a[未知][b]c", "a[未知][b]c"},
		{"nested", "[[微笑]]", "[|<[微笑]>|]"},
		{"unclosed", "[微笑 [强", "[微笑 [强"},
		{"in a row", "😀😀", "<😀>|<😀>"},
		{"in words", "a😀b", "a|<😀>|b"},
		{"tone", "👋🏽!", "<👋🏽>|!"},
		{"joined", "👨‍👩‍👧‍👦", "<👨‍👩‍👧‍👦>"},
		{"joined, with tones", "👩🏽‍💻", "<👩🏽‍💻>"},
		{"two tones", "🧑🏻‍🤝‍🧑🏿", "<🧑🏻‍🤝‍🧑🏿>"},
		{"joined with style", "🏳️‍🌈", "<🏳️‍🌈>"},
		{"joined, style left out", "🏳‍🌈", "<🏳‍🌈>"},
		{"heart on fire", "❤️‍🔥", "<❤️‍🔥>"},
		{"a joiner that joins no known pair", "😀‍😀", "<😀>|‍|<😀>"},
		{"flag", "🇨🇳", "<🇨🇳>"},
		{"flags in a row", "🇨🇳🇯🇵", "<🇨🇳>|<🇯🇵>"},
		{"three letters of flags", "🇨🇳🇯", "<🇨🇳>|🇯"},
		{"no such flag", "🇽🇽", "🇽🇽"},
		{"flag of letters in tags", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "<🏴󠁧󠁢󠁥󠁮󠁧󠁿>"},
		{"black flag", "🏴", "<🏴>"},
		{"keycap", "1️⃣2️⃣", "<1️⃣>|<2️⃣>"},
		{"keycap without style", "#⃣", "<#⃣>"},
		{"digits", "123 #1 *", "123 #1 *"},
		{"digit with style but no cap", "1️", "1️"},
		{"signs are text", "© ® ™ ↔ ❤ ☀", "© ® ™ ↔ ❤ ☀"},
		{"signs with style", "©️❤️☀️", "<©️>|<❤️>|<☀️>"},
		{"emoji shown as text", "⌚︎ ❤︎", "⌚︎ ❤︎"},
		{"emoji with style it does not need", "😀️!", "<😀️>|!"},
		{"no UTF-8", "\xff😀\xf0\x9f", "\xff|<😀>|\xf0\x9f"},
		{"new of Unicode 15", "🫨🩷", "<🫨>|<🩷>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			runs := im.ParseText(c.text, nil)
			if got := short(runs); got != c.want {
				t.Errorf("%q gives\n%+q, want\n%+q", c.text, got, c.want)
			}
			for _, r := range runs {
				if (r.Kind == im.RunEmoji) != (r.Emoji != "") {
					t.Errorf("run %+v", r)
				}
			}
		})
	}
}

func TestParseTextLinks(t *testing.T) {
	for _, c := range []struct{ text, want, url string }{
		{"https://example.com", "link:https://example.com", "https://example.com"},
		{"HTTP://Example.COM/A", "link:HTTP://Example.COM/A", "HTTP://Example.COM/A"},
		{"see http://a.b/c, or", "see |link:http://a.b/c|, or", "http://a.b/c"},
		{"www.example.com", "link:www.example.com", "https://www.example.com"},
		{"magpie://chat/C2Cann", "link:magpie://chat/C2Cann", "magpie://chat/C2Cann"},
		{"加入：magpie://h.example:8443/join#k=a&fp=b。", "加入：|link:magpie://h.example:8443/join#k=a&fp=b|。", "magpie://h.example:8443/join#k=a&fp=b"},
		{"(www.example.com/a)", "(|link:www.example.com/a|)", "https://www.example.com/a"},
		{"http://localhost:8080/x?y=1&z=#f", "link:http://localhost:8080/x?y=1&z=#f", "http://localhost:8080/x?y=1&z=#f"},
		{"http://[::1]:7070/", "link:http://[::1]:7070/", "http://[::1]:7070/"},
		{"http://127.0.0.1", "link:http://127.0.0.1", "http://127.0.0.1"},
		{"https://a.b/c.", "link:https://a.b/c|.", "https://a.b/c"},
		{"https://a.b/c?!...", "link:https://a.b/c|?!...", "https://a.b/c"},
		{"https://a.b.", "link:https://a.b|.", "https://a.b"},
		{"https://a.b/", "link:https://a.b/", "https://a.b/"},
		{"https://a.b?", "link:https://a.b?", "https://a.b?"},
		{"https://a.b:", "link:https://a.b|:", "https://a.b"},
		{"https://w.org/A_(b)", "link:https://w.org/A_(b)", "https://w.org/A_(b)"},
		{"(https://w.org/A_(b))", "(|link:https://w.org/A_(b)|)", "https://w.org/A_(b)"},
		{"https://w.org/A_(b", "link:https://w.org/A_(b", "https://w.org/A_(b"},
		{"https://w.org/a([", "link:https://w.org/a|([", "https://w.org/a"},
		{"[https://a.b/c]", "[|link:https://a.b/c|]", "https://a.b/c"},
		{"<https://a.b/c>", "<|link:https://a.b/c|>", "https://a.b/c"},
		{`"https://a.b/c"`, `"|link:https://a.b/c|"`, "https://a.b/c"},
		{"https://a.b/c。好", "link:https://a.b/c|。好", "https://a.b/c"},
		{"https://a.b/c，https", "link:https://a.b/c|，https", "https://a.b/c"},
		{"（https://a.b/c）", "（|link:https://a.b/c|）", "https://a.b/c"},
		{"看https://a.b/c很好", "看|link:https://a.b/c|很好", "https://a.b/c"},
		{"看www.a.com吧", "看|link:www.a.com|吧", "https://www.a.com"},
		{"https://zh.wikipedia.org/wiki/喜鹊。", "link:https://zh.wikipedia.org/wiki/喜鹊|。", "https://zh.wikipedia.org/wiki/喜鹊"},
		{"https://例子.中国/路径", "link:https://例子.中国/路径", "https://例子.中国/路径"},
		{"https://a.b/[微笑]", "link:https://a.b/|<[微笑]>", "https://a.b/"},
		{"https://a.b/[1]/c", "link:https://a.b/[1]/c", "https://a.b/[1]/c"},
		{"https://a.b/c😀", "link:https://a.b/c|<😀>", "https://a.b/c"},
		{"https://a.b/1️⃣", "link:https://a.b/|<1️⃣>", "https://a.b/"},
		{"https://a.b/@wren", "link:https://a.b/@wren", "https://a.b/@wren"},
		{"https://bank.com@evil.com/", "link:https://bank.com|@evil.com/", "https://bank.com"},
		{"https://a.b/c\nnext", "link:https://a.b/c|\nnext", "https://a.b/c"},
		{"https://a.b/c\u3000next", "link:https://a.b/c|\u3000next", "https://a.b/c"},
		{"https://a-b.c--d.e", "link:https://a-b.c--d.e", "https://a-b.c--d.e"},
	} {
		runs := im.ParseText(c.text, []string{"wren"})
		if got := short(runs); got != c.want {
			t.Errorf("%q gives\n%q, want\n%q", c.text, got, c.want)
			continue
		}
		for _, r := range runs {
			if r.Kind == im.RunLink && r.URL != c.url {
				t.Errorf("%q leads to %q, want %q", c.text, r.URL, c.url)
			}
		}
	}
	for _, text := range []string{
		"http://", "https://", "https:// a", "http://.a", "http://-a", "http://?", "www.", "www.a", "www..a.b", "www.-a.b", "www.a.",
		"xhttp://a.b", "magpie://", "magpie:chat", "amagpie://chat/C2Ca", "awww.a.b", "ftp://a.b", "javascript:alert(1)", "file:///etc/passwd", "example.com", "a@b.com",
		"http:/a.b", "https//a.b", "http://[", "http://[]", "http://[::1", "http://[g]", "http://😀",
	} {
		for _, r := range im.ParseText(text, nil) {
			if r.Kind == im.RunLink {
				t.Errorf("%q has the link %q", text, r.Text)
			}
		}
	}
}

func TestParseTextMentions(t *testing.T) {
	names := []string{"wren", "wren two", "小喜", "小喜鹊", "all", "所有人", "", "a[微笑]", "x@y", "Jay.", "👍"}
	for _, c := range []struct{ text, want string }{
		{"@wren hello", "mention:@wren| hello"},
		{"@wren two", "mention:@wren two"},
		{"@wrens", "@wrens"},
		{"@wren_", "@wren_"},
		{"@wren.", "mention:@wren|."},
		{"@wren,@wren", "mention:@wren|,|mention:@wren"},
		{"@wren@wren", "mention:@wren|@wren"},
		{"@小喜鹊你好", "mention:@小喜鹊|你好"},
		{"@小喜你好", "mention:@小喜|你好"},
		{"你好@小喜", "你好|mention:@小喜"},
		{"@小喜@所有人", "mention:@小喜|mention:@所有人"},
		{"mail@wren", "mail@wren"},
		{"@Wren", "@Wren"},
		{"@nobody", "@nobody"},
		{"@", "@"},
		{"@@wren", "@|mention:@wren"},
		{"@a[微笑]!", "mention:@a[微笑]|!"},
		{"@x@y", "mention:@x@y"},
		{"@Jay.x", "mention:@Jay.|x"},
		{"@👍🏽", "mention:@👍|<🏽>"},
		{"[微笑]@wren", "<[微笑]>|mention:@wren"},
		{"＠wren", "＠wren"},
	} {
		if got := short(im.ParseText(c.text, names)); got != c.want {
			t.Errorf("%q gives\n%q, want\n%q", c.text, got, c.want)
		}
	}
	if got := short(im.ParseText("@wren", nil)); got != "@wren" {
		t.Errorf("without names: %q", got)
	}
}

// checkRuns checks what holds of the runs of every text.
func checkRuns(t *testing.T, text string, runs []im.Run, merged bool) {
	t.Helper()
	var joined strings.Builder
	for i, r := range runs {
		if r.Text == "" {
			t.Fatalf("%q has an empty run", text)
		}
		if merged && i > 0 && r.Kind == im.RunText && runs[i-1].Kind == im.RunText {
			t.Fatalf("%q has two texts in a row: %q", text, short(runs))
		}
		if r.Kind == im.RunLink && !strings.HasPrefix(strings.ToLower(r.URL), "http") {
			t.Fatalf("%q leads to %q", text, r.URL)
		}
		joined.WriteString(r.Text)
	}
	if joined.String() != text {
		t.Fatalf("the runs of %q join to %q", text, joined.String())
	}
}

func FuzzParseText(f *testing.F) {
	for _, text := range []string{
		"", "[微笑]", "a[[微笑]]b]", "😀👨‍👩‍👧‍👦🇨🇳1️⃣", "https://a.b/(c)[微笑]。", "www.a.b @wren two", "\xff[\xfe]@", "❤︎❤️❤",
		"http://[::1]:1/?#", strings.Repeat("[", 100),
	} {
		f.Add(text, "wren")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		checkRuns(t, text, im.ParseText(text, []string{name, "wren", "wren two"}), true)
		known := func(code string) bool { _, ok := im.EmojiByCode(code); return ok }
		runs := im.ParseEmojiCodes(text, known)
		checkRuns(t, text, runs, false)
		if got, want := short(runs), reference(text, known); got != want {
			t.Fatalf("%q gives\n%q, want\n%q", text, got, want)
		}
	})
}

// adversarial texts of n bytes, or a little less, each the worst for one rule.
func adversarial(n int) map[string]string {
	all := map[string]string{}
	for _, piece := range []string{
		"[", "[]", "]", "[a", "[微笑", "@", "@a", "http://", "http://a/", "http://a/(", "www.", "www", "www.a", "www.-", "w", "http://[", "h",
		"https://a/[", "👨‍", "👨‍👩‍", "🇨", "1", "1️", "1️⃣", "🏴󠁧󠁢", "\ufe0f", "❤", "\xff", "😀", "http://a/?.", "http://例.", "a-",
	} {
		all[piece] = strings.Repeat(piece, n/len(piece))
		all["[...] of "+piece] = "[" + strings.Repeat(piece, n/len(piece)) + "]"
		all["http://a/ and "+piece] = "http://a/" + strings.Repeat(piece, n/len(piece))
	}
	all["brackets, one closed"] = strings.Repeat("[", n-1) + "]"
	return all
}

// TestParsingTakesLinearTime compares the worst texts with an ordinary one of the
// same length, which is 32 times what a message may have: there, quadratic time
// would be 40 times and more.
func TestParsingTakesLinearTime(t *testing.T) {
	names := []string{"a", "ab", "http", "[[", strings.Repeat("@", 50), strings.Repeat("a", 100)}
	known := func(code string) bool { _, ok := im.EmojiByCode(code); return ok }
	im.ParseText("[微笑]😀", nil) // reads the tables
	took := func(text string) time.Duration {
		begin := time.Now()
		im.ParseText(text, names)
		im.ParseEmojiCodes(text, known)
		return time.Since(begin)
	}
	const length, limit = 32 * im.MaxMessageBytes, 15
	const ordinary = "看看 https://example.com/a 吧 @ab [微笑]😀👨‍👩‍👧 好的 "
	usual := strings.Repeat(ordinary, length/len(ordinary))
	for name, text := range adversarial(length) {
		// A busy machine makes some measurements long, but not for long only
		// one of the two.
		var measured, allowed time.Duration
		for range 8 {
			measured, allowed = took(text), limit*took(usual)
			if measured <= allowed {
				break
			}
		}
		if measured > allowed {
			t.Errorf("%q: %v, more than %d times an ordinary text", name, measured, limit)
		}
	}
}

func BenchmarkParseText(b *testing.B) {
	message := "看看 https://example.com/a_(b) 吧 @wren [微笑] 👨‍👩‍👧 好的, see you at 10:30"
	b.Run("message", func(b *testing.B) {
		for b.Loop() {
			im.ParseText(message, []string{"wren"})
		}
		fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "im/text of a message into runs", float64(b.Elapsed().Nanoseconds())/1000/float64(b.N), "us", "<= 20")
	})
	worst := strings.Repeat("[", im.MaxMessageBytes-1) + "]"
	b.Run("brackets", func(b *testing.B) {
		for b.Loop() {
			im.ParseText(worst, nil)
		}
		fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "im/text of 8000 brackets into runs", float64(b.Elapsed().Nanoseconds())/1e6/float64(b.N), "ms", "<= 2")
	})
}

package widgets

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/assets"
	"magpie/widgets/theme"
)

// book says what the app says, in one of its languages.
type book struct {
	t       *testing.T
	chinese bool
	words   map[string]json.RawMessage
}

func openBook(t *testing.T, language string) book {
	t.Helper()
	b := book{t: t, chinese: language == "zh-Hans"}
	file, err := fs.ReadFile(assets.Translations(), language+".json")
	if err == nil {
		err = json.Unmarshal(file, &b.words)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// say is the text of a key; args are names and values of what stands in it.
func (b book) say(key string, args ...string) string {
	b.t.Helper()
	var s string
	if err := json.Unmarshal(b.words[key], &s); err != nil {
		b.t.Fatalf("%s: %v", key, err)
	}
	for i := 0; i < len(args); i += 2 {
		s = strings.ReplaceAll(s, "{{."+args[i]+"}}", args[i+1])
	}
	return s
}

// option is one of a choice.
func (b book) option(key string) Option { return Option{Value: key, Label: b.say(key)} }

// columns stand beside each other, each a stack of a width.
func columns(width float32, all ...fyne.CanvasObject) fyne.CanvasObject {
	row := container.New(&beside{})
	for _, o := range all {
		row.Add(container.New(fixedWidth(width), container.NewPadded(o)))
	}
	return container.NewStack(ground(theme.Panel), row)
}

// below puts objects below each other with a gap.
func below(all ...fyne.CanvasObject) fyne.CanvasObject {
	var items []Item
	for _, o := range all {
		items = append(items, Item{Above: 2 * theme.Grid, Object: o})
	}
	return NewStack(items...)
}

// cells are of one size, in rows of so many, for what fills a window.
func cells(size fyne.Size, all ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(ground(theme.Canvas), container.NewGridWrap(size, all...))
}

// controls are what a person presses and fills in.
func (b book) controls(w fyne.Window) {
	server, password := NewTextField(b.say("welcome.server"), b.say("welcome.serverHint")), NewPasswordField(b.say("welcome.password"), "", b.say("welcome.reveal"))
	password.SetText("secret")
	password.SetError(b.say("welcome.needPassword"))
	notice := NewTextArea(b.say("group.notice"), "", 2)
	notice.SetText(b.say("chat.emptySelf"))
	off, busy := NewPrimaryButton(b.say("welcome.signingIn"), nil), NewProgressBar()
	off.Disable()
	busy.SetPart(0.4)
	picked := NewFilterChip(b.say("find.from", "Name", "周雨"), nil)
	picked.SetClear(func() {})
	on := NewChip(b.say("filter.people"), nil)
	on.SetOn(true)
	calendar := map[bool]CalendarWords{true: calendarChinese, false: calendarEnglish}[b.chinese]
	w.SetContent(columns(366,
		below(
			NewHeading(b.say("welcome.signIn"), theme.HeadingSize, fyne.TextAlignLeading),
			NewParagraph(b.say("welcome.slogan"), theme.Ink2, theme.TextSize, fyne.TextAlignLeading),
			server, password, notice,
			NewPrimaryButton(b.say("welcome.signIn"), nil), NewSecondaryButton(b.say("welcome.join"), nil),
			NewButton(Danger, b.say("storage.eraseAll"), nil), off,
			NewFlow(NewSmallButton(Primary, b.say("hosting.copy"), nil), NewSmallButton(Secondary, b.say("hosting.new"), nil)),
			NewLink(b.say("network.link"), theme.Link, theme.SecondarySize, nil),
		),
		below(
			NewCheck(b.say("storage.removeToo"), b.say("storage.removeTooNote"), true),
			NewCheck(b.say("storage.lastCopies"), b.say("storage.lastCopiesNote"), false),
			NewChipChoice(b.say("storage.olderThan"), "storage.anyAge", b.option("storage.anyAge"), b.option("storage.year")),
			NewChoice(b.say("settings.look"), "menu.dark", b.option("menu.light"), b.option("menu.dark"), b.option("menu.likeSystem")),
			NewSettingRow(b.say("settings.still"), "", NewSwitch(true)),
			NewSettingRow(b.say("network.proxy"), b.say("network.systemBad"), NewSelect("network.proxySystem", b.option("network.proxySystem"))),
			NewSettingRow(b.say("settings.text"), "", NewStepper(b.say("settings.percent", "Percent", "100"), b.say("settings.percent", "Percent", "200"), "", "", nil)),
			busy, NewFlow(NewChip(b.say("filter.all"), nil), on, picked),
			NewFlow(NewIconButton("paperclip", b.say("composer.file"), nil), NewIconButton("image", b.say("composer.picture"), nil)),
		),
		below(
			NewCalendar(calendar, date(2026, 11, 3), date(2026, 11, 26), nil),
			NewSample(b.say("settings.sampleIn"), b.say("settings.sampleOut")),
			NewKeyRow(b.say("menu.newGroup"), "Ctrl", "Shift", "G"),
			NewPictureGrid(b.say("group.picture"), "", Picture{ID: "wren", Letter: "W"}, Picture{Value: "a", Resource: sticker}),
			NewSeparator(),
		),
	))
}

// rows are what lists and panels are made of.
func (b book) rows(w fyne.Window) {
	bar := NewUsageBar()
	bar.SetParts(UsagePart{b.say("info.pictures") + " 2.7 GB", 2700, theme.UsagePicture}, UsagePart{b.say("storage.messages") + " 0.6 GB", 600, theme.UsageHistory}, UsagePart{b.say("storage.other") + " 0.1 GB", 100, theme.UsageOther})
	side, head, rows := NewSidePanel(b.say("info.close")), NewAvatar(theme.AvatarLarge), NewRows()
	head.SetPerson("ada", "Ada Okafor", true)
	members := NewMemberList(side)
	members.SetItems([]Suggestion{{ID: "zhouyu", Name: "周雨", Detail: b.say("info.you", "Name", "周雨")}, {ID: "lin", Name: "Lin"}})
	rows.SetItems(Item{Object: NewFact(b.say("info.groupID"), "@TGS#2J4SZEAEL")}, Item{Object: NewFact(b.say("info.nick"), "Ada Okafor")})
	side.SetItems(
		Item{Object: head, Centre: true},
		Item{Above: 14, Object: rows},
		Item{Object: NewPanelRow(b.say("info.notifications"), b.say("info.off"), false, func() {})},
		Item{Object: NewPanelRow(b.say("info.pin"), b.say("info.on"), true, func() {})},
		Item{Above: 10, Object: NewPanelSection(b.say("info.pictures"), b.say("info.none"), func() {})},
		Item{Object: NewMediaGrid([]MediaCell{{ID: "1", Image: harbour(60, 60)}, {ID: "2", Image: shore(60, 60), Film: true}, {ID: "3", Broken: true, Label: b.say("viewer.damaged")}}, nil)},
		Item{Above: 10, Object: members},
		Item{Above: 8, Object: NewDangerRow(b.say("info.leave"), func() {})},
	)
	list := NewConversationList(rowsOf{
		{ID: "C2Cada", Avatar: "ada", Name: "Ada Okafor", Time: "10:40", Preview: b.say("chat.typing"), Online: true, Unread: 3, Pinned: true},
		{ID: "GROUPdesign", Avatar: "design", Name: "设计小组 Design", Time: "10:31", Draft: b.say("list.draft"), Preview: b.say("settings.sampleIn"), Unread: 27, Muted: true},
		{ID: "C2Cwren", Avatar: "wren", Name: b.say("list.self"), Time: "9:12", Preview: b.say("list.voiceDraft"), Failed: true},
	})
	results := NewResultList(rowsOf{
		{ID: "1", Avatar: "zhouyu", Name: "周雨", Where: b.say("find.in", "Name", "设计小组 Design"), Time: "10:21", Preview: b.say("settings.sampleOut")},
		{ID: "2", Icon: "clock", Name: b.say("find.anyTime"), Checked: true},
	})
	header, filter := NewSideHeader(b.say("list.find", "Keys", "Ctrl K"), b.say("list.new")), NewListFilter("filter.unread", b.option("filter.all"), b.option("filter.unread"), b.option("filter.groups"), b.option("filter.people"))
	header.SetMe("wren", "Wren", true)
	filter.SetCount("filter.unread", 12)
	lists := container.New(&fill{}, container.New(&column{}, header, filter), container.NewGridWithRows(2, list, results))
	row := container.New(&beside{}, container.New(fixedWidth(theme.ListWidth), lists), container.New(fixedWidth(380), container.NewPadded(below(
		bar,
		NewUsageRow(Usage{Avatar: "design", Name: "设计小组 Design", Note: b.say("storage.counting"), Size: "5.1 GB"}, b.say("storage.freeUp"), func() {}),
		NewAccountRow(Account{ID: "ada", Name: "Ada Okafor", Note: b.say("network.local"), Online: true}, NewSmallButton(Secondary, b.say("menu.signOut"), nil)),
		NewPersonRow(Person{ID: "lin", Name: "Lin", Note: b.say("info.blocked"), Action: b.say("member.unmute"), Muted: true}, func(fyne.Position) {}),
		NewSettingRow(b.say("hosting.open"), b.say("hosting.closed"), NewSwitch(false)),
	))), side)
	w.SetContent(container.NewStack(ground(theme.Panel), row))
}

// chat is what stands around a conversation.
func (b book) chat(w fyne.Window) {
	head, banner, closed := NewChatHeader(b.say("chat.back")), NewBanner(), NewClosedBar()
	head.SetChat("ada", "Ada Okafor", b.say("chat.online"), true)
	banner.SetWords(b.say("banner.offline"), b.say("banner.historyAvailable"), b.say("banner.retryNow"))
	closed.SetWords(b.say("closed.stays", "Words", b.say("closed.left")))
	playing := NewPlayingBar(PlayingWords{Play: b.say("playing.play"), Pause: b.say("playing.pause"), Close: b.say("playing.close")})
	playing.Set("Lin", "0:05 / 0:14", false)
	choose := NewChooseBar(b.say("choose.end"), nil, ChooseAction{Icon: "group", Label: b.say("choose.merge")}, ChooseAction{Icon: "pass-on", Label: b.say("menu.forward")})
	choose.SetState("3", true, true)
	composer, answer := NewComposer(b.say("composer.send")), NewComposer(b.say("composer.send"))
	composer.SetPlaceholder(b.say("composer.placeholder", "Name", "Ada"))
	answer.SetQuote("Lin", b.say("settings.sampleIn"), b.say("action.cancel"))
	answer.SetText(b.say("settings.sampleOut"))
	link, people := NewLinkLabel(), NewSuggestions()
	link.SetText(b.say("network.secure", "Address", "chat.example.org"))
	people.SetItems([]Suggestion{{ID: "zhouyu", Name: "周雨"}, {ID: "lin", Name: "Lin"}})
	toasts := NewToasts()
	toasts.Say(b.say("list.deleted"), b.say("menu.undo"), func() {})
	emoji := NewEmojiPanel(EmojiWords{Search: b.say("panel.search"), Recent: b.say("panel.recent"), NoMatch: b.say("panel.noMatch"), Dice: b.say("panel.dice"), Roll: b.say("panel.roll")})
	emoji.SetEmoji([]EmojiGroup{{b.say("panel.recent"), []Emoji{{"😀", "1"}, {"😁", "2"}, {"🎉", "3"}}}}, func(string) []Emoji { return nil })
	for _, o := range []fyne.CanvasObject{closed, composer, answer} { // how tall they are follows from how wide
		o.Resize(fyne.NewSize(560, 1))
		o.Resize(fyne.NewSize(560, o.MinSize().Height))
	}
	parts := container.New(&column{}, head, banner, playing, choose, closed, composer, answer, container.NewGridWrap(fyne.NewSize(560, 60), toasts), container.NewHBox(link))
	right := container.NewVBox(container.NewGridWrap(fyne.NewSize(panelWidth, panelHeight), emoji), container.NewGridWrap(fyne.NewSize(panelWidth, 90), people))
	w.SetContent(NewGround(container.NewStack(ground(theme.Canvas), container.New(&beside{}, container.New(fixedWidth(560), parts), container.NewPadded(right))), nil))
}

// pages are what covers a window, or fills it.
func (b book) pages(w fyne.Window) {
	sheet := NewSheet(b.say("storage.eraseYes"), b.say("storage.lastCopiesNote"), nil, NewButton(Danger, b.say("storage.eraseYes"), nil), NewSecondaryButton(b.say("action.cancel"), nil))
	sheet.SetProblem(b.say("storage.eraseFailed"))
	hits := NewResultList(rowsOf{})
	hits.SetEmpty(b.say("find.none"))
	all := NewChip(b.say("filter.all"), nil)
	all.SetOn(true)
	search := NewSearchSheet(b.say("find.hint"), hits, []*Chip{all, NewChip(b.say("filter.people"), nil)}, []*Chip{NewFilterChip(b.say("find.anyone"), nil), NewFilterChip(b.say("find.anyTime"), nil)})
	search.SetFoot(b.say("find.footPick"))
	page := NewSettingsPage(b.say("settings.title"), b.say("chat.back"), b.say("action.close"), b.say("settings.account"), b.say("settings.appearance"), b.say("settings.privacy"))
	page.Choose(1)
	page.SetContent(NewStack(Item{Object: NewSettingRow(b.say("menu.enterSends"), b.say("settings.enterNote"), NewSwitch(true))}))
	viewer := NewViewer(ViewerWords{
		Save: b.say("viewer.save"), Copy: b.say("menu.copy"), Close: b.say("action.close"), Older: b.say("viewer.older"), Newer: b.say("viewer.newer"), Play: b.say("viewer.play"),
		Zoom: func(int) string { return b.say("viewer.zoom", "Percent", "100") },
	})
	viewer.SetPage(ViewerPage{ID: "zhouyu", Name: "周雨", Detail: "10:22", Width: 400, Height: 300, Older: true, File: true, Picture: true})
	viewer.SetProblem(b.say("viewer.damaged"))
	card := NewInviteCard(b.say("hosting.link"), []*Button{NewSmallButton(Primary, b.say("hosting.copy"), nil), NewSmallButton(Secondary, b.say("hosting.new"), nil)},
		NewSettingRow(b.say("hosting.open"), b.say("hosting.atPort", "Port", "7443"), NewSwitch(true)), NewSettingRow(b.say("hosting.fingerprint"), "9C41 0D2B 77A0 5E13", nil))
	card.SetLink(shownLink, checkers(49))
	code := NewQRCode()
	code.SetModules(checkers(21))
	note := NewNoteCard(b.say("welcome.cannotStart"), b.say("banner.readOnly"), nil, NewPrimaryButton(b.say("action.tryAgain"), nil))
	welcome := NewCard(Item{Object: NewHeading(b.say("settings.title"), theme.HeadingSize, fyne.TextAlignLeading)}, Item{Above: 8, Object: code, Centre: true})
	w.SetContent(cells(fyne.NewSize(368, 326), sheet, search, page, viewer, container.NewStack(ground(theme.Panel), container.NewPadded(card)), note, welcome))
	over := NewPopover(container.NewStack(ground(theme.Field), container.NewGridWrap(fyne.NewSize(200, 60), NewParagraph(b.say("panel.noMatch"), theme.Ink, theme.TextSize, fyne.TextAlignLeading))))
	over.Open(w.Canvas(), code)
}

// Every widget, in both variants, with the words that the app has for it in each of its
// languages.
func TestGoldenBook(t *testing.T) {
	for name, sheet := range map[string]struct {
		build  func(book, fyne.Window)
		height float32
	}{
		"controls": {book.controls, 660}, "rows": {book.rows, 560}, "chat": {book.chat, 560}, "pages": {book.pages, 990},
	} {
		for _, language := range []string{"en", "zh-Hans"} {
			for suffix, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
				file := "book-" + name + "-" + language + "-" + suffix
				t.Run(file, func(t *testing.T) {
					w := window(t, mode, container.NewStack(), 1120, sheet.height)
					sheet.build(openBook(t, language), w)
					golden(t, w, file)
				})
			}
		}
	}
}

// A widget that can be made and is in no picture of the book was forgotten.
func TestBookHasEveryWidget(t *testing.T) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, "lookbook_test.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if call, is := n.(*ast.CallExpr); is {
			if f, is := call.Fun.(*ast.Ident); is {
				made[f.Name] = true
			}
		}
		return true
	})
	found := 0
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range source.Decls {
			f, is := d.(*ast.FuncDecl)
			if !is || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "New") {
				continue
			}
			if found++; !made[f.Name.Name] {
				t.Errorf("%s is in no picture of the book", f.Name.Name)
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d widgets were found", found)
	}
}

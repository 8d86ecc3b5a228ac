package app

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/app/vault"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// storageSection is what the account takes of the disk, and what to do about it.
type storageSection struct {
	p     *settingsPage
	bar   *widgets.UsageBar
	state *widgets.Paragraph // that it is being counted
	rows  *widgets.Rows      // by chat
	shown int                // how many chats at most
	// names are of conversations that are not in the list.
	names map[im.ConversationID]im.Conversation
	// free is the sheet that was opened last, nil for none yet.
	free *freeForm
}

// shownChats is how many chats are listed at first, and how many more each time.
const shownChats = 12

// storage makes the section and begins to count.
func (p *settingsPage) storage() fyne.CanvasObject {
	m := p.m
	tr := m.tr
	s := &storageSection{
		p: p, bar: widgets.NewUsageBar(), rows: widgets.NewRows(), shown: shownChats,
		state: widgets.NewParagraph(tr.T("storage.counting"), theme.Ink2, theme.MetaSize, fyne.TextAlignLeading),
		names: map[im.ConversationID]im.Conversation{},
	}
	items := []widgets.Item{{Object: s.bar}, {Above: 4, Object: s.state}, {Above: 8, Object: s.keepRow()}, {Object: s.limitRow()}, {Object: s.downloadRow()}, {Object: s.historyRow()}, {Object: p.encryptionRow()}}
	items = append(items,
		widgets.Item{Object: s.rows},
		widgets.Item{Above: 18, Object: widgets.NewFlow(
			widgets.NewSmallButton(widgets.Secondary, tr.T("storage.freeAll"), func() { s.freeUp("") }),
			widgets.NewSmallButton(widgets.Secondary, tr.T("storage.export"), func() { m.askExport("") }),
			widgets.NewSmallButton(widgets.Secondary, tr.T("storage.import"), m.askImport),
			widgets.NewSmallButton(widgets.Secondary, tr.T("storage.check"), m.checkDatabase),
			widgets.NewSmallButton(widgets.Danger, tr.T("storage.eraseAll"), m.askErase),
		)},
	)
	if m.s.usage != nil {
		s.show(*m.s.usage)
	}
	s.count()
	return widgets.NewStack(items...)
}

// count counts anew, beside the window.
func (s *storageSection) count() {
	p, m := s.p, s.p.m
	client, account := m.s.client, m.s.account
	s.say(m.tr.T("storage.counting"))
	type counted struct {
		usage core.Usage
		names map[im.ConversationID]im.Conversation
	}
	percent := -1
	beside(p.ctx, func(ctx context.Context) (c counted, err error) {
		c.usage, err = client.Storage(ctx, func(done, total uint64) {
			if now := int(100 * done / max(total, 1)); now != percent {
				percent = now
				loop.Do(func() {
					if ctx.Err() == nil {
						s.say(m.tr.F("storage.countingAt", i18n.Args{"Percent": now}))
					}
				})
			}
		})
		if err != nil {
			return c, err
		}
		// Whatever else lies in the account's folder takes room as well.
		if all, err := m.app.profile.AccountBytes(account); err == nil {
			c.usage.Other = max(c.usage.Other, c.usage.Other+all-c.usage.Total())
		}
		c.names, err = namesOf(ctx, client, c.usage.Conversations)
		return c, err
	}, func(c counted, err error) {
		if err != nil {
			s.say(m.tr.Error(err))
			return
		}
		m.s.usage, s.names = &c.usage, c.names
		s.say("")
		s.show(c.usage)
	})
}

// namesOf are the rows of conversations as the disk has them.
func namesOf(ctx context.Context, client *core.Client, list []core.ConversationUsage) (map[im.ConversationID]im.Conversation, error) {
	rows, err := client.Conversations(ctx, 0, 0)
	if err != nil {
		return nil, err
	}
	names := make(map[im.ConversationID]im.Conversation, len(rows))
	for _, r := range rows {
		names[r.ConversationID] = r
	}
	for _, u := range list {
		if _, is := names[u.ConversationID]; !is { // it was taken off the list
			if names[u.ConversationID], err = client.StoredConversation(u.ConversationID); err != nil {
				return nil, err
			}
		}
	}
	return names, nil
}

// say shows a line below the bar, "" for none.
func (s *storageSection) say(words string) {
	s.state.SetText(words)
	s.state.Hidden = words == ""
	s.p.view.Regrow()
}

// show brings what was counted onto the page.
func (s *storageSection) show(u core.Usage) {
	m := s.p.m
	words := mediaWords{m.tr}
	parts := make([]widgets.UsagePart, 0, 6)
	add := func(name string, n int64, colour fyne.ThemeColorName) {
		label := m.tr.F("storage.part", i18n.Args{"Name": name, "Size": words.bytes(n)})
		parts = append(parts, widgets.UsagePart{Label: label, Amount: n, Colour: colour})
	}
	for _, k := range u.Kinds {
		add(m.tr.T(kindKey(k.Kind)), k.Bytes, kindColour(k.Kind))
	}
	add(m.tr.T("storage.messages"), u.History, theme.UsageHistory)
	add(m.tr.T("storage.other"), u.Other, theme.UsageOther)
	s.bar.SetParts(parts...)
	s.showChats(u)
	s.p.view.Regrow()
}

// kindKey is the key of the name of a kind of files, kindColour its colour.
func kindKey(k core.FileKind) string { return "storage.kind." + string(k) }

func kindColour(k core.FileKind) fyne.ThemeColorName {
	switch k {
	case core.FileVideo:
		return theme.UsageVideo
	case core.FilePicture:
		return theme.UsagePicture
	case core.FileVoice:
		return theme.UsageVoice
	}
	return theme.UsageFile
}

// showChats lists the chats that take most.
func (s *storageSection) showChats(u core.Usage) {
	m := s.p.m
	if len(u.Conversations) == 0 {
		s.rows.SetItems()
		return
	}
	items := []widgets.Item{{Above: 16, Object: widgets.NewPanelSection(m.tr.T("storage.byChat"), "", nil)}}
	for i, one := range u.Conversations {
		if i == s.shown {
			more := widgets.NewPanelRow(m.tr.N("storage.more", len(u.Conversations)-i, nil), "", false, func() {
				s.shown += 4 * shownChats
				s.show(u)
			})
			items = append(items, widgets.Item{Above: 4, Object: more})
			break
		}
		items = append(items, widgets.Item{Object: s.chat(one)})
	}
	s.rows.SetItems(items...)
}

// chat is the row of one.
func (s *storageSection) chat(u core.ConversationUsage) fyne.CanvasObject {
	m := s.p.m
	row := s.row(u.ConversationID)
	shown := m.present(&row)
	return widgets.NewUsageRow(widgets.Usage{
		Avatar: shown.Avatar, Initial: shown.Initial, Picture: shown.Picture, Name: shown.Name,
		Note: s.note(u), Size: mediaWords{m.tr}.bytes(u.Bytes),
	}, m.tr.T("storage.freeUp"), func() { s.freeUp(u.ConversationID) })
}

func (s *storageSection) row(conv im.ConversationID) im.Conversation {
	if row, ok := s.p.m.row(conv); ok {
		return row
	}
	if row, ok := s.names[conv]; ok {
		return row
	}
	return im.Conversation{ConversationID: conv, Type: conv.Type()}
}

// note says how many messages there are, and of what there is most besides.
func (s *storageSection) note(u core.ConversationUsage) string {
	m := s.p.m
	tr := m.tr
	words := tr.N("storage.messageCount", int(u.Messages), number(int(u.Messages)))
	most := 0
	var besides string
	for _, kind := range []struct {
		n     int
		words string
	}{
		{u.Pictures, tr.N("storage.pictureCount", u.Pictures, number(u.Pictures))},
		{u.Videos, tr.N("storage.videoCount", u.Videos, number(u.Videos))},
		{u.Documents, tr.N("storage.fileCount", u.Documents, number(u.Documents))},
		{u.Voices, tr.N("storage.voiceCount", u.Voices, number(u.Voices))},
	} {
		if kind.n > most {
			most, besides = kind.n, kind.words
		}
	}
	if most > 0 {
		words += " · " + besides
	}
	return words
}

// number is {{.Number}} of a text: how many, as people read it.
func number(n int) i18n.Args { return i18n.Args{"Number": grouped(n)} }

// keepRow says how long media stays.
func (s *storageSection) keepRow() fyne.CanvasObject {
	a, tr := s.p.m.app, s.p.m.tr
	var options []widgets.Option
	for _, days := range keepDays(a.settings.KeepMediaDays) {
		label := tr.N("storage.days", days, nil)
		switch days {
		case 0:
			label = tr.T("storage.forever")
		case 30, 180:
			label = tr.N("storage.months", days/30, nil)
		case 365:
			label = tr.T("storage.year")
		}
		options = append(options, widgets.Option{Value: strconv.Itoa(days), Label: label})
	}
	choice := widgets.NewSelect(strconv.Itoa(a.settings.KeepMediaDays), options...)
	choice.OnChanged = func(value string) {
		days, _ := strconv.Atoi(value) // of the options above
		a.change(func(s *profile.Settings) { s.KeepMediaDays = days })
		a.applyRules()
	}
	return widgets.NewSettingRow(tr.T("storage.keep"), tr.T("storage.keepNote"), choice)
}

// keepDays are the choices, with the one in use if somebody wrote another one.
func keepDays(current int) []int {
	days := []int{30, 180, 365, 0}
	for _, d := range days {
		if d == current {
			return days
		}
	}
	return append([]int{current}, days...)
}

// limitRow says how much may be kept.
func (s *storageSection) limitRow() fyne.CanvasObject {
	a, tr := s.p.m.app, s.p.m.tr
	current := a.keepRules().Bytes
	limits := []int64{1 << 30, 5 << 30, 20 << 30, -1}
	known := false
	for _, n := range limits {
		known = known || n == current
	}
	if !known {
		limits = append([]int64{current}, limits...)
	}
	var options []widgets.Option
	for _, n := range limits {
		label := tr.T("storage.noLimit")
		if n > 0 {
			label = mediaWords{tr}.limit(n)
		}
		options = append(options, widgets.Option{Value: strconv.FormatInt(n, 10), Label: label})
	}
	choice := widgets.NewSelect(strconv.FormatInt(current, 10), options...)
	choice.OnChanged = func(value string) {
		n, _ := strconv.ParseInt(value, 10, 64) // of the options above
		a.change(func(s *profile.Settings) { s.FilesBytes = n })
		a.applyRules()
	}
	return widgets.NewSettingRow(tr.T("storage.limit"), tr.T("storage.limitNote"), choice)
}

// downloadRow says what comes by itself.
func (s *storageSection) downloadRow() fyne.CanvasObject {
	a, tr := s.p.m.app, s.p.m.tr
	rules := map[string]profile.AutoDownload{
		"none":   {},
		"usual":  profile.DefaultAutoDownload(),
		"small":  {Image: 10 << 20, Audio: 10 << 20, Video: 10 << 20, File: 10 << 20},
		"always": {Image: im.MaxImageBytes, Audio: im.MaxAudioBytes, Video: im.MaxVideoBytes, File: im.MaxFileBytes},
	}
	order := []string{"none", "usual", "small", "always"}
	chosen := "own"
	for _, name := range order {
		if rules[name] == a.settings.Downloads() {
			chosen = name
		}
	}
	if chosen == "own" { // somebody wrote it into the file
		order = append([]string{"own"}, order...)
		rules["own"] = a.settings.Downloads()
	}
	var options []widgets.Option
	for _, name := range order {
		options = append(options, widgets.Option{Value: name, Label: tr.T("storage.download." + name)})
	}
	choice := widgets.NewSelect(chosen, options...)
	choice.OnChanged = func(value string) {
		rule := rules[value]
		a.change(func(s *profile.Settings) { s.AutoDownload = &rule })
		a.applyRules()
	}
	return widgets.NewSettingRow(tr.T("storage.download"), "", choice)
}

// encryptionRow says whether what is here can be read by others, and leads to the
// questions that changing it needs.
func (p *settingsPage) encryptionRow() fyne.CanvasObject {
	v, tr := p.m.app.vault, p.m.tr
	sealed := v.Kind() != vault.Open
	title, note := tr.T("privacy.notEncrypted"), tr.T("privacy.plain")
	if sealed {
		title, note = tr.T("privacy.encrypted"), howKept(tr, v)
	}
	choice := widgets.NewSwitch(sealed)
	choice.OnChanged = func(on bool) {
		choice.Set(sealed) // until that is done
		if on {
			p.turnOn()
		} else {
			p.turnOff()
		}
	}
	return widgets.NewSettingRow(title, note, choice)
}

// applyRules tells every session what the settings say now.
func (a *application) applyRules() {
	for _, s := range append([]*session{a.session}, a.parked...) {
		if s != nil {
			s.client.SetKeepRules(a.keepRules())
			s.client.SetBackfill(backfill(a.settings.HistoryDays))
			s.client.SetAutoDownload(downloadRules(a.settings.Downloads()))
		}
	}
}

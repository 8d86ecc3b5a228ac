package app

import (
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/assets"
	"magpie/im"
	"magpie/widgets"
)

// panel is where emoji, stickers and the die are chosen, above the button in the
// composer. It is made when it is opened first, and again after it was forgotten.
type panel struct {
	m       *mainScreen
	button  *widgets.IconButton
	emoji   *widgets.EmojiPanel
	popover *widgets.Popover
}

func newPanel(m *mainScreen) *panel {
	p := &panel{m: m}
	p.button = widgets.NewIconButton("smile", m.tr.T("composer.emoji"), p.toggle)
	p.button.SetKeys(tipKeys("shortcut.emoji", false))
	return p
}

// toggle opens the panel, or closes it.
func (p *panel) toggle() {
	if p.close() || p.m.chat == nil || p.m.content.covered() || p.m.composer.Disabled() || p.m.composer.Recording() != nil {
		return
	}
	if p.popover == nil {
		p.fill()
	}
	p.emoji.SetRecent(p.recent())
	p.emoji.Reset()
	p.button.SetOn(true)
	p.popover.Open(p.m.app.canvas, p.button)
	p.emoji.Focus()
}

// follow keeps the panel at its button when the window has another size, and takes it
// away with the composer.
func (p *panel) follow() {
	if p.popover == nil || !p.popover.IsOpen() {
		return
	}
	if p.m.content.covered() {
		p.close()
		return
	}
	p.popover.Refresh()
}

// close takes the panel away; the keyboard goes back to the composer. It is false
// if the panel was not there.
func (p *panel) close() bool {
	if p.popover == nil || !p.popover.IsOpen() {
		return false
	}
	p.popover.Close()
	return true
}

// forget lets go of all that can be chosen, unless somebody is choosing. It has its
// pictures in memory, of as many emoji as were in sight.
func (p *panel) forget() {
	if p.popover != nil && !p.popover.IsOpen() {
		p.emoji, p.popover = nil, nil
	}
}

// fill makes the panel with everything that can be chosen.
func (p *panel) fill() {
	tr, pictures := p.m.tr, p.m.pictures
	p.emoji = widgets.NewEmojiPanel(widgets.EmojiWords{
		Search:  tr.T("panel.search"),
		Recent:  tr.T("panel.recent"),
		NoMatch: tr.T("panel.noMatch"),
		Dice:    tr.T("panel.dice"),
		Roll:    tr.T("panel.roll"),
	})
	p.emoji.SetEmoji(emojiGroups(tr), func(query string) []widgets.Emoji {
		return emojiOf(tr, assets.FindEmoji(query))
	})
	p.emoji.SetStickers(stickerTabs(tr, pictures))
	p.emoji.SetDie(pictures.dice(5))
	p.emoji.OnEmoji = p.insert
	p.emoji.OnSticker = func(index int, data string) {
		p.close()
		p.m.inChat(func(c *chat) { c.sendFace(im.FacePayload{Index: index, Data: data}) })
	}
	p.emoji.OnDice = func() {
		p.close()
		p.m.inChat((*chat).sendDie)
	}
	p.emoji.OnClose = func() { p.close() }
	p.popover = widgets.NewPopover(p.emoji)
	p.popover.OnClosed = func() {
		p.button.SetOn(false)
		p.m.composer.Focus()
	}
}

// insert puts an emoji into the text and remembers that it was used. The panel
// shows it among the latest when it is opened again, not under the pointer.
func (p *panel) insert(sequence string) {
	p.m.composer.InsertText(sequence)
	p.m.app.change(func(s *profile.Settings) { s.UsedEmoji(sequence) })
}

// recent are the emoji used last on this computer.
func (p *panel) recent() []widgets.Emoji {
	names := map[string]assets.EmojiInfo{}
	for _, e := range assets.Emojis() {
		names[e.Sequence] = e
	}
	var infos []assets.EmojiInfo
	for _, sequence := range p.m.app.settings.RecentEmoji {
		if e, ok := names[sequence]; ok {
			infos = append(infos, e)
		}
	}
	return emojiOf(p.m.tr, infos)
}

// inLanguage is the one of two names that the person reads.
func inLanguage(tr *i18n.Translator, english, chinese string) string {
	if tr.Language() == im.Chinese {
		return chinese
	}
	return english
}

func emojiOf(tr *i18n.Translator, infos []assets.EmojiInfo) []widgets.Emoji {
	all := make([]widgets.Emoji, len(infos))
	for i, e := range infos {
		all[i] = widgets.Emoji{Sequence: e.Sequence, Name: inLanguage(tr, e.English, e.Chinese)}
	}
	return all
}

func emojiGroups(tr *i18n.Translator) []widgets.EmojiGroup {
	byGroup := map[string][]assets.EmojiInfo{}
	for _, e := range assets.Emojis() {
		byGroup[e.Group] = append(byGroup[e.Group], e)
	}
	var groups []widgets.EmojiGroup
	for _, g := range assets.EmojiGroups() {
		groups = append(groups, widgets.EmojiGroup{Label: tr.T("emojiGroup." + g), Emoji: emojiOf(tr, byGroup[g])})
	}
	return groups
}

func stickerTabs(tr *i18n.Translator, pictures *pictures) []widgets.StickerTab {
	var tabs []widgets.StickerTab
	for _, set := range assets.StickerSets() {
		tab := widgets.StickerTab{Label: inLanguage(tr, set.English, set.Chinese)}
		for _, s := range set.Stickers {
			picture, _ := pictures.sticker(im.FacePayload{Index: s.Index, Data: s.Data}, tr)
			tab.Stickers = append(tab.Stickers, widgets.StickerCell{
				Index: s.Index, Data: s.Data, Name: inLanguage(tr, s.English, s.Chinese), Picture: picture,
			})
		}
		tabs = append(tabs, tab)
	}
	return tabs
}

// toggleEmoji opens and closes the panel.
func (a *application) toggleEmoji() {
	if a.main == nil || a.locked() {
		return
	}
	if a.main.emoji.close() || a.canvas.Overlays().Top() != nil {
		return
	}
	a.main.emoji.toggle()
}

package app

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/widgets"
)

// settingsSection is one section of the settings page: the key of its title, and what
// makes its content, anew each time it is shown.
type settingsSection struct {
	title string
	build func(*settingsPage) fyne.CanvasObject
}

// settingsSections are the sections in the order of the list.
func settingsSections() []settingsSection {
	return []settingsSection{
		{"settings.account", (*settingsPage).account},
		{"settings.appearance", (*settingsPage).appearance},
		{"settings.chats", (*settingsPage).chats},
		{"settings.notifications", (*settingsPage).notifications},
		{"settings.sound", (*settingsPage).sound},
		{"settings.storage", (*settingsPage).storage},
		{"settings.privacy", (*settingsPage).privacy},
		{"settings.network", (*settingsPage).network},
		{"settings.shortcuts", (*settingsPage).shortcuts},
		{"settings.about", (*settingsPage).about},
	}
}

// settingsPage is the settings over the main screen while they are open.
type settingsPage struct {
	m        *mainScreen
	view     *widgets.SettingsPage
	sections []settingsSection
	at       int
	// ctx ends when another section is shown, and with the page.
	ctx  context.Context
	stop context.CancelFunc
	// onState is told of another state of the connection, by the section that shows
	// it; nil for none.
	onState func()
	// onMe is told that the own profile is another, as onState of the connection.
	onMe func()
	// onText is told of another size of the text, as onState of the connection.
	onText func()
	// fetched hears of older messages that came, nil if the section does not show it.
	fetched func(core.HistoryProgress)
}

// meChanged is told that the own profile may be another. The page may be nil.
func (p *settingsPage) meChanged() {
	if p != nil && p.onMe != nil {
		p.onMe()
	}
}

// textChanged is told of another size of the text. The page may be nil.
func (p *settingsPage) textChanged() {
	if p != nil && p.onText != nil {
		p.onText()
	}
}

// stateChanged is told of another state of the connection. The page may be nil.
func (p *settingsPage) stateChanged() {
	if p != nil && p.onState != nil {
		p.onState()
	}
}

// openSettings shows the settings at the section with this title, "" for the first.
func (m *mainScreen) openSettings(title string) {
	if m.settings != nil {
		m.settings.show(title)
		return
	}
	p := &settingsPage{m: m, sections: settingsSections(), stop: func() {}}
	var names []string
	for _, s := range p.sections {
		names = append(names, m.tr.T(s.title))
	}
	p.view = widgets.NewSettingsPage(m.tr.T("settings.title"), m.tr.T("chat.back"), m.tr.T("action.close"), names...)
	p.view.OnSection = func(i int) { p.show(p.sections[i].title) }
	p.view.OnClosed = p.closed
	m.settings = p
	m.lookAway()
	m.activate()
	p.show(title)
	p.view.Open(m.app.canvas)
	if title == "" {
		p.view.ShowList()
	}
}

// closeSettings takes the page away, if it is there.
func (m *mainScreen) closeSettings() {
	if m.settings != nil {
		m.settings.view.Close()
	}
}

func (p *settingsPage) closed() {
	p.stop()
	m := p.m
	m.settings = nil
	m.activate()
	if m.chat != nil && m.app.canvas.Focused() == nil {
		m.composer.Focus()
	}
}

// section is the title of the one that is shown.
func (p *settingsPage) section() string { return p.sections[p.at].title }

// show shows a section; one that is not there is the first.
func (p *settingsPage) show(title string) {
	p.at = max(0, slices.IndexFunc(p.sections, func(s settingsSection) bool { return s.title == title }))
	p.view.Choose(p.at)
	p.rebuild()
}

// rebuild makes the section that is shown anew.
func (p *settingsPage) rebuild() {
	p.stop()
	p.fetched = nil
	p.ctx, p.stop = context.WithCancel(p.m.ctx)
	p.onState, p.onMe, p.onText = nil, nil, nil
	p.view.SetContent(p.sections[p.at].build(p))
}

package app

import (
	"context"
	"net/url"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/proxy"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// networkSection is the connection and the way to the server.
type networkSection struct {
	p *settingsPage
	*proxyForm

	connection *widgets.SettingRow
	test       *widgets.Button
	result     *widgets.Paragraph
}

// network shows the section.
func (p *settingsPage) network() fyne.CanvasObject {
	tr := p.m.tr
	s := &networkSection{p: p, proxyForm: newProxyForm(p.m.app)}
	s.password.OnSubmitted = s.use
	s.test = widgets.NewSmallButton(widgets.Secondary, tr.T("network.test"), s.tryOut)
	s.result = widgets.NewParagraph("", theme.Ink2, theme.SecondarySize, fyne.TextAlignLeading)
	p.onState = s.showState
	return s.content()
}

func (s *networkSection) content() fyne.CanvasObject {
	m := s.p.m
	tr := m.tr
	s.connection = widgets.NewSettingRow(tr.T("network.connection"), s.stateWords(), s.test)
	items := []widgets.Item{
		{Object: s.connection},
		{Object: widgets.NewSettingRow(tr.T("network.server"), s.serverWords(), nil)},
		{Object: widgets.NewSettingRow(tr.T("network.proxy"), s.proxyWords(), s.choice(s.choose))},
	}
	if s.own() {
		items = append(items, s.fields()...)
		items = append(items,
			widgets.Item{Above: 3 * theme.Grid, Object: widgets.NewFlow(widgets.NewSmallButton(widgets.Primary, tr.T("network.use"), s.use))},
		)
	}
	items = append(items, widgets.Item{Above: 4 * theme.Grid, Object: s.result})
	if m.mayHost() {
		open := widgets.NewSmallButton(widgets.Secondary, tr.T("menu.letOthersJoin"), m.letOthersJoin)
		items = append(items, widgets.Item{Object: widgets.NewSettingRow(tr.T("hosting.title"), m.hostingNote(), open)})
	}
	return widgets.NewStack(items...)
}

// show brings the section up to date after something else was chosen.
func (s *networkSection) show() { s.p.view.SetContent(s.content()) }

// showState follows the connection.
func (s *networkSection) showState() {
	s.connection.SetNote(s.stateWords())
	s.p.view.Regrow()
}

func (s *networkSection) stateWords() string {
	m := s.p.m
	switch {
	case m.connected():
		return m.tr.T("network.ready")
	case m.state.State == core.Offline && m.state.Error != nil:
		return m.tr.F("network.offline", i18n.Args{"Why": m.tr.Error(m.state.Error)})
	case m.state.State == core.Offline || m.state.State == core.Kicked:
		return m.tr.T("network.offlineNoReason")
	}
	return m.tr.T("network.connecting")
}

// server is the address at which the server is looked for.
func (s *networkSection) server() *url.URL {
	u, err := url.Parse(s.p.m.s.client.Address())
	if err != nil {
		return &url.URL{}
	}
	return u
}

func (s *networkSection) serverWords() string {
	tr := s.p.m.tr
	if s.p.m.s.account.Local {
		return tr.T("network.local")
	}
	u := s.server()
	if u.Scheme == "wss" {
		return tr.F("network.secure", i18n.Args{"Address": u.Host})
	}
	return tr.F("network.open", i18n.Args{"Address": u.Host})
}

// proxyWords say what the choice is for, or what the environment says.
func (s *networkSection) proxyWords() string {
	tr := s.p.m.tr
	if s.p.m.app.wayUnread {
		return tr.T("network.unread")
	}
	if s.kind != proxy.System || s.p.m.s.account.Local {
		return tr.T("network.proxyNote")
	}
	switch u, err := proxy.NewWay(proxy.Route{}).For(s.server()); {
	case err != nil:
		return tr.T("network.systemBad")
	case u == nil:
		return tr.T("network.systemNone")
	default:
		return tr.F("network.systemProxy", i18n.Args{"Address": u.Scheme + "://" + u.Host})
	}
}

// choose is a person choosing a kind. One without an address is in use at once.
func (s *networkSection) choose(kind proxy.Kind) {
	s.kind = kind
	s.result.SetText("")
	if !s.own() {
		s.p.m.app.goAnotherWay(proxy.Route{Kind: kind})
	}
	s.show()
	if s.own() {
		s.address.Focus()
	}
}

// route is what is chosen and typed; it says so if that makes no sense.
func (s *networkSection) route() (proxy.Route, bool) {
	r, ok := s.proxyForm.route()
	if !ok {
		s.p.view.Regrow()
	}
	return r, ok
}

// use takes the proxy into use.
func (s *networkSection) use() {
	if r, ok := s.route(); ok {
		s.p.m.app.goAnotherWay(r)
		s.p.view.Say(s.p.m.tr.T("network.used"), "", nil)
	}
}

// tryOut tries to reach the server the way that is chosen, in use or not.
func (s *networkSection) tryOut() {
	r, ok := s.route()
	if !ok || s.test.Disabled() {
		return
	}
	m := s.p.m
	client, dial := m.s.client, proxy.NewWay(r).Dial
	s.test.Disable()
	s.tell(m.tr.T("network.testing"))
	beside(s.p.ctx, func(ctx context.Context) (core.Probed, error) { return client.Probe(ctx, dial) }, func(p core.Probed, err error) {
		if err != nil {
			m.app.log("the server was not reached: %v", err)
		}
		s.test.Enable()
		s.tell(probeWords(m.tr, p, err))
	})
}

// tell says what came of a test.
func (s *networkSection) tell(words string) {
	s.result.SetText(words)
	s.p.view.Regrow()
}

package app

import (
	"fyne.io/fyne/v2"

	"magpie/app/proxy"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// proxyForm is the choice of the way to servers: on the page of settings, and where
// somebody signs in for the first time.
type proxyForm struct {
	app *application
	// kind is what is chosen, which may not be in use yet: a proxy of one's own has
	// an address first.
	kind                    proxy.Kind
	address, user, password *widgets.TextField
}

// newProxyForm makes a form that says what is in use.
func newProxyForm(a *application) *proxyForm {
	tr, route := a.tr, a.way.Route()
	f := &proxyForm{
		app:      a,
		kind:     route.Kind,
		address:  widgets.NewTextField(tr.T("network.address"), tr.T("network.addressHint")),
		user:     widgets.NewTextField(tr.T("network.user"), ""),
		password: widgets.NewPasswordField(tr.T("network.password"), "", tr.T("welcome.reveal")),
	}
	f.address.SetText(route.Address)
	f.user.SetText(route.User)
	f.password.SetText(route.Password)
	f.address.OnSubmitted = f.user.Focus
	f.user.OnSubmitted = f.password.Focus
	return f
}

// own reports whether the kind that is chosen has an address.
func (f *proxyForm) own() bool { return f.kind != proxy.System && f.kind != proxy.None }

// choice is what the kind is chosen with.
func (f *proxyForm) choice(chosen func(proxy.Kind)) *widgets.Select {
	tr := f.app.tr
	s := widgets.NewSelect(string(f.kind),
		widgets.Option{Value: string(proxy.System), Label: tr.T("network.proxySystem")},
		widgets.Option{Value: string(proxy.None), Label: tr.T("network.proxyNone")},
		widgets.Option{Value: string(proxy.HTTP), Label: tr.T("network.proxyHTTP")},
		widgets.Option{Value: string(proxy.HTTPS), Label: tr.T("network.proxyHTTPS")},
		widgets.Option{Value: string(proxy.SOCKS5), Label: tr.T("network.proxySOCKS5")},
	)
	s.OnChanged = func(kind string) { chosen(proxy.Kind(kind)) }
	return s
}

// fields are those of a proxy of one's own, below each other.
func (f *proxyForm) fields() []widgets.Item {
	const gap = 3 * theme.Grid
	return []widgets.Item{{Above: gap, Object: f.address}, {Above: gap, Object: f.user}, {Above: gap, Object: f.password}}
}

// route is what is chosen and typed; it says so at the address if that makes no sense.
func (f *proxyForm) route() (proxy.Route, bool) {
	r := proxy.Route{Kind: f.kind}
	if !f.own() {
		return r, true
	}
	r.Address, r.User, r.Password = f.address.Text(), f.user.Text(), f.password.Text()
	f.address.SetError("")
	if err := r.Validate(); err != nil {
		wrong(f.address, f.app.tr.T("network.badAddress"))
		return r, false
	}
	return r, true
}

// chooseProxy asks for the way to servers before there is an account whose settings could
// be opened. It is in use from then on.
func (a *application) chooseProxy() {
	tr, f := a.tr, newProxyForm(a)
	var sheet *widgets.Sheet
	use := widgets.NewPrimaryButton(tr.T("network.save"), func() {
		r, ok := f.route()
		if !ok {
			sheet.Refresh() // the field has become taller
			return
		}
		a.goAnotherWay(r)
		sheet.Close()
	})
	f.password.OnSubmitted = func() { use.Tapped(nil) }
	fit := func() {
		for _, i := range f.fields() {
			if f.own() {
				i.Object.Show()
			} else {
				i.Object.Hide()
			}
		}
	}
	fit()
	choice := f.choice(func(kind proxy.Kind) {
		f.kind = kind
		fit()
		sheet.Refresh()
		if f.own() {
			f.address.Focus()
		}
	})
	row := widgets.NewSettingRow(tr.T("network.proxy"), tr.T("network.proxyNote"), choice)
	cancel := widgets.NewSecondaryButton(tr.T("action.cancel"), func() { sheet.Close() })
	sheet = widgets.NewSheet(tr.T("network.title"), tr.T("network.firstText"),
		widgets.NewStack(append([]widgets.Item{{Object: row}}, f.fields()...)...), cancel, use)
	sheet.Open(a.canvas, nil)
}

// networkLink is the quiet way to it on the screens where an account begins.
func (a *application) networkLink() fyne.CanvasObject {
	return widgets.NewLink(a.tr.T("network.link"), theme.Ink2, theme.SecondarySize, a.chooseProxy)
}

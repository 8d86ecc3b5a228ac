package app

import (
	"magpie/app/profile"
	"magpie/app/proxy"
)

// findWay takes the way to servers from the settings, once there are keys. A password
// that lies otherwise than everything else, since encryption was turned on or off
// meanwhile, is written anew.
func (a *application) findWay() {
	p, keys := a.settings.Proxy, a.keys
	route, err := p.Route(keys)
	a.wayUnread = err != nil
	if err != nil {
		a.log("%v; it has to be entered again", err)
	} else if !keys.Fits(p.Password) {
		a.change(func(s *profile.Settings) { s.Proxy = profile.KeepProxy(route, keys) })
	}
	a.way.Use(route)
}

// goAnotherWay uses a route from now on and at the next starts. Whatever is connected
// connects anew.
func (a *application) goAnotherWay(r proxy.Route) {
	kept := profile.KeepProxy(r, a.keys)
	a.change(func(s *profile.Settings) { s.Proxy = kept })
	a.wayUnread = false
	a.way.Use(r)
	for _, s := range append(a.parked[:len(a.parked):len(a.parked)], a.session) {
		if s != nil && !s.account.Local {
			go s.client.Reconnect() // what it waits for takes a moment
		}
	}
}

package profile

import (
	"magpie/app/proxy"
	"magpie/app/vault"
)

// Proxy is how servers elsewhere are reached, as it lies in the settings.
type Proxy struct {
	Kind     proxy.Kind   `json:"kind,omitempty"`
	Address  string       `json:"address,omitempty"`
	User     string       `json:"user,omitempty"`
	Password vault.Secret `json:"password,omitzero"`
}

// proxySecret names the proxy's password among the secrets.
const proxySecret = "proxy"

// KeepProxy makes what is written of a route.
func KeepProxy(r proxy.Route, keys vault.Keys) Proxy {
	return Proxy{Kind: r.Kind, Address: r.Address, User: r.User, Password: keys.Keep(proxySecret, r.Password)}
}

// Route is the way that the settings say. With an error, which says that the password
// cannot be opened, it is the route without that.
func (p Proxy) Route(keys vault.Keys) (proxy.Route, error) {
	r := proxy.Route{Kind: p.Kind, Address: p.Address, User: p.User}
	var err error
	r.Password, err = keys.Reveal(proxySecret, p.Password)
	return r, err
}

package server

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"magpie/im"
)

// limits counts what users and addresses do.
type limits struct {
	opt *Options

	mu       sync.Mutex
	sends    map[im.UserID]*rate.Limiter
	failures map[string]*failures
}

// failures are the failed sign-ins since a time.
type failures struct {
	count int
	since time.Time
}

const (
	// failureWindow is how long a failed sign-in is remembered.
	failureWindow = 5 * time.Minute
	// addressFactor is how many times the failures of one user an address may
	// have in all.
	addressFactor = 5
	// limitsMax bounds how many users and addresses are kept before those that
	// matter no more are dropped.
	limitsMax = 10000
)

func newLimits(o *Options) *limits {
	return &limits{opt: o, sends: map[im.UserID]*rate.Limiter{}, failures: map[string]*failures{}}
}

// send counts one message of u; over the rate it returns im.CodeRateLimited.
func (l *limits) send(u im.UserID) error {
	now := l.opt.Now()
	perSecond := l.opt.MessagesPerSecond
	l.mu.Lock()
	r := l.sends[u]
	if r == nil {
		if len(l.sends) >= limitsMax {
			for u, r := range l.sends {
				if r.TokensAt(now) >= float64(2*perSecond) {
					delete(l.sends, u)
				}
			}
		}
		r = rate.NewLimiter(rate.Limit(perSecond), 2*perSecond)
		l.sends[u] = r
	}
	l.mu.Unlock()
	if !r.AllowN(now, 1) {
		return im.Errorf(im.CodeRateLimited, "more than %d messages a second", perSecond)
	}
	return nil
}

// signIn returns im.CodeTooManyAttempts if u from address, or address as a
// whole, has failed too often.
func (l *limits) signIn(u im.UserID, address string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count(pair(u, address)) >= l.opt.MaxSignInFailures || l.count(address) >= addressFactor*l.opt.MaxSignInFailures {
		return im.Errorf(im.CodeTooManyAttempts, "too many failed sign-ins, wait up to %v", failureWindow)
	}
	return nil
}

// failed counts a failed sign-in.
func (l *limits) failed(u im.UserID, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.opt.Now()
	if len(l.failures) >= limitsMax {
		for key, f := range l.failures {
			if now.Sub(f.since) > failureWindow {
				delete(l.failures, key)
			}
		}
	}
	for _, key := range []string{pair(u, address), address} {
		f := l.failures[key]
		if f == nil || now.Sub(f.since) > failureWindow {
			f = &failures{since: now}
			l.failures[key] = f
		}
		f.count++
	}
}

// succeeded forgets the failures of u from address.
func (l *limits) succeeded(u im.UserID, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.failures, pair(u, address))
}

func (l *limits) count(key string) int {
	f := l.failures[key]
	if f == nil || l.opt.Now().Sub(f.since) > failureWindow {
		return 0
	}
	return f.count
}

func pair(u im.UserID, address string) string { return address + " " + string(u) }

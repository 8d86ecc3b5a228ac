package app

import (
	"sync"

	"magpie/app/core"
	"magpie/im"
)

// heard is what a session was told since it began, for screens that come later:
// one that was made anew, or that of an account which was not shown meanwhile.
type heard struct {
	mu      sync.Mutex
	kicked  im.KickReason
	refused *im.Error
	unread  uint64
}

// follow takes in the events of a subscription until that ends, and tells of them.
func (h *heard) follow(sub *core.Subscription, tell func(core.Event)) {
	for e := range sub.Events() {
		h.mu.Lock()
		switch e := e.(type) {
		case core.SDKReady:
			h.kicked, h.refused = "", nil
		case core.KickedOut:
			h.kicked = e.Type
		case core.ErrorEvent:
			if e.SignIn {
				h.refused = e.Error
			}
		case core.TotalUnreadUpdated:
			h.unread = e.Unread
		}
		h.mu.Unlock()
		tell(e)
	}
}

// why says why the account is signed out, if it is.
func (h *heard) why() (im.KickReason, *im.Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.kicked, h.refused
}

// unreadCount is the last one that was told.
func (h *heard) unreadCount() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.unread
}

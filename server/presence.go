package server

import (
	"strconv"

	"magpie/im"
	"magpie/im/wire"
)

// watchMax bounds how many users one connection watches.
const watchMax = 2000

// announce tells all gateways that a user came or went.
func (h *hub) announce(u im.UserID, status im.UserStatus) {
	h.publish(subjectPresence+encodeID(string(u)), strconv.AppendInt(nil, int64(status), 10))
}

// presenceChanged tells those who watch u.
func (h *hub) presenceChanged(u im.UserID, data []byte) {
	n, err := strconv.Atoi(string(data))
	if err != nil {
		return
	}
	h.tellWatchers(u, wire.Event{K: wire.EvPresence, User: u, Status: im.UserStatus(n)})
}

// tellWatchers pushes an event to every connection that watches u.
func (h *hub) tellWatchers(u im.UserID, e wire.Event) {
	frame, err := wire.Encode(eventFrame(e))
	if err != nil {
		h.server.opt.Logf("fan-out: %v", err)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.watchers[u] {
		c.push(frame)
	}
}

// watch subscribes c to the presence of users and returns the present state.
// Subscriptions are entries of a map, given up with the connection.
func (h *hub) watch(c *conn, users []im.UserID) ([]im.UserPresence, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]im.UserPresence, 0, len(users))
	for _, u := range users {
		if !c.watching[u] && len(c.watching) >= watchMax {
			return nil, im.Errorf(im.CodeInvalidParameter, "a connection watches at most %d users", watchMax)
		}
		if c.watching == nil {
			c.watching = map[im.UserID]bool{}
		}
		c.watching[u] = true
		if h.watchers[u] == nil {
			h.watchers[u] = map[*conn]struct{}{}
		}
		h.watchers[u][c] = struct{}{}
		list = append(list, im.UserPresence{UserID: u, StatusType: h.status(u)})
	}
	return list, nil
}

// status is whether u is connected. The caller holds h.mu.
func (h *hub) status(u im.UserID) im.UserStatus {
	if h.users[u] != nil || h.server.reserved(u) {
		return im.StatusOnline
	}
	return im.StatusOffline
}

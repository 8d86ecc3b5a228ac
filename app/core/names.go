package core

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"sync"

	"magpie/im"
)

// names fetches profiles that the list needs and the disk has not. A user is
// asked for once in the life of a client; changes come as pushes. The account's own
// is asked for with each connection: it may have been changed meanwhile.
type names struct {
	mu      sync.Mutex
	wanted  map[im.UserID]bool // true once it was asked for
	running bool
}

// learn keeps the profiles that came with a conversation, and asks for one
// that did not.
func (c *Client) learn(ctx context.Context, conv *im.Conversation) error {
	if p := conv.UserProfile; p != nil && p.UserID == conv.ConversationID.Peer() && p.UserID != "" {
		return c.learnProfiles(ctx, []im.Profile{*p})
	}
	if g := conv.GroupProfile; g != nil && g.GroupID == conv.ConversationID.Group() && g.GroupID != "" {
		return c.learnGroup(ctx, *g)
	}
	u := conv.ConversationID.Peer()
	if u == "" {
		return nil
	}
	if _, found, err := c.db.Profile(u); err != nil || found {
		return err
	}
	n := &c.names
	n.want(u, false)
	if c.State() == Ready {
		n.start(c)
	}
	return nil
}

// want notes a user to be asked for; again, if that was done before.
func (n *names) want(u im.UserID, again bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.wanted == nil {
		n.wanted = make(map[im.UserID]bool)
	}
	if _, known := n.wanted[u]; !known || again {
		n.wanted[u] = false
	}
}

// learnProfiles keeps profiles and tells of those that are new.
func (c *Client) learnProfiles(ctx context.Context, list []im.Profile) error {
	var news []im.Profile
	for _, p := range list {
		old, found, err := c.db.Profile(p.UserID)
		if err != nil {
			return err
		}
		if !found || !reflect.DeepEqual(old, p) {
			news = append(news, p)
		}
	}
	if len(news) == 0 {
		return nil
	}
	if err := c.db.PutProfiles(ctx, news); err != nil {
		return err
	}
	c.hub.emit(ProfileUpdated{Profiles: news})
	for _, p := range news {
		if _, found, err := c.db.Conversation(im.C2C(p.UserID)); err == nil && found {
			c.list.touch(c, im.C2C(p.UserID))
		}
	}
	return nil
}

// learnGroup keeps a group's profile and tells if it is new.
func (c *Client) learnGroup(ctx context.Context, g im.Group) error {
	old, found, err := c.db.Group(g.GroupID)
	if err != nil {
		return err
	}
	if found && reflect.DeepEqual(old, g) {
		return nil
	}
	if err := c.db.PutGroup(ctx, g); err != nil {
		return err
	}
	c.hub.emit(GroupListUpdated{Group: g})
	c.list.touch(c, im.GroupConversation(g.GroupID))
	return nil
}

// forgetMembership notes that this account is not in a group any more, and
// returns the group's profile as far as it is known.
func (c *Client) forgetMembership(ctx context.Context, id im.GroupID) (im.Group, error) {
	g, found, err := c.db.Group(id)
	if err != nil || !found {
		return im.Group{GroupID: id}, err
	}
	if g.SelfInfo == nil {
		return g, nil
	}
	g.SelfInfo = nil
	return g, c.db.PutGroup(ctx, g)
}

// memberships returns the groups this account is in, by name.
func (c *Client) memberships() ([]im.Group, error) {
	list, err := c.db.Groups()
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(g im.Group) bool { return g.SelfInfo == nil })
	slices.SortFunc(list, func(a, b im.Group) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.GroupID, b.GroupID))
	})
	return list, nil
}

// fillNames puts the cached profile into a row; without one it stays as it is.
func (c *Client) fillNames(conv *im.Conversation) {
	switch conv.ConversationID.Type() {
	case im.ConvC2C:
		if p, found, err := c.db.Profile(conv.ConversationID.Peer()); err == nil && found {
			conv.UserProfile = &p
		}
	case im.ConvGroup:
		if g, found, err := c.db.Group(conv.ConversationID.Group()); err == nil && found {
			conv.GroupProfile = &g
			conv.SubType = g.Type
		}
	}
}

// start asks for the wanted profiles, if that is not going on already.
func (n *names) start(c *Client) {
	n.mu.Lock()
	start := !n.running && len(n.take(false)) > 0
	n.running = n.running || start
	n.mu.Unlock()
	if start && !c.spawn(func() { n.run(c) }) {
		n.mu.Lock()
		n.running = false
		n.mu.Unlock()
	}
}

// take returns users to ask for; mark notes that they are being asked for.
func (n *names) take(mark bool) []im.UserID {
	var users []im.UserID
	for u, asked := range n.wanted {
		if !asked && len(users) < maxProfiles {
			users = append(users, u)
		}
	}
	if mark {
		for _, u := range users {
			n.wanted[u] = true
		}
	}
	return users
}

func (n *names) run(c *Client) {
	for {
		l := c.current()
		n.mu.Lock()
		users := n.take(true)
		if l == nil || len(users) == 0 {
			for _, u := range users {
				n.wanted[u] = false
			}
			n.running = false
			n.mu.Unlock()
			return
		}
		n.mu.Unlock()
		_, err := c.askProfiles(c.ctx, l, users)
		if err == nil {
			continue
		}
		// The next connection asks again; this one is not pressed.
		n.mu.Lock()
		for _, u := range users {
			n.wanted[u] = false
		}
		n.running = false
		n.mu.Unlock()
		if !onNetwork(err) {
			c.report(err)
		}
		return
	}
}

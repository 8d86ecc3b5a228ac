package core

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

// TestAnySequenceOfOperations does what people may do in any order, on devices
// that come and go, against a real server and a simple model of it. At the end
// every device of everybody agrees with the model: who is in the group, what was
// said in which order, what is recalled, how far was read and how much is unread.
func TestAnySequenceOfOperations(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a real server")
	}
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		ok(t, f.Value.Set("6")) // each has a server of its own; -rapid.checks asks for more
		defer func() { ok(t, f.Value.Set(f.DefValue)) }()
	}
	rapid.Check(t, func(rt *rapid.T) {
		r := newRehearsal(t, rt)
		defer r.end()
		rt.Repeat(map[string]func(*rapid.T){
			"say":        r.say,
			"say in it":  r.sayInGroup,
			"read":       r.read,
			"recall":     r.recall,
			"delete":     r.deleteRow,
			"invite":     r.invite,
			"kick":       r.kick,
			"quit":       r.quit,
			"admin":      r.admin,
			"rename":     r.rename,
			"disconnect": r.disconnect,
			"reconnect":  r.reconnect,
		})
		r.compare(rt)
	})
}

// rehearsal is three people with two devices each, and what they should see.
type rehearsal struct {
	t       *testing.T
	server  *magpied
	ctx     context.Context
	cancel  context.CancelFunc
	devices map[string]*player // by user and number
	names   []string           // of devices, sorted
	group   im.GroupID
	model   group
	// said are the messages that were acknowledged, by the conversation's two
	// users or the group.
	said map[string][]*saying
	// reads is how far a user has read, by user and conversation.
	reads map[string]uint64
}

// player is a device that may be away.
type player struct {
	user   im.UserID
	path   string
	client *Client
	store  *store.Store
	stop   context.CancelFunc
}

// group is who is in the group and as what, to the model.
type group struct{ roles map[im.UserID]im.Role }

// saying is a message as the model knows it.
type saying struct {
	id       im.MessageID
	from     im.UserID
	n        uint64
	recalled bool
	// unheard are those who were not in the group when it was recalled: nobody
	// tells them, and what they had stays.
	unheard map[im.UserID]bool
}

func newRehearsal(t *testing.T, rt *rapid.T) *rehearsal {
	r := &rehearsal{
		t: t, server: newMagpied(t, "ann", "bob", "carl"), devices: map[string]*player{},
		said: map[string][]*saying{}, reads: map[string]uint64{},
	}
	r.ctx, r.cancel = context.WithTimeout(context.Background(), 5*time.Minute)
	dir := t.TempDir()
	storetest.SoundBelow(t, dir)
	for _, u := range []im.UserID{"ann", "bob", "carl"} {
		for i := range 2 {
			name := fmt.Sprintf("%s %d", u, i)
			p := &player{user: u, path: filepath.Join(dir, fmt.Sprintf("%s-%d-%d.db", u, i, len(r.devices)))}
			r.devices[name] = p
			r.names = append(r.names, name)
			r.start(rt, p)
		}
	}
	g, _, err := r.devices["ann 0"].client.CreateGroup(r.ctx, im.Group{Name: "rehearsal", Type: im.GroupPublic}, []im.UserID{"bob"})
	r.must(rt, "create", err)
	r.group = g.GroupID
	r.model.roles = map[im.UserID]im.Role{"ann": im.RoleOwner, "bob": im.RoleMember}
	return r
}

func (r *rehearsal) start(rt *rapid.T, p *player) {
	st, _, err := store.Open(p.path, store.Options{Account: p.user})
	r.must(rt, "open", err)
	o := realOptions(st, r.server.url, string(p.user))
	o.ReadDelay = 5 * time.Millisecond
	c, err := New(o)
	r.must(rt, "client", err)
	ctx, stop := context.WithCancel(r.ctx)
	p.client, p.store, p.stop = c, st, stop
	c.Start(ctx)
	r.must(rt, "ready", c.WaitReady(r.ctx))
}

func (p *player) close() error {
	if p.client == nil {
		return nil
	}
	p.stop()
	err := p.client.Close()
	p.client = nil
	if e := p.store.Close(); err == nil {
		err = e
	}
	return err
}

func (r *rehearsal) end() {
	for _, p := range r.devices {
		if err := p.close(); err != nil {
			r.t.Errorf("close: %v", err)
		}
	}
	r.server.kill()
	r.cancel()
}

func (r *rehearsal) must(rt *rapid.T, what string, err error) {
	if err != nil {
		rt.Fatalf("%s: %v", what, err)
	}
}

// someone draws a device that is there.
func (r *rehearsal) someone(rt *rapid.T) *player {
	var here []string
	for _, name := range r.names {
		if r.devices[name].client != nil {
			here = append(here, name)
		}
	}
	if len(here) == 0 {
		rt.Skip("everybody is away")
	}
	return r.devices[rapid.SampledFrom(here).Draw(rt, "who")]
}

func (r *rehearsal) user(rt *rapid.T, what string) im.UserID {
	return rapid.SampledFrom([]im.UserID{"ann", "bob", "carl"}).Draw(rt, what)
}

// place names a conversation for the model: its two users, or the group.
func (r *rehearsal) place(u im.UserID, conv im.ConversationID) string {
	if conv.Type() == im.ConvGroup {
		return "group"
	}
	pair := []string{string(u), string(conv.Peer())}
	slices.Sort(pair)
	return pair[0] + " " + pair[1]
}

func (r *rehearsal) groupConv() im.ConversationID { return im.GroupConversation(r.group) }

func (r *rehearsal) say(rt *rapid.T) {
	p := r.someone(rt)
	to := r.user(rt, "to")
	r.send(rt, p, im.ConvC2C, string(to), true)
}

func (r *rehearsal) sayInGroup(rt *rapid.T) {
	p := r.someone(rt)
	_, member := r.model.roles[p.user]
	r.send(rt, p, im.ConvGroup, string(r.group), member)
}

func (r *rehearsal) send(rt *rapid.T, p *player, t im.ConversationType, to string, may bool) {
	m, err := p.client.SendMessage(r.ctx, p.client.CreateTextMessage(t, to, fmt.Sprintf("text %d", len(r.said))), im.SendOptions{})
	r.must(rt, "send", err)
	m, err = p.client.WaitSent(r.ctx, m.ID)
	if !may {
		if im.CodeOf(err) != im.CodeGroupPermission {
			rt.Fatalf("%s, who is no member, got %v", p.user, err)
		}
		r.must(rt, "cancel", p.client.CancelMessage(r.ctx, m.ID))
		return
	}
	r.must(rt, "send", err)
	at := r.place(p.user, m.ConversationID)
	r.said[at] = append(r.said[at], &saying{id: m.ID, from: p.user, n: m.Sequence})
}

// pick draws a conversation of p that something was said in.
func (r *rehearsal) pick(rt *rapid.T, p *player) (im.ConversationID, []*saying) {
	var convs []im.ConversationID
	for _, u := range []im.UserID{"ann", "bob", "carl"} {
		if len(r.said[r.place(p.user, im.C2C(u))]) > 0 {
			convs = append(convs, im.C2C(u))
		}
	}
	if _, member := r.model.roles[p.user]; member && len(r.said["group"]) > 0 {
		convs = append(convs, r.groupConv())
	}
	if len(convs) == 0 {
		rt.Skip("nothing was said")
	}
	conv := rapid.SampledFrom(convs).Draw(rt, "where")
	return conv, r.said[r.place(p.user, conv)]
}

// caughtUp waits until p has the end of a conversation as the server has it.
func (r *rehearsal) caughtUp(rt *rapid.T, p *player, conv im.ConversationID, n uint64) {
	r.eventually(rt, fmt.Sprintf("%s has %s up to %d", p.user, conv, n), func() bool {
		ranges, err := p.store.Ranges(conv)
		return err == nil && len(ranges) > 0 && ranges[len(ranges)-1].To >= n
	})
}

func (r *rehearsal) read(rt *rapid.T) {
	p := r.someone(rt)
	conv, all := r.pick(rt, p)
	m := rapid.SampledFrom(all).Draw(rt, "up to")
	r.caughtUp(rt, p, conv, m.n)
	r.must(rt, "read", p.client.SetMessageReadUpTo(r.ctx, conv, m.n))
	key := string(p.user) + " " + r.place(p.user, conv)
	r.reads[key] = max(r.reads[key], m.n)
	r.reported(rt, p.user, conv, r.reads[key])
}

// reported waits until the server knows that u has read up to n.
func (r *rehearsal) reported(rt *rapid.T, u im.UserID, conv im.ConversationID, n uint64) {
	for _, name := range r.names {
		p := r.devices[name]
		if p.user != u || p.client == nil {
			continue
		}
		r.eventually(rt, fmt.Sprintf("%s reads %s up to %d", name, conv, n), func() bool {
			row, found, err := p.store.Conversation(conv)
			return err == nil && found && row.Read >= n
		})
	}
}

func (r *rehearsal) recall(rt *rapid.T) {
	p := r.someone(rt)
	conv, all := r.pick(rt, p)
	m := rapid.SampledFrom(all).Draw(rt, "which")
	r.caughtUp(rt, p, conv, m.n)
	if _, found, err := p.client.Message(m.id); err != nil || !found {
		rt.Skip("said before this one joined")
	}
	err := p.client.RevokeMessage(r.ctx, m.id)
	may := m.from == p.user
	if conv.Type() == im.ConvGroup {
		mine, theirs := r.model.roles[p.user], r.model.roles[m.from]
		may = may || mine == im.RoleOwner || mine == im.RoleAdmin && (theirs == im.RoleMember || theirs == "")
	}
	switch {
	case may && !m.recalled:
		r.must(rt, "recall", err)
		m.recalled = true
		if conv.Type() == im.ConvGroup {
			m.unheard = map[im.UserID]bool{}
			for _, u := range []im.UserID{"ann", "bob", "carl"} {
				_, member := r.model.roles[u]
				m.unheard[u] = !member
			}
		}
	case im.CodeOf(err) == 0:
		rt.Fatalf("%s recalled message %d of %s (recalled %v) in %s", p.user, m.n, m.from, m.recalled, conv)
	}
}

func (r *rehearsal) deleteRow(rt *rapid.T) {
	p := r.someone(rt)
	conv, all := r.pick(rt, p)
	last := all[len(all)-1].n
	r.caughtUp(rt, p, conv, last)
	err := p.client.DeleteConversation(r.ctx, conv)
	if im.CodeOf(err) == im.CodeConversationNotFound {
		return // it was deleted before
	}
	r.must(rt, "delete", err)
	key := string(p.user) + " " + r.place(p.user, conv)
	r.reads[key] = max(r.reads[key], last)
	r.reported(rt, p.user, conv, last)
}

func (r *rehearsal) invite(rt *rapid.T) {
	p, u := r.someone(rt), r.user(rt, "whom")
	results, err := p.client.InviteToGroup(r.ctx, r.group, []im.UserID{u})
	if role := r.model.roles[p.user]; role != im.RoleOwner && role != im.RoleAdmin {
		if im.CodeOf(err) != im.CodeGroupPermission {
			rt.Fatalf("%s, a %q, invites: %v", p.user, role, err)
		}
		return
	}
	r.must(rt, "invite", err)
	if _, member := r.model.roles[u]; member {
		if results[0].Result != 2 {
			rt.Fatalf("%s is a member already: %+v", u, results)
		}
		return
	}
	r.model.roles[u] = im.RoleMember
	delete(r.reads, string(u)+" group") // it begins anew where it joined
}

func (r *rehearsal) kick(rt *rapid.T) {
	p, u := r.someone(rt), r.user(rt, "whom")
	mine, theirs := r.model.roles[p.user], r.model.roles[u]
	may := theirs != "" && u != p.user && (mine == im.RoleOwner || mine == im.RoleAdmin && theirs == im.RoleMember)
	err := p.client.KickGroupMembers(r.ctx, r.group, []im.UserID{u}, "")
	if may {
		r.must(rt, "kick", err)
		delete(r.model.roles, u)
	} else if im.CodeOf(err) == 0 {
		rt.Fatalf("%s, a %q, removed %s, a %q", p.user, mine, u, theirs)
	}
}

func (r *rehearsal) quit(rt *rapid.T) {
	p := r.someone(rt)
	err := p.client.QuitGroup(r.ctx, r.group)
	switch r.model.roles[p.user] {
	case im.RoleOwner:
		if im.CodeOf(err) != im.CodeOwnerMayNotQuit {
			rt.Fatalf("the owner leaves: %v", err)
		}
	case "":
		if im.CodeOf(err) != im.CodeGroupPermission {
			rt.Fatalf("who is no member leaves: %v", err)
		}
	default:
		r.must(rt, "quit", err)
		delete(r.model.roles, p.user)
	}
}

func (r *rehearsal) admin(rt *rapid.T) {
	p, u := r.someone(rt), r.user(rt, "whom")
	role := rapid.SampledFrom([]im.Role{im.RoleAdmin, im.RoleMember}).Draw(rt, "role")
	err := p.client.SetGroupMemberRole(r.ctx, r.group, u, role)
	_, member := r.model.roles[u]
	if r.model.roles[p.user] == im.RoleOwner && member && u != p.user {
		r.must(rt, "role", err)
		r.model.roles[u] = role
	} else if im.CodeOf(err) == 0 {
		rt.Fatalf("%s made %s a %s", p.user, u, role)
	}
}

func (r *rehearsal) rename(rt *rapid.T) {
	p := r.someone(rt)
	name := rapid.StringMatching(`[a-z]{1,8}`).Draw(rt, "name")
	_, err := p.client.UpdateGroupProfile(r.ctx, r.group, im.GroupChange{Name: &name})
	if role := r.model.roles[p.user]; role == im.RoleOwner || role == im.RoleAdmin {
		r.must(rt, "rename", err)
	} else if im.CodeOf(err) != im.CodeGroupPermission {
		rt.Fatalf("%s, a %q, renames: %v", p.user, role, err)
	}
}

func (r *rehearsal) disconnect(rt *rapid.T) {
	r.must(rt, "close", r.someone(rt).close())
}

func (r *rehearsal) reconnect(rt *rapid.T) {
	for _, name := range r.names {
		if p := r.devices[name]; p.client == nil {
			r.start(rt, p)
			return
		}
	}
	rt.Skip("everybody is there")
}
